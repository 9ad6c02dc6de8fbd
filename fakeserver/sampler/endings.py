"""How far a schema is from an end: which named types a value can't do without."""

from collections.abc import Mapping
from functools import cached_property
from math import inf
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract import COMPONENT_PREFIX, nullable
from docdouble.schemas.parts import parts


class Endings:
    """Ranks of the schemas of one contract.

    Rank 0 needs no named type that names further ones; each named type that can't be left out adds one. A type
    that needs itself has no end, and the rank infinity.
    """

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas

    def rank(self, schema: Any) -> float:
        """Return the rank of a schema."""
        return self._rank(schema, self._known)

    def rank_of_value(self, schema: Schema) -> float:
        """Return the rank of a schema's values that are not null."""
        return self._rank_of_value(schema, self._known)

    @cached_property
    def _known(self) -> dict[str, float]:
        known: dict[str, float] = {name: 0 for name, schema in self._schemas.items() if not _refers(schema)}
        rank = 1
        while found := [
            name for name, schema in self._schemas.items() if name not in known and self._rank(schema, known) < inf
        ]:
            known |= dict.fromkeys(found, rank)
            rank += 1
        return known

    def _rank(self, schema: Any, known: Mapping[str, float]) -> float:
        if not isinstance(schema, dict) or "enum" in schema or "const" in schema or nullable(schema):
            return 0
        return self._rank_of_value(schema, known)

    def _rank_of_value(self, schema: Schema, known: Mapping[str, float]) -> float:
        needed = [self._rank(part, known) for part in _needed(schema)]
        if "$ref" in schema:
            needed.append(known.get(schema["$ref"].removeprefix(COMPONENT_PREFIX), inf))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                branches = [branch for branch in schema[word] if branch != {"type": "null"}]
                needed.append(min((self._rank(branch, known) for branch in branches), default=0))
        return max(needed, default=0)


def _refers(schema: Schema) -> bool:
    return "$ref" in schema or any(_refers(part) for part in parts(schema))


def _needed(schema: Schema) -> list[Any]:
    """Return the schemas inside one that every value has a part for, or keeps to."""
    properties = schema.get("properties", {})
    needed = [
        *schema.get("allOf", ()),
        *(properties[name] for name in schema.get("required", ()) if name in properties),
    ]
    if schema.get("minItems", 0) > 0:
        needed.append(schema.get("items"))
    if schema.get("minProperties", 0) > 0:
        needed.append(schema.get("additionalProperties"))
    return needed
