"""Rows that are of some methods of a section only, and bodies that samples send with methods that have none else."""

from pathlib import Path

import pytest

from docdouble.schemas.pages.row_methods import required_by

from .family_pages import read_pages

LINES = "## Endpoint\n\n```http\nGET /boats/{id}\nPUT /boats/{id}\nDELETE /boats/{id}\n```\n"


def test_a_column_of_methods_says_whose_rows_they_are(tmp_path: Path) -> None:
    rows = "| Name | Type | Operations |\n|---|---|---|\n| force | boolean | PUT, DELETE |\n| wait | boolean | GET |\n"
    contract = read_pages(tmp_path, boats=f"# A boat\n\n{LINES}\n## Query parameters\n\n{rows}").contract
    query = {
        operation.method: {part.name for part in operation.parameters if part.location == "query"}
        for operation in contract.operations
    }
    assert query == {"GET": {"wait"}, "PUT": {"force"}, "DELETE": {"force"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Required for PUT and DELETE operations. Optional for GET operations.", (True, False)),
        ("The reason. Must be set to `true` for a `delete`.", (True, None)),
        ("Required if the boat is rented.", (None, None)),
        ("Required for boats that someone must get or delete.", (None, None)),
    ],
)
def test_what_is_required_for_methods_is_required_for_these(text: str, expected: tuple[bool | None, ...]) -> None:
    assert (required_by("DELETE", text, None), required_by("GET", text, None)) == expected


def test_a_body_that_a_sample_sends_with_get_is_read(tmp_path: Path) -> None:
    lines = "## Endpoint\n\n```http\nGET /boats/_find\nPOST /boats/_find\n```\n"
    fields = "## Request body fields\n\n| Field | Type |\n|---|---|\n| kind | string |\n"
    sample = '## Example request\n\n```json\nGET /boats/_find\n{"kind": "sail"}\n```\n'
    for text, sent in ((lines + fields, {"POST"}), (lines + fields + sample, {"GET", "POST"})):
        contract = read_pages(tmp_path, find=f"# Find\n\n{text}").contract
        assert {operation.method for operation in contract.operations if operation.request} == sent


def test_request_lines_count_in_fences_of_any_word_below_the_headings_that_do(tmp_path: Path) -> None:
    page = "# {0}\n\n## Endpoints\n\n```{1}\nGET /{0}s/{{id}}\n```\n\n## Path parameters\n\n"
    special = "## Filters\n\n```http\nGET /boats/all\n```\n\n## Tasks\n\n```json\n{}\n```\n\n```http\nGET /tasks\n```\n"
    contract = read_pages(
        tmp_path, a=page.format("boat", "http") + special, b=page.format("yard", "http"), c=page.format("mate", "")
    ).contract
    assert {operation.label for operation in contract.operations} == {
        "GET /boats/{id}",
        "GET /yards/{id}",
        "GET /mates/{id}",
    }
