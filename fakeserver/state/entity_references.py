"""References between entities: a ``customerId`` that is drawn is the key of a customer that there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.parameter_values import items_of, properties_of, schema_branches, value_kinds
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.words import singulars

from ..sampler import Sampler
from ..sampler.seeds import mix, salt
from ..sampler.shapes import value_test
from .key_values import EntityScope, KeyValues

_KEYS = ("id", "uuid", "guid")
_DEEPEST = 4
"""Objects in objects are looked into this deep."""

_TRIES = 8
"""Entities that are tried, until one is not deleted."""


@dataclass(frozen=True, slots=True)
class _References:
    """References of a schema's values to entities: properties that are keys, and those that hold such properties."""

    keys: Mapping[str, tuple[Resource, Callable[[Any], bool]]] = field(default_factory=dict)
    inside: Mapping[str, "_References"] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.keys or self.inside)


class EntityReferences:
    """The references in the schemas of one contract to entities that its paths tell, and that stand below no others."""

    def __init__(self, contract: Contract, keys: KeyValues) -> None:
        self._contract = contract
        self._keys = keys
        self._by_schema: dict[int, tuple[Schema, _References]] = {}
        self._named: dict[str, Resource] = {}
        for resource in contract.resources.resources:
            if resource.path and resource.variable and "{" not in resource.path:
                segment = squeezed(resource.path.rpartition("/")[2])
                for name in {squeezed(resource.name), *singulars(segment)}:
                    self._named.setdefault(name, resource)

    def consistent(self, schema: Schema, value: Any, seed: int, sampler: Sampler) -> Any:
        """Return a drawn value in which the keys of entities are those of some that there are."""
        known = self._by_schema.get(id(schema))
        if known is None or known[0] is not schema:
            known = self._by_schema[id(schema)] = schema, self._references(schema, 0) if self._named else _References()
        return self._filled(known[1], value, seed, sampler) if known[1] else value

    def _references(self, schema: Any, depth: int) -> _References:
        branches = tuple(schema_branches(schema, self._contract))
        if "array" in value_kinds(branches):
            return self._references(items_of(branches), depth)
        properties = properties_of(branches) if depth < _DEEPEST else {}
        meant = ((name, part, self._meant(name)) for name, part in properties.items() if isinstance(part, dict))
        keys = {name: (resource, value_test(part, self._contract)) for name, part, resource in meant if resource}
        others = {name: part for name, part in properties.items() if name not in keys}
        inside = {
            name: references for name, part in others.items() if (references := self._references(part, depth + 1))
        }
        return _References(keys, inside)

    def _meant(self, name: str) -> Resource | None:
        """Return the resource whose key a property is by its name; ``None`` for any other property."""
        lower = squeezed(name)
        for stem, resource in self._named.items():
            if lower.startswith(stem) and lower.removeprefix(stem) in {*_KEYS, squeezed(resource.key)} - {""}:
                return resource
        return None

    def _filled(self, references: _References, value: Any, seed: int, sampler: Sampler) -> Any:
        if isinstance(value, list):
            return [self._filled(references, part, mix(seed, place), sampler) for place, part in enumerate(value, 1)]
        if not isinstance(value, dict):
            return value
        filled = dict(value)
        for name, (resource, fits) in references.keys.items():
            key = self._key(resource, mix(seed, salt(name)), sampler) if value.get(name) is not None else None
            if key is not None and fits(key):
                filled[name] = key
        for name, below in references.inside.items():
            if name in value:
                filled[name] = self._filled(below, value[name], mix(seed, salt(name)), sampler)
        return filled

    def _key(self, resource: Resource, seed: int, sampler: Sampler) -> Any:
        """Return the key of an entity that nobody deleted, ``None`` where none is found."""
        scope = EntityScope(resource)
        numbers = (1 + mix(seed, attempt) % sampler.world.population for attempt in range(_TRIES))
        number = next((number for number in numbers if not sampler.present.is_gone(scope.rows, number)), 0)
        return self._keys.value(scope, number) if number else None
