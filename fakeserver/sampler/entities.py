"""Entities of resources: the values of each id, as drawn and as callers changed them."""

from collections.abc import Callable, Iterator
from functools import cache, cached_property, lru_cache, partial
from typing import Any

import orjson

from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.jsonschema.documented_values import documented_values
from docdouble.schemas.jsonschema.json_text import json_bytes
from docdouble.schemas.jsonschema.subschemas import subschemas
from docdouble.schemas.resources.naming import TypeKey, is_id, referred, stem_of

from .data.data_source import SHARED
from .data.locales import LOCAL_ID
from .guarded import Guarded
from .meaning.documented_choice import DocumentedChoice, documented_ids
from .meaning.string_meaning import SchemaPosition
from .narrow import flattened
from .object_sampler import KnownProperties, ObjectSampler, Reference, draw_known
from .overlay import EntityCache, ShownWorld
from .recursion import MAX_REFERENCES
from .sampler_context import SamplerContext
from .seeds import Draw, is_number_of_one, salt
from .shapes import drawn_properties
from .sizes import MOST_DRAWN_ITEMS

_ACCEPTED = 256
"""Values of a property of which is remembered whether they are forgiven: that takes long to find out."""

Named = Callable[[str, int, bool, DocumentedChoice], Draw]
"""The function for a named type, at a depth, for JSON fragments or for values, that shows a documented value."""


