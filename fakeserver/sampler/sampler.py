"""Sampler of values: of each schema a function from a key to a value, made once.

A value depends on the seed, the key and its place alone: never on the order of calls, the process or the machine. An
object that has an id depends on its resource and its id, so that it is the same wherever it appears.
"""

from dataclasses import replace
from functools import cache
from itertools import islice
from math import inf
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX

from .alternatives import Alternatives
from .arrays import Arrays
from .documented_draws import documented_by, documented_draw
from .entities import Entities
from .guarded import is_certain, own_test
from .meaning.documented_choice import DocumentedChoice
from .meaning.string_meaning import SchemaPosition
from .narrow import flattened, is_never
from .no_value import Impossible, NoValueError, impossible, no_value, too_large
from .number_draws import number_draw
from .object_sampler import Deferred, KnownProperties, draw_known
from .objects import Objects
from .records import Records, draw_null
from .recursion import DEEPEST, MAX_REFERENCES
from .sampler_context import SamplerContext, Sampling
from .seeds import PRIME, Draw, mix, pick
from .shapes import drawn_type, is_scalar_type, named_type
from .strings import string, texts_from
from .variants import variants

_VARIANTS = 3
"""So many ways to meet the conditions of a schema are drawn, of which the first few are looked at."""

_MOST_VARIANTS = 24


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
        self.alternatives = Alternatives(self.context, self._draw, self.records.may_be_null)
        self._arrays = Arrays(self.context, self._entities, self._draw)
        self._objects = Objects(self.context, self.records, self._draw)
        self._compiled: dict[tuple[int, bool, bool], tuple[Schema, Draw]] = {}

    def sample(
        self,
        schema: Schema,
        key: int,
        known: KnownProperties | None = None,
        *,
        encoded: bool = False,
        is_later: bool = False,
    ) -> Any:
        """Return the value of ``schema`` for ``key``; parts of it are shared, and nobody may change them.

        ``known`` are properties of it, by names in lower case: the id of an entity says which one. With
        ``encoded``, entities in it, and it itself where it is one, may be ``orjson.Fragment``. What ``is_later`` is one
        of several, of which the first shows the documented example. Raises ``NoValueError`` where no value that fits is
        found.
        """
        mixed = mix(key % PRIME, self.world.seed)
        try:
            compiled = self._compiled.get((id(schema), encoded, is_later))
            if compiled is None:
                choice = "varied" if is_later else self.context.choice
                compiled = schema, self._draw(schema, SchemaPosition(encoded=encoded, choice=choice))
                self._compiled[id(schema), encoded, is_later] = compiled
            return draw_known(compiled[1], mixed, mixed, known or {})
        except RecursionError as error:
            raise NoValueError("no value was found: the schema leads on too deep") from error

    def sample_if_any(self, schema: Schema, key: int, known: KnownProperties | None = None) -> Any:
        """Return what ``sample`` returns, ``None`` where no value that fits is found."""
        try:
            return self.sample(schema, key, known)
        except NoValueError:
            return None

    def text_that_fits(self, schema: Schema, number: int) -> str | None:
        """Return the text of a pattern or a format that ``number`` stands for, of far more than ``sample`` returns.

        ``None`` is returned where none that fits is found.
        """
        return next(filter(self.context.test(schema), texts_from(schema, number)), None)

    def entity(self, type_name: str, number: int) -> Any:
        """Return what a named type shows of the entity with an id; nobody may change it."""
        return self._entities.value(type_name, number)

    def unmatched_rules(self) -> tuple[str, ...]:
        """Return a remark on each of the user's rules that means no documented property."""
        return tuple(self.context.user_rules.unmatched())

    def drawn(self, schema: Schema, name: str) -> Draw:
        """Return the function for a value under the name of a property; nothing of it is kept."""
        position = SchemaPosition(name, depth=MAX_REFERENCES, choice=self.context.choice)
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
            return impossible(schema, position)
        if not isinstance(schema, dict) or self._must_be_null(schema, position.depth):
            return draw_null
        is_endless = position.depth > MAX_REFERENCES and self.context.endings.rank(schema) == inf
        if is_endless or position.depth > DEEPEST:
            return draw_null if self.contract.dialect else impossible(schema, position)  # pages end with null
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
            return impossible(schema, position)
        depth = self.context.sizes.fitting_depth(schema, position.depth)
        if depth is None:
            return draw_null if self.records.may_be_null(schema) else Impossible(too_large(schema, position))
        position = replace(position, depth=depth) if depth > position.depth else position
        if "enum" in schema or "const" in schema:
            return documented_draw(schema, position, self.context) or self._listed(schema, schema, position)
        if "$ref" in schema:
            return self._reference(schema["$ref"].removeprefix(COMPONENT_PREFIX), position)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self.alternatives.alternative(schema, word, position)
        match drawn_type(schema):
            case "object":
                return self._objects.object(schema, position)
            case "array":
                return self._arrays.array(schema, position)
        if documented := documented_draw(schema, position, self.context):
            return documented
        match drawn_type(schema):
            case "string":
                choice = self.context.meaning.choice(schema, position)
                return string(schema, position.name, choice, self.world, self.context.test)
            case "integer" | "number" as kind:
                return number_draw(schema, kind, position, self.context)
            case "boolean":
                share = self.context.meaning.share_of_true(position.name, position.documented)
                return lambda key, entity: key % 100 < share
        return draw_null

    def _conditional(self, schema: Schema, merged: Schema, position: SchemaPosition) -> Draw:
        """Return the function for a schema with conditions: draws of its variants, each of which is tested."""
        if "enum" in merged or "const" in merged:
            return self._listed(schema, merged, position)
        if "type" in merged and self.context.sizes.fitting_depth(merged, position.depth) is None:
            return Impossible(too_large(merged, position))
        fits, weight = self.context.test(own_test(schema)), self.context.sizes.weight(merged, position.depth)
        position = replace(position, encoded=False)
        tried: list[Draw] = []
        likely: list[Draw] = []
        with self.context.budget.spending():
            for variant in islice(variants(merged, self.contract), _MOST_VARIANTS):
                tried.append(self._plain(variant, position))
                if self.context.hits(tried[-1], fits, weight):
                    likely.append(tried[-1])
                if len(likely) == _VARIANTS or self.context.budget.left < 0:
                    break
        error = no_value(schema, position.owner, position.name)
        return self.context.guarded(tuple(likely or tried), fits, error, weight) if tried else Impossible(error)

    def _must_be_null(self, schema: Schema, depth: int) -> bool:
        """Tell whether a value that leads on, too deep, ends here, because it may be null."""
        is_last = depth >= MAX_REFERENCES and self.records.may_be_null(schema)
        return is_last and self.context.endings.rank_of_value(schema) > 0

    def _listed(self, schema: Schema, merged: Schema, position: SchemaPosition) -> Draw:
        values = tuple(merged["enum"] if "const" not in merged else (merged["const"],))
        if "nullable" in merged:
            values = tuple(value for value in values if value is not None)
        fitting = tuple(filter(self.context.test(schema), values))
        return pick(fitting) if fitting else impossible(merged, position)

    def _reference(self, name: str, position: SchemaPosition) -> Draw:
        """Return the function for a named type, which is compiled when it is first drawn."""
        below, documented = position.depth + 1, position.documented
        if is_scalar_type(name, self.contract):
            return self._draw(self.contract.schemas[name], replace(position, depth=below))
        shows_example = documented and not self._entities.are_the_same(name)
        if (key := self.key(name)) and not shows_example:
            return self._entities.shown(name, key, below, position)
        if documented:
            return Deferred(lambda: self._compile_named(name, below, position.encoded, position.choice, documented))
        return Deferred(lambda: self._named(name, below, position.encoded, position.choice))
