"""Subschemas: those directly inside a schema, as opposed to data and to maps whose keys are names."""

from collections.abc import Callable, Iterator
from typing import Any

from ..contract.model import COMPONENT_PREFIX, Schema

NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
"""Schema keywords that map names to schemas: a key such as ``default`` is a name there."""

LISTED = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
"""Schema keywords with an array of schemas."""

SINGLE = frozenset(
    {
        *("additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
"""Schema keywords with one schema (JSON Schema 2020-12, sections 10 and 11)."""

DATA = frozenset({"enum", "const", "default", "example", "examples"})
"""Schema keywords whose values are data."""

_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "$comment", "externalDocs", "xml"}
    | {"discriminator", "readOnly", "writeOnly"}
)

_HOLDING = NAMED | LISTED | SINGLE


def holds_schemas(key: str) -> bool:
    """Tell whether a keyword holds schemas: the value of any other one is none, whatever it looks like."""
    return key in _HOLDING


def is_annotation(keyword: str) -> bool:
    """Tell whether a keyword allows and refuses nothing."""
    return keyword in _ANNOTATIONS or keyword.startswith("x-")


def subschemas(schema: Schema) -> Iterator[Schema]:
    """Yield the schemas directly inside ``schema``; those that are ``true`` or ``false`` are left out."""
    for key, value in schema.items():
        if holds_schemas(key):
            inside = value.values() if key in NAMED and isinstance(value, dict) else [value]
            for part in inside:
                yield from (
                    branch for branch in (part if isinstance(part, list) else [part]) if isinstance(branch, dict)
                )


def named_components(schema: Schema) -> Iterator[str]:
    """Yield the names of the components that a schema or one inside it refers to."""
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith(COMPONENT_PREFIX):
        yield ref.removeprefix(COMPONENT_PREFIX)
    for part in subschemas(schema):
        yield from named_components(part)


def with_subschemas(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return the schema with ``change`` applied to each schema directly inside it."""
    return {key: _changed(key, value, change) if holds_schemas(key) else value for key, value in schema.items()}


def _changed(key: str, value: Any, change: Callable[[Schema], Schema]) -> Any:
    if key in NAMED and isinstance(value, dict):
        return {name: change(part) if isinstance(part, dict) else part for name, part in value.items()}
    if isinstance(value, list):
        return [change(part) if isinstance(part, dict) else part for part in value]
    return change(value) if isinstance(value, dict) else value
