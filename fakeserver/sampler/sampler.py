"""Sampler of values: of each schema a function from a key to a value, made once.

A value depends on the seed, the key and its place alone: never on the order of calls, the process or the machine. An
object that has an id depends on its resource and its id, so that it is the same wherever it appears.
"""

from collections.abc import Collection
from dataclasses import replace
from functools import cache, partial
from itertools import chain, islice
from math import inf
from operator import itemgetter
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, nullable

from .alternatives import apart
from .arrays import MOST_ITEMS, Arrays
from .documented_draws import documented_by, documented_draw
from .entities import Entities
from .guarded import TRIED, Guarded, drawn_values, hits, is_certain, own_test
from .meaning.documented_values import DocumentedChoice
from .meaning.number_rules import figure_of
from .meaning.string_meaning import SchemaPosition
from .meaning.text_rules import words
from .narrow import BOUNDS, NEVER, constrains, flattened, is_never
from .no_value import Impossible, NoValueError, no_value
from .numbers import exact_test, number
from .object_sampler import Deferred, KnownProperties, ObjectSampler, RecordProperty, draw_known
from .records import Records, draw_null
from .recursion import MAX_REFERENCES
from .sampler_context import SamplerContext, Sampling
from .seeds import PRIME, Draw, mix, pick, salt
from .shapes import drawn_properties, drawn_type, named_type, property_schema, values_of
from .strings import pattern_texts, string
from .variants import variants

KEYS = 2
"""A dictionary of which nothing is known has this many keys."""

_VARIANTS = 3
"""So many ways to meet the conditions of a schema are drawn, of which the first few are looked at."""

