"""Recursion of named types: how many of them a value of a schema can't do without."""

from collections.abc import Collection, Iterator, Mapping
from math import inf
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX, nullable
from docdouble.schemas.jsonschema.subschemas import subschemas

MAX_REFERENCES = 4
"""Named types nest this deep in an answer; below stands only what a value can't do without."""

BRIEF = 12
"""A value that would be too large is drawn as if it stood this deep: with nothing in it that may be left out."""

DEEPEST = 24
"""Named types are never nested deeper than this."""


class Endings:
    """Ranks of the schemas of one contract.

    Rank 0 needs no named type that names further ones; each named type that can't be left out adds one. A type
    that needs itself has no end, and the rank infinity.
    """

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._known: dict[str, float] = {}

    def rank(self, schema: Any) -> float:
        """Return the rank of a schema."""
        if not isinstance(schema, dict) or "enum" in schema or "const" in schema or nullable(schema):
            return 0
        return self.rank_of_value(schema)

    def rank_of_value(self, schema: Schema) -> float:
        """Return the rank of a schema's values that are not null."""
        self._learn(schema)
        return self._rank_of_value(schema)

    def ends(self, schema: Any, depth: int) -> bool:
        """Tell whether a part that may be left out is, a number of named types deep."""
        if depth < MAX_REFERENCES:
            return False
        return self.rank(schema) > 0 or (depth >= BRIEF and _holds_others(schema))

    def shown(self, properties: Mapping[str, Any], required: Collection[str], depth: int) -> list[str]:
        """Return the names of the properties that an object has which stands a number of named types deep."""
        return [name for name, part in properties.items() if name in required or not self.ends(part, depth)]

    def _learn(self, schema: Schema) -> None:
        """Find the ranks of the named types that a schema can't do without; those that have none get infinity."""
        waiting = {name: self._schemas[name] for name in self._led_to(schema)}
        self._known |= {name: 0 for name, schema_waiting in waiting.items() if not _refers(schema_waiting)}
        while ranked := {
            name: 1 + rank
            for name, schema_waiting in waiting.items()
            if name not in self._known and (rank := self._rank(schema_waiting)) < inf
        }:
            self._known |= ranked
        self._known |= dict.fromkeys(waiting.keys() - self._known.keys(), inf)

    def _led_to(self, schema: Schema) -> set[str]:
        """Return the named types of no known rank that a schema may lead to, over any number of others."""
        names: set[str] = set()
        waiting = [schema]
        while waiting:
            for name in _references(waiting.pop()):
                if name not in names and name not in self._known:
                    names.add(name)
                    waiting.append(self._schemas[name])
        return names

    def _rank(self, schema: Any) -> float:
        if not isinstance(schema, dict) or "enum" in schema or "const" in schema or nullable(schema):
            return 0
        return self._rank_of_value(schema)

    def _rank_of_value(self, schema: Schema) -> float:
        needed = [self._rank(part) for part in _needed(schema)]
        if "$ref" in schema:
            needed.append(self._known.get(schema["$ref"].removeprefix(COMPONENT_PREFIX), inf))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                branches = [branch for branch in schema[word] if branch != {"type": "null"}]
                needed.append(min((self._rank(branch) for branch in branches), default=0))
        return max(needed, default=0)


def _holds_others(schema: Any) -> bool:
    """Tell whether values of a schema may have parts."""
    return isinstance(schema, dict) and ("$ref" in schema or any(True for _ in subschemas(schema)))


def _references(schema: Any) -> Iterator[str]:
    """Yield the named types that a schema may not do without: those it needs, and those of its alternatives."""
    if not isinstance(schema, dict) or "enum" in schema or "const" in schema:
        return
    if "$ref" in schema:
        yield schema["$ref"].removeprefix(COMPONENT_PREFIX)
    for part in (*_needed(schema), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _references(part)


def _refers(schema: Schema) -> bool:
    return "$ref" in schema or any(_refers(part) for part in subschemas(schema))


def _needed(schema: Schema) -> list[Any]:
    """Return the schemas inside one that every value has a part for, or keeps to."""
    properties = schema.get("properties", {})
    needed = [
        *schema.get("allOf", ()),
        *(properties[name] for name in schema.get("required", ()) if name in properties),
    ]
    if (least := schema.get("minItems", 0)) > 0:
        first = schema.get("prefixItems", [])[:least]
        needed += first if len(first) == least else [*first, schema.get("items")]
    if schema.get("minProperties", 0) > 0:
        needed.append(schema.get("additionalProperties"))
        needed += schema.get("patternProperties", {}).values()
    if schema.get("minContains", 1) > 0:
        needed.append(schema.get("contains"))
    return needed
