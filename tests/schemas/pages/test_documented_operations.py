"""Operations of pages that no dialect of ours knows: what belongs to which, and what is only an example."""

from pathlib import Path

import pytest

from docdouble.schemas import PageError
from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.contract.model import types_of

from .family_pages import read_pages

SAME_WORDS = (("/boats/crew", "mate"), ("/boats/{crew}", "all"))
TABLE = "| Name | Type | Description |\n|---|---|---|\n"


def test_get_and_post_of_one_section_share_what_is_documented_for_both(tmp_path: Path) -> None:
    lines = "```\nGET /boats/{id}\nPOST /boats/{id}\n```"
    rows = "| id | int | a |\n| days | int | b |\n"
    page = f"# Boats\n\n## Endpoints\n\n{lines}\n\n## Parameters\n\n{TABLE}{rows}"
    contract = read_pages(tmp_path, boats=page).contract
    get, post = contract.operation("GET /boats/{id}"), contract.operation("POST /boats/{id}")
    assert [(parameter.name, parameter.location) for parameter in get.parameters] == [("id", "path")]
    assert [(parameter.name, parameter.location) for parameter in post.parameters] == [("id", "path")]
    assert get.request is None
    assert post.request is not None
    assert contract.resolve(post.request.media_types[0].schema or {})["properties"].keys() == {"days"}


def test_properties_below_a_read_are_those_of_its_response(tmp_path: Path) -> None:
    table = "| Attribute | Type |\n|---|---|\n| length | number |\n"
    page = f"# A boat\n\n`GET /boats/{{id}}`\n\n## Boat properties\n\n{table}"
    contract = read_pages(tmp_path, boats=page).contract
    (operation,) = contract.operations
    assert [parameter.location for parameter in operation.parameters] == ["path"]
    response = operation.success()
    assert response is not None
    assert contract.resolve(response.media_types[0].schema or {})["properties"].keys() == {"length"}


def test_examples_are_no_operations(tmp_path: Path) -> None:
    line = "```http\nPOST /boats/{}/rent\n```\n\n"
    page = f"# Rent\n\n## HTTP request\n\n{line.format('{id}')}## Example\n\n{line.format(7)}"
    contract = read_pages(tmp_path, rent=page).contract
    assert [operation.label for operation in contract.operations] == ["POST /boats/{id}/rent"]


def test_an_index_of_operations_that_are_described_elsewhere_is_none(tmp_path: Path) -> None:
    index = "# All\n\n| Method | Path |\n|---|---|\n" + "".join(f"| GET | /{name} |\n" for name in "abcd")
    pages = {name: f"# Get {name}\n\n`GET /{name}`\n" for name in "abcd"}
    extraction = read_pages(tmp_path, index=index, **pages)
    assert {operation.page for operation in extraction.contract.operations} == {"a.md", "b.md", "c.md", "d.md"}


def test_a_request_that_is_shown_for_another_operation_is_no_sample_of_this_one(tmp_path: Path) -> None:
    page = (
        "# Rename\n\n## Endpoint\n\n```\nPOST /boats/{id}/name\n```\n\n## Example\n\nFirst build one:\n\n"
        "```sh\ncurl -X POST https://a.test/yards/1 -d '{\"keel\": 1}'\n```\n\nThen:\n\n"
        '```sh\ncurl -X POST https://a.test/boats/1/name -d \'{"name": "Tern"}\'\n```\n'
    )
    (operation,) = read_pages(tmp_path, rename=page).contract.operations
    assert operation.request is not None
    assert operation.request.media_types[0].samples == ({"name": "Tern"},)


def test_statuses_are_read_from_lists_messages_and_headings(tmp_path: Path) -> None:
    page = (
        "# Rent\n\n`POST /boats/{id}`\n\n**Status codes**:\n\n- **201** - rented\n- **404** - no boat\n\n"
        '## Response: `201 Created`\n\n```json\n{"days": 3}\n```\n\n'
        '```http\nHTTP/1.1 409 Conflict\n\n{"why": "taken"}\n```\n'
    )
    (operation,) = read_pages(tmp_path, rent=page).contract.operations
    responses = {response.status: response for response in operation.responses}
    assert [(code, response.description) for code, response in responses.items()] == [
        ("201", "rented"),
        ("404", "no boat"),
        ("409", ""),
    ]
    assert responses["201"].media_types[0].samples == ({"days": 3},)
    assert responses["409"].media_types[0].samples == ({"why": "taken"},)