_MOST_VARIANTS = 24

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
        ``encoded``, entities in it, and it itself where it is one, may be ``orjson.Fragment``. Raises
        ``NoValueError`` where no value that fits is found.
        """
        compiled = self._compiled.get((id(schema), encoded))
        if compiled is None:
            compiled = schema, self._draw(schema, SchemaPosition(encoded=encoded, choice=self.context.choice))
            self._compiled[id(schema), encoded] = compiled
        mixed = mix(key % PRIME, self.world.seed)
        return draw_known(compiled[1], mixed, mixed, known or {})

    def sample_if_any(self, schema: Schema, key: int) -> Any:
        """Return what ``sample`` returns, ``None`` where no value that fits is found."""
        try:
            return self.sample(schema, key)
        except NoValueError:
            return None

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
        if is_never(schema):
            return self._impossible(schema, position)
        if not isinstance(schema, dict) or self._must_be_null(schema, position.depth):
            return draw_null
        if position.depth > MAX_REFERENCES and self.context.endings.rank(schema) == inf:
            return draw_null if self.contract.dialect else self._impossible(schema, position)  # pages end with null
        merged = flattened(schema, self.contract)
        if "$ref" not in merged and (named := named_type(schema)):
            # a named type that is composed of others stays what it is called
            is_whole = position.is_type and schema is self.contract.schemas.get(position.owner)
            owner = position.owner if is_whole else named
            position = replace(position, owner=owner, depth=position.depth + 1, is_type=True)
        if self.context.choice == "first":
            position = documented_by(schema, merged, position)
        return self._plain(merged, position) if is_certain(merged) else self._conditional(schema, merged, position)

    def _plain(self, schema: Schema, position: SchemaPosition) -> Draw:
        """Return the function for a merged schema, whose values fit as far as it has no conditions."""
        if is_never(schema) or schema.get("type") == []:
            return self._impossible(schema, position)
        if "enum" in schema or "const" in schema:
            return documented_draw(schema, position, self.context) or self._listed(schema, schema, position)
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
                return self._number(schema, kind, position)
            case "boolean":
                share = self.context.meaning.share_of_true(position.name)
                return lambda key, entity: key % 100 < share
        return draw_null

    def _conditional(self, schema: Schema, merged: Schema, position: SchemaPosition) -> Draw:
        """Return the function for a schema with conditions: draws of its variants, each of which is tested."""
        if "enum" in merged or "const" in merged:
            return self._listed(schema, merged, position)
        fits = self.context.test(own_test(schema))
        position = replace(position, encoded=False)
        tried: list[Draw] = []
        likely: list[Draw] = []
        for variant in islice(variants(merged, self.contract), _MOST_VARIANTS):
            tried.append(self._plain(variant, position))
            if hits(tried[-1], fits):
                likely.append(tried[-1])
            if len(likely) == _VARIANTS:
                break
        return Guarded(tuple(likely or tried), fits, no_value(schema, position.owner, position.name))

    def _impossible(self, schema: Any, position: SchemaPosition) -> Draw:
        return Impossible(no_value(schema, position.owner, position.name))

    def _number(self, schema: Schema, kind: str, position: SchemaPosition) -> Draw:
        spoken = words(position.name)
        axis = next((axis for axis, word in enumerate(("latitude", "longitude")) if spoken.endswith(word)), None)
        if axis is not None and kind == "number" and BOUNDS.isdisjoint(schema):
            coordinate = self.world.people.coordinate(axis)
            return lambda key, entity: coordinate(entity)
        draw = number(schema, kind, figure_of(spoken, kind))
        if BOUNDS.isdisjoint(schema):
            return draw
        fits = exact_test(schema, self.context.test(schema))
        is_sure = hits(draw, fits) == TRIED and "multipleOf" not in schema
        return draw if is_sure else Guarded((draw,), fits, no_value(schema, position.owner, position.name))

    def _must_be_null(self, schema: Schema, depth: int) -> bool:
        """Tell whether a value that leads on, too deep, ends here, because it may be null."""
        is_last = depth >= MAX_REFERENCES and self.records.may_be_null(schema)
        return is_last and self.context.endings.rank_of_value(schema) > 0

    def _listed(self, schema: Schema, merged: Schema, position: SchemaPosition) -> Draw:
        values = tuple(merged["enum"] if "const" not in merged else (merged["const"],))
        fitting = tuple(filter(self.context.test(schema), values))
        return pick(fitting) if fitting else self._impossible(merged, position)

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
        if not branches:
            is_null = self.records.may_be_null(schema) or self.context.test(schema)(None)
            return draw_null if is_null else self._impossible(schema, position)
        if len(branches) == 1 and all(branch == _NULL for branch in schema[word][1:]):
            return self._draw(branches[0], position)
        # values that end early and are not encoded tell as much, and each takes a thousandth of the time
        brief = replace(position, depth=max(position.depth, MAX_REFERENCES - 1), encoded=False)
        draws: list[Draw] = [Deferred(partial(self._draw, branch, brief)) for branch in branches]
        if word == "anyOf":
            possible = (
                branch for branch, draw in zip(branches, draws, strict=True) if any(True for _ in drawn_values(draw))
            )
            return self._draw(next(possible, branches[0]), position)
        return self._one_of(schema, branches, draws, replace(position, encoded=False))

    def _one_of(self, schema: Schema, branches: list[Schema], draws: list[Draw], position: SchemaPosition) -> Draw:
        """Return the function for values of the branch that most likely no other fits."""
        fits, error = self.context.test(schema), no_value(schema, position.owner, position.name)
        likely = sorted(
            zip((hits(draw, fits) for draw in draws), branches, strict=True), key=itemgetter(0), reverse=True
        )
        deeper = replace(position, depth=position.depth + 1)  # so that a type made of itself comes to an end
        narrower = ((branch, deeper) for branch in apart(branches, self.contract))
        usual = ((branch, position) for _, branch in likely)
        is_hard = likely[0][0] < TRIED / 2
        for branch, place in chain(narrower, usual) if is_hard else usual:
            draw = self._draw(branch, place)
            if hits(draw, fits):
                return Guarded((draw,), fits, error)
        return Guarded(tuple(draws), fits, error)

    def alternatives(self, schema: Schema, word: str, depth: int) -> list[Schema]:
        """Return the branches of which one is drawn; none for a named type of which nothing is known: it stays null."""
        own = {key: part for key, part in schema.items() if key != word}
        branches = [branch if isinstance(branch, dict) else {} for branch in schema[word] if branch is not False]
        branches = [branch for branch in branches if branch != _NULL]
        if not branches or (nullable(schema) and self._is_unknown(branches[0])):
            return []
        meant = [_within(own, branch) if constrains(own) else branch for branch in branches]
        return [min(meant, key=self.context.endings.rank)] if depth >= MAX_REFERENCES else meant

    def _is_unknown(self, schema: Schema) -> bool:
        resolved = self.contract.resolve(schema)
        known = {"properties", "additionalProperties", "enum", "items", "allOf", "anyOf", "oneOf"}
        return drawn_type(resolved) == "object" and not known & set(resolved)

    def _object(self, schema: Schema, position: SchemaPosition) -> Draw:
        properties, required = drawn_properties(schema), schema.get("required", ())
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        if least > MOST_ITEMS:
            return self._impossible(schema, position)
        if not properties:
            whole = replace(position, choice="any" if position.choice == "varied" else position.choice)
            if documented := documented_draw(schema, whole, self.context):
                return documented
        values = values_of(schema)
        if not properties and (values is not None or "patternProperties" in schema):
            return self._dictionary(schema, values, position)
        if len(properties) > most:
            first = sorted(properties, key=lambda name: name not in required)[:most]
            properties = {name: properties[name] for name in first}
        more = self._keys(schema, least - len(properties), properties) if least > len(properties) else []
        properties = {**properties, **{name: property_schema(schema, name) for name in more}}
        return self.records.record(properties, required, position)

    def _dictionary(self, schema: Schema, values: Schema | None, position: SchemaPosition) -> Draw:
        least, most = schema.get("minProperties", 0), schema.get("maxProperties", inf)
        must_end = position.depth >= MAX_REFERENCES and self.context.endings.rank(values) > 0
        count = least if must_end else min(max(least, KEYS), most)
        inside = replace(position, nested=True, is_type=False, documented=())
        schemas = {name: property_schema(schema, name) for name in self._keys(schema, count)}
        return ObjectSampler(
            [RecordProperty(name, salt(name), self._meant(part, inside)) for name, part in schemas.items()]
        )

    def _keys(self, schema: Schema, count: int, taken: Collection[str] = ()) -> list[str]:
        """Return the keys of a dictionary: those that were seen, else ones that fit and are not ``taken``."""
        names = schema.get("propertyNames", {})
        names = names if isinstance(names, dict) else NEVER if names is False else {}
        known = [*names.get("examples", ()), *names.get("enum", ())]
        if known and count == KEYS and not taken:
            return known[: schema.get("maxProperties")]
        made = [text for pattern in schema.get("patternProperties", ()) for text in pattern_texts(pattern)]
        if not constrains(names):
            made += [f"Key{number}" for number in range(1, 8 * count + 1)]
        else:
            draw = self._draw({"type": "string", **names}, SchemaPosition())
            made += drawn_values(draw, 8 * count)
        is_name = self.context.test(names) if constrains(names) else lambda name: True
        fitting = (name for name in (*known, *made) if is_name(name) and property_schema(schema, name) != NEVER)
        return [name for name in dict.fromkeys(fitting) if name not in taken][:count]


def _within(own: Schema, branch: Schema) -> Schema:
    """Return a schema with one of its alternatives in it, which is seen by what it says of all that is unevaluated."""
    return {**own, "allOf": [*own.get("allOf", ()), branch]}
