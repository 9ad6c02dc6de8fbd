from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Extraction, Grade
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.sources.uri_templates import template_parts

from .read_text import bare, labels, only, parameters, read

BLUEPRINT = """\
FORMAT: 1A
HOST: https://a.test/v1

# Harbour

# Group Boats

## Boat [/boats/{boatId}{?view,fields*}]

+ Parameters
    + boatId: 7 (number) - The boat
    + view: full (enum[string], optional) - What is shown
        + Default: `short`
        + Members
            + `short` - little
            + `full`

+ Model (application/json)

        {"id": 7, "name": "Petrel"}

### Get a boat [GET]

+ Response 200

    [Boat][]

+ Response 404 (application/problem+json)
    + Body

            {"title": "no boat"}

### Change a boat [PUT]

+ Request Full (application/json)
    + Headers

            Authorization: Bearer s3cret
            X-Tenant: north

    + Attributes (Boat base)
        + crew (array[Sailor]) - Who sails
        + kind: sail (enum, nullable)
            + sail
            + motor

    + Body

            {"name": "Petrel", "length": 6, "id": 1}

+ Request Partial (application/json)

    ```
    {"length": 7, "id": 1, "name": "Gull"}
    ```

+ Response 200 (application/json)
    + Attributes (array[Boat base])

## Messages [/messages]

### GET

+ Response 200 (text/plain)

        # no heading
        + no item

# POST /logs{?dry}

+ Request (application/json)
    + Schema

            {"type": "object", "properties": {"at": {"type": "string"}}}

+ Response 204

## Remove [DELETE /logs/{id}]

+ Response 204
    + Headers

            X-Gone: yes

# Data Structures

## Boat base (Thing)
+ name: Petrel (string, required) - Its name
+ length (number)

## Thing
+ id: 1 (number, required)
+ owner (Sailor)

## Sailor (object)
+ login (required)
+ boats (array[Boat base])
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Extraction:
    return read(tmp_path, "harbour.apib", BLUEPRINT)


def test_resources_and_actions_in_all_their_spellings(harbour: Extraction) -> None:
    assert labels(harbour) == [
        "GET /boats/{boatId}",
        "PUT /boats/{boatId}",
        "GET /messages",
        "POST /logs",
        "DELETE /logs/{id}",
    ]
    contract = harbour.contract
    assert (contract.title, contract.servers[0].url) == ("Harbour", "https://a.test/v1")
    assert [(operation.summary, operation.tags) for operation in contract.operations[:2]] == [
        ("Get a boat", ("Boats",)),
        ("Change a boat", ("Boats",)),
    ]
    assert harbour.contradictions == ()


def test_parameters_are_required_unless_they_are_optional(harbour: Extraction) -> None:
    operation = harbour.contract.operations[0]
    assert parameters(operation) == {"path boatId": [7], "query view": ["full"], "query fields": []}
    assert [parameter.required for parameter in operation.parameters] == [True, False, None]
    assert bare(operation.parameters[1].schema) == {"type": "string", "enum": ["short", "full"], "default": "short"}
    fact = operation.parameters[0].evidence
    assert fact is not None
    assert (fact.grade, fact.line) == (Grade.STATED, 11)


def test_models_are_put_where_they_are_named(harbour: Extraction) -> None:
    success, missing = harbour.contract.operations[0].responses
    assert success.media_types[0].samples == ({"id": 7, "name": "Petrel"},)
    assert (missing.status, missing.media_types[0].name) == ("404", "application/problem+json")


def test_attributes_have_the_properties_of_their_types(harbour: Extraction) -> None:
    operation = harbour.contract.operations[1]
    assert operation.request is not None
    (media_type,) = operation.request.media_types
    schema: Any = bare(media_type.schema)
    assert schema["properties"].keys() == {"crew", "kind", "name", "length", "id", "owner"}
    assert schema["required"] == ["name", "id"]
    assert schema["properties"]["kind"] == {"type": ["string", "null"], "enum": ["sail", "motor", None]}
    sailor = schema["properties"]["crew"]["items"]
    assert (sailor["properties"]["login"], sailor["required"]) == ({"type": "string"}, ["login"])
    assert len(media_type.samples) == 2
    assert bare(operation.responses[0].media_types[0].schema)["items"]["properties"].keys() >= {"name", "id", "owner"}
    evidence = evidence_of((media_type.schema or {})["properties"]["name"])
    assert evidence is not None
    assert BLUEPRINT.split("\n")[evidence.line - 1] == "+ name: Petrel (string, required) - Its name"


def test_headers_are_credentials_or_parameters(harbour: Extraction) -> None:
    operation = harbour.contract.operations[1]
    assert operation.security == (("bearer",),)
    assert parameters(operation)["header X-Tenant"] == ["north"]
    assert "s3cret" not in repr(harbour.contract)
    assert [header.name for header in harbour.contract.operations[4].responses[0].headers] == ["X-Gone"]


def test_code_is_no_heading_and_no_list(harbour: Extraction) -> None:
    assert harbour.contract.operations[2].responses[0].media_types[0].samples == ("# no heading\n+ no item",)


def test_a_schema_is_that_of_the_body(harbour: Extraction) -> None:
    request = harbour.contract.operations[3].request
    assert request is not None
    assert request.media_types[0].schema == {"type": "object", "properties": {"at": {"type": "string"}}}


def test_a_broken_part_costs_that_part(tmp_path: Path) -> None:
    text = """FORMAT: 1A

