"""Variants of a schema with conditions: plainer schemas whose values may fit it, the likeliest first.

A condition is met or it isn't, what depends on a property is there or that property is left out, and what is excluded
fails one of its keywords. Nothing here is exact: every value has to be tested.
"""

from collections.abc import Iterator
from itertools import islice, product
from math import inf
from typing import Any

from docdouble.schemas import Contract, Schema

from .bounds import MOST_PLACES
from .narrow import NEVER, UNEVALUATED, flattened, is_never

CONDITIONS = frozenset({"if", "then", "else", "not", "dependentSchemas", "allOf", "contains"})
"""Keywords that variants do without."""

_EVALUATING = frozenset({"if", "dependentSchemas", "allOf"})
"""Conditions whose properties and items count as evaluated."""

_MOST = 12
_MOST_COMBINED = 200
"""So many combinations of conditions are looked at, of which so many are possible, and each of them so deep."""

_DEEPEST = 3

_OUTSIDE = {
    "minimum": ("exclusiveMaximum", 0),
    "exclusiveMinimum": ("maximum", 0),
    "maximum": ("exclusiveMinimum", 0),
    "exclusiveMaximum": ("minimum", 0),
    "minLength": ("maxLength", -1),
    "maxLength": ("minLength", 1),
    "minItems": ("maxItems", -1),
    "maxItems": ("minItems", 1),
    "minProperties": ("maxProperties", -1),
    "maxProperties": ("minProperties", 1),
}
"""Keyword → the keyword, and what is added to the limit, of values that are outside of it."""

_TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
_MOST_NAMES = 4
_UNLISTED = "unlisted"
"""A property that hardly any schema lists."""


def outside(schema: Schema) -> Iterator[Schema]:
    """Yield schemas of values that are outside of one of the limits of a schema."""
    for keyword, (other, step) in _OUTSIDE.items():
        if keyword in schema and schema[keyword] + step >= (0 if step else schema[keyword]):
            yield {other: schema[keyword] + step}


def variants(schema: Schema, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield merged schemas without conditions, for one that is merged; the schema itself where it has none."""
    base = {word: part for word, part in schema.items() if word not in CONDITIONS}
    if len(base) == len(schema) or depth == _DEEPEST:
        yield base
        return
    yield from islice(_possible(_combined(base, schema, contract, depth)), _MOST)
    if "type" not in schema and not depth:  # what is documented of arrays alone lets any other value be
        yield from ({**base, "type": kind} for kind in _TYPES)


def _combined(base: Schema, schema: Schema, contract: Contract, depth: int) -> Iterator[Schema]:
    """Yield the variants for each combination of ways to meet the conditions of a schema; ``base`` has none of them."""
    last = {word: base[word] for word in UNEVALUATED if word in base and not _EVALUATING.isdisjoint(schema)}
    rest = {word: part for word, part in base.items() if word not in last}
    for parts in islice(product(*_options(schema, contract)), _MOST_COMBINED):
        plain = [part for part in parts if part]
        merged = flattened({"allOf": [rest, *plain]}, contract) | last if plain else base
        merged = flattened(contract.resolve(merged), contract) if "$ref" in merged else merged
        if merged.get("type") != []:
            yield from variants(merged, contract, depth + 1)


def _possible(schemas: Iterator[Schema]) -> Iterator[Schema]:
    """Yield the schemas that a value may fit, each once."""
    seen: list[Schema] = []
    for schema in schemas:
        if not is_never(schema) and schema.get("type") != [] and schema not in seen:
            seen.append(schema)
            yield schema


def _options(schema: Schema, contract: Contract) -> Iterator[list[Schema]]:
    """Yield the ways to meet each of the conditions of a schema."""
    if "if" in schema:
        yield _of_condition(schema, contract)
    if "not" in schema:
        yield [*fails(schema["not"], contract)] or [NEVER]
    for name, part in schema.get("dependentSchemas", {}).items():
        yield [*_all_of(part), {"properties": {name: NEVER}}]
    if "contains" in schema:
        count = len(schema.get("prefixItems", ()))
        places = (count, *range(count))
        only = {"not": schema["contains"]} if "maxContains" in schema else {}
        yield [_containing(schema, place) | part for part in ({"items": only}, {}) for place in places]
    for part in schema.get("allOf", ()):
        yield [*islice(variants(part, contract, 1), _MOST)]


def _of_condition(schema: Schema, contract: Contract) -> list[Schema]:
    condition = schema["if"]
    met = {"allOf": [part for part in (condition, schema.get("then", True)) if part is not True]}
    failed = [{"allOf": [part, *_all_of(schema.get("else", True))]} for part in fails(condition, contract)]
    return [met, *failed] if condition is not False else failed


def _all_of(schema: Any) -> list[Schema]:
    if isinstance(schema, dict):
        return [schema]
    return [{} if schema else NEVER]


def _containing(schema: Schema, place: int) -> Schema:
    """Return what says of an array that enough items from a place on are those that it has to contain."""
    wanted, first = schema["contains"], schema.get("prefixItems", [])
    count = min(schema.get("minContains", 1), max(0, schema.get("maxItems", inf) - place))
    if place + count > MOST_PLACES:
        return NEVER
    rest = schema.get("items", schema.get("unevaluatedItems", True))
    parts = [part for part in (wanted, rest) if part is not True]
    items = [{"allOf": parts} if index >= len(first) else wanted for index in range(place, place + count)]
    if not items:
        return {}
    return {"type": "array", "prefixItems": [*([True] * place), *items], "minItems": place + count}


def fails(schema: Any, contract: Contract) -> Iterator[Schema]:
    """Yield schemas of values that are likely not to fit a schema; none where every value fits."""
    if schema is False:
        yield {}
        return
    if not isinstance(schema, dict) or not schema:
        return
    merged = flattened(contract.resolve(schema), contract)
    if is_never(merged):
        yield {}
        return
    for name in islice(merged.get("required", ()), _MOST_NAMES):
        yield {"properties": {name: NEVER}}
    for name, part in islice(merged.get("properties", {}).items(), _MOST_NAMES):
        yield {"type": "object", "required": [name], "properties": {name: {"not": part}}}
    if "propertyNames" in merged:
        yield {"type": "object", "minProperties": 1, "propertyNames": {"not": merged["propertyNames"]}}
    yield from outside(merged)
    if "not" in merged:
        yield from _all_of(merged["not"])
    for word in ("anyOf", "oneOf"):
        ways = [[*islice(fails(part, contract), _MOST)] for part in merged.get(word, ())]
        yield from ({"allOf": [*parts]} for parts in islice(product(*ways), _MOST) if parts)
    if "items" in merged:
        yield {"type": "array", "prefixItems": [{"not": merged["items"]}], "minItems": 1}
    if "contains" in merged:
        yield {"type": "array", "items": {"not": merged["contains"]}}
    if kinds := merged.get("type"):
        listed = {kinds} if isinstance(kinds, str) else set(kinds)
        listed |= {"integer"} if "number" in listed else set()
        others = [kind for kind in _TYPES if kind not in listed]
        yield {"type": others}
        yield from ({"type": kind} for kind in others)
    for word in ("additionalProperties", "unevaluatedProperties"):
        if word in merged:
            yield {"type": "object", "required": [_UNLISTED], "properties": {_UNLISTED: {"not": merged[word]}}}
    yield {}
