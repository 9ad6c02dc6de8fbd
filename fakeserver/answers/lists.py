"""OData-style lists: ``$filter``, ``$orderBy``, ``$skip``, ``$top`` and ``$select`` over rows of the fake's own.

The columns of a list are documented by what a sample shows. Where the contract documents the entity that the rows are
of (``GET /Contact/{id}`` for ``GET /Contact``), the columns that it has are taken from it; others are made up by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.behaviour_names import LIST_BEHAVIOURS, BehaviourName
from docdouble.schemas.contract.model import non_null, reference
from docdouble.schemas.dialects.base import Dialect
from docdouble.schemas.dialects.dialect_registry import dialect_of

from ..behaviours.odata_filter import parse_filter, parse_order, sort_key
from ..behaviours.select import names
from ..http.documented import documented_answer, response_schema
from ..requests.request_reader import Request
from ..sampler import Sampler
from ..sampler.seeds import POPULATION, Draw, ids_of, mix, part, salt

ROWS = 25
"""Rows of every list of which nobody knows what is in it."""

PAGE = 100
"""Rows that are sent at once, where a call doesn't say how many."""

MOST_COLUMNS = 1000
"""Columns whose samplers are kept."""

_BY_NAME: Mapping[str, Schema] = {
    "id": {"type": "integer", "format": "int32", "minimum": 1, "maximum": POPULATION},
    "date": {"type": "string", "format": "date-time"},
}
"""Last word of a column that nothing documents → what is made up for it."""


def is_list(operation: Operation) -> bool:
    """Tell whether an operation answers a list that can be filtered, sorted or paged."""
    return any(behaviour.name in LIST_BEHAVIOURS for behaviour in operation.behaviours)


@dataclass(frozen=True, slots=True)
class ListContent:
    """Entities of a list: those with these ids, which named types show, the fullest first, and what they are."""

    numbers: Sequence[int]
    types: tuple[str, ...]
    entity: str


@dataclass(frozen=True)
class _RowsPlace:
    """The place of the rows in an answer: under ``name``, or as a whole where that is ``None``."""

    name: str | None
    items: Schema


class Lists:
    """The lists of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.dialect = dialect_of(contract)
        self._column = lru_cache(MOST_COLUMNS)(self._make_column)
        self._entity_schema = lru_cache(MOST_COLUMNS)(self._find_entity_schema)
        self._named = lru_cache(MOST_COLUMNS)(reference)

    def answer(
        self, request: Request, body: Any, sampler: Sampler, key: int, base_url: str, listed: ListContent | None
    ) -> Any:
        """Return the body with the rows that are asked for, of what is ``listed``; as it is where it holds none."""
        place = self._place(request.operation)
        if place is None:
            return body
        rows = self._rows(request.operation.path, sampler, place.items, key, listed)
        chosen = _chosen(rows, request.asked, sampler.world.now, self.dialect)
        skip = max(int(request.asked.get(BehaviourName.LIST_SKIP, 0)), 0)
        top = max(int(request.asked.get(BehaviourName.LIST_TOP, PAGE)), 0)
        columns = names(str(request.asked.get(BehaviourName.LIST_SELECT, "")))
        shown = [row.shown(columns) for row in chosen[skip : skip + top]]
        if place.name is None:
            return shown
        more = _next_link(request, skip + top, base_url) if top > 0 and skip + top < len(chosen) else None
        link = next((name for name in body if name.lower().endswith("nextlink")), None)
        return {**body, **({link: more} if link else {}), place.name: shown}

    def _rows(
        self, path: str, sampler: Sampler, items: Schema, key: int, listed: ListContent | None
    ) -> list["_ListRow"]:
        """Return the rows of a list, each of another entity."""
        if listed is None:
            schema, entity = self._entity_schema(path), path.rpartition("/")[2].lower()
            views: tuple[Schema, ...] = (schema,) if schema is not None else ()
            numbers: Sequence[int] = ids_of(key, ROWS, sampler.world.population)
        else:
            views, entity, numbers = tuple(map(self._named, listed.types)), listed.entity, listed.numbers
        key_column, entity_column = self.dialect.row_key, self.dialect.row_entity
        known: list[dict[str, Any]] = [{"id": number, key_column: number, entity_column: entity} for number in numbers]
        return [_ListRow(self, sampler, items, views, row_values, mix(key, row_values["id"])) for row_values in known]

    def made_up(self, column: str, sampler: Sampler, key: int) -> Any:
        """Return the value of a column that nothing documents."""
        return self._column(column, sampler)(part(key, salt(column.lower())), key)

    def _make_column(self, column: str, sampler: Sampler) -> Draw:
        name = column.rpartition("/")[2]
        return sampler.drawn(_made_up(name), name)

    def _place(self, operation: Operation) -> _RowsPlace | None:
        schema = self._resolved(response_schema(documented_answer(operation)) or {})
        if isinstance(items := schema.get("items"), dict):
            return _RowsPlace(None, items)
        arrays = {name: self._resolved(part) for name, part in schema.get("properties", {}).items()}
        rows = {name: part["items"] for name, part in arrays.items() if isinstance(part.get("items"), dict)}
        name = "value" if "value" in rows else next(iter(rows), None)
        return _RowsPlace(name, rows[name]) if name is not None else None

    def _find_entity_schema(self, path: str) -> Schema | None:
        """Return the schema of what a list's rows are of, ``None`` where nothing states it."""
        for operation in self._contract.operations:
            head, slash, variable = operation.path.rpartition("/")
            if operation.method == "GET" and slash and head.lower() == path.lower() and variable.startswith("{"):
                return response_schema(documented_answer(operation))
        return None

    def _resolved(self, schema: Any) -> Schema:
        return self._contract.resolve(non_null(self._contract.resolve(schema))) if isinstance(schema, dict) else {}


