"""Values that stand together in one row of a reply: a warehouse and a product of which it has a stock."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from docdouble.schemas import Contract, Operation, Validator
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.words import singular

from ..generation.fields import ITEM, Path, RequestField
from ..model.exchange import Exchange
from .known_paths import keys_of
from .value_names import ReplyValue, ValueNames, means_something, values_at

_MOST = 20
"""Rows that are kept of an operation."""

_Row = tuple[tuple[str, Hashable], ...]
"""Values with the names that they are kept under."""

FieldValues = Sequence[tuple[RequestField, Any]]
"""Fields of a request with their values."""


class KnownRows:
    """The rows of one run that hold two values or more; safe to be used by several threads at once."""

    def __init__(self, contract: Contract, names: ValueNames) -> None:
        self._contract = contract
        self._names = names
        self._lock = Lock()
        self._rows: dict[str, dict[_Row, None]] = {}

    def has_room(self, operation: Operation) -> bool:
        """Tell whether one more row that an operation shows would be kept."""
        return len(self._rows.get(operation.id, ())) < _MOST

    def note(self, exchange: Exchange, body: Any, sources: Sequence[ReplyValue]) -> None:
        """Keep the rows of a reply that has values at some places, each with what the path of the call says of it."""
        around = self._in_path(exchange)
        by_row: dict[Path, list[ReplyValue]] = {}
        for source in sources:
            by_row.setdefault(_path_of_row(source.path), []).append(source)
        for path, places in by_row.items():
            for shown in values_at(body, path):
                values = {place.name: next(values_at(shown, place.path[len(path) :]), None) for place in places}
                row = around | {name: value for name, value in values.items() if means_something(value)}
                if len(row) > 1 and self.has_room(exchange.operation):
                    with self._lock:
                        self._rows.setdefault(exchange.operation.id, {})[tuple(sorted(row.items()))] = None

    def _in_path(self, exchange: Exchange) -> dict[str, Hashable]:
        operation = exchange.operation
        texts = keys_of(operation.path, exchange.call.path) or ()
        names = path_variables(operation.path)
        return {self._names.name_of(operation, "path", name): text for name, text in zip(names, texts, strict=False)}

    def together(self, operation: Operation, fields: Sequence[RequestField]) -> Iterator[FieldValues]:
        """Yield values of fields of a request, two or more, that stand in one row, those of the most fields first."""
        combinations: dict[tuple[tuple[str, Any], ...], FieldValues] = {}
        named = [(field, self._names_of(operation, field)) for field in fields]
        for row in [dict(row) for rows in self._rows.values() for row in tuple(rows)] if len(fields) > 1 else ():
            known = [(field, typed(field, row[name])) for field, names in named if (name := _first(names, row))]
            if len(known) > 1 and all(self._fits(field, value) for field, value in known):
                combinations.setdefault(tuple((field.place, value) for field, value in known), known)
        yield from sorted(combinations.values(), key=len, reverse=True)

    def _names_of(self, operation: Operation, field: RequestField) -> tuple[str, ...]:
        """Return what the values of a field may be kept under, the most exact first."""
        resource = self._names.possible_keys.get(singular(field.name.lower()))
        return (self._names.of_field(operation, field), *([f"key {resource}"] if resource else []))

    def _fits(self, field: RequestField, value: Any) -> bool:
        return Validator(field.outer, self._contract).is_valid(value)

    def forget(self, texts: frozenset[str]) -> None:
        """Forget the rows with a value that is written as one of the texts."""
        with self._lock:
            for rows in self._rows.values():
                for row in [row for row in rows if any(str(value) in texts for _, value in row)]:
                    del rows[row]


def _path_of_row(path: Path) -> Path:
    """Return what leads to the row that a place is in: the innermost item, or the whole body."""
    last = max((number for number, step in enumerate(path) if step == ITEM), default=-1)
    return path[: last + 1]


def _first(names: Sequence[str], row: Mapping[str, Hashable]) -> str:
    return next((name for name in names if name in row), "")


def typed(field: RequestField, value: Any) -> Any:
    """Return a key as a field has it, where a path or another field holds it as a text or a number."""
    if field.kind == "integer" and isinstance(value, str):
        return int(value) if value.removeprefix("-").isdecimal() else value
    return str(value) if field.kind == "string" and isinstance(value, int) else value
