"""Shapes of values: type, properties and items that a merged schema allows."""

from collections.abc import Callable, Mapping
from typing import Any

from docdouble.schemas import Contract, ContractError, Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX, is_left_out

from .narrow import BOUNDS, NEVER, flattened, is_never, matches


def named_type(schema: Schema) -> str:
    """Return the first named type that a schema is composed of, empty for none."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(COMPONENT_PREFIX)
    parts = (named_type(part) for part in schema.get("allOf", ()) if isinstance(part, dict))
    return next(filter(None, parts), "")


def drawn_type(schema: Schema) -> str | None:
    """Return the JSON type that is drawn for a merged schema, ``None`` where it says nothing of that."""
    declared = schema.get("type")
    if isinstance(declared, list):
        declared = next((kind for kind in declared if kind != "null"), "null")
    return declared or next((kind for kind, words in _OF_TYPE.items() if not words.isdisjoint(schema)), None)


_OF_TYPE: Mapping[str, frozenset[str]] = {
    "object": frozenset(
        {
            *("properties", "additionalProperties", "required", "patternProperties", "propertyNames", "minProperties"),
            *("dependentRequired", "dependentSchemas", "unevaluatedProperties"),
        }
    ),
    "array": frozenset({"items", "prefixItems", "contains", "minItems", "uniqueItems", "unevaluatedItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"}),
    "number": BOUNDS,
}
"""Type → keywords that speak of it alone: what is meant where no type is named."""


def is_scalar_type(name: str, contract: Contract) -> bool:
    """Tell whether a named type is one of texts, numbers or flags, which mean what the property says that has it."""
    return drawn_type(flattened(contract.schemas[name], contract)) in ("string", "integer", "number", "boolean")


def values_of(schema: Schema) -> Schema | None:
    """Return what the values of a dictionary are, ``None`` for an object that has properties."""
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) and not schema.get("properties") else None


def drawn_properties(schema: Schema) -> Mapping[str, Any]:
    """Return the properties of an object that are drawn: those that may be there, and those that have to.

    What has to be there is listed as required, or because of another property that is drawn.
    """
    properties = schema.get("properties", {})
    named = dict.fromkeys([*properties, *schema.get("required", ())])
    for name, others in schema.get("dependentRequired", {}).items():
        named |= dict.fromkeys(others) if name in named else {}
    drawn = {name: property_schema(schema, name) for name in named}
    required = set(schema.get("required", ()))
    return {name: part for name, part in drawn.items() if not is_left_out(part) and (name in required or part != NEVER)}


def property_schema(schema: Schema, name: str) -> Any:
    """Return what an object says of the property of a name."""
    properties = schema.get("properties", {})
    parts = [properties[name]] if name in properties else []
    parts += [part for pattern, part in schema.get("patternProperties", {}).items() if matches(pattern, name)]
    if not parts:
        parts = [schema.get("additionalProperties", schema.get("unevaluatedProperties", {}))]
    if any(is_never(part) for part in parts):
        return NEVER
    others = [part for part in parts if isinstance(part, dict)]
    return others[0] if len(others) == 1 else {"allOf": others} if others else {}


def value_test(schema: Schema, contract: Contract) -> Callable[[Any], bool]:
    """Return the test that a value fits; every value does where the schema itself is broken.

    Date-times come as documented examples write them, which may be without an offset.
    """
    validator = Validator(schema, contract)
    try:
        validator.is_valid_loosely(None)
    except ContractError:
        return lambda value: True
    return validator.is_valid_loosely
