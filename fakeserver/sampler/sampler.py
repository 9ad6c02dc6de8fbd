"""Schema → a function from a key to a value, made once per schema.

A value depends on the seed, the key and its place alone: never on the order of calls, the process or the machine. An
object that has an id depends on its resource and its id, so that it is the same wherever it appears.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from math import inf
from typing import Any

from docdouble.schemas import Contract, ContractError, Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX, EVIDENCE, nullable
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.resources.naming import TypeKey, is_id, referred, stem_of
from docdouble.schemas.words import singular

from .consistency import repairs
from .data.data_source import SHARED, DataSource
from .data.locales import LOCAL_ID
from .entities import Entities
from .meaning.number_rules import figure_of
from .meaning.string_meaning import Meaning, SchemaPosition
from .meaning.text_rules import words
from .meaning.user_rules import UserRules
from .narrow import constrains, flattened
from .numbers import BOUNDS, number
from .object_sampler import Deferred, Items, KnownProperties, ObjectSampler, RecordProperty, Reference, draw_known
from .recursion import Endings
from .references import SampledResources, Surroundings
from .sampling_settings import Sampling
from .seeds import PRIME, Draw, mix, part, pick, salt
from .shapes import drawn_properties, drawn_type, named_type, values_of
from .strings import string

MAX_REFERENCES = 4
"""Named types nest this deep in an answer; below stands only what a value can't do without."""

KEYS = 2
"""A dictionary of which nothing is known has this many keys."""

ITEMS = 3
"""An array has up to this many items, where it may."""

_TRIES = 50
"""Draws per value that fits only by chance."""

_NAMES = ("name", "fullname")
"""What is told of an entity even where its own type has no such property."""

_COMPOUND = ("file_name", "user name")
"""Names that only look as if they were somebody's: ``UserName`` is no user's name."""

_SELDOM = 8
"""One in so many values that may be null is."""

_TRIED_KEYS = tuple(mix(number, 1) for number in range(8))
_NULL = {"type": "null"}


