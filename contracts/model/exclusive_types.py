"""Places of a body at which parts of ``allOf`` name types that exclude each other, so that no value fits there."""

from collections.abc import Iterator
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.json_pointer import unescape_token

_DEEPEST = 16
"""Parts of ``allOf`` in each other that are looked into."""


def excludes_all_types(schema: Schema, contract: Contract, pointer: str) -> bool:
    """Tell whether a schema names types for a place that exclude each other: an array that is an object, too."""
    schemas = list(_applied(schema, contract))
    for token in pointer.split("/")[1:]:
        below = (part for outer in schemas for part in _below(outer, unescape_token(token)))
        schemas = [applied for part in below for applied in _applied(part, contract)]
    allowed = [{*kinds, "integer"} if "number" in kinds else {*kinds} for kinds in map(types_of, schemas) if kinds]
    return len(allowed) > 1 and not set.intersection(*allowed)


def _applied(schema: Any, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield a schema, and those that every value has to fit beside it."""
    if isinstance(schema, dict) and depth < _DEEPEST:
        schema = contract.resolve(schema)
        yield schema
        for part in schema.get("allOf", ()):
            yield from _applied(part, contract, depth + 1)


def _below(schema: Schema, token: str) -> Iterator[Any]:
    """Yield what a schema says of a property or an item."""
    properties = schema.get("properties", {})
    if token in properties:
        yield properties[token]
    elif "additionalProperties" in schema:
        yield schema["additionalProperties"]
    if token.isdecimal():
        yield schema.get("items")