class _ListRow:
    """One entity of a list; its columns are made when they are asked for."""

    def __init__(
        self,
        lists: Lists,
        sampler: Sampler,
        items: Schema,
        views: tuple[Schema, ...],
        known: dict[str, Any],
        key: int,
    ) -> None:
        self._lists, self._sampler, self._key = lists, sampler, key
        self._items, self._views, self._known = items, views, known

    @cached_property
    def _entity(self) -> dict[str, Any]:
        return self._shown(0) if self._views else {}

    def _shown(self, place: int) -> dict[str, Any]:
        """Return what one of the types shows of the entity."""
        return _lower(self._sampler.sample(self._views[place], self._key, {"id": self._known["id"]}))

    @cached_property
    def _sample(self) -> dict[str, Any]:
        known = {**self._known, **{name: value for name, value in self._entity.items() if _is_scalar(value)}}
        sample = self._sampler.sample(self._items, self._key, known)
        return sample if isinstance(sample, dict) else {}

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return _lower(self._sample)

    def value(self, column: str) -> Any:
        """Return the value of a column, whatever the letter case of its name."""
        lower = column.lower()
        if lower not in self._columns:
            steps = lower.split("/")
            shown = (self._shown(place) if place else self._entity for place in range(len(self._views)))
            shown_value = next((value for view in shown if (value := _at(view, steps)) is not None), None)
            made_up = isinstance(shown_value, dict | list) or shown_value is None
            self._columns[lower] = self._lists.made_up(column, self._sampler, self._key) if made_up else shown_value
        return self._columns[lower]

    def shown(self, columns: list[str]) -> dict[str, Any]:
        """Return the row with the columns that are asked for, as spelled there; as documented where none are."""
        if not columns:
            return self._sample
        kept = self._lists.dialect.row_columns
        always = {name: value for name, value in self._sample.items() if name.lower() in kept}
        return {**always, **{name: self.value(name) for name in columns if name.lower() not in kept}}


def _lower(value: Any) -> dict[str, Any]:
    return {name.lower(): part for name, part in value.items()} if isinstance(value, dict) else {}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _at(view: dict[str, Any], steps: list[str]) -> Any:
    """Return the value at a path of names in lower case, ``None`` where nothing does."""
    first, *rest = steps
    value = view.get(first)
    return _at(_lower(value), rest) if rest else value


def _chosen(rows: list[_ListRow], asked: Mapping[str, Any], now: datetime, dialect: Dialect) -> list[_ListRow]:
    condition = parse_filter(str(asked.get(BehaviourName.LIST_FILTER, "")), dialect.filter_words)
    kept = (
        [row for row in rows if condition.matches(row.value, now.replace(tzinfo=None))] if condition.columns else rows
    )
    for order in reversed(parse_order(str(asked.get(BehaviourName.LIST_ORDER, "")))):
        kept.sort(key=lambda row, column=order.column: sort_key(row.value(column)), reverse=order.descending)  # type: ignore[misc]
    return kept


def _next_link(request: Request, skip: int, base_url: str) -> str:
    parameter = request.operation.behaviour(BehaviourName.LIST_SKIP)
    if parameter is None:
        return ""
    pairs = parse_qsl(request.call.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name.lower() != parameter.parameter.lower()]
    query = urlencode([*kept, (parameter.parameter, str(skip))], safe="$/,", quote_via=quote)
    return f"{base_url}{request.call.path}?{query}"


def _made_up(name: str) -> Schema:
    lower = name.lower()
    return next((schema for word, schema in _BY_NAME.items() if lower.endswith(word)), {"type": "string"})
