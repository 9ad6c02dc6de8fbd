"""Narrowing of schemas: one for several that all hold, as far as drawing a value needs it."""

from fractions import Fraction
from itertools import islice
from math import gcd, lcm
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX
from docdouble.schemas.contract.regular_expressions import pattern_test

_SAYS_NOTHING = {
    *("description", "title", "default", "example", "examples", "$comment"),
    *("deprecated", "readOnly", "writeOnly", "discriminator", "externalDocs", "xml"),
}
_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_MOST_ALTERNATIVES = 16
_GROUPS = (("if", "then", "else"), ("contains", "minContains", "maxContains"))
"""Keywords that have a meaning only together."""

UNEVALUATED = {"unevaluatedProperties": "additionalProperties", "unevaluatedItems": "items"}

_SINGLE = {"format", "const", "if", "contains"}
"""Keywords of which two that differ can't be joined: the first stays beside, under ``allOf``."""

BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
"""Keywords that say which numbers are valid."""

NEVER: Schema = {"not": {}}
"""The schema of no value, as an object."""


def constrains(schema: Schema | bool) -> bool:
    """Tell whether a schema says anything of its value, apart from annotations."""
    return isinstance(schema, dict) and any(word not in _SAYS_NOTHING and not word.startswith("x-") for word in schema)


def is_never(schema: Any) -> bool:
    """Tell whether a schema says of every value that it doesn't fit."""
    return schema is False or (isinstance(schema, dict) and schema.get("not") in ({}, True) and "not" in schema)


def matches(pattern: str, name: str) -> bool:
    """Tell whether the name of a property matches a pattern of ECMA-262."""
    return pattern_test(pattern)(name)


def flattened(schema: Schema, contract: Contract, merged: dict[str, Schema] | None = None) -> Schema:
    """Return the schema with ``allOf``, and a reference that has keywords beside it, merged into it.

    One that holds neither is returned as it is, one that is nothing but one reference stays one. What can't be merged
    stays under ``allOf``. In ``merged`` are the named types that were merged, those that still are as ``{}``: all of
    them hold together.
    """
    if "allOf" not in schema and "$ref" not in schema:
        return schema
    own = {word: part for word, part in schema.items() if word not in ("allOf", "$ref")}
    parts = [NEVER if part is False else part for part in schema.get("allOf", ()) if part is not True]
    if "$ref" in schema:
        parts.insert(0, {"$ref": schema["$ref"]})
    if not parts:
        return own
    if len(parts) == 1 and not constrains(own):
        return parts[0] if set(parts[0]) == {"$ref"} else flattened(parts[0], contract, merged)
    last = {word: own.pop(word) for word in UNEVALUATED if word in own}
    merged = {} if merged is None else merged
    whole = _all_narrowed([*(_closed(_meant(part, contract, merged)) for part in parts), own])
    return {**whole, **last} if last else whole


def _all_narrowed(schemas: list[Schema]) -> Schema:
    """Return a schema whose values fit all of several: halves first, so that each part is copied a few times only."""
    if len(schemas) == 1:
        return schemas[0]
    half = len(schemas) // 2
    return narrowed(_all_narrowed(schemas[:half]), _all_narrowed(schemas[half:]))


def _closed(part: Schema) -> Schema:
    """Return a part with what it hasn't seen itself as what it doesn't list: it sees nothing of other parts."""
    for word, listed in UNEVALUATED.items():
        if word in part and listed not in part:
            part = {**{key: value for key, value in part.items() if key != word}, listed: part[word]}
    return part


def _meant(part: Schema, contract: Contract, merged: dict[str, Schema]) -> Schema:
    name = part["$ref"].removeprefix(COMPONENT_PREFIX) if "$ref" in part else ""
    if not name:
        whole = flattened(part, contract, merged)
        return _meant(whole, contract, merged) if "$ref" in whole else whole
    if name not in merged:
        merged[name] = {}
        merged[name] = _meant(contract.schemas[name], contract, merged)
    beside = {word: value for word, value in part.items() if word != "$ref"}
    return narrowed(merged[name], flattened(beside, contract, merged)) if beside else merged[name]


