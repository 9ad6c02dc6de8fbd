"""Fields and expansions: the parts of an entity, or of each row of a list, that parameters ask for.

``fields=id,name`` leaves out other properties that aren't required. ``expand=owner`` shows the object where an answer
has either that or its key, and what a parameter lists but isn't asked for is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, Operation, Schema, Validator
from docdouble.schemas.contract.parameter_values import properties_of, schema_branches, value_kinds
from docdouble.schemas.resources.envelopes import answered_schema, listed_in, wrapped_in
from docdouble.schemas.resources.list_parameters import QueryValue, list_role, query_values, squeezed

from ..sampler import Sampler
from .row_properties import identifying_values, value_at, with_value_at

_INNER = re.compile(r"[.(\[{].*", re.DOTALL)
_SCALARS = frozenset({"string", "integer"})


@dataclass(frozen=True)
class ShownFields:
    """The parameters of an operation that ask for parts of an entity, and where entities stand in its answers."""

    fields: tuple[QueryValue, ...]
    expands: tuple[QueryValue, ...]
    rows: tuple[str, ...] | None
    inside: tuple[str, ...]
    schema: Schema
    contract: Contract

    @property
    def names(self) -> frozenset[str]:
        """The names of the parameters."""
        return frozenset(field.path[0] for field in (*self.fields, *self.expands))

    @cached_property
    def _branches(self) -> tuple[Schema, ...]:
        return tuple(schema_branches(self.schema, self.contract))

    @cached_property
    def _properties(self) -> Mapping[str, Any]:
        return properties_of(self._branches)

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(name for branch in self._branches for name in branch.get("required", ()))

    @cached_property
    def _fits(self) -> Validator:
        return Validator(self.schema, self.contract)

    @cached_property
    def _expandable(self) -> Mapping[str, Schema]:
        """The properties that show either an object or its key, with the schema of the object."""
        branches = {name: tuple(schema_branches(part, self.contract)) for name, part in self._properties.items()}
        objects = {name: [part for part in parts if "properties" in part] for name, parts in branches.items()}
        return {
            name: objects[name][0]
            for name, parts in branches.items()
            if objects[name] and not _SCALARS.isdisjoint(value_kinds(parts))
        }

    @cached_property
    def _on_demand(self) -> frozenset[str]:
        """The properties that are only shown where a parameter that lists them asks for them."""
        listed = {squeezed(str(value)) for query_value in self.expands for value in query_value.listed}
        return frozenset(name for name in self._properties.keys() - self._required if squeezed(name) in listed)

    def needs_values(self, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a request asks for parts."""
        is_asked = any(field.value(parameters) is not None for field in self.fields)
        return is_asked or bool(self.expands and (self._expandable or self._on_demand))

    def shown(self, body: Any, parameters: Mapping[str, Any], sampler: Sampler) -> Any:
        """Return a body with the parts that a request asks for."""
        if not self.needs_values(parameters):
            return body
        expanded = frozenset(_names(self.expands, parameters))
        wanted = frozenset(_names(self.fields, parameters))
        if self.rows is None:
            return self._put(body, self.inside, wanted, expanded, sampler)
        rows = value_at(body, self.rows)
        if not isinstance(rows, list):
            return body
        return with_value_at(body, self.rows, [self._put(row, self.inside, wanted, expanded, sampler) for row in rows])

    def _put(
        self, value: Any, path: tuple[str, ...], wanted: frozenset[str], expanded: frozenset[str], sampler: Sampler
    ) -> Any:
        entity = value_at(value, path)
        if not isinstance(entity, dict):
            return value
        shown = dict(self._expanded(entity, expanded, sampler))
        known = wanted & {squeezed(name) for name in self._properties}
        if known:
            shown = {name: part for name, part in shown.items() if name in self._required or squeezed(name) in known}
        return with_value_at(value, path, shown) if self._fits.is_valid(shown) else value

    def _expanded(
        self, entity: Mapping[str, Any], expanded: frozenset[str], sampler: Sampler
    ) -> Iterator[tuple[str, Any]]:
        for name, part in entity.items():
            is_asked = squeezed(name) in expanded
            if name in self._expandable:
                yield name, self._object_of(name, part, sampler) if is_asked else _key_of(part)
            elif is_asked or name not in self._on_demand:
                yield name, part

    def _object_of(self, name: str, part: Any, sampler: Sampler) -> Any:
        """Return the object whose key an entity shows."""
        if isinstance(part, dict) or part is None:
            return part
        drawn = sampler.sample_if_any(self._expandable[name], hash(part) if isinstance(part, int) else len(part))
        return {**drawn, "id": part} if isinstance(drawn, dict) and "id" in drawn else part


def _key_of(part: Any) -> Any:
    return next(iter(identifying_values(part)), part) if isinstance(part, dict) else part


def _names(asked: Iterable[QueryValue], parameters: Mapping[str, Any]) -> Iterator[str]:
    """Yield the squeezed names that some parameters ask for, of what stands inside of others the outer one."""
    for query_value in asked:
        value = query_value.value(parameters)
        texts = value if isinstance(value, list) else str(value or "").split(",")
        yield from (squeezed(_INNER.sub("", str(text).strip())) for text in texts)


def shown_fields(operation: Operation, contract: Contract) -> ShownFields | None:
    """Return what parameters of an operation ask for parts, ``None`` where none does."""
    schema = answered_schema(operation)
    steering = {behaviour.parameter for behaviour in operation.behaviours}
    roles = [
        (query_value, list_role(query_value))
        for query_value in query_values(operation, contract)
        if query_value.parameter.name not in steering
    ]
    fields = tuple(query_value for query_value, role in roles if role == "fields")
    expands = tuple(query_value for query_value, role in roles if role == "expand")
    if schema is None or not (fields or expands):
        return None
    listed = listed_in(operation, contract)
    path = listed.inside if listed else wrapped_in(operation, contract)
    whole: Any = listed.items if listed else schema
    for step in path:
        whole = properties_of(schema_branches(whole, contract)).get(step)
    attributes = properties_of(schema_branches(whole, contract)).get("attributes")
    if attributes:
        path, whole = (*path, "attributes"), attributes
    if not isinstance(whole, dict):
        return None
    return ShownFields(fields, expands, listed.path if listed else None, path, whole, contract)
