"""Sampler of values: of each schema a function from a key to a value, made once.

A value depends on the seed, the key and its place alone: never on the order of calls, the process or the machine. An
object that has an id depends on its resource and its id, so that it is the same wherever it appears.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from math import inf
from operator import itemgetter
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, nullable
from docdouble.schemas.jsonschema.subschemas import with_subschemas

from .alternatives import apart
from .arrays import Arrays
from .documented_draws import documented_by, documented_draw
from .entities import Entities
from .meaning.documented_values import DocumentedChoice
from .meaning.number_rules import figure_of
from .meaning.string_meaning import SchemaPosition
from .meaning.text_rules import words
from .narrow import constrains, flattened
from .numbers import BOUNDS, number
from .object_sampler import Deferred, KnownProperties, ObjectSampler, RecordProperty, draw_known
from .records import Records, draw_null
from .recursion import MAX_REFERENCES
from .sampler_context import SamplerContext, Sampling
from .seeds import PRIME, Draw, mix, pick, salt
from .shapes import drawn_properties, drawn_type, named_type, values_of
from .strings import string

KEYS = 2
"""A dictionary of which nothing is known has this many keys."""

_TRIES = 50
"""Draws per value that fits only by chance."""

_TRIED_KEYS = tuple(mix(number, 1) for number in range(8))
_NULL = {"type": "null"}


class Sampler:
    """Values for the schemas of one contract."""

    def __init__(self, contract: Contract, sampling: Sampling | None = None) -> None:
        self.contract = contract
        self.context = SamplerContext.of(contract, sampling or Sampling())
        self.world = self.context.world
        self._named = cache(self._compile_named)
        self._entities = Entities(self.context, self._named)
        self.key = self._entities.key
        self.present = self._entities.present
        self.records = Records(self.context, self._entities, self._draw)
        self._arrays = Arrays(self.context, self._entities, self._draw)
        self._compiled: dict[tuple[int, bool], tuple[Schema, Draw]] = {}

    def sample(self, schema: Schema, key: int, known: KnownProperties | None = None, *, encoded: bool = False) -> Any:
        """Return the value of ``schema`` for ``key``; parts of it are shared, and nobody may change them.

        ``known`` are properties of it, by names in lower case: the id of an entity says which one. With
        ``encoded``, entities in it, and it itself where it is one, may be ``orjson.Fragment``.
        """
        compiled = self._compiled.get((id(schema), encoded))
        if compiled is None:
            compiled = schema, self._draw(schema, SchemaPosition(encoded=encoded, choice=self.context.choice))
            self._compiled[id(schema), encoded] = compiled
        mixed = mix(key % PRIME, self.world.seed)
        return draw_known(compiled[1], mixed, mixed, known or {})

    def entity(self, type_name: str, number: int) -> Any:
        """Return what a named type shows of the entity with an id; nobody may change it."""
        return self._entities.value(type_name, number)

    def unmatched_rules(self) -> tuple[str, ...]:
        """Return what is said of each of the user's rules that means no documented property."""
        return tuple(self.context.user_rules.unmatched())

    def drawn(self, schema: Schema, name: str) -> Draw:
        """Return the function for a value under the name of a property; nothing of it is kept."""
        return self._meant(schema, SchemaPosition(name, depth=MAX_REFERENCES, choice=self.context.choice))

    def _meant(self, schema: Any, position: SchemaPosition) -> Draw:
        """Return the function of the user's rule for a position, else that for its schema."""
        rule = self.context.user_rules.at(schema, position)
        return rule.draw if rule else self._draw(schema, position)

    def _compile_named(
        self, name: str, depth: int, encoded: bool, choice: DocumentedChoice, documented: tuple[Any, ...] = ()
    ) -> Draw:
        position = SchemaPosition("", name, "", depth, encoded, True, True, documented, choice)
        return self._draw(self.contract.schemas[name], position)

    def _draw(self, schema: Any, position: SchemaPosition) -> Draw:
        """Return the function for a schema that stands at a position."""
        if not isinstance(schema, dict) or self._must_be_null(schema, position.depth):
            return draw_null
        merged = flattened(schema, self.contract)
        if "$ref" not in merged and (named := named_type(schema)):
            # a named type that is composed of others stays what it is called
            is_whole = position.is_type and schema is self.contract.schemas.get(position.owner)
            owner = position.owner if is_whole else named
            position = replace(position, owner=owner, depth=position.depth + 1, is_type=True)
        if self.context.choice == "first":
            position = documented_by(schema, merged, position)
        schema = merged
        if "enum" in schema or "const" in schema:
            return documented_draw(schema, position, self.context) or self._listed(schema)
        if "$ref" in schema:
            return self._reference(schema["$ref"].removeprefix(COMPONENT_PREFIX), position)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._alternative(schema, word, position)
        match drawn_type(schema):
            case "object":
                return self._object(schema, position)
            case "array":
                return self._arrays.array(schema, position)
        if documented := documented_draw(schema, position, self.context):
            return documented
        match drawn_type(schema):
            case "string":
                choice = self.context.meaning.choice(schema, position.name, position.resource, position.owner)
                return string(schema, position.name, choice, self.world, self.context.test)
            case "integer" | "number" as kind:
                return self._number(schema, kind, words(position.name))
            case "boolean":
                share = self.context.meaning.share_of_true(position.name)
                return lambda key, entity: key % 100 < share
        return draw_null

    def _number(self, schema: Schema, kind: str, spoken: str) -> Draw:
        axis = next((axis for axis, word in enumerate(("latitude", "longitude")) if spoken.endswith(word)), None)
        if axis is None or kind == "integer" or BOUNDS & set(schema):
            return number(schema, kind, figure_of(spoken, kind))
        coordinate = self.world.people.coordinate(axis)
        return lambda key, entity: coordinate(entity)

    def _must_be_null(self, schema: Schema, depth: int) -> bool:
        """Tell whether a value that leads on, too deep, ends here: because it may be null, or has no end at all."""
        if depth >= MAX_REFERENCES and nullable(schema):
            return self.context.endings.rank_of_value(schema) > 0
        return depth > MAX_REFERENCES and self.context.endings.rank(schema) == inf

    def _listed(self, schema: Schema) -> Draw:
        values = tuple(schema["enum"] if "const" not in schema else (schema["const"],))
        return pick(tuple(filter(self.context.test(schema), values)) or values or (None,))

    def _reference(self, name: str, position: SchemaPosition) -> Draw:
        """Return the function for a named type, which is compiled when it is first drawn."""
        below, documented = position.depth + 1, position.documented
        shows_example = documented and not self._entities.are_the_same(name)
        if (key := self.key(name)) and not shows_example:
            return self._entities.shown(name, key, below, position)
        if documented:
            return Deferred(lambda: self._compile_named(name, below, position.encoded, position.choice, documented))
        return Deferred(lambda: self._named(name, below, position.encoded, position.choice))

    def _alternative(self, schema: Schema, word: str, position: SchemaPosition) -> Draw:
        """Return the function for the branch that is drawn."""
        branches = self.alternatives(schema, word, position.depth)
        if len(branches) < 2:
            return self._draw(branches[0], position) if branches else draw_null
        # values that end early and are not encoded tell as much, and each takes a thousandth of the time
        brief = replace(position, depth=max(position.depth, MAX_REFERENCES - 1), encoded=False)
        draws: list[Draw] = [Deferred(partial(self._draw, branch, brief)) for branch in branches]
        is_alone = word == "anyOf" and not constrains({key: part for key, part in schema.items() if key != word})
        if is_alone and (index := self._sure(branches, draws)) is not None:
            return self._draw(branches[index], position)
        fits = self.context.test(schema)
        likely = sorted(
            zip((_hits(draw, fits) for draw in draws), branches, strict=True), key=itemgetter(0), reverse=True
        )
        is_hard = word == "oneOf" and likely[0][0] < len(_TRIED_KEYS) / 2
        if is_hard and (alone := self._alone(branches, fits, replace(position, encoded=False))):
            return alone
        for _, branch in likely:
            whole = self._draw(branch, replace(position, encoded=False))
            if whole_hits := _hits(whole, fits):
                return self._draw(branch, position) if whole_hits == len(_TRIED_KEYS) else _fitting(whole, fits)
        return self._draw(likely[0][1], position)

    def _alone(self, branches: list[Schema], fits: Callable[[Any], bool], position: SchemaPosition) -> Draw | None:
        """Return the function for values that fit one alternative and no other, ``None`` where none is found."""
        deeper = replace(position, depth=position.depth + 1)  # so that a type made of itself comes to an end
        draws = (self._draw(branch, deeper) for branch in apart(branches, self.contract))
        return next((_fitting(draw, fits) for draw in draws if _hits(draw, fits)), None)

    def _sure(self, branches: list[Schema], draws: list[Draw]) -> int | None:
        """Return the first branch whose values all fit what it says itself, which is all that ``anyOf`` needs."""
        for index, (branch, draw) in enumerate(zip(branches, draws, strict=True)):
            own = self.contract.resolve(branch)
            if "allOf" not in own and _hits(draw, self.context.test(_without_references(own))) == len(_TRIED_KEYS):
                return index
        return None

    def alternatives(self, schema: Schema, word: str, depth: int) -> list[Schema]:
        """Return the branches of which one is drawn; none for a named type of which nothing is known: it stays null."""
        own = {key: part for key, part in schema.items() if key != word}
        branches = [branch for branch in schema[word] if isinstance(branch, dict) and branch != _NULL]
        if not branches or (nullable(schema) and self._is_unknown(branches[0])):
            return []
        meant = [{"allOf": [branch, own]} if constrains(own) else branch for branch in branches]
        return [min(meant, key=self.context.endings.rank)] if depth >= MAX_REFERENCES else meant

    def _is_unknown(self, schema: Schema) -> bool:
        resolved = self.contract.resolve(schema)
        known = {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        return drawn_type(resolved) == "object" and not known & set(resolved)

    def _object(self, schema: Schema, position: SchemaPosition) -> Draw:
        values, properties = values_of(schema), drawn_properties(schema)
        if not properties:
            whole = replace(position, choice="any" if position.choice == "varied" else position.choice)
            if documented := documented_draw(schema, whole, self.context):
                return documented
        if values is not None:
            return self._dictionary(schema, values, position)
        return self.records.record(properties, schema.get("required", ()), position)

    def _dictionary(self, schema: Schema, values: Schema, position: SchemaPosition) -> Draw:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        must_end = position.depth >= MAX_REFERENCES and self.context.endings.rank(values) > 0
        count = least if must_end else min(max(least, KEYS), most)
        inside = replace(position, nested=True, is_type=False, documented=())
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


def _hits(draw: Draw, fits: Callable[[Any], bool]) -> int:
    return sum(fits(draw(key, key)) for key in _TRIED_KEYS)


def _without_references(schema: Schema) -> Schema:
    """Return what a schema says without the named types that it refers to."""
    return {} if "$ref" in schema else with_subschemas(schema, _without_references)


def _fitting(draw: Draw, fits: Callable[[Any], bool]) -> Draw:
    """Return the function that draws until a value fits, as long as there is hope."""

    def drawn(key: int, entity: int) -> Any:
        values = (draw(mix(key, attempt), entity) for attempt in range(_TRIES))
        return next(filter(fits, values), draw(key, entity))

    return drawn
