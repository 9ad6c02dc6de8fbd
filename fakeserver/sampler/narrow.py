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


def is_impossible(schema: Schema, contract: Contract) -> bool:
    """Tell whether no value fits a schema, as far as its types and listed values say."""
    merged = flattened(contract.resolve(schema), contract)
    return merged.get("type") == [] or merged.get("enum") == []


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
        merged = flattened(part, contract, seen)
        return _meant(merged, contract, seen) if "$ref" in merged else merged
    if name in seen:
        return {}
    beside = {word: value for word, value in part.items() if word != "$ref"}
    return narrowed(_meant(contract.schemas[name], contract, seen | {name}), flattened(beside, contract, seen))


def narrowed(first: Schema, second: Schema) -> Schema:
    """Return a schema whose values fit both, as far as their keywords can be joined."""
    both = {**first, **second}
    for word in first.keys() & second.keys():
        both[word] = _joined(word, first[word], second[word])
    return both


def _joined(word: str, left: Any, right: Any) -> Any:
    if left == right:
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
        case "examples":
            return [*left, *right]
        case "properties":
            shared = {name: {"allOf": [left[name], right[name]]} for name in left if name in right}
            return {**left, **right, **shared}
        case "items" | "additionalProperties" | "propertyNames" if isinstance(left, dict) and isinstance(right, dict):
            return {"allOf": [left, right]}
        case "items" | "additionalProperties" | "propertyNames":
            return left if left is False or right is True else right
        case "enum":
            return [value for value in left if value in right]
        case "multipleOf":
            return lcm(left, right) if isinstance(left, int) and isinstance(right, int) else max(left, right)
        case "anyOf" | "oneOf":
            return [{"allOf": [first, second]} for first in left for second in right][:_MOST_ALTERNATIVES]
    return right


def _common_types(left: Any, right: Any) -> list[str]:
    """Return the types in both; a whole number is a number, too."""
    first, second = ([kinds] if isinstance(kinds, str) else kinds for kinds in (left, right))
    common = [kind for kind in first if kind in second]
    if "integer" in {*first, *second} and "integer" not in common and "number" in {*first, *second}:
        common.append("integer")
    return common