# Boats [/boats]

+ Parameters
    + other (string)

## Get [GET]

+ Response 200 (application/json)

        {"id":

+ Response 201

    [Nothing][]

## Post [POST]

+ Request (application/json)
    + Schema

            {"type": 3}

+ Response 204

# No address [GET /]
# Other [GET]
"""
    extraction = read(tmp_path, "a.apib", text)
    assert labels(extraction) == ["GET /boats", "POST /boats", "GET /"]
    assert sorted(contradiction.rule for contradiction in extraction.contradictions) == [
        "broken-reference",
        "broken-schema",
        "described-twice",
        "not-in-path",
        "sample-syntax",
    ]


def test_types_that_hold_each_other_come_to_an_end(tmp_path: Path) -> None:
    text = "FORMAT: 1A\n# POST /a\n+ Request (application/json)\n    + Attributes (A)\n+ Response 204\n"
    text += "# Data Structures\n## A (B)\n+ b (B)\n## B (A)\n+ a (array[A])\n"
    request = only(read(tmp_path, "a.apib", text)).request
    assert request is not None
    assert bare(request.media_types[0].schema)["properties"].keys() == {"a", "b"}


@pytest.mark.parametrize(
    ("template", "path", "query"),
    [
        ("/boats/{id}", "/boats/{id}", ()),
        ("/boats{?a,b*}{&c}", "/boats", ("a", "b", "c")),
        ("/boats{/id}{#top}", "/boats/{id}", ()),
        ("/{+path}/x{.format}", "/{path}/x.{format}", ()),
        ("/boats?kind={kind}&limit=1", "/boats", ("kind", "limit")),
        ("{path}", "/{path}", ()),
    ],
)
def test_uri_templates(template: str, path: str, query: tuple[str, ...]) -> None:
    assert template_parts(template) == (path, query)


words = st.text("abcdefgh", min_size=1, max_size=6)
kinds = st.sampled_from(["string", "number", "boolean"])
fields = st.dictionaries(words, st.tuples(kinds, st.sampled_from([", required", ", optional", ""])), max_size=4)


@settings(max_examples=60)
@given(st.dictionaries(words, st.tuples(fields, fields), min_size=1, max_size=3))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, model: dict[str, tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    text = "FORMAT: 1A\n"
    for name, (query, sent) in model.items():
        text += f"\n# {name} [/{name}{{?{','.join(query)}}}]\n\n## Do [POST]\n\n+ Parameters\n"
        text += "".join(f"    + {key} ({kind}{word})\n" for key, (kind, word) in query.items())
        text += "\n+ Request (application/json)\n    + Attributes\n"
        text += "".join(f"        + {key} ({kind}{word})\n" for key, (kind, word) in sent.items())
        text += "\n+ Response 204\n"
    contract = read(tmp_path_factory.mktemp("apib"), "a.apib", text).contract
    assert [operation.label for operation in contract.operations] == [f"POST /{name}" for name in model]
    for operation, (query, sent) in zip(contract.operations, model.values(), strict=True):
        read_query = {
            parameter.name: (parameter.schema["type"], parameter.required) for parameter in operation.parameters
        }
        assert read_query == {key: (kind, word != ", optional") for key, (kind, word) in query.items()}
        schema = bare(operation.request.media_types[0].schema) if operation.request and sent else {}
        assert {key: part["type"] for key, part in schema.get("properties", {}).items()} == {
            key: kind for key, (kind, _) in sent.items()
        }
        assert schema.get("required", []) == [key for key, (_, word) in sent.items() if word == ", required"]


def test_a_blueprint_may_have_a_name_of_markdown(tmp_path: Path) -> None:
    assert labels(read(tmp_path, "harbour.md", BLUEPRINT))[0] == "GET /boats/{boatId}"