class Entities:
    """The entities of one contract; those that were made are kept."""

    def __init__(self, context: SamplerContext, named: Named) -> None:
        self.present = ShownWorld()
        self._contract = context.contract
        self._resources = context.resources
        self._world = context.world
        self._stateful = context.settings.stateful
        self._named = named
        self._test = context.test
        self._choice_alone = context.choice
        self._is_documented = context.settings.documented
        self.key = cache(self._find_key)
        self._fits = cache(self._make_fits)
        self._exemplary = cache(self._find_exemplary)
        self._entity = EntityCache(
            lambda name, depth, number: self._value(name, depth, False, number, {}), self.present, context.settings.kept
        )
        self._fragment = EntityCache(self._make_fragment, self.present, context.settings.kept)

    def _find_key(self, name: str) -> TypeKey | None:
        """Return by what a named type is known, ``None`` for one that is no entity."""
        schema = flattened(self._contract.schemas[name], self._contract)
        is_plain = "properties" in schema and not {"anyOf", "oneOf", "enum", "const"} & set(schema)
        key = self._resources.key(name, schema) if is_plain else None
        return key if key and key.name in drawn_properties(schema) else None  # requests may lack it

    def value(self, name: str, number: int) -> Any:
        """Return what a named type that stands alone shows of an entity."""
        return self._entity(name, 1, number)

    def shown(self, name: str, key: TypeKey, depth: int, position: SchemaPosition) -> Reference:
        """Return the function for an entity that is shown as a named type."""

        def about(number: int, known: KnownProperties) -> Any:
            return self._value(name, depth, position.encoded, number, known)

        make, present = self._fragment if position.encoded else self._entity, self.present
        shown = (*documented_ids(position.documented, key.name), *self._exemplary(name))
        documented = shown[0] if shown and position.choice == "first" else 0
        return Reference(
            lambda number: make(name, depth, number),
            LOCAL_ID if key.resource in SHARED and position.nested else documented,
            about,
            (key.name.lower(), f"{key.resource}id", f"{name.lower()}id", "id"),
            self._world.population,
            partial(present.is_gone, key.resource) if key.resource in self._stateful else None,
        )

    def belonging(self, items: Any, position: SchemaPosition) -> Callable[[int], list[int]] | None:
        """Return the function from an entity's key to the ids of items that refer to it, as persons to a contact."""
        name = referred(items) if isinstance(items, dict) else ""
        key = self.key(name) if name and position.resource and position.depth < MAX_REFERENCES else None
        if key is None or key.resource == position.resource:
            return None
        properties = flattened(self._contract.schemas[name], self._contract)["properties"]
        stem = position.resource
        if not any(stem_of(part).lower() == stem and is_id(schema) for part, schema in properties.items()):
            return None
        return self._owned(key.resource, position.resource)

    def _owned(self, resource: str, owner: str) -> Callable[[int], list[int]]:
        """Return the function from the key of an owner to the ids of the entities that refer to it."""
        salted = reference_salt(owner)
        drawn = self._world.belonging(resource, owner, salted)
        most = None if resource in self._stateful else MOST_DRAWN_ITEMS

        def owned(entity: int) -> list[int]:
            return self.present.belonging(
                drawn(entity),
                resource,
                f"{owner}id",
                lambda number: self._world.referred(resource, number, salted),
                lambda number: self._world.entity(owner, number) == entity,
            )[:most]

        return owned

    def _value(self, name: str, depth: int, encoded: bool, number: int, known: KnownProperties) -> Any:
        draw, key = self._named(name, depth, encoded, self._choice(name, number)), self.key(name)
        if key is None or not isinstance(draw, ObjectSampler | Guarded):
            return draw(number, number)
        entity = self._world.entity(key.resource, number)
        kept = self.present.values(key.resource, number) or {}
        fitting = {lower: value for lower, value in kept.items() if self._fits(name, lower)(value)}
        known = {**fitting, **known} if fitting else known
        if isinstance(draw, Guarded):
            return draw.draw_known(entity, entity, {**known, key.name.lower(): number})
        value = draw_known(draw, entity, entity, known)
        value[key.name] = number
        return value

    def _choice(self, name: str, number: int) -> DocumentedChoice:
        """Return which documented values an entity shows: it is the same in lists, nested and alone."""
        exemplary = self._exemplary(name)
        if number in exemplary:
            return "first"
        return "varied" if not exemplary or self.are_the_same(name) else "any"

    def _find_exemplary(self, name: str) -> tuple[int, ...]:
        """Return the ids of the entities that show the documented examples of a named type."""
        key = self.key(name) if self._choice_alone == "first" else None
        if key is None:
            return ()
        schema = flattened(self._contract.schemas[name], self._contract)
        whole, properties = documented_values(schema), schema["properties"]
        if not whole and not any(isinstance(part, dict) and documented_values(part) for part in properties.values()):
            return ()
        own = documented_values(properties[key.name])
        numbers = (*documented_ids(whole, key.name), *filter(is_number_of_one, own))
        return (*numbers[:1], 1)

    def are_the_same(self, name: str) -> bool:
        """Tell whether entities of a named type are shown in several places, in which they have to be the same."""
        key = self.key(name)
        return key is not None and not self._is_documented and key.resource in self._listed

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The resources of which some array shows several entities."""
        schemas = [*self._contract.schemas.values(), *_answered(self._contract)]
        types = {name for schema in schemas for name in _item_types(schema)}
        keys = (self.key(name) for name in types if name in self._contract.schemas)
        resources = self._contract.resources.resources
        listing = {
            resource.name for resource in resources if any(role.name in ("list", "search") for role in resource.roles)
        }
        return frozenset(listing | {key.resource for key in keys if key})

    def _make_fits(self, name: str, lower: str) -> Callable[[Any], bool]:
        """Return the test of the values of a property, named in lower case; all fits what a type doesn't have.

        It is the one that requests have to pass: a date without an offset is forgiven, and null where the
        documentation says nothing of it. What was removed is null.
        """
        properties = flattened(self._contract.schemas[name], self._contract)["properties"]
        schema: Any = next((schema for spelled, schema in properties.items() if spelled.lower() == lower), {})
        if not isinstance(schema, dict):
            return lambda value: True
        fits, accepts = self._test(schema), lru_cache(_ACCEPTED)(Validator(schema, self._contract).accepts)
        return lambda value: value is None or fits(value) or (isinstance(value, str) and accepts(value))

    def _make_fragment(self, name: str, depth: int, number: int) -> orjson.Fragment:
        return orjson.Fragment(json_bytes(self._value(name, depth, True, number, {})))


def _answered(contract: Contract) -> Iterator[Schema]:
    """Yield the schemas of the documented answers."""
    bodies = (response.media_types for operation in contract.operations for response in operation.responses)
    for media_types in bodies:
        yield from (body.schema for body in media_types if body.schema is not None)


def _item_types(schema: Schema) -> Iterator[str]:
    """Yield the named types that the arrays in a schema are of."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part.get("items"), dict) and (name := referred(part["items"])):
            yield name
        waiting.extend(subschemas(part))


def reference_salt(stem: str) -> int:
    """Return what decides which entity is referred to: the same for its id, for itself and for texts about it."""
    return salt(f"reference {stem}")
