"""Pages of a list have no more rows than are asked for, and the next one has others.

Which parameters choose a page is read from their names, so that a list that ignores them is a warning.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from docdouble.schemas import Call
from docdouble.schemas.resources.envelopes import listed_in
from docdouble.schemas.resources.list_parameters import PAGING, ListRole, QueryValue, list_role, query_values

from ..model.case import Origin, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send
from .helpers import shown_rows

_Asked = Mapping[ListRole, QueryValue]


def _is_judged_alone(exchange: Exchange) -> bool:
    """Tell whether an exchange may show too many rows by itself: in traffic of others, where nothing can be sent."""
    is_page = exchange.call.method == "GET" and bool(exchange.call.query)
    return is_page and exchange.case.origin is Origin.RECORDED and exchange.purpose is Purpose.VALID


def _run(exchange: Exchange) -> Iterator[Finding]:
    limit = _asked_for(exchange).get("limit") if exchange.operation.only_reads else None
    sent = [text for name, text in parse_qsl(exchange.call.query) if limit and name == limit.name]
    if limit and len(sent) == 1 and sent[0].isdecimal() and 0 < int(sent[0]) < (count := len(_rows(exchange))):
        yield _finding(exchange, limit, f"at most {sent[0]} of {limit.name}={sent[0]}", f"{count} rows", "limit")


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    if first.call.method != "GET" or not first.operation.only_reads or shown_rows(first) is None:
        return
    asked = _asked_for(first)
    limit = asked.get("limit")
    if limit is None or (size := _least(limit)) is None:
        return
    whole = send(_paged(first, asked, {limit.name: size + 1} if limit.parameter.required else {}), True)
    if len(_rows(whole)) <= size:
        return
    exchange = send(_paged(first, asked, {limit.name: size}), True)
    if exchange is None or not exchange.succeeded:
        return
    if (count := len(_rows(exchange))) > size:
        yield _finding(exchange, limit, f"at most {size} of {limit.name}={size}", f"{count} rows", "limit")
        return
    yield from _next_page(first, asked, size, send)


def _next_page(first: Exchange, asked: _Asked, size: int, send: Send) -> Iterator[Finding]:
    """Ask for the first page and for the one after it, and yield the finding that they are the same."""
    name: ListRole = "page" if "page" in asked else "offset"
    place = asked.get(name)
    if place is None:
        return
    start = _first(place, name)
    numbers = [start, start + (1 if name == "page" else size)]
    pages = [send(_paged(first, asked, {asked["limit"].name: size, place.name: number}), True) for number in numbers]
    last = pages[-1]
    if last and _rows(last) and _rows(pages[0]) == _rows(last) and _are_unlike(_rows(pages[0])):
        got = f"the same {len(_rows(last))} as with {place.name}={numbers[0]}"
        yield _finding(last, place, f"the rows of {place.name}={numbers[1]}", got, name)


def _are_unlike(rows: list[Any]) -> bool:
    """Tell whether rows have a key: those without one may be alike though they are others."""
    return all(isinstance(row, dict) and any(name.lower().endswith(("id", "key")) for name in row) for row in rows)


def _asked_for(exchange: Exchange) -> _Asked:
    """Return the values of the query that choose a page, by their meaning."""
    rows = [row for _, row in shown_rows(exchange) or () if isinstance(row, dict)]
    names = frozenset(name.lower() for row in rows[:1] for name in row)
    asked: dict[ListRole, QueryValue] = {}
    for value in query_values(exchange.operation, exchange.subject.contract):
        role = list_role(value, names)
        if role in PAGING:
            asked.setdefault(role, value)
    return asked


def _least(limit: QueryValue) -> int | None:
    """Return the smallest documented number of rows, ``None`` where it can't be known."""
    if limit.listed:
        numbers = [value for value in limit.listed if type(value) is int and value > 0]
        return min(numbers, default=None)
    return max(limit.number("minimum") or 1, 1)


def _first(place: QueryValue, name: ListRole) -> int:
    """Return the number of the first page, or of the first row."""
    least = place.number("minimum")
    return (1 if name == "page" else 0) if least is None else least


def _paged(first: Exchange, asked: _Asked, values: Mapping[str, int]) -> Call:
    """Return the call with what its query must have, and with these values."""
    required = {
        parameter.name
        for parameter in first.operation.parameters
        if parameter.location == "query" and parameter.required
    }
    begin = {parameter.name: _first(parameter, role) for role, parameter in asked.items() if role in ("page", "offset")}
    numbers = {name: number for name, number in begin.items() if name in required} | dict(values)
    kept = [(name, value) for name, value in parse_qsl(first.call.query) if name in required - numbers.keys()]
    pairs = [*kept, *((name, str(value)) for name, value in numbers.items())]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    target = f"{first.call.path}?{query}" if query else first.call.path
    return Call(first.call.headers, first.call.body, first.call.method, target)


def _rows(exchange: Exchange | None) -> list[Any]:
    """Return the rows of a reply, none of a refusal, or where nobody can know which of several arrays has them."""
    if exchange is None or not exchange.succeeded or not exchange.is_readable:
        return []
    parts = exchange.json.values() if isinstance(exchange.json, dict) else ()
    are_several = sum(isinstance(part, list) for part in parts) > 1
    if are_several and listed_in(exchange.operation, exchange.subject.contract) is None:
        return []
    return [row for _, row in shown_rows(exchange) or ()]


def _finding(exchange: Exchange, value: QueryValue, expected: str, got: str, rule: str) -> Finding:
    return exchange.finding(
        "paging",
        Severity.WARNING,
        expected=f"rows: {expected}",
        got=got,
        rule=rule,
        evidence=value.parameter.evidence,
    )


CHECK = Check("paging", "a page has the rows that are asked for", _run, _is_judged_alone, probe=_probe)