def narrowed(first: Schema, second: Schema) -> Schema:
    """Return a schema whose values fit both; what can't be joined of the first stays beside, under ``allOf``."""
    first, second = _spread(first, second), _spread(second, first)
    beside = []
    for group in (*_GROUPS, *((word,) for word in _SINGLE)):
        apart = {word: first[word] for word in group if word in first}
        if (
            group[0] in first
            and group[0] in second
            and apart != {word: second[word] for word in group if word in second}
        ):
            beside.append(apart)
            first = {word: part for word, part in first.items() if word not in group}
    both = {**first, **second}
    for word in first.keys() & second.keys():
        both[word] = _joined(word, first[word], second[word])
    if beside:
        both["allOf"] = [*both.get("allOf", ()), *beside]
    return both


def _spread(schema: Schema, other: Schema) -> Schema:
    """Return the schema with its rule for unlisted properties and items applied to those that the other one lists."""
    rest = schema.get("additionalProperties", True)
    if rest is not True:
        listed, patterns = schema.get("properties", {}), schema.get("patternProperties", ())
        unlisted = {
            name: NEVER if rest is False else rest
            for name in other.get("properties", ())
            if name not in listed and not any(matches(pattern, name) for pattern in patterns)
        }
        schema = {**schema, "properties": {**listed, **unlisted}} if unlisted else schema
    first, longer = schema.get("prefixItems", []), other.get("prefixItems", [])
    if len(first) < len(longer) and "items" in schema:
        items = [NEVER if schema["items"] is False else schema["items"]] * (len(longer) - len(first))
        schema = {**schema, "prefixItems": [*first, *items]}
    return schema


def _joined(word: str, left: Any, right: Any) -> Any:
    if left == right and type(left) is type(right):
        return left
    if word in _LEAST:
        return max(left, right)
    if word in _MOST:
        return min(left, right)
    match word:
        case "type":
            return _common_types(left, right)
        case "required":
            return list(dict.fromkeys([*left, *right]))
        case "examples" | "allOf":
            return [*left, *right]
        case "dependentRequired":
            return {name: [*left.get(name, ()), *right.get(name, ())] for name in {**left, **right}}
        case "uniqueItems":
            return left or right
        case "enum":
            return _common_values(left, right)
        case "multipleOf":
            return _common_multiple(left, right)
        case "pattern":
            return f"^(?=[\\s\\S]*?(?:{left}))(?=[\\s\\S]*?(?:{right}))"
    return _joined_schemas(word, left, right)


def _joined_schemas(word: str, left: Any, right: Any) -> Any:
    match word:
        case "properties" | "patternProperties" | "dependentSchemas":
            shared = {name: {"allOf": [left[name], right[name]]} for name in left if name in right}
            return {**left, **right, **shared}
        case "prefixItems":
            shared_items = [{"allOf": [first, second]} for first, second in zip(left, right, strict=False)]
            return [*shared_items, *left[len(right) :], *right[len(left) :]]
        case "items" | "additionalProperties" | "propertyNames" if isinstance(left, dict) and isinstance(right, dict):
            return {"allOf": [left, right]}
        case "items" | "additionalProperties" | "propertyNames":
            return left if left is False or right is True else right
        case "not":
            return {"anyOf": [left, right]}
        case "anyOf" | "oneOf":
            both = ({"allOf": [first, second]} for first in left for second in right)
            return [*islice(both, _MOST_ALTERNATIVES)]
    return right


def _common_values(left: list[Any], right: list[Any]) -> list[Any]:
    """Return the values in both, those without parts looked up among each other."""
    scalars = {value for value in right if not isinstance(value, dict | list)}
    others = [value for value in right if isinstance(value, dict | list)]
    return [value for value in left if value in (others if isinstance(value, dict | list) else scalars)]


def _common_multiple(left: float, right: float) -> float:
    first, second = Fraction(str(left)), Fraction(str(right))
    both = Fraction(lcm(first.numerator, second.numerator), gcd(first.denominator, second.denominator))
    return both.numerator if both.denominator == 1 else float(both)


def _common_types(left: Any, right: Any) -> list[str]:
    """Return the types in both; a whole number is a number, too."""
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (left, right))
    common = [kind for kind in first if kind in second]
    is_whole = ("integer" in first and "number" in second) or ("number" in first and "integer" in second)
    if is_whole and "integer" not in common:
        common.append("integer")
    return common
