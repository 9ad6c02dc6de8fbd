"""Sizes of pages: what a list is asked for, and whether a page shows all there are."""

from typing import Any

import pytest

from docdouble.contracts.checks.page_size import comes_in_pages, largest_page, may_have_more
from docdouble.schemas import Call, Contract

from .made import INT, operation, several

LIMIT = {"name": "limit", "in": "query", "schema": INT | {"minimum": 1, "maximum": 50, "default": 20}}
OFFSET = {"name": "offset", "in": "query", "schema": INT | {"default": 0}}
ANY_SIZE = {"name": "page_size", "in": "query", "schema": INT}
STATE = {"name": "state", "in": "query", "schema": {"type": "string", "default": "open"}}
SEARCH = {"name": "q", "in": "query", "schema": {"type": "string"}}


def listing(*parameters: dict[str, Any]) -> Contract:
    return several({"/books": {"get": operation({"type": "array"}, parameters=list(parameters))}})


@pytest.mark.parametrize(
    ("parameters", "is_paged"),
    [
        ([LIMIT, OFFSET], True),
        ([LIMIT, SEARCH], True),
        ([LIMIT, STATE], False),
        ([LIMIT, SEARCH | {"required": True}], False),
        ([OFFSET], False),
        ([], False),
    ],
)
def test_a_list_comes_in_pages_where_nothing_else_narrows_it(parameters: list[Any], is_paged: bool) -> None:
    contract = listing(*parameters)
    assert comes_in_pages(contract.operations[0], contract) == is_paged


@pytest.mark.parametrize(
    ("parameter", "asked"),
    [
        (LIMIT, {"limit": 50}),
        (LIMIT | {"schema": INT | {"maximum": 2**31 - 1}}, {"limit": 100}),
        (ANY_SIZE, {}),
        (OFFSET, {}),
    ],
)
def test_as_many_rows_are_asked_for_as_are_documented_within_a_bound(parameter: Any, asked: dict[str, int]) -> None:
    contract = listing(parameter)
    places = largest_page(contract.operations[0], contract)
    assert {place.name: value for place, value in places.items()} == asked


@pytest.mark.parametrize(
    ("parameter", "target", "body", "rows", "may"),
    [
        pytest.param(LIMIT, "/books", [], 19, False, id="fewer than the default"),
        pytest.param(LIMIT, "/books", [], 20, True, id="as many as the default"),
        pytest.param(LIMIT, "/books?limit=50", [], 20, False, id="fewer than asked for"),
        pytest.param(ANY_SIZE, "/books", [], 9, False, id="fewer than servers show"),
        pytest.param(ANY_SIZE, "/books", [], 10, True, id="as many as servers show"),
        pytest.param(LIMIT, "/books", {"meta": {"total": 4}}, 3, True, id="a total"),
        pytest.param(LIMIT, "/books", {"meta": {"total": 3}}, 3, False, id="a total that is shown"),
        pytest.param(LIMIT, "/books", {"next_cursor": "x"}, 3, True, id="a cursor"),
        pytest.param(LIMIT, "/books", {"next_cursor": None, "hasMore": False}, 3, False, id="no cursor"),
        pytest.param(LIMIT, "/books", {"hasMore": True}, 3, True, id="a flag"),
        pytest.param(SEARCH, "/books", [], 99, False, id="no pages"),
    ],
)
def test_a_page_may_have_more(parameter: Any, target: str, body: Any, rows: int, may: bool) -> None:
    contract = listing(parameter)
    assert may_have_more(Call((), b"", "GET", target), contract.operations[0], contract, body, rows) == may
