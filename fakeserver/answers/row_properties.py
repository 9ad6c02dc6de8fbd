"""Properties of the rows of a list, by the names under which parameters may ask for them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.contract.parameter_values import items_of, properties_of, schema_branches, value_kinds
from docdouble.schemas.resources.envelopes import ListedRows
from docdouble.schemas.resources.list_parameters import name_set, squeezed

_ATTRIBUTES = ("attributes", "fields", "properties")
"""Members of a row that hold its properties, as JSON:API has them."""

_IDENTIFYING = name_set("id uuid key code slug login username name number email")
"""Members by which an object inside of a row is known."""


@dataclass(frozen=True)
class RowProperty:
    """A property of the rows of a list: ``path`` leads to it, ``branches`` are its schema and its alternatives."""

    path: tuple[str, ...]
    branches: tuple[Schema, ...]
    contract: Contract

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The JSON types of it, or of each of its items."""
        kinds = value_kinds(self.branches)
        return frozenset((value_kinds([items_of(self.branches)]) if "array" in kinds else kinds) - {"null"})

    @cached_property
    def listed(self) -> frozenset[str]:
        """The values that it may have, without letter case; empty where it may have any."""
        schemas = [*self.branches, items_of(self.branches)]
        return frozenset(str(value).casefold() for schema in schemas for value in schema.get("enum", ()))

    @property
    def is_date(self) -> bool:
        """Whether it is a date."""
        return any(branch.get("format") in ("date", "date-time") for branch in self.branches)

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.branches[0] if self.branches else {}, self.contract)

    def put(self, row: Any, value: Any) -> Any:
        """Return a row with another value of it; as it is where that doesn't fit."""
        has_place = isinstance(value_at(row, self.path[:-1]), dict) and self._validator.is_valid(value)
        return with_value_at(row, self.path, value) if has_place else row

    def of(self, row: Any) -> Any:
        """Return the property's value in a row, ``None`` where the row has none."""
        return value_at(row, self.path)


def value_at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path of names, ``None`` where nothing does."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def with_value_at(value: Any, path: tuple[str, ...], part: Any) -> Any:
    """Return an object with another value at a path of names."""
    if not path:
        return part
    members = value if isinstance(value, dict) else {}
    return {**members, path[0]: with_value_at(members.get(path[0]), path[1:], part)}


def identifying_values(value: Any) -> Iterator[Any]:
    """Yield a value, those of an array, and those by which an object is known."""
    if isinstance(value, list):
        for part in value:
            yield from identifying_values(part)
    elif isinstance(value, dict):
        yield from (part for name, part in value.items() if squeezed(name) in _IDENTIFYING)
    else:
        yield value


def row_properties(rows: ListedRows, contract: Contract) -> Mapping[str, RowProperty]:
    """Return the properties of the rows by their squeezed names, those of objects inside with the object's before."""
    branches = tuple(schema_branches(rows.items, contract))
    for step in rows.inside:
        branches = tuple(schema_branches(properties_of(branches).get(step), contract))
    outer: dict[str, RowProperty] = {}
    inner: dict[str, RowProperty] = {}
    for name, part in properties_of(branches).items():
        below = tuple(schema_branches(part, contract))
        path = (*rows.inside, name)
        outer[squeezed(name)] = RowProperty(path, below, contract)
        for member, schema in properties_of(below).items():
            key = squeezed(member) if name in _ATTRIBUTES else squeezed(name + member)
            inner.setdefault(key, RowProperty((*path, member), tuple(schema_branches(schema, contract)), contract))
    return inner | outer