class Sampler:
    """Values for the schemas of one contract."""

    def __init__(self, contract: Contract, sampling: Sampling | None = None) -> None:
        sampling = sampling or Sampling()
        self.contract = contract
        self._nulls = sampling.nulls
        self.world = DataSource(sampling.seed, sampling.locale, sampling.language, sampling.population)
        self._stateful = sampling.stateful
        self.resources = SampledResources(contract.schemas, _keys(contract))
        self.meaning = Meaning(self.resources, dialect_of(contract), sampling.added)
        self.user_rules = UserRules(sampling.samples, self.resources, self.world, contract, self._test)
        self._endings = Endings(contract.schemas)
        self._named = cache(self._compile_named)
        self._entities = Entities(contract, self.resources, self.world, sampling, self._named, self._test)
        self.key = self._entities.key
        self.present = self._entities.present
        self._compiled: dict[tuple[int, bool], tuple[Schema, Draw]] = {}

    def sample(self, schema: Schema, key: int, said: KnownProperties | None = None, *, encoded: bool = False) -> Any:
        """Return the value of ``schema`` for ``key``; parts of it are shared, and nobody may change them.

        ``said`` is what is known of it, by property names in lower case: the id of an entity says which one. With
        ``encoded``, entities in it, and it itself where it is one, may be ``orjson.Fragment``.
        """
        known = self._compiled.get((id(schema), encoded))
        if known is None:
            known = self._compiled[id(schema), encoded] = (schema, self._draw(schema, SchemaPosition(encoded=encoded)))
        mixed = mix(key % PRIME, self.world.seed)
        return draw_known(known[1], mixed, mixed, said or {})

    def entity(self, type_name: str, number: int) -> Any:
        """Return what a named type shows of the thing with an id; nobody may change it."""
        return self._entities.value(type_name, number)

    def drawn(self, schema: Schema, name: str) -> Draw:
        """Return the function for a value under the name of a property; nothing of it is kept."""
        return self._meant(schema, SchemaPosition(name, depth=MAX_REFERENCES))

    def _meant(self, schema: Any, position: SchemaPosition) -> Draw:
        """Return the function for what the user says of a position, else for its schema."""
        own = self.user_rules.at(schema, position)
        return own.draw if own else self._draw(schema, position)

    def _compile_named(self, name: str, depth: int, encoded: bool) -> Draw:
        return self._draw(
            self.contract.schemas[name],
            SchemaPosition(owner=name, depth=depth, encoded=encoded, nested=True, is_type=True),
        )

    def _draw(self, schema: Any, position: SchemaPosition) -> Draw:
        """Return the function for a schema that stands at a position."""
        if not isinstance(schema, dict) or self._must_be_null(schema, position.depth):
            return _null
        merged = flattened(schema, self.contract)
        if "$ref" not in merged and (named := named_type(schema)):
            position = replace(position, owner=named, depth=position.depth + 1, is_type=True)
        schema = merged
        if "enum" in schema or "const" in schema:
            return self._listed(schema)
        if "$ref" in schema:
            return self._reference(schema["$ref"].removeprefix(COMPONENT_PREFIX), position)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._alternative(schema, word, position)
        match drawn_type(schema):
            case "object":
                return self._object(schema, position)
            case "array":
                return self._array(schema, position)
            case "string":
                choice = self.meaning.choice(schema, position.name, position.resource, position.owner)
                return string(schema, position.name, choice, self.world, self._test)
            case "integer" | "number" as kind:
                return self._number(schema, kind, words(position.name))
            case "boolean":
                share = self.meaning.share_of_true(position.name)
                return lambda key, entity: key % 100 < share
        return _null

    def _number(self, schema: Schema, kind: str, spoken: str) -> Draw:
        axis = next((axis for axis, word in enumerate(("latitude", "longitude")) if spoken.endswith(word)), None)
        if axis is None or kind == "integer" or BOUNDS & set(schema):
            return number(schema, kind, figure_of(spoken, kind))
        coordinate = self.world.people.coordinate(axis)
        return lambda key, entity: coordinate(entity)

    def _test(self, schema: Schema) -> Callable[[Any], bool]:
        """Return the test that a value fits; every value does where the schema itself is broken."""
        validator = Validator(schema, self.contract)
        try:
            validator.is_valid(None)
        except ContractError:
            return lambda value: True
        return validator.is_valid

    def _must_be_null(self, schema: Schema, depth: int) -> bool:
        """Tell whether a value that leads on, too deep, ends here: because it may be null, or has no end at all."""
        if depth >= MAX_REFERENCES and nullable(schema):
            return self._endings.rank_of_value(schema) > 0
        return depth > MAX_REFERENCES and self._endings.rank(schema) == inf

    def _listed(self, schema: Schema) -> Draw:
        values = tuple(schema["enum"] if "const" not in schema else (schema["const"],))
        return pick(tuple(filter(self._test(schema), values)) or values or (None,))

    def _reference(self, name: str, position: SchemaPosition) -> Draw:
        """Return the function for a named type, which is compiled when it is first drawn."""
        below = position.depth + 1
        if key := self.key(name):
            return self._entities.shown(name, key, below, position)
        return Deferred(lambda: self._named(name, below, position.encoded))

    def _alternative(self, schema: Schema, word: str, position: SchemaPosition) -> Draw:
        """Return the function for the branch that is drawn."""
        draws = [self._draw(branch, position) for branch in self.alternatives(schema, word, position.depth)]
        if len(draws) < 2:
            return draws[0] if draws else _null
        fits = self._test(schema)
        best = max(draws, key=lambda draw: sum(fits(draw(key, key)) for key in _TRIED_KEYS))
        hits = sum(fits(best(key, key)) for key in _TRIED_KEYS)
        return _fitting(best, fits) if 0 < hits < len(_TRIED_KEYS) else best

    def alternatives(self, schema: Schema, word: str, depth: int) -> list[Schema]:
        """Return the branches of which one is drawn; none for a named type of which nothing is known: it stays null."""
        own = {key: part for key, part in schema.items() if key != word}
        branches = [branch for branch in schema[word] if isinstance(branch, dict) and branch != _NULL]
        if not branches or (nullable(schema) and self._is_unknown(branches[0])):
            return []
        meant = [{"allOf": [branch, own]} if constrains(own) else branch for branch in branches]
        return [min(meant, key=self._endings.rank)] if depth >= MAX_REFERENCES else meant

    def _is_unknown(self, schema: Schema) -> bool:
        resolved = self.contract.resolve(schema)
        known = {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        return drawn_type(resolved) == "object" and not known & set(resolved)

    def _object(self, schema: Schema, position: SchemaPosition) -> Draw:
        values = values_of(schema)
        if values is not None:
            return self._dictionary(schema, values, position)
        return self._record(drawn_properties(schema), schema.get("required", ()), position)

    def inside(self, properties: Mapping[str, Any], position: SchemaPosition) -> tuple[Surroundings, SchemaPosition]:
        """Return what an object refers to, and where its properties stand."""
        owner = position.owner if position.is_type else f"{position.owner} {position.name}"
        around = self.resources.surroundings(position.owner if position.is_type else "", properties, self.key)
        return around, replace(position, owner=owner, resource=around.own, nested=True, is_type=False)

    def _record(
        self, properties: Mapping[str, Any], required: Collection[str], position: SchemaPosition
    ) -> ObjectSampler:
        around, inside = self.inside(properties, position)
        parts = (
            self._part(schema, name in required, replace(inside, name=name), around)
            for name, schema in properties.items()
        )
        # what the user says of a property stays
        agreeing = [
            repair
            for repair in repairs(properties)
            if not self.user_rules.at(properties[repair.name], replace(inside, name=repair.name))
        ]
        return ObjectSampler([part for part in parts if part is not None], agreeing)

    def _part(
        self, schema: Any, is_required: bool, position: SchemaPosition, around: Surroundings
    ) -> RecordProperty | None:
        """Return a property of an object, ``None`` for one that is left out.

        What leads on, too deep, is left out where it may be. Pages call nothing required and end their samples with
        null instead.
        """
        name, lower = position.name, position.name.lower()
        is_last = position.depth >= MAX_REFERENCES
        if not is_required and is_last and self._endings.rank(schema) > 0:
            return RecordProperty(name, 0, _null, is_fixed=True) if EVIDENCE in schema else None
        if name == around.id_name:
            return RecordProperty(name, 0, _zero)
        if own := self.user_rules.at(schema, position):
            return RecordProperty(name, salt(lower), self._sometimes(schema, own.draw))
        if stem := around.id_stem(name, schema):
            fixed = LOCAL_ID if around.stems[stem] in SHARED else 0
            return _referring(name, stem, Reference(_itself, fixed, population=self.world.population))
        if lower in around.stems and isinstance(draw := self._draw(schema, position), Reference):
            draw = _unless_gone(draw) if draw.gone and nullable(schema) else draw
            shown = draw if lower in around.ids else self._sometimes(schema, draw)
            nothing = (None,) if nullable(schema) else ()
            return RecordProperty(name, _salt_of(lower), shown, lower, draw.by_id, nothing=nothing)
        if text := self._told(schema, position, around):
            return text
        draw = self._draw(schema, position)
        item = draw.item if isinstance(draw, Items) else None
        items = item if isinstance(item, Reference) and item.gone else None
        is_fixed = bool(items and is_last) or (isinstance(draw, Items) and draw.belonging is not None)
        items = None if is_last else items  # what leads back to itself ends as deep as everything else
        return RecordProperty(name, salt(lower), self._sometimes(schema, draw), items=items, is_fixed=is_fixed)

    def _sometimes(self, schema: Any, draw: Draw) -> Draw:
        """Return the function that is null now and then, where that is wanted and may be."""
        if self._nulls != "sometimes" or draw is _null or not isinstance(schema, dict) or not nullable(schema):
            return draw
        return lambda key, entity: None if (key >> 16) % _SELDOM == 0 else draw(key, entity)

    def telling(self, schema: Any, position: SchemaPosition, around: Surroundings) -> tuple[str, str] | None:
        """Return of what else a text tells, and which property of that: of ``ContactName`` the contact and ``Name``."""
        found = around.told(position.name) if isinstance(schema, dict) and drawn_type(schema) == "string" else None
        if found is None or "format" in schema or "enum" in schema:
            return None
        stem, rest = found
        resource = around.stems[stem]
        if not self.resources.properties(resource, rest) and rest.lower() not in _NAMES:
            return None
        own = self.meaning.choice(schema, position.name, position.resource, position.owner)
        return None if own.values or own.source in _COMPOUND else found

    def _told(self, schema: Any, position: SchemaPosition, around: Surroundings) -> RecordProperty | None:
        """Return a text that tells something of another entity: ``ContactName`` beside a ``ContactId``."""
        found = self.telling(schema, position, around)
        if found is None:
            return None
        stem, rest = found
        resource = around.stems[stem]
        own = self.user_rules.at(schema, SchemaPosition(rest, resource=resource))
        choice = self.meaning.choice({}, rest, resource)
        draw = own.draw if own else string(schema, rest, choice, self.world, self._test)
        salted = salt(rest.lower())

        def by_id(number: int) -> Any:
            if resource in self._stateful and self.present.is_gone(resource, number):
                return ""
            said = (self.present.said(resource, number) or {}).get(rest.lower())
            entity = self.world.entity(resource, number)
            return said if isinstance(said, str) else draw(part(entity, salted), entity)

        if stem == around.own:
            return RecordProperty(position.name, salted, draw)
        reference = Reference(by_id, LOCAL_ID if resource in SHARED else 0, population=self.world.population)
        return replace(_referring(position.name, stem, reference), nothing=("",))

    def _dictionary(self, schema: Schema, values: Schema, position: SchemaPosition) -> Draw:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        must_end = position.depth >= MAX_REFERENCES and self._endings.rank(values) > 0
        count = least if must_end else min(max(least, KEYS), most)
        inside = replace(position, nested=True, is_type=False)
        return ObjectSampler(
            [RecordProperty(name, salt(name), self._meant(values, inside)) for name in self._keys(schema, count)]
        )

    def _keys(self, schema: Schema, count: int) -> list[str]:
        """Return the keys of a dictionary: those that were seen, else ones that fit."""
        names = schema.get("propertyNames", {})
        names = names if isinstance(names, dict) else {}
        known = [*names.get("examples", ()), *names.get("enum", ())]
        if known and count == KEYS:
            return known[: schema.get("maxProperties")]
        if not constrains(names):
            made = [f"Key{number}" for number in range(1, 8 * count + 1)]
        else:
            draw = self._draw({"type": "string", **names}, SchemaPosition())
            made = [str(draw(key, key)) for key in (mix(number, 1) for number in range(8 * count))]
        return list(dict.fromkeys([*known, *made]))[:count]

    def _belonging(self, items: Any, position: SchemaPosition) -> Callable[[int], list[int]] | None:
        """Return which of the items are a thing's own, by its key: those that refer to it, as persons to a contact."""
        name = referred(items) if isinstance(items, dict) else ""
        key = self.key(name) if name and position.resource and position.depth < MAX_REFERENCES else None
        if key is None or key.resource == position.resource:
            return None
        properties = flattened(self.contract.schemas[name], self.contract)["properties"]
        if not any(stem_of(one).lower() == position.resource and is_id(properties[one]) for one in properties):
            return None
        return self._owned(key.resource, position.resource)

    def _owned(self, resource: str, owner: str) -> Callable[[int], list[int]]:
        """Return the function from the key of an owner to the ids of the entities that refer to it."""
        salted = _salt_of(owner)
        drawn = self.world.belonging(resource, owner, salted)
        most = None if resource in self._stateful else ITEMS

        def owned(entity: int) -> list[int]:
            return self.present.belonging(
                drawn(entity),
                resource,
                f"{owner}id",
                lambda number: self.world.referred(resource, number, salted),
                lambda number: self.world.entity(owner, number) == entity,
            )[:most]

        return owned

    def _array(self, schema: Schema, position: SchemaPosition) -> Draw:
        inside = replace(position, nested=True, is_type=False)
        first = [self._draw(part, inside) for part in schema.get("prefixItems", ())[: schema.get("maxItems")]]
        items = schema.get("items", {})
        most = schema.get("maxItems", inf)
        low = schema.get("minItems", 0 if first or not constrains(items) else min(1, most))
        high = max(low, min(ITEMS, most))
        if first or not constrains(items) or (position.depth >= MAX_REFERENCES and self._endings.rank(items) > 0):
            high = low = schema.get("minItems", 0)
        belonging = self._belonging(items, position) if schema.get("minItems", 0) == 0 else None
        own = self.user_rules.of_items(schema, inside)
        item = own.draw if own else self._draw(items, replace(inside, name=singular(position.name)))
        return Items(item, low, high - low + 1, tuple(first), schema.get("uniqueItems", False), belonging)


def _keys(contract: Contract) -> dict[str, TypeKey]:
    """Return the keys of the named types that show a thing of which there is one list only."""
    resources = (one for one in contract.resources.resources if not one.collection)
    return {view: TypeKey(name, one.name) for one in resources for view, name in one.views.items()}


def _referring(name: str, stem: str, reference: Reference) -> RecordProperty:
    return RecordProperty(name, _salt_of(stem), reference, stem, reference.by_id)


def _salt_of(stem: str) -> int:
    """Return what decides which entity is referred to: the same for its id, for itself and for texts about it."""
    return salt(f"reference {stem}")


def _itself(number: int) -> int:
    return number


def _unless_gone(reference: Reference) -> Reference:
    """Return the reference that shows null where callers deleted what it refers to."""
    by_id, gone = reference.by_id, reference.gone
    return replace(reference, by_id=lambda number: None if gone and gone(number) else by_id(number))


def _zero(key: int, entity: int) -> int:
    return 0


def _null(key: int, entity: int) -> None:
    return None


def _fitting(draw: Draw, fits: Callable[[Any], bool]) -> Draw:
    """Return the function that draws until a value fits, as long as there is hope."""

    def drawn(key: int, entity: int) -> Any:
        values = (draw(mix(key, attempt), entity) for attempt in range(_TRIES))
        return next(filter(fits, values), draw(key, entity))

    return drawn
