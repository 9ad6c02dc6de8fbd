"""Parameters of paging that stand once, for all lists of a family."""

from pathlib import Path

import pytest

from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.contract.model import Parameter

from .family_pages import read_pages

PAGING = (
    "# Introduction\n\n## Pagination\n\nRequests that return many items take the `?page` parameter:\n\n"
    "`GET /boats?page=2`\n\nand the `size` query parameter.\n\n## Errors\n\nSee `?why`.\n"
)


def lists(name: str, answer: str, rows: str = "") -> str:
    table = f"### Query parameters\n\n| Name | Type |\n|---|---|\n{rows}\n" if rows else ""
    return f"## GET /{name}\n\n{table}### Response\n\n```json\n{answer}\n```\n\n"


def query(tmp_path: Path, paging: str) -> dict[str, dict[str, Parameter]]:
    pages = (
        lists("boats", '[{"id": 1}]')
        + lists("yards", '[{"id": 1}]', "| page | string |\n")
        + lists("words", '["sail"]')
        + lists("boats/{id}", '{"id": 1}')
    )
    contract = read_pages(tmp_path, boats=f"# API\n\n{pages}", introduction=paging).contract
    return {
        operation.path: {
            parameter.name: parameter for parameter in operation.parameters if parameter.location == "query"
        }
        for operation in contract.operations
    }


def test_lists_of_records_have_what_is_documented_of_all(tmp_path: Path) -> None:
    by_path = query(tmp_path, PAGING)
    assert {path: set(names) for path, names in by_path.items()} == {
        "/boats": {"page", "size"},
        "/yards": {"page"},
        "/words": set(),
        "/boats/{id}": set(),
    }
    (page,) = (parameter for name, parameter in by_path["/boats"].items() if name == "page")
    assert (page.schema, page.required) == ({"type": "integer"}, None)
    assert page.evidence is not None
    assert (page.evidence.grade, page.evidence.page, page.evidence.line) == (Grade.ASSUMED, "introduction.md", 7)


@pytest.mark.parametrize(
    "paging",
    [
        PAGING.replace("## Pagination", "## Filters"),
        PAGING.replace("Requests that return", "This may return"),
    ],
)
def test_nothing_is_added_where_no_section_says_it_of_all(tmp_path: Path, paging: str) -> None:
    assert not query(tmp_path, paging)["/boats"]
