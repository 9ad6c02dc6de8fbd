"""Pages in the manner of widely used documentation, ``tests/cases/manners``: each with the facts that it states.

A page is read alone, by settings that are guessed of it. The file beside it names its operations, with the location and
the name of each parameter, and the names of the properties of each body; those of nested ones are dotted.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Contract, extract
from docdouble.schemas.contract.model import MediaType, Operation, Schema, types_of

FOLDER = Path(__file__).parents[2] / "cases" / "manners"
PAGES = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".json")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_its_readers_read_it(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    contract = extract(str(tmp_path)).contract
    expected = json.loads((FOLDER / name).with_suffix(".json").read_text(encoding="utf-8"))
    assert {operation.label: facts(contract, operation) for operation in contract.operations} == expected


REQUIRED = {
    "badges.html": {"DELETE /api/boats/{id}": ["id"]},
    "dialogs.html": {"GET /boats": ["kind"], "POST /boats": ["name"]},
    "dotted_children.md": {"POST /v1/boats": ["name"]},
    "field_lists.html": {"POST /boats": ["name"]},
    "headings_with_summaries.html": {"GET /api/boats": ["kind"], "POST /api/boats": ["boat"]},
    "help_page.html": {"PUT /api/Boats/{id}": ["id", "Name"]},
    "marked_names.md": {"POST /api/v1/sites": ["domain"]},
    "messages_alone.md": {"GET /boats": [], "GET /boats/{boat_id}": ["boat_id"]},
    "places_as_types.md": {"POST /boats": ["name"]},
    "request_lines_alone.md": {"POST /pictures": ["file"]},
    "sample_queries.md": {"GET /boats": [], "GET /boats/pages": [], "POST /boats/tasks": ["action"]},
    "shortcodes.md": {"GET /api/v2/boats": ["kind"], "POST /api/v2/boats": ["name"]},
    "tabs_and_admonitions.md": {"POST /api/v1/boats": ["name"]},
    "ticks.html": {"POST /rest/api/1/boats": ["name"]},
    "types_in_italics.md": {"POST /api/boats.json": ["name"]},
}


@pytest.mark.parametrize("name", REQUIRED)
def test_marks_of_what_is_required(name: str) -> None:
    contract = extract(str(FOLDER / name)).contract
    for operation in contract.operations:
        if operation.label in REQUIRED[name]:
            media = operation.request.media_types[0] if operation.request else MediaType("")
            parameters = [parameter.name for parameter in operation.parameters if parameter.required]
            assert [*parameters, *contract.resolve(media.schema or {}).get("required", [])] == REQUIRED[name][
                operation.label
            ]


def test_a_table_of_a_resource_says_what_is_required_inside_of_a_wrapper() -> None:
    contract = extract(str(FOLDER / "wrapped_bodies.md")).contract
    operation = contract.operation("POST /api/v2/boats.json")
    assert operation is not None
    assert operation.request is not None
    schema = contract.resolve(operation.request.media_types[0].schema or {})
    assert schema["properties"]["boat"]["required"] == ["name"]


def test_what_stands_in_paragraphs_below_a_row_is_of_it() -> None:
    contract = extract(str(FOLDER / "rows_with_texts.md")).contract
    (operation,) = contract.operations
    assert operation.request is not None
    schema = contract.resolve(operation.request.media_types[0].schema or {})
    assert schema["required"] == ["kind", "to"]
    assert types_of(schema["properties"]["to"]) == ("string", "integer", "array")
    assert (schema["properties"]["tone"]["default"], schema["properties"]["kind"]["examples"]) == (3, ["flag", "horn"])
    answered = contract.resolve(operation.responses[0].media_types[0].schema or {})["properties"]
    assert contract.resolve(answered["signal"])["properties"]["answers"]["items"]["properties"].keys() == {"boat"}


def test_rows_of_all_values_of_an_object_are_those_of_a_dictionary() -> None:
    contract = extract(str(FOLDER / "marked_names.md")).contract
    (response,) = contract.operation("GET /api/v1/sites/{site_id}").responses
    settings = contract.resolve(response.media_types[0].schema or {})["properties"]["settings"]
    assert settings["additionalProperties"]["properties"].keys() == {"type", "value"}


def test_plain_values_are_samples() -> None:
    contract = extract(str(FOLDER / "plain_values.md")).contract
    put = contract.operation("PUT /locker/{key}")
    delete = contract.operation("DELETE /locker/{key}")
    assert put.request is not None
    bodies = [put.request.media_types[0], put.responses[0].media_types[0], delete.responses[0].media_types[0]]
    assert [types_of(media.schema) for media in bodies] == [("string",), ("boolean",), ("integer",)]


def test_answered_header_fields_and_notes_in_brackets() -> None:
    contract = extract(str(FOLDER / "response_headers.md")).contract
    (operation,) = contract.operations
    headers = [(header.name, header.description) for header in operation.responses[0].headers]
    assert headers == [("Location", "where it is"), ("X-Rate-Limit", "calls an hour")]
    assert operation.request
    properties = contract.resolve(operation.request.media_types[0].schema or {})["properties"]
    assert (properties["kind"]["default"], properties["kind"]["examples"]) == ("sail", ["sail", "motor"])
    assert "default" not in properties["length"]


def facts(contract: Contract, operation: Operation) -> dict[str, Any]:
    """Return the facts of an operation as the files of the folder spell them."""
    request = operation.request.media_types if operation.request else ()
    asked = {"request": {media.name: names(contract, media) for media in request}} if request else {}
    responses: dict[str, list[str]] = {}
    for response in operation.responses:
        bodies = {f"{response.status} {media.name}": names(contract, media) for media in response.media_types}
        responses |= bodies or {response.status: []}
    parameters = sorted(f"{parameter.location} {parameter.name}" for parameter in operation.parameters)
    return {"parameters": parameters, **asked, "responses": responses}


def names(contract: Contract, media: MediaType) -> list[str]:
    """Return the names of the properties of a body, or of the items of one that is a list."""
    schema = contract.resolve(media.schema or {})
    return sorted(property_names(contract, schema if "array" not in types_of(schema) else schema["items"], ""))


def property_names(contract: Contract, schema: Schema, before: str) -> Iterator[str]:
    for name, part in contract.resolve(schema).get("properties", {}).items():
        yield f"{before}{name}"
        yield from property_names(contract, part, f"{before}{name}.")
