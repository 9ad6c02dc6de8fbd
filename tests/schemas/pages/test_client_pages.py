"""Pages that generators of clients write: an index with a link to each operation, and a page for each type."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.pages.type_grammar import read_documented_type

from .family_pages import read_pages

INDEX = """
# harbour.{api}

All URIs are relative to *https://harbour.test/v2*

Method | HTTP request | Description
------------- | ------------- | -------------
"""

BOATS = """
[**add_boat**](BoatsApi.md#add_boat) | **POST** /boats | Add a boat
[**list_boats**](BoatsApi.md#list_boats) | **GET** /boats | List boats
[**get_boat**](BoatsApi.md#get_boat) | **Get** /boats/{{id}} | Get a boat
""".format()

OPERATION = """
# **{name}**
> {signature}

### Example

```python
print("{name}")
```

### Parameters

Name | Type | Description  | Notes
------------- | ------------- | ------------- | -------------
{rows}

### Return type

{answer}

### HTTP request headers

 - **Content-Type**: {consumes}
 - **Accept**: application/json

### HTTP response details
| Status code | Description | Response headers |
|-------------|-------------|------------------|
{statuses}

[[Back to top]](#)
"""

BOAT = """
# Harbour.Boat

## Properties

Name | Type | Description | Notes
------------ | ------------- | ------------- | -------------
**id** | **int** |  | [readonly]
**kind** | [**Kind**](Kind.md) |  | [optional]
**crew** | [**List[Person]**](Person.md) |  | [optional]
**marks** | **Dict[str, int]** |  | [optional]
**rig** | [**RigEnum**](#RigEnum) |  | [optional] [default to 'sloop']

## Enum: RigEnum

Name | Value
---- | -----
SLOOP | "sloop"
KETCH | "ketch"
"""

PERSON = (
    "# Person\n\n## Properties\n\nName | Type | Description | Notes\n--- | --- | --- | ---\n**name** | **str** |  | \n"
)
KIND = "# Kind\n\n## Enum\n\n* `SAIL` (value: `'sail'`)\n\n* `MOTOR` (value: `'motor'`)\n"


def operation(
    name: str, rows: str, answer: str, consumes: str = "Not defined", statuses: str = "**200** | Fine | -"
) -> str:
    return OPERATION.format(name=name, signature=name, rows=rows, answer=answer, consumes=consumes, statuses=statuses)


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    add = operation(
        "add_boat",
        " **boat** | [**Boat**](Boat.md)| The boat | \n **dry_run** | **bool**|  | [optional] [default to False]",
        "[**Boat**](Boat.md)",
        "application/json, application/xml",
        "**201** | Created | * X-Total - how many <br>\n**0** | Anything else | -",
    )
    boats = operation("list_boats", " **kind** | [**Kind**](Kind.md)|  | [optional]", "[**List[Boat]**](Boat.md)")
    boat = operation("get_boat", " **id** | **int**|  | ", "**str**")
    text = INDEX.format(api="BoatsApi") + BOATS.lstrip() + add + boats + boat
    pages = {"BoatsApi": text, "Boat": BOAT, "Person": PERSON, "Kind": KIND}
    return read_pages(tmp_path, **pages).contract


def properties(contract: Contract, schema: Any) -> dict[str, Any]:
    return dict(contract.resolve(schema)["properties"])


def test_rows_that_link_to_headings_are_the_operations_of_these(contract: Contract) -> None:
    labels = {operation.label: operation.summary for operation in contract.operations}
    assert labels == {"GET /boats": "list_boats", "POST /boats": "add_boat", "GET /boats/{id}": "get_boat"}
    assert contract.operation("POST /boats").evidence.line == 8  # type: ignore[union-attr]


def test_a_parameter_of_a_type_with_a_page_is_the_body(contract: Contract) -> None:
    add = contract.operation("POST /boats")
    assert [(parameter.location, parameter.name, parameter.required) for parameter in add.parameters] == [
        ("query", "dry_run", False)
    ]
    assert add.request is not None
    assert [media.name for media in add.request.media_types] == ["application/json", "application/xml"]
    assert properties(contract, add.request.media_types[0].schema).keys() == {"id", "kind", "crew", "marks", "rig"}


def test_pages_of_types_are_components_with_what_they_refer_to(contract: Contract) -> None:
    response = contract.operation("GET /boats").success()
    assert response is not None
    schema = response.media_types[0].schema
    assert schema is not None
    boat = properties(contract, schema["items"])
    assert boat["kind"]["enum"] == ["sail", "motor"]
    assert boat["rig"]["enum"] == ["sloop", "ketch"]
    assert boat["rig"]["default"] == "sloop"
    assert boat["marks"]["additionalProperties"]["type"] == "integer"
    assert properties(contract, boat["crew"]["items"])["name"]["type"] == "string"
    assert set(contract.schemas) == {"Boat", "Person"}


def test_a_return_type_is_that_of_the_success(contract: Contract) -> None:
    responses = {response.status: response for response in contract.operation("POST /boats").responses}
    assert responses.keys() == {"201", "default"}
    assert responses["201"].media_types
    assert not responses["default"].media_types
    text = contract.operation("GET /boats/{id}").success()
    assert text is not None
    assert (text.media_types[0].schema or {})["type"] == "string"


def test_enumerations_of_parameters_have_the_values_of_their_page(contract: Contract) -> None:
    (kind,) = contract.operation("GET /boats").parameters
    assert kind.schema["enum"] == ["sail", "motor"]
    assert contract.operation("GET /boats").request is None


def test_pages_of_types_are_not_reported_as_pages_without_an_operation(tmp_path: Path) -> None:
    text = INDEX.format(api="BoatsApi") + "[**get_boat**](#get_boat) | **GET** /boats | Get a boat\n"
    read = read_pages(
        tmp_path, BoatsApi=text + operation("get_boat", "", "[**Boat**](Boat.md)"), Boat=BOAT, README="# Hello\n"
    )
    assert read.skipped == ("README.md",)


@pytest.mark.parametrize(
    ("written", "schema"),
    [
        ("Pointer to **int64**", {"type": "integer", "format": "int64"}),
        ("Option<**f64**>", {"type": "number", "format": "double"}),
        ("std::collections::HashMap<String, String>", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("**array<string,bool>**", {"type": "object", "additionalProperties": {"type": "boolean"}}),
        ("{ [key: string]: number; }", {"type": "object", "additionalProperties": {"type": "number"}}),
        ("{String: Boolean}", {"type": "object", "additionalProperties": {"type": "boolean"}}),
        ("[String]", {"type": "array", "items": {"type": "string"}}),
        ("[**boolean**]", {"type": "boolean"}),
        ("Vec<String>", {"type": "array", "items": {"type": "string"}}),
        ("\\DateTime", {"type": "string", "format": "date-time"}),
        ("OffsetDateTime", {"type": "string", "format": "date-time"}),
        ("uuid::Uuid", {"type": "string", "format": "uuid"}),
        ("time.Time", {"type": "string", "format": "date-time"}),
        ("NullableString", {"type": "string"}),
        ("Dictionary<string, Guid>", {"type": "object", "additionalProperties": {"type": "string", "format": "uuid"}}),
    ],
)
def test_spellings_of_programming_languages_are_types(written: str, schema: dict[str, Any]) -> None:
    read = read_documented_type(written, {})
    assert read is not None
    assert read.schema == schema


def test_what_is_not_marked_is_required_where_only_optional_parameters_are(tmp_path: Path) -> None:
    rows = "**id** | **int**|  | \n **kind** | **str**|  | [optional]\n **dock** | **str**|  | "
    names = ("get_boat", "get_crew", "get_sail")
    index = [f"[**{name}**](#{name}) | **GET** /{name}/{{id}} | {name}" for name in names]
    text = INDEX.format(api="BoatsApi") + "\n".join(index) + "\n"
    guessed = read_pages(tmp_path, BoatsApi=text + "".join(operation(name, rows, "**str**") for name in names))
    required = {
        parameter.name: parameter.required for parameter in guessed.contract.operation("GET /get_boat/{id}").parameters
    }
    assert required == {"id": True, "kind": False, "dock": True}
    assert [server.url for server in guessed.contract.servers] == ["https://harbour.test/v2"]


def test_header_fields_may_be_spelled_as_a_programming_language_spells_them(tmp_path: Path) -> None:
    rows = "\n".join(f" **{name}** | **str**|  | [optional]" for name in ("ifMatch", "xRequestId", "x_max", "kind"))
    text = INDEX.format(api="BoatsApi") + "[**get_boat**](#get_boat) | **GET** /boats/{id} | Get a boat\n"
    contract = read_pages(tmp_path, BoatsApi=text + operation("get_boat", rows, "**str**")).contract
    parameters = [(parameter.location, parameter.name) for parameter in contract.operations[0].parameters]
    assert parameters[1:] == [("query", "x_max"), ("query", "kind"), ("header", "If-Match"), ("header", "X-Request-Id")]


def test_a_property_that_is_only_read_says_so(contract: Contract) -> None:
    add = contract.operation("POST /boats")
    assert add is not None
    assert add.request is not None
    marked = properties(contract, add.request.media_types[0].schema)
    assert {name: part.get("readOnly", False) for name, part in marked.items() if name in ("id", "kind")} == {
        "id": True,
        "kind": False,
    }


def test_a_page_may_describe_several_types(tmp_path: Path) -> None:
    text = INDEX.format(api="BoatsApi") + "[**get_boat**](#get_boat) | **GET** /boats/{id} | Get a boat\n"
    table = "\n\nName | Type | Description\n--- | --- | ---\n"
    types = f"# Definitions\n\n## Boat{table}crew | [Person](#person) | x\n\n## Person{table}name | string | x\n"
    pages = {"BoatsApi": text + operation("get_boat", "", "[**Boat**](Definitions.md#boat)"), "Definitions": types}
    extraction = read_pages(tmp_path, **pages)
    assert set(extraction.contract.schemas) == {"Boat", "Person"}
    assert extraction.skipped == ()


def test_nothing_is_required_where_no_parameter_is_marked(tmp_path: Path) -> None:
    rows = "**id** | **int**|  | \n **kind** | **str**|  | "
    names = ("get_boat", "get_crew", "get_sail")
    index = [f"[**{name}**](#{name}) | **GET** /{name}/{{id}} | {name}" for name in names]
    text = INDEX.format(api="BoatsApi") + "\n".join(index) + "\n"
    contract = read_pages(
        tmp_path, BoatsApi=text + "".join(operation(name, rows, "**str**") for name in names), Boat=BOAT
    ).contract
    assert [parameter.required for parameter in contract.operation("GET /get_boat/{id}").parameters] == [True, None]


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ("Base URL: `https://harbour.test/v2`", ["https://harbour.test/v2"]),
        ("**Base URL:** https://harbour.test/get_boat", ["https://harbour.test"]),
        ("All paths are relative to https://harbour.test.", ["https://harbour.test"]),
        ("The base of it all: https://harbour.test.", []),
        (
            "## Base URLs\n\n* Live: `https://a.test/v2`\n* Trial: `https://b.test`",
            ["https://a.test/v2", "https://b.test"],
        ),
        ("## Servers\n\n| Name | URL |\n|---|---|\n| Live | https://a.test |", ["https://a.test"]),
        ('Base URLs:\n\n* <a href="https://a.test/v2">https://a.test/v2</a>', ["https://a.test/v2"]),
        ("## Links\n\n* https://a.test/v2", []),
    ],
)
def test_base_urls_in_texts_are_servers(tmp_path: Path, text: str, servers: list[str]) -> None:
    page = f"# Boats\n\n{text}\n\n## One\n\n`GET /get_boat/{{id}}`\n\n## Other\n\n`DELETE /get_boat/{{id}}`\n"
    assert [server.url for server in read_pages(tmp_path, boats=page).contract.servers] == servers


def test_a_table_may_have_an_empty_line_below_its_header(tmp_path: Path) -> None:
    table = "Name | Type | Description\n--- | --- | ---\n\n **kind** | **str** | x\n"
    page = f"# Boats\n\n## One\n\n`GET /boats/{{id}}`\n\n### Parameters\n\n{table}"
    contract = read_pages(tmp_path, boats=page).contract
    assert [parameter.name for parameter in contract.operations[0].parameters] == ["id", "kind"]


def test_a_name_of_several_types_means_none_of_them(tmp_path: Path) -> None:
    text = INDEX.format(api="BoatsApi") + "[**get_boat**](#get_boat) | **GET** /boats | Get a boat\n"
    boats = operation("get_boat", "", "[**Boat**](Boat.md)")
    contract = read_pages(tmp_path, BoatsApi=text + boats, v1__Boat=BOAT, v2__Boat=PERSON).contract
    response = contract.operation("GET /boats").success()
    assert response is not None
    assert not contract.schemas
    assert not any("$ref" in (media.schema or {}) for media in response.media_types)