def test_every_fact_has_its_line(tmp_path: Path) -> None:
    row = "| kind | string | One of `sail`, `motor`. Default is `sail`. |\n"
    page = f"# A\n\n`GET /boats/{{id}}`\n\n## Query parameters\n\n{TABLE}{row}"
    (operation,) = read_pages(tmp_path, a=page).contract.operations
    variable, kind = operation.parameters
    assert variable.evidence is not None
    assert (variable.evidence.grade, variable.evidence.line) == (Grade.ASSUMED, 3)
    assert kind.evidence is not None
    assert (kind.evidence.grade, kind.evidence.page, kind.evidence.line) == (Grade.STATED, "a.md", 9)
    assert kind.schema == {"type": "string", "default": "sail", "examples": ["sail", "motor"]}
    assert kind.required is False


def test_names_nest_by_dots_where_their_parent_is_known(tmp_path: Path) -> None:
    names = {"crew": "object", "crew.name": "string", "crew.ranks[].title": "string", "log.level": "string"}
    rows = "".join(f"| {name} | {kind} | a |\n" for name, kind in names.items())
    page = f"# A\n\n`PUT /boats/{{id}}`\n\n## Request body\n\n{TABLE}{rows}"
    contract = read_pages(tmp_path, a=page).contract
    request = contract.operations[0].request
    assert request is not None
    properties = contract.resolve(request.media_types[0].schema or {})["properties"]
    assert properties.keys() == {"crew", "log.level"}
    crew = contract.resolve(properties["crew"])
    assert types_of(crew) == ("object",)
    assert crew["properties"].keys() == {"name", "ranks"}
    assert crew["properties"]["ranks"]["items"]["properties"].keys() == {"title"}


def test_an_operation_of_two_pages_is_one_with_what_both_say(tmp_path: Path) -> None:
    first = f"# A\n\n`GET /boats/{{id}}`\n\n## Query parameters\n\n{TABLE}| kind | string | a |\n"
    second = '# B\n\n`GET /boats/{boat}`\n\n## Response\n\n```json\n{"id": 1}\n```\n'
    (operation,) = read_pages(tmp_path, a=first, b=second).contract.operations
    assert {parameter.name for parameter in operation.parameters if parameter.location == "query"} == {"kind"}
    response = operation.success()
    assert response is not None
    assert response.media_types[0].samples == ({"id": 1},)


def test_a_text_says_how_a_time_is_written_and_when_there_is_none(tmp_path: Path) -> None:
    text = "Date and time of departure, in [RFC 3339](https://a.test) format. `null` if it stays."
    rows = f"{TABLE}| leaves | string | {text} |\n| name | string | Date and time are no part of it. |\n"
    contract = read_pages(tmp_path, boats=f"# A boat\n\n`PUT /boats/{{id}}`\n\n## Request body\n\n{rows}").contract
    request = contract.operation("PUT /boats/{id}").request
    assert request is not None
    leaves, name = contract.resolve(request.media_types[0].schema or {})["properties"].values()
    assert (leaves["type"], leaves["format"], name["type"], "format" in name) == (
        ["string", "null"],
        "date-time",
        "string",
        False,
    )


def test_fields_that_a_sample_shows_inside_of_one_property_are_those_of_that(tmp_path: Path) -> None:
    rows = f"{TABLE}| length | number | a |\n| name | string | b |\n"
    sample = '```json\n{"boat": {"name": "Tern", "keel": 1}, "next": null}\n```\n'
    page = f"# A boat\n\n`GET /boats/{{id}}`\n\n## Response\n\n{rows}\n{sample}"
    contract = read_pages(tmp_path, boats=page).contract
    response = contract.operation("GET /boats/{id}").success()
    assert response is not None
    outer = contract.resolve(response.media_types[0].schema or {})["properties"]
    assert outer.keys() == {"boat", "next"}
    assert contract.resolve(outer["boat"])["properties"].keys() == {"length", "name", "keel"}


def test_pages_of_one_operation_require_what_all_of_them_do(tmp_path: Path) -> None:
    table = "| Name | Type | Required |\n|---|---|---|\n| fuel | string | yes |\n"
    head = f"`POST /engines/{{name}}`\n\n## Request body\n\n{table}"
    diesel = f"# Diesel\n\n{head}| glow_time | integer | yes |\n"
    steam = f"# Steam\n\n{head}| boiler | string | yes |\n\n## Example\n\n```json\n{{}}\n```\n"
    contract = read_pages(tmp_path, diesel=diesel, steam=steam).contract
    request = contract.operation("POST /engines/{name}").request
    assert request is not None
    schema = contract.resolve(request.media_types[0].schema or {})
    assert schema["properties"].keys() == {"fuel", "glow_time", "boiler"}
    assert schema["required"] == ["fuel"]


