"""Text of a path, query, header or cookie parameter → the value that its schema means."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from .model import Contract, Schema

_INTEGER = re.compile(r"-?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z")
_INT64 = range(-(2**63), 2**63)
_NESTED = 8
"""Alternatives inside alternatives are looked into this deep."""


def parameter_value(texts: Sequence[str], schema: Schema, contract: Contract) -> Any:
    """Return a parameter's value as its schema's type; text that is no such value stays text, and so is refused."""
    return parameter_reader(schema, contract)(texts)


def parameter_reader(schema: Schema, contract: Contract) -> Callable[[Sequence[str]], Any]:
    """Return what reads the texts of a parameter as ``parameter_value`` does."""
    branches = list(schema_branches(schema, contract))
    kinds = declared_types(branches)
    if "array" not in kinds:
        return lambda texts: scalar(texts[-1], kinds)
    items: Schema = next((branch["items"] for branch in branches if isinstance(branch.get("items"), dict)), {})

    def read(texts: Sequence[str]) -> list[Any]:
        parts = texts if len(texts) > 1 else texts[0].split(",")
        return [parameter_value([part], items, contract) for part in parts]

    return read


def is_free_text(schema: Schema, contract: Contract) -> bool:
    """Tell whether a parameter takes any text, as far as its type and its listed values say."""
    branches = list(schema_branches(schema, contract))
    kinds = declared_types(branches)
    return not any("enum" in branch for branch in branches) and (not kinds or "string" in kinds)


def fits(text: str, schema: Schema, contract: Contract) -> bool:
    """Tell whether a text is a value of the parameter's type, and a listed one where values are listed."""
    value = parameter_value([text], schema, contract)
    listed = [branch["enum"] for branch in schema_branches(schema, contract) if "enum" in branch]
    if listed:
        return any(value in values for values in listed)
    return is_free_text(schema, contract) or not isinstance(value, str)


def schema_branches(schema: Any, contract: Contract, depth: int = 0) -> Iterator[Schema]:
    """Yield the schema and its alternatives, references followed."""
    if not isinstance(schema, dict) or depth > _NESTED:
        return
    schema = contract.resolve(schema)
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word, ()):
            yield from schema_branches(branch, contract, depth + 1)


def declared_types(branches: Iterable[Schema]) -> set[str]:
    """Return the JSON types that some alternatives of a schema name."""
    declared = [branch["type"] for branch in branches if "type" in branch]
    return {kind for one in declared for kind in ([one] if isinstance(one, str) else one)}


def scalar(text: str, kinds: Collection[str]) -> Any:
    """Return a text as a value of the first type that it is one of; other text stays text."""
    if "boolean" in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "integer" in kinds and _INTEGER.match(text):
        # beyond 64 bits as the body's numbers are read
        return int(text) if int(text) in _INT64 else float(text)
    if "number" in kinds and _NUMBER.match(text) and math.isfinite(float(text)):
        return float(text)
    return text
