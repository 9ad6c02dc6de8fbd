"""Shapes of values: type, properties and items that a merged schema allows."""

from collections.abc import Callable, Mapping
from typing import Any

from docdouble.schemas import Contract, ContractError, Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX, is_left_out


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
    if declared is None and {"properties", "additionalProperties", "required"} & set(schema):
        return "object"
    return "array" if declared is None and "items" in schema else declared


def values_of(schema: Schema) -> Schema | None:
    """Return what the values of a dictionary are, ``None`` for an object that has properties."""
    values = schema.get("additionalProperties")
    return values if isinstance(values, dict) and not schema.get("properties") else None


def drawn_properties(schema: Schema) -> Mapping[str, Any]:
    """Return the properties of an object: those that are listed, and those that are required without being so."""
    properties, values = schema.get("properties", {}), schema.get("additionalProperties")
    unlisted = {
        name: values if isinstance(values, dict) else {}
        for name in schema.get("required", ())
        if name not in properties
    }
    return {name: part for name, part in {**properties, **unlisted}.items() if not is_left_out(part)}


def value_test(schema: Schema, contract: Contract) -> Callable[[Any], bool]:
    """Return the test that a value fits; every value does where the schema itself is broken."""
    validator = Validator(schema, contract)
    try:
        validator.is_valid(None)
    except ContractError:
        return lambda value: True
    return validator.is_valid
