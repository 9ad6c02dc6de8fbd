"""OData-style lists: ``$filter``, ``$orderBy``, ``$skip``, ``$top`` and ``$select`` over rows of the fake's own.

The columns of a list are documented by what a sample shows. Any other column is taken from the thing that the rows are
of, where the contract documents it (``GET /Contact/{id}`` for ``GET /Contact``), else made up by its name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract import non_null

from ..documented import body_schema, documented_answer
from ..request import Request
from ..sampler import Sampler
from ..sampler.dates import EPOCH
from ..sampler.keys import mix, salt
from .filter import parse_filter, parse_order, sort_key
from .select import names

ROWS = 25
"""Rows of every list."""

_TRIES = 4 * ROWS
"""Rows that are made to get so many of which no two are of the same thing."""

_KEY = "primarykey"

MOST_COLUMNS = 1000
"""Columns whose samplers are kept."""

_ALWAYS = frozenset({_KEY, "entityname"})
"""Columns that tell which thing a row is of: they are sent whatever is selected."""

_BY_NAME: Mapping[str, Schema] = {
    "id": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 500},
    "date": {"type": "string", "format": "date-time"},
}
"""Last word of a column that nothing documents → what is made up for it."""

STEERING = ("list-filter", "list-order", "list-skip", "list-top", "list-select")


def is_list(operation: Operation) -> bool:
    """Tell whether an operation answers a list that can be filtered, sorted or paged."""
    return any(behaviour.name in STEERING for behaviour in operation.behaviours)


@dataclass(frozen=True)
class _Place:
    """Where an answer holds its rows: under ``name``, or as a whole where that is ``None``."""

    name: str | None
    items: Schema


class Lists:
    """The lists of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._column = lru_cache(MOST_COLUMNS)(self._find_column)

    def answer(self, request: Request, body: Any, sampler: Sampler, key: int, base_url: str) -> Any:
        """Return the body with the rows that are asked for; as it is where it holds none."""
        place = self._place(request.operation)
        if place is None:
            return body
        made = (_Row(self, request.operation, sampler, place.items, mix(key, number)) for number in range(_TRIES))
        chosen = _chosen(_distinct(made), request.asked)
        skip, top = int(request.asked.get("list-skip", 0)), int(request.asked.get("list-top", ROWS))
        skip, top = max(skip, 0), max(top, 0)
        shown = [row.shown(names(str(request.asked.get("list-select", "")))) for row in chosen[skip : skip + top]]
        if place.name is None:
            return shown
        more = _next_link(request, skip + top, base_url) if top > 0 and skip + top < len(chosen) else None
        link = next((name for name in body if name.lower().endswith("nextlink")), None)
        return {**body, **({link: more} if link else {}), place.name: shown}

    def _place(self, operation: Operation) -> _Place | None:
        schema = self._resolved(body_schema(documented_answer(operation)) or {})
        if isinstance(items := schema.get("items"), dict):
            return _Place(None, items)
        arrays = {name: self._resolved(part) for name, part in schema.get("properties", {}).items()}
        rows = {name: part["items"] for name, part in arrays.items() if isinstance(part.get("items"), dict)}
        name = "value" if "value" in rows else next(iter(rows), None)
        return _Place(name, rows[name]) if name is not None else None

    def value(self, operation: Operation, column: str, sampler: Sampler, key: int) -> Any:
        """Return the value of a column that no sample shows."""
        draw = self._column(operation.path, column, sampler)
        return draw(key)

    def _find_column(self, path: str, column: str, sampler: Sampler) -> Callable[[int], Any]:
        schema = self._resolved(self._thing(path))
        name = column
        for name in column.split("/"):
            properties = schema.get("properties", {}) if isinstance(schema, dict) else {}
            found = {known.lower(): part for known, part in properties.items()}.get(name.lower())
            if found is None:
                schema = _made_up(name)
                break
            schema = self._resolved(found)
        if schema.get("type") in ("object", "array") or "properties" in schema:
            schema = _made_up(name)
        return sampler.drawn(schema, name, salt(column.lower()))

    def _thing(self, path: str) -> Schema:
        """Return the schema of what a list's rows are of."""
        for one in self._contract.operations:
            head, slash, variable = one.path.rpartition("/")
            if one.method == "GET" and slash and head.lower() == path.lower() and variable.startswith("{"):
                return body_schema(documented_answer(one)) or {}
        return {}

    def _resolved(self, schema: Any) -> Schema:
        return self._contract.resolve(non_null(self._contract.resolve(schema))) if isinstance(schema, dict) else {}


class _Row:
    """One thing of a list; its columns are made when they are asked for."""

    def __init__(self, lists: Lists, operation: Operation, sampler: Sampler, items: Schema, key: int) -> None:
        self._lists, self._operation, self._sampler, self._key = lists, operation, sampler, key
        sample = sampler.sample(items, key)
        self._sample: dict[str, Any] = sample if isinstance(sample, dict) else {}
        self._lower = {name.lower(): value for name, value in self._sample.items()}

    def value(self, column: str) -> Any:
        """Return the value of a column, whatever the letter case of its name."""
        if column.lower() in self._lower:
            return self._lower[column.lower()]
        value = self._lists.value(self._operation, column, self._sampler, self._key)
        self._lower[column.lower()] = value
        return value

    @property
    def identity(self) -> str:
        """Which thing the row is of; a row that doesn't tell is of its own."""
        return str(self._lower.get(_KEY, self._key))

    def shown(self, columns: list[str]) -> dict[str, Any]:
        """Return the row with the columns that are asked for, as spelled there; as documented where none are."""
        if not columns:
            return self._sample
        always = {name: value for name, value in self._sample.items() if name.lower() in _ALWAYS}
        return {**always, **{name: self.value(name) for name in columns if name.lower() not in _ALWAYS}}


def _distinct(made: Iterable[_Row]) -> list[_Row]:
    """Return the first rows of which no two are of the same thing."""
    rows: dict[str, _Row] = {}
    for row in made:
        rows.setdefault(row.identity, row)
        if len(rows) == ROWS:
            break
    return list(rows.values())


def _chosen(rows: list[_Row], asked: Mapping[str, Any]) -> list[_Row]:
    condition = parse_filter(str(asked.get("list-filter", "")))
    now = EPOCH.replace(tzinfo=None)
    kept = [row for row in rows if condition.matches(row.value, now)]
    for order in reversed(parse_order(str(asked.get("list-order", "")))):
        kept.sort(key=lambda row, column=order.column: sort_key(row.value(column)), reverse=order.descending)  # type: ignore[misc]
    return kept


def _next_link(request: Request, skip: int, base_url: str) -> str:
    parameter = request.operation.behaviour("list-skip")
    if parameter is None:
        return ""
    pairs = parse_qsl(request.call.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name.lower() != parameter.parameter.lower()]
    query = urlencode([*kept, (parameter.parameter, str(skip))], safe="$/,", quote_via=quote)
    return f"{base_url}{request.call.path}?{query}"


def _made_up(name: str) -> Schema:
    lower = name.lower()
    return next((schema for word, schema in _BY_NAME.items() if lower.endswith(word)), {"type": "string"})
