"""List parameters: ``$top``, ``$skip``, ``$orderby``, ``$select`` and ``$filter`` do what is documented.

A column that can't be filtered or sorted by may be refused; what is answered has to be what was asked for.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from docdouble.schemas import Call
from docdouble.schemas.contract.behaviour_names import LIST_BEHAVIOURS, BehaviourName
from docdouble.schemas.dialects.dialect_registry import dialect_of

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, never
from .helpers import severity_at_most

Row = dict[str, Any]
Broken = tuple[str, str] | None
"""The promised and the received rows in words; ``None`` where the promise is kept."""


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    names = {behaviour.name for behaviour in first.operation.behaviours}
    if first.call.method != "GET" or not first.operation.only_reads or not names & _PROBES.keys():
        return
    always = dialect_of(first.subject.contract).row_columns
    plain = send(_steered(first, ""), True)
    rows = _rows(plain)
    for name, probe in _PROBES.items():
        asked = probe(rows, always) if name in names and rows else None
        if asked is None:
            continue
        value, judge = asked
        exchange = send(_steered(first, name, value), True)
        if exchange and exchange.succeeded and exchange.is_readable and (broken := judge(_rows(exchange))):
            yield _finding(exchange, name, value, broken)


def _steered(first: Exchange, name: str, value: str = "") -> Call:
    """Return the call with one steering parameter, or with none."""
    parameters = {
        behaviour.name: behaviour.parameter
        for behaviour in first.operation.behaviours
        if behaviour.name in LIST_BEHAVIOURS
    }
    steering = {parameter.lower() for parameter in parameters.values()}
    parts = [part for part in first.call.query.split("&") if part]
    kept = [part for part in parts if part.partition("=")[0].lower().replace("%24", "$") not in steering]
    query = "&".join([*kept, *([f"{parameters[name]}={quote(value)}"] if name else [])])
    target = f"{first.call.path}?{query}" if query else first.call.path
    return Call(first.call.headers, first.call.body, first.call.method, target)


def _rows(exchange: Exchange | None) -> list[Row]:
    """Return the rows of a list: the body itself, or the first array of objects in it."""
    if exchange is None or not exchange.succeeded or not exchange.is_readable:
        return []
    body = exchange.json
    arrays = [body] if isinstance(body, list) else [member for member in _members(body) if isinstance(member, list)]
    return next((rows for rows in arrays if all(isinstance(row, dict) for row in rows)), [])


def _members(body: Any) -> list[Any]:
    return [body[name] for name in sorted(body, key=lambda key: key != "value")] if isinstance(body, dict) else []


Asked = tuple[str, Callable[[list[Row]], Broken]]
"""The question to a list, and the judge of the rows received; columns that are ``always`` sent tell nothing."""


def _top(rows: list[Row], always: frozenset[str]) -> Asked | None:
    return "1", lambda received: ("at most 1 row", f"{len(received)} rows") if len(received) > 1 else None


def _skip(rows: list[Row], always: frozenset[str]) -> Asked | None:
    if len(rows) < 2 or rows[0] == rows[1]:
        return None
    return "1", lambda received: ("the list without its first row", "the same list") if received == rows else None


def _order(rows: list[Row], always: frozenset[str]) -> Asked | None:
    column = next((name for name in rows[0] if len(set(_numbers(rows, name))) > 1), None)
    if column is None:
        return None

    def judge(rows: list[Row]) -> Broken:
        numbers = _numbers(rows, column)
        if numbers == sorted(numbers, reverse=True):
            return None
        return f"rows whose {column} descends", f"{', '.join(map(str, numbers[:5]))}"

    return f"{column} desc", judge


def _numbers(rows: list[Row], column: str) -> list[float]:
    return [value for row in rows if isinstance(value := row.get(column), int | float) and not isinstance(value, bool)]


def _select(rows: list[Row], always: frozenset[str]) -> Asked | None:
    others = [name for name in rows[0] if name.lower() not in always]
    if len(others) < 2:
        return None
    column, *rest = others

    def judge(rows: list[Row]) -> Broken:
        if any(column.lower() not in map(str.lower, row) for row in rows):
            return f"rows with {column}", "rows without it"
        kept = [name for name in rest if any(row.get(name) is not None for row in rows)]
        return (f"rows with {column} only", f"all columns, {kept[0]} among them") if kept == rest else None

    return column, judge


def _filter(rows: list[Row], always: frozenset[str]) -> Asked | None:
    wanted = {name: part for name, part in rows[0].items() if _is_plain(part) and name.lower() not in always}
    if not wanted:
        return None
    column, value = next(iter(wanted.items()))
    text = f"'{value}'" if isinstance(value, str) else str(value)

    def judge(rows: list[Row]) -> Broken:
        if not rows:
            return f"the row whose {column} is {text}", "no row"
        others = [row[column] for row in rows if column in row and not _equal(row[column], value)]
        return (f"rows whose {column} is {text}", repr(others[0])) if others else None

    return f"{column} eq {text}", judge


def _is_plain(value: Any) -> bool:
    is_word = isinstance(value, str) and value.replace(" ", "").isalnum() and value.isascii() and not value.isdecimal()
    return is_word or (isinstance(value, int) and not isinstance(value, bool))


def _equal(left: Any, right: Any) -> bool:
    return left is None or str(left).removesuffix(".0").casefold() == str(right).removesuffix(".0").casefold()


def _finding(exchange: Exchange, name: BehaviourName, value: str, broken: tuple[str, str]) -> Finding:
    behaviour = exchange.operation.behaviour(name)
    evidence = behaviour.evidence if behaviour else None
    parameter = behaviour.parameter if behaviour else ""
    return exchange.finding(
        "list-behaviours",
        severity_at_most(Severity.WARNING if broken[1] == "no row" else Severity.ERROR, evidence),
        expected=f"{broken[0]}, by {parameter}={value}",
        got=broken[1],
        rule=name,
        evidence=evidence,
    )


_PROBES: dict[BehaviourName, Callable[[list[Row], frozenset[str]], Asked | None]] = {
    BehaviourName.LIST_TOP: _top,
    BehaviourName.LIST_SKIP: _skip,
    BehaviourName.LIST_ORDER: _order,
    BehaviourName.LIST_SELECT: _select,
    BehaviourName.LIST_FILTER: _filter,
}

CHECK = Check("list-behaviours", "lists are filtered, sorted and paged as asked", applies=never, probe=_probe)
