"""Explanation of samples: each leaf of a schema with the rule that chose its data.

The walk asks what the sampler asks, in the same order, and draws its examples from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from docdouble.schemas import Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX, types_of
from docdouble.schemas.json_pointer import escape_token, unescape_token
from docdouble.schemas.jsonschema.text_kinds import KINDS
from docdouble.schemas.words import singular

from .consistency import repairs
from .data.data_source import SHARED
from .data.dates import role_of
from .documented_draws import documented_by, documented_draw, shows_documented
from .meaning.documented_choice import example_items, example_members
from .meaning.string_meaning import SchemaPosition
from .meaning.text_rules import ValueSource, words
from .narrow import BOUNDS, constrains, flattened
from .numbers import believed
from .references import Surroundings
from .sampler import Sampler
from .shapes import drawn_properties, drawn_type, is_scalar_type, named_type, values_of
from .strings import DATES, LENGTHS
from .text_draws import fitting_source

DEPTH = 2
"""Named types are followed this deep."""

ITEM, VALUE = "[]", "{}"
"""Steps of a pointer for any item of an array, and for any key of a dictionary."""

_EXAMPLES = 12
"""Values that are drawn, to find an example of each field."""

_EVEN = 50
"""So many of a hundred flags are true of which nothing is known."""


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """Field of a schema, and the source of its values.

    ``pointer`` is a JSON Pointer with ``[]`` for the items of an array and ``{}`` for the keys of a dictionary,
    ``kind`` the JSON type. ``of`` says whose data it is, where it isn't the entity's; ``example`` was drawn.
    """

    pointer: str
    kind: str
    source: str
    why: str
    of: str = ""
    example: Any = None


@dataclass(frozen=True, slots=True)
class _WalkPosition:
    """Position of the walk: ``types`` are the named types around it."""

    pointer: str
    position: SchemaPosition
    types: tuple[str, ...] = ()

    def below(self, part: str, position: SchemaPosition) -> "_WalkPosition":
        return _WalkPosition(f"{self.pointer}/{part}", position, self.types)


def explain_samples(sampler: Sampler, schema: Schema) -> Iterator[ExplainedField]:
    """Yield what chose the data of each leaf; named types are followed to ``DEPTH``, and none inside itself."""
    return _Walk(sampler, schema).at(schema, _WalkPosition("", SchemaPosition(choice=sampler.context.choice)))


class _Walk:
    def __init__(self, sampler: Sampler, schema: Schema) -> None:
        self._sampler = sampler
        self._drawn = [sampler.sample(schema, key) for key in range(_EXAMPLES)]

    def at(self, schema: Any, place: _WalkPosition) -> Iterator[ExplainedField]:
        """Yield the leaves of what stands at a place, in the order of ``Sampler._draw``."""
        if not isinstance(schema, dict):
            yield self._leaf(place, {}, ValueSource("null", "nothing is known of it"))
            return
        merged = flattened(schema, self._sampler.contract)
        if "$ref" not in merged and (named := named_type(schema)):
            place = replace(
                place, position=replace(place.position, owner=named, depth=place.position.depth + 1, is_type=True)
            )
        if place.position.choice == "first":
            place = replace(place, position=documented_by(schema, merged, place.position))
        branching = next((word for word in ("anyOf", "oneOf") if word in merged), "")
        if "$ref" not in merged and not branching and self._is_documented(merged, place.position):
            yield self._leaf(place, merged, ValueSource("example", "the documentation shows it"))
        elif "enum" in merged or "const" in merged:
            yield self._leaf(place, merged, ValueSource("documented values", "the documentation lists them"))
        elif "$ref" in merged:
            yield from self._named(merged["$ref"].removeprefix(COMPONENT_PREFIX), place)
        elif branching:
            yield from self._alternative(merged, branching, place)
        elif drawn_type(merged) == "object":
            yield from self._object(merged, place)
        elif drawn_type(merged) == "array":
            yield from self._array(merged, place)
        else:
            yield self._leaf(place, merged, self._scalar(merged, place.position))

    def _is_documented(self, schema: Schema, position: SchemaPosition) -> bool:
        """Tell whether a documented value is shown as it is."""
        is_whole = drawn_type(schema) not in ("object", "array") or not (
            drawn_properties(schema) or any(isinstance(item, dict) for item in example_items(position.documented))
        )
        return is_whole and documented_draw(schema, position, self._sampler.context) is not None

    def _leaf(self, place: _WalkPosition, schema: Schema, choice: ValueSource) -> ExplainedField:
        example = self._example(place.pointer)
        kind = " or ".join(types_of(schema)) or ("null" if example is None else _json_type(example))
        return ExplainedField(place.pointer, kind, choice.source, choice.why, choice.of, example)

    def _example(self, pointer: str) -> Any:
        values = (_at(value, pointer.split("/")[1:]) for value in self._drawn)
        return next((value for value in values if value is not None), None)

    def _named(self, name: str, place: _WalkPosition) -> Iterator[ExplainedField]:
        if is_scalar_type(name, self._sampler.contract):
            position = replace(place.position, depth=place.position.depth + 1)
            yield from self.at(self._sampler.contract.schemas[name], replace(place, position=position))
        elif name not in place.types and len(place.types) < DEPTH:
            depth, shown = place.position.depth + 1, place.position.documented
            position = SchemaPosition("", name, "", depth, False, True, True, shown, place.position.choice)
            yield from self.at(
                self._sampler.contract.schemas[name], _WalkPosition(place.pointer, position, (*place.types, name))
            )

    def _alternative(self, schema: Schema, word: str, place: _WalkPosition) -> Iterator[ExplainedField]:
        """Yield the leaves of the branch that is drawn: of several, the first that an example fits."""
        branches = self._sampler.alternatives.branches(schema, word, place.position.depth)
        if not branches:
            yield self._leaf(place, {"type": "null"}, ValueSource("null", "nothing is known of its type"))
            return
        example = self._example(place.pointer)
        fitting = (branch for branch in branches if Validator(branch, self._sampler.contract).is_valid(example))
        yield from self.at(next(fitting, branches[0]), place)

    def _object(self, schema: Schema, place: _WalkPosition) -> Iterator[ExplainedField]:
        values = values_of(schema)
        if values is not None:
            position = replace(place.position, nested=True, is_type=False, documented=())
            rule = self._sampler.context.user_rules.at(values, position)
            yield from self._chosen_or(rule.choice if rule else None, values, place.below(VALUE, position))
            return
        properties = drawn_properties(schema)
        if not properties:
            yield self._leaf(place, {"type": "object"}, ValueSource("empty", "no property of it is known"))
        around, inside = self._sampler.records.inside(properties, place.position)
        agreed = {repair.name: repair.needs for repair in repairs(properties)}
        for name, part in properties.items():
            documented = example_members(place.position.documented, name)
            below = place.below(escape_token(name), replace(inside, name=name, documented=documented))
            yield from self._property(part, below, around, agreed.get(name, ()))

    def _property(
        self, schema: Any, place: _WalkPosition, around: Surroundings, agreed: Sequence[str]
    ) -> Iterator[ExplainedField]:
        """Yield the leaves of a property, in the order of ``Records._part``."""
        yield from self._chosen_or(self._of_property(schema, place.position, around, agreed), schema, place)

    def _of_property(
        self, schema: Any, position: SchemaPosition, around: Surroundings, agreed: Sequence[str]
    ) -> ValueSource | None:
        """Return what decides a property before its own schema does, ``None`` where nothing does."""
        name = position.name
        if name == around.id_name:
            return ValueSource("id", "its own id")
        if user_rule := self._sampler.context.user_rules.at(schema, position):
            return user_rule.choice
        if shows_documented(schema, position):
            return None
        if stem := around.id_stem(name, schema):
            return ValueSource("id", f"the name {words(name)!r}", _whose(around.stems[stem] or stem))
        if referred := self._sampler.records.referred_property(schema, position, around):
            stem, rest = referred
            resource = around.stems[stem]
            where = SchemaPosition(rest, resource=resource)
            rule = self._sampler.context.user_rules.at(schema, where)
            choice = rule.choice if rule else self._sampler.context.meaning.choice({}, where)
            return replace(choice, why=f"tells the {words(rest)} of the {stem}; {choice.why}", of=_whose(stem))
        return ValueSource("worked out", f"agrees with {' and '.join(agreed)}") if agreed else None

    def _chosen_or(self, choice: ValueSource | None, schema: Any, place: _WalkPosition) -> Iterator[ExplainedField]:
        """Yield what is chosen for a place before its own schema is asked, else the leaves of that."""
        yield from (self._leaf(place, schema, choice),) if choice else self.at(schema, place)

    def _array(self, schema: Schema, place: _WalkPosition) -> Iterator[ExplainedField]:
        documented = example_items(place.position.documented)
        position = replace(place.position, nested=True, is_type=False, documented=())
        for number, part in enumerate(schema.get("prefixItems", ())[: schema.get("maxItems")]):
            yield from self.at(part, place.below(str(number), position))
        items = schema.get("items", {})
        if not constrains(items):
            if not schema.get("prefixItems"):
                yield self._leaf(place, schema, ValueSource("empty", "nothing is known of its items"))
            return
        below = place.below(ITEM, position)
        rule = self._sampler.context.user_rules.of_items(schema, position)
        if rule:
            yield self._leaf(below, items, rule.choice)
        else:
            inside = replace(position, name=singular(position.name), documented=documented)
            yield from self.at(items, replace(below, position=inside))

    def _scalar(self, schema: Schema, position: SchemaPosition) -> ValueSource:
        """Return where a text, a number or a flag comes from."""
        match drawn_type(schema):
            case "string":
                return self._text(schema, position)
            case "integer" | "number" as kind:
                return self._number(schema, kind, position)
            case "boolean":
                share = self._sampler.context.meaning.share_of_true(position.name, position.documented)
                why = "nothing is known of it" if share == _EVEN else f"the name {words(position.name)!r}"
                return ValueSource(f"true in {share} of 100", why)
        return ValueSource("null", "nothing is known of it")

    def _number(self, schema: Schema, kind: str, position: SchemaPosition) -> ValueSource:
        """Return where a number comes from, in the order of ``Sampler._number``."""
        meaning = self._sampler.context.meaning
        if unit := meaning.unix_unit(schema, position.name, position.documented):
            return ValueSource("Unix time", f"the name {words(position.name)!r}; {unit} a second")
        if kind == "number" and meaning.axis(position.name) is not None and not BOUNDS & set(schema):
            return ValueSource("place", f"the name {words(position.name)!r}")
        figure = meaning.figure(schema, kind, position)
        if figure and "multipleOf" not in schema and believed(schema, kind, figure):
            return ValueSource(f"{figure.low} to {figure.high}", figure.why or f"the name {words(position.name)!r}")
        bounds = sorted(word for word in schema if word.endswith(("imum", "multipleOf", "Minimum", "Maximum")))
        why = f"the documented {', '.join(bounds)}" if bounds else "nothing is known of it"
        return ValueSource("small numbers", why)

    def _text(self, schema: Schema, position: SchemaPosition) -> ValueSource:
        """Return where a text comes from, in the order of ``strings.string``."""
        format_name = schema.get("format", "")
        if format_name in DATES:
            role = role_of(words(position.name))
            return ValueSource(
                "moment", f"the format {format_name}" + (f"; the name tells what: {role}" if role else "")
            )
        if format_name in ("byte", "binary"):
            return ValueSource("octets", f"the format {format_name}")
        context = self._sampler.context
        choice = context.meaning.choice(schema, position)
        choice = fitting_source(choice, schema, position.name, context.world, context.test(schema))
        if not self._sampler.world.is_of_somebody(choice.source):
            choice = replace(choice, of="")
        if not LENGTHS & set(schema):
            return choice
        test = Validator(schema, self._sampler.contract)
        if KINDS in schema and any(map(test.is_valid, schema.get("examples", ()))):
            return ValueSource("examples", "the samples that fit its length and pattern")
        return replace(choice, why=f"{choice.why}; cut or made to fit its length and pattern")


def _whose(resource: str) -> str:
    return f"the {resource} of the locale" if resource in SHARED else resource


def _at(value: Any, parts: Sequence[str]) -> Any:
    """Return what stands at a pointer, ``None`` where nothing does; of items and keys the first."""
    for part in parts:
        if isinstance(value, list):
            place = int(part) if part.isdigit() else 0
            value = value[place] if place < len(value) else None
        elif isinstance(value, dict):
            name = next(iter(value), "") if part == VALUE else unescape_token(part)
            value = value.get(name)
        else:
            return None
    return value


def _json_type(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
