"""Entities: what is shown of the thing of a resource that has a certain id, as drawn and as callers left it."""

from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any

import orjson

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.resources.naming import TypeKey

from .data.data_source import SHARED, DataSource
from .data.locales import LOCAL_ID
from .meaning.string_meaning import SchemaPosition
from .narrow import flattened
from .object_sampler import KnownProperties, ObjectSampler, Reference, draw_known
from .overlay import EntityCache, ShownWorld
from .references import SampledResources
from .sampling_settings import Sampling
from .seeds import Draw

_ACCEPTED = 256
"""Values of a property of which is remembered whether they are forgiven: that takes long to find out."""

Named = Callable[[str, int, bool], Draw]
"""The function for a named type, at a depth, for JSON fragments or for values."""


class Entities:
    """The entities of one contract; those that were made are kept."""

    def __init__(
        self,
        contract: Contract,
        resources: SampledResources,
        world: DataSource,
        sampling: Sampling,
        named: Named,
        test: Callable[[Schema], Callable[[Any], bool]],
    ) -> None:
        self.present = ShownWorld()
        self._contract = contract
        self._resources = resources
        self._world = world
        self._stateful = sampling.stateful
        self._named = named
        self._test = test
        self.key = cache(self._find_key)
        self._fits = cache(self._make_fits)
        self._entity = EntityCache(self._make_entity, self.present, sampling.kept)
        self._fragment = EntityCache(self._make_fragment, self.present, sampling.kept)

    def _find_key(self, name: str) -> TypeKey | None:
        """Return by what a named type is known, ``None`` for one that is no entity."""
        schema = flattened(self._contract.schemas[name], self._contract)
        is_plain = "properties" in schema and not {"anyOf", "oneOf", "enum", "const"} & set(schema)
        return self._resources.key(name, schema) if is_plain else None

    def value(self, name: str, number: int) -> Any:
        """Return what a named type that stands alone shows of an entity."""
        return self._entity(name, 1, number)

    def shown(self, name: str, key: TypeKey, depth: int, position: SchemaPosition) -> Reference:
        """Return the function for an entity that is shown as a named type."""

        def about(number: int, said: KnownProperties) -> Any:
            return self._value(name, depth, position.encoded, number, said)

        make, present = self._fragment if position.encoded else self._entity, self.present
        return Reference(
            lambda number: make(name, depth, number),
            LOCAL_ID if key.resource in SHARED and position.nested else 0,
            about,
            (key.name.lower(), f"{key.resource}id", f"{name.lower()}id", "id"),
            self._world.population,
            partial(present.is_gone, key.resource) if key.resource in self._stateful else None,
        )

    def _value(self, name: str, depth: int, encoded: bool, number: int, said: KnownProperties) -> Any:
        draw, key = self._named(name, depth, encoded), self.key(name)
        if key is None or not isinstance(draw, ObjectSampler):
            return draw(number, number)
        entity = self._world.entity(key.resource, number)
        kept = self.present.said(key.resource, number) or {}
        fitting = {one: value for one, value in kept.items() if self._fits(name, one)(value)}
        value = draw_known(draw, entity, entity, {**fitting, **said} if fitting else said)
        value[key.name] = number
        return value

    def _make_fits(self, name: str, lower: str) -> Callable[[Any], bool]:
        """Return the test of what is said of a property, named in lower case; all fits what a type doesn't have.

        It is the one that requests have to pass: a date without an offset is forgiven, and null where the
        documentation says nothing of it. What was removed is null.
        """
        properties = flattened(self._contract.schemas[name], self._contract)["properties"]
        schema: Any = next((schema for one, schema in properties.items() if one.lower() == lower), {})
        if not isinstance(schema, dict):
            return lambda value: True
        fits, accepts = self._test(schema), lru_cache(_ACCEPTED)(Validator(schema, self._contract).accepts)
        return lambda value: value is None or fits(value) or (isinstance(value, str) and accepts(value))

    def _make_entity(self, name: str, depth: int, number: int) -> Any:
        return self._value(name, depth, False, number, {})

    def _make_fragment(self, name: str, depth: int, number: int) -> orjson.Fragment:
        return orjson.Fragment(orjson.dumps(self._value(name, depth, True, number, {})))
