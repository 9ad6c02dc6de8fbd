"""Sizes of pages: how many rows a list that comes in pages is asked for, and whether a page shows all there are."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.resources import RequestPlace
from docdouble.schemas.resources.list_parameters import PAGING, QueryValue, list_role, query_values, squeezed

_USUAL = 10
"""Rows of the smallest page that servers usually answer where nothing is documented of it."""

_MOST = 100
"""Rows that are asked for at most: larger pages are a burden to a server that others use."""

_ORDER = frozenset({"sort", "direction"})


def comes_in_pages(operation: Operation, contract: Contract) -> bool:
    """Tell whether nothing but the choice of a page, and its order, narrows what a list shows."""
    asked = query_values(operation, contract)
    values = [value for value in asked if value.parameter.required or "default" in value.schema]
    return _limit(operation, contract) is not None and all(list_role(value) in PAGING | _ORDER for value in values)


def largest_page(operation: Operation, contract: Contract) -> Mapping[RequestPlace, Any]:
    """Return what a list is asked for so that it shows many rows, nothing where no greatest number is documented."""
    limit = _limit(operation, contract)
    most = limit.number("maximum") if limit else None
    return {RequestPlace("query", limit.name): min(most, _MOST)} if limit and most and len(limit.path) == 1 else {}


def may_have_more(call: Call, operation: Operation, contract: Contract, body: Any, rows: int) -> bool:
    """Tell whether there may be more than the ``rows`` that a page shows: it is full, or says so."""
    limit = _limit(operation, contract)
    if limit is None:
        return False
    sent = dict(parse_qsl(call.query)).get(limit.name, "")
    size = int(sent) if sent.isdecimal() else limit.number("default") or _USUAL
    return rows >= size or any(_says_more(name, value, rows) for name, value in _beside_rows(body))


def _limit(operation: Operation, contract: Contract) -> QueryValue | None:
    return next((value for value in query_values(operation, contract) if list_role(value) == "limit"), None)


def _beside_rows(body: Any) -> Iterator[tuple[str, Any]]:
    """Yield the members of objects that stand in no array, by their squeezed names."""
    for name, part in body.items() if isinstance(body, dict) else ():
        if isinstance(part, dict):
            yield from _beside_rows(part)
        else:
            yield squeezed(name), part


def _says_more(name: str, value: Any, rows: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, int):
        return bool(value) and ("more" in name or "next" in name)
    return value > rows
