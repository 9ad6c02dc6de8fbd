"""Hypothesis strategies of JSON Schema: values shrink to nothing where they may be left out, to 0, "" and [].

What the schemas of a documentation say is composed here; any other keyword is left to ``otherwise``, which is slower
and shrinks less far.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from docdouble.fakeserver.sampler.narrow import constrains, flattened
from docdouble.schemas import Contract, Schema, Validator
from docdouble.schemas.contract.model import EVIDENCE, is_left_out, non_null, nullable

from .drawable import Drawable
from .plain_patterns import with_plain_patterns
from .scalar_values import ANY_VALUE, FORMATS, Values, integers, numbers, smallest, texts

DEEPEST = 2
"""Named types that are drawn inside each other; below stands only what a value can't do without."""

_ENDLESS = 12
"""Depth at which a schema that can't do without itself is given up."""

_MOST_ITEMS = 3
"""Items of an array, where nothing demands more."""

_KEYWORDS: Mapping[str, frozenset[str]] = {
    "null": frozenset(),
    "boolean": frozenset(),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "string": frozenset({"minLength", "maxLength"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "object": frozenset({"properties", "required", "additionalProperties", "propertyNames"}),
}
"""Type → the keywords that are composed here; those of other types say nothing of it."""

_EVERYWHERE = frozenset({"type", "format", "$defs", "definitions", "contentEncoding", "contentMediaType"})
_UNIONS = frozenset({"anyOf", "oneOf"})

DRAWN: Any = object()
"""Mark of a value that has to be drawn."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Manner in which records are drawn.

    ``complete``: with every documented property, as a reply is promised; otherwise optional ones may be absent.
    ``is_open``: also with properties that nobody documented, where that is allowed.
    """

    complete: bool = False
    is_open: bool = False


class ValueStrategies:
    """Strategies for the values of one contract's schemas, each made when it is first needed."""

    def __init__(self, contract: Contract, manner: Manner, otherwise: Callable[[Schema], Values]) -> None:
        self._contract = contract
        self._manner = manner
        self._otherwise = otherwise
        self._drawable = Drawable(contract)
        self._known: dict[tuple[str, int], Values] = {}

    def fitting(self, schema: Schema, samples: tuple[Any, ...] = ()) -> Values:
        """Return a strategy for valid values of a schema; about half of them are near a valid sample, or one."""
        validator = Validator(schema, self._contract)
        whole = [self.completed(schema, sample) for sample in samples]
        near = [self.near(schema, sample) for sample in whole if validator.is_valid(sample)]
        return st.one_of(self.of(schema), *([st.one_of(near)] if near else [])).filter(validator.is_valid)

    def of(self, schema: Any, depth: int = 0) -> Values:
        """Return a strategy for the values of a schema that stands ``depth`` named types deep."""
        if not isinstance(schema, dict):
            return st.nothing() if schema is False else ANY_VALUE
        self._drawable.demand(schema)
        schema = flattened(schema, self._contract)
        words = {word for word in schema if constrains({word: schema[word]})}
        if set(schema) == {"$ref"}:
            return self._named(schema["$ref"], depth)
        if not words - _EVERYWHERE and "type" not in words:
            return ANY_VALUE
        if "const" in words or "enum" in words:
            return st.sampled_from([schema["const"]] if "const" in words else schema["enum"])
        if len(words & _UNIONS) == 1 and words <= _UNIONS | _EVERYWHERE:
            return self._union(schema, depth)
        return self._typed(schema, words, depth)

    def _named(self, ref: str, depth: int) -> Values:
        """Return the strategy of a named type, made late: types lead to each other."""
        if depth > _ENDLESS:
            return st.nothing()
        key = ref, depth
        if key not in self._known:
            inner = self._contract.resolve({"$ref": ref})
            self._known[key] = st.deferred(lambda: self.of(inner, depth + 1))
        return self._known[key]

    def _union(self, schema: Schema, depth: int) -> Values:
        parts = [part for word in _UNIONS for part in schema.get(word, ())]
        nothing = {"type": "null"}
        if nothing in parts and depth > DEEPEST:
            return st.none()
        ordered = sorted([*filter(self._drawable.is_drawable, parts)] or parts, key=lambda part: part != nothing)
        outer = {word: schema[word] for word in ("type", "format") if word in schema}
        return st.one_of([self.of({**outer, **part} if outer else part, depth) for part in ordered])

    def _typed(self, schema: Schema, words: set[str], depth: int) -> Values:
        kinds = _kinds(schema, words)
        understood = _EVERYWHERE.union(*(_KEYWORDS.get(kind, ()) for kind in kinds))
        if "pattern" in words and (plain := with_plain_patterns(schema)) is not schema:
            return self.of(plain, depth)
        if not kinds or not words <= understood or schema.get("format", "") not in FORMATS:
            return self._otherwise(schema)
        if "null" in kinds and depth > DEEPEST:
            return st.none()
        return st.one_of(
            [self._of_kind(kind, schema, depth) for kind in sorted(kinds, key=lambda kind: kind != "null")]
        )

    def _of_kind(self, kind: str, schema: Schema, depth: int) -> Values:
        match kind:
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer":
                return integers(schema)
            case "number":
                return numbers(schema)
            case "string":
                return self._strings(schema)
            case "array":
                return self._arrays(schema, depth)
        return self._objects(schema, depth)

    def _strings(self, schema: Schema) -> Values:
        """Return texts, documented examples among them."""
        examples = schema.get("examples")
        shown = [example for example in examples if isinstance(example, str)] if isinstance(examples, list) else []
        valid = list(filter(Validator(schema, self._contract).is_valid, shown)) if shown else []
        return st.one_of(texts(schema), st.sampled_from(valid)) if valid else texts(schema)

    def _arrays(self, schema: Schema, depth: int) -> Values:
        least = schema.get("minItems", 0)
        most = max(least, _MOST_ITEMS if depth <= DEEPEST else 0)
        items = self.of(schema.get("items", {}), depth)
        return st.lists(items, min_size=least, max_size=min(most, schema.get("maxItems", most)))

    def _objects(self, schema: Schema, depth: int) -> Values:
        properties = self.properties(schema)
        record = _record(self._record(schema, depth)) if properties else None
        rest = schema.get("additionalProperties", self._manner.is_open or not properties)
        # undocumented properties at the root alone: below they would only make what is drawn larger
        is_closed = rest is False or (rest is True and properties and not (self._manner.is_open and depth == 0))
        if is_closed or depth > DEEPEST:
            return st.builds(dict) if record is None else record
        names = self.of({"type": "string"} | schema.get("propertyNames", {})).filter(
            lambda name: name not in properties
        )
        others = st.dictionaries(names, self.of(rest, depth), max_size=_MOST_ITEMS)
        return others if record is None else st.builds(lambda known, other: known | other, record, others)

    def _record(self, schema: Schema, depth: int) -> "_RecordType":
        properties = self.properties(schema)
        blanks = {name: self.blank(part) for name, part in properties.items() if self.needs(schema, name)}
        drawn = {name: self.of(properties[name], depth) for name, blank in blanks.items() if blank is DRAWN}
        free = [name for name in properties if name not in drawn and depth <= DEEPEST]
        # a name and its value are one step, so that shrinking drops both at once
        pairs = {name: st.tuples(st.just(name), self.of(properties[name], depth)) for name in free}
        chosen = st.lists(st.sampled_from(free).flatmap(pairs.__getitem__), unique_by=_first) if free else st.just([])
        return _RecordType(
            tuple(properties), chosen, {name: blank for name, blank in blanks.items() if name not in drawn}, drawn
        )

    def properties(self, schema: Schema) -> dict[str, Any]:
        """Return the properties that a record may have, with their schemas."""
        named: dict[str, Any] = {name: {} for name in schema.get("required", ())}
        documented = schema.get("properties", {})
        return {name: part for name, part in {**named, **documented}.items() if not is_left_out(part)}

    def blank(self, schema: Any, depth: int = 0) -> Any:
        """Return the smallest value of a schema, ``DRAWN`` where it takes drawing to find one."""
        if not isinstance(schema, dict) or depth > _ENDLESS:
            return DRAWN
        schema = self._contract.resolve(flattened(schema, self._contract))
        if nullable(schema):
            return None
        if _demands(schema):
            return DRAWN
        if schema.get("type") == "object":
            parts = {
                name: self.blank(part, depth + 1)
                for name, part in self.properties(schema).items()
                if self.needs(schema, name)
            }
            return DRAWN if DRAWN in parts.values() else parts
        blank = smallest(schema)
        return DRAWN if blank is None else blank

    def near(self, schema: Schema, sample: Any) -> Values:
        """Return a strategy for a sample and its neighbours: some parts left out, or drawn anew.

        It shrinks as far as what is drawn without a sample, but for texts and for what is nested.
        """
        most = 4 * (1 + len(sample)) if isinstance(sample, dict | list) else 4
        return _near(
            _Near(self, st.sampled_from([_SamplePart.NOT, _SamplePart.ANEW] + [_SamplePart.KEPT] * most)),
            schema,
            sample,
        )

    def completed(self, schema: Any, sample: Any) -> Any:
        """Return a sample with what its records can't do without: pages cut theirs short."""
        schema = self.follow(schema, sample)
        if isinstance(sample, list):
            return [self.completed(schema.get("items"), item) for item in sample]
        if not isinstance(sample, dict):
            return sample
        properties, rest = self.properties(schema), schema.get("additionalProperties")
        missing = {name: part for name, part in properties.items() if name not in sample and self.needs(schema, name)}
        blanks = {name: self.blank(part) for name, part in missing.items()}
        return {
            **{name: self.completed(properties.get(name, rest), part) for name, part in sample.items()},
            **{name: blank for name, blank in blanks.items() if blank is not DRAWN},
        }

    def follow(self, schema: Any, sample: Any) -> Schema:
        """Return the schema that says the most of a sample: references and null are left behind."""
        if not isinstance(schema, dict):
            return {}
        resolved = self._contract.resolve(flattened(schema, self._contract))
        return resolved if sample is None else flattened(self._contract.resolve(non_null(resolved)), self._contract)

    def needs(self, schema: Schema, name: str) -> bool:
        """Tell whether a record must have a property; a document, unlike a page's table, says itself which ones."""
        part = schema.get("properties", {}).get(name)
        is_promised = self._manner.complete and isinstance(part, dict) and EVIDENCE in part
        return is_promised or name in schema.get("required", ())


@dataclass(frozen=True, slots=True, repr=False)
class _RecordType:
    """Properties that a record may have, ``names`` in the documented order.

    ``chosen`` draws some properties with their values; ``blanks`` are the smallest values of those that it can't do
    without, ``drawn`` are the strategies of those of them that have no blank.
    """

    names: tuple[str, ...]
    chosen: st.SearchStrategy[list[tuple[str, Any]]]
    blanks: Mapping[str, Any]
    drawn: Mapping[str, Values]


@st.composite
def _record(draw: st.DrawFn, record: _RecordType) -> dict[str, Any]:
    """Draw some properties; those that have to be there and aren't chosen are as small as can be."""
    drawn: dict[str, Any] = {name: draw(values) for name, values in record.drawn.items()}
    drawn |= dict(draw(record.chosen))
    blanks = {name: deepcopy(blank) for name, blank in record.blanks.items() if name not in drawn}
    return {name: (drawn | blanks)[name] for name in record.names if name in drawn or name in blanks}


class _SamplePart(Enum):
    """Outcome for a part of a sample."""

    NOT = 0
    ANEW = 1
    KEPT = 2


@st.composite
def _near(draw: st.DrawFn, near: "_Near", schema: Schema, sample: Any) -> Any:
    return near.value(draw, schema, sample)


@dataclass(frozen=True, slots=True, repr=False)
class _Near:
    """Draws values near a sample; what is nested in a record stays as it is: each choice makes shrinking slower."""

    made: ValueStrategies
    fate: st.SearchStrategy[_SamplePart]

    def value(self, draw: st.DrawFn, schema: Any, sample: Any) -> Any:
        """Draw a value near a sample."""
        schema = self.made.follow(schema, sample)
        if isinstance(sample, dict):
            return self._record(draw, schema, sample)
        if isinstance(sample, list):
            every = "minItems" in schema
            items = schema.get("items")
            return [self.value(draw, items, item) for item in sample if every or draw(self.fate) is not _SamplePart.NOT]
        return self._part(draw, schema, sample, draw(self.fate))

    def _record(self, draw: st.DrawFn, schema: Schema, sample: dict[str, Any]) -> dict[str, Any]:
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
        drawn = {}
        for name in {**sample, **properties}:
            part = properties.get(name, rest)
            must = name in properties and self.made.needs(schema, name)
            fate = draw(self.fate) if name in sample else _SamplePart.NOT
            if fate is not _SamplePart.NOT:
                drawn[name] = self._part(draw, part, sample[name], fate)
            elif must:
                blank = self.made.blank(part)
                drawn[name] = draw(self.made.of(part, DEEPEST)) if blank is DRAWN else blank
        return drawn

    def _part(self, draw: st.DrawFn, schema: Any, sample: Any, fate: _SamplePart) -> Any:
        if fate is not _SamplePart.KEPT:
            return draw(self.made.of(self.made.follow(schema, sample), DEEPEST))
        if isinstance(sample, int) and not isinstance(sample, bool):
            # a choice that is the sample: when shrinking draws it anew, it goes on from here to smaller numbers
            draw(st.integers(sample, sample + 1))
        return deepcopy(sample)


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _demands(schema: Schema) -> bool:
    """Tell whether the smallest value of the type may be none of the schema's."""
    known = _EVERYWHERE | _KEYWORDS["object"] | _KEYWORDS["array"] | {"maxItems", "maxLength"}
    documented = {word for word in schema if constrains({word: schema[word]})} - {"minItems"}
    return bool(documented - known) or schema.get("format", "") not in FORMATS or bool(schema.get("minItems"))


def _kinds(schema: Schema, words: set[str]) -> list[str]:
    """Return the types of a schema's values; without a type, that of its keywords, none where they are several."""
    declared = schema.get("type")
    if declared is not None:
        return [declared] if isinstance(declared, str) else list(declared)
    fitting = [kind for kind in ("object", "array") if words & _KEYWORDS[kind]]
    return fitting if len(fitting) == 1 else []
