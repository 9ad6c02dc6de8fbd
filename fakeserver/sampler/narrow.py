"""Narrowing of schemas: several that all hold → one, as far as drawing a value needs it."""

from functools import reduce
from math import lcm
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX

_SAYS_NOTHING = {
    *("description", "title", "default", "example", "examples", "$comment"),
    *("deprecated", "readOnly", "writeOnly", "discriminator", "externalDocs", "xml"),
}
_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
_MOST_ALTERNATIVES = 16


def constrains(schema: Schema | bool) -> bool:
    """Tell whether a schema says anything of its value, apart from annotations."""
    return isinstance(schema, dict) and any(word not in _SAYS_NOTHING and not word.startswith("x-") for word in schema)


def flattened(schema: Schema, contract: Contract, seen: frozenset[str] = frozenset()) -> Schema:
    """Return the schema with ``allOf``, and a reference that has keywords beside it, merged into it.

    A schema that is nothing but one reference stays one. ``seen`` are the named types that are being merged.
    """
    own = {word: part for word, part in schema.items() if word not in ("allOf", "$ref")}
    parts = [part for part in schema.get("allOf", ()) if isinstance(part, dict)]
    if "$ref" in schema:
        parts.insert(0, {"$ref": schema["$ref"]})
    if not parts:
        return own
    if len(parts) == 1 and not constrains(own):
        return parts[0] if set(parts[0]) == {"$ref"} else flattened(parts[0], contract, seen)
    return reduce(narrowed, [*(_meant(part, contract, seen) for part in parts), own])


def _meant(part: Schema, contract: Contract, seen: frozenset[str]) -> Schema:
    name = part["$ref"].removeprefix(COMPONENT_PREFIX) if "$ref" in part else ""
    if not name:
        return flattened(part, contract, seen)
    if name in seen:
        return {}
    beside = {word: value for word, value in part.items() if word != "$ref"}
    return narrowed(_meant(contract.schemas[name], contract, seen | {name}), flattened(beside, contract, seen))


def narrowed(one: Schema, other: Schema) -> Schema:
    """Return a schema whose values fit both, as far as their keywords can be joined."""
    both = {**one, **other}
    for word in one.keys() & other.keys():
        both[word] = _joined(word, one[word], other[word])
    return both


def _joined(word: str, one: Any, other: Any) -> Any:
    if one == other:
        return one
    if word in _LEAST:
        return max(one, other)
    if word in _MOST:
        return min(one, other)
    match word:
        case "type":
            return _common_types(one, other)
        case "required":
            return list(dict.fromkeys([*one, *other]))
        case "examples":
            return [*one, *other]
        case "properties":
            shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
            return {**one, **other, **shared}
        case "items" | "additionalProperties" | "propertyNames" if isinstance(one, dict) and isinstance(other, dict):
            return {"allOf": [one, other]}
        case "items" | "additionalProperties" | "propertyNames":
            return one if one is False or other is True else other
        case "enum":
            return [value for value in one if value in other]
        case "multipleOf":
            return lcm(one, other) if isinstance(one, int) and isinstance(other, int) else max(one, other)
        case "anyOf" | "oneOf":
            return [{"allOf": [first, second]} for first in one for second in other][:_MOST_ALTERNATIVES]
    return other


def _common_types(one: Any, other: Any) -> list[str]:
    """Return the types in both; a whole number is a number, too."""
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (one, other))
    common = [kind for kind in first if kind in second]
    if "integer" in {*first, *second} and "integer" not in common and "number" in {*first, *second}:
        common.append("integer")
    return common
