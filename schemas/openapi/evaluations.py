"""Evaluations: how many schemas decide about one value, by ``allOf``, ``anyOf``, ``not`` and so on.

Thirty types, each made of the next one twice, are 2^30 schemas for whoever judges a value, and for whoever makes one.
"""

from collections.abc import Callable, Iterator, Mapping

from ..contract.model import COMPONENT_PREFIX, Schema
from ..jsonschema.subschemas import with_subschemas

MOST_EVALUATIONS = 2_000
"""Schemas that may decide about one value."""

_SINGLE = ("not", "if", "then", "else")
_APPLIED = frozenset((*_SINGLE, "allOf", "anyOf", "oneOf", "dependentSchemas"))


def bounded_evaluations(schemas: Mapping[str, Schema], report: Callable[[str], None]) -> dict[str, Schema]:
    """Return named schemas without the keywords that lead to too many; ``report`` gets the names of such ones."""
    counts: dict[str, int] = {}
    bounded: dict[str, Schema] = {}

    def checked(schema: Schema, name: str) -> Schema:
        if _APPLIED.isdisjoint(schema) or _count(schema, counts) <= MOST_EVALUATIONS:
            return schema
        report(name)
        return {keyword: value for keyword, value in schema.items() if keyword not in _APPLIED}

    for name in _inner_first(schemas):
        bounded[name] = checked(schemas[name], name)
        counts[name] = _count(bounded[name], counts)

    def below(schema: Schema, name: str) -> Schema:
        return with_subschemas(schema, lambda inner: below(checked(inner, name), name))

    return {name: below(bounded[name], name) for name in schemas}


def _applied(schema: Schema) -> Iterator[Schema]:
    """Yield the schemas directly inside of one that decide about the same value."""
    for keyword in _APPLIED.intersection(schema):
        value = schema[keyword]
        inner = [value] if keyword in _SINGLE else value.values() if isinstance(value, dict) else value
        yield from (part for part in inner if isinstance(part, dict))


def _count(schema: Schema, counts: Mapping[str, int]) -> int:
    """Return how many schemas decide about a value of this one, with the counts of named ones."""
    named = counts.get(schema["$ref"].removeprefix(COMPONENT_PREFIX), 1) if "$ref" in schema else 0
    return 1 + named + sum(_count(inner, counts) for inner in _applied(schema))


def _names(schema: Schema) -> Iterator[str]:
    """Yield the named schemas that decide about a value of this one."""
    if "$ref" in schema:
        yield schema["$ref"].removeprefix(COMPONENT_PREFIX)
    for inner in _applied(schema):
        yield from _names(inner)


def _inner_first(schemas: Mapping[str, Schema]) -> list[str]:
    """Return the names of schemas, each after those that it leads to."""
    ordered: dict[str, None] = {}
    entered: set[str] = set()
    for first in schemas:
        waiting = [first]
        while waiting:
            name = waiting[-1]
            following = () if name in entered else tuple(_names(schemas[name]))
            entered.add(name)
            new = [inner for inner in following if inner in schemas and inner not in entered]
            if new:
                waiting += new
            else:
                ordered[waiting.pop()] = None
    return list(ordered)