def test_a_method_of_its_own_is_the_request_that_pages_say_it_stands_for(tmp_path: Path) -> None:
    table = "| Method | Path |\n|---|---|\n"
    boats = f"# Boats\n\n## List\n\n{table}| `LIST` | `/boats` |\n\n## Show\n\n{table}| `GET` | `/boats/:id` |\n"
    yards = f"# Yards\n\n## List\n\n{table}| `LIST` | `/yards` |\n\n## Show\n\n{table}| `GET` | `/yards` |\n"
    index = "# About\n\nInstead of `LIST`, send a `GET` with `?list=true`.\n"
    contract = read_pages(tmp_path, about=index, boats=boats, yards=yards).contract
    labels = [operation.label for operation in contract.operations]
    assert sorted(labels) == ["GET /boats", "GET /boats/{id}", "GET /yards", "LIST /yards"]
    (parameter,) = contract.operation("GET /boats").parameters
    assert (parameter.name, parameter.required, parameter.schema) == ("list", True, {"type": "string", "const": "true"})


@pytest.mark.parametrize(
    "page",
    [
        "# Guide\n\nSend a `POST` to `/boats`, or `GET /boats`.\n",
        "# Guide\n\n## Example\n\n```http\nGET /boats\n```\n\n## Then\n\n```sh\ncurl https://a.test/boats\n```\n",
        "# Errors\n\n| Status | Meaning |\n|---|---|\n| 404 | Not found |\n",
    ],
)
def test_a_guide_has_no_operation(tmp_path: Path, page: str) -> None:
    with pytest.raises(PageError, match=r"no operation found: .*dialect guess"):
        read_pages(tmp_path, guide=page, other="# Other\n", more="# More\n")


def test_a_slash_at_the_end_of_a_path_is_another_spelling_of_it(tmp_path: Path) -> None:
    lines = ("GET /boats/{id}/", "PUT /boats/{boat_id}", "DELETE /boats/{boat_id}")
    page = "# Boats\n\n" + "".join(f"## {line[:3]}\n\n`{line}`\n\n" for line in lines)
    operations = read_pages(tmp_path, boats=page).contract.operations
    assert [operation.path for operation in operations] == ["/boats/{boat_id}"] * 3


def test_the_heading_of_a_part_names_no_operation(tmp_path: Path) -> None:
    described = (("All boats", "`GET /boats`"), ("A boat", "`GET /boats/{id}`"))
    page = "".join(f"## {title}\n\nSaid.\n\n### Parameters\n\nNone.\n\n{line}\n\n" for title, line in described)
    operations = read_pages(tmp_path, boats=f"# Boats\n\n{page}").contract.operations
    assert [(operation.summary, operation.description) for operation in operations] == [
        ("All boats", "Said."),
        ("A boat", "Said."),
    ]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("`kind` string", [("kind", None)]),
        ("kind string required", [("kind", True)]),
        ("Boat streams", []),
        ("crew object", []),
        ("kind", []),
    ],
)
def test_headings_below_that_of_parameters_have_their_names_and_types(
    tmp_path: Path, heading: str, expected: list[tuple[str, bool | None]]
) -> None:
    page = f"# Boats\n\n`GET /boats`\n\n## Parameters\n\n### {heading}\n\nOne of them.\n"
    (operation,) = read_pages(tmp_path, boats=page).contract.operations
    assert [(parameter.name, parameter.required) for parameter in operation.parameters] == expected


def test_the_summary_of_a_component_is_that_of_its_operation(tmp_path: Path) -> None:
    blocks = "".join(
        f'{{% swagger method="{method}" path="/boats" summary="{summary}" %}}\n{{% endswagger %}}\n'
        for method, summary in (("get", "All boats"), ("post", "Add a boat"))
    )
    operations = read_pages(tmp_path, boats=f"# Boats\n\n{blocks}").contract.operations
    assert [operation.summary for operation in operations] == ["All boats", "Add a boat"]


def test_operations_whose_paths_have_the_same_words_have_ids_and_bodies_of_their_own(tmp_path: Path) -> None:
    page = "".join(f'## {path}\n\n`GET {path}`\n\n```json\n[{{"{name}": 1}}]\n```\n\n' for path, name in SAME_WORDS)
    contract = read_pages(tmp_path, boats=f"# Boats\n\n{page}").contract
    shown = {
        operation.id: [*contract.resolve((operation.responses[0].media_types[0].schema or {})["items"])["properties"]]
        for operation in contract.operations
    }
    assert shown == {"get_boats_crew": ["mate"], "get_boats_crew_2": ["all"]}
