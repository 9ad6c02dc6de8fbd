"""Text of a path, query, header or cookie parameter → the value that its schema means."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from .model import Contract, Schema

_INTEGER = re.compile(r"-?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z")
_INT64 = range(-(2**63), 2**63)
_FORMS = {
    "uuid": r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
    "date": r"\A\d{4}-\d\d-\d\d\Z",
    "date-time": r"\A\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d",
    "email": "@",
    "ipv4": r"\A\d+(\.\d+){3}\Z",
    "uri": r"\A[A-Za-z][A-Za-z0-9+.-]*:",
}
"""Format → a pattern that tells its texts from those of other formats; it isn't checked by it."""

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


def breadth(schema: Schema, contract: Contract) -> int:
    """Return how many texts a parameter takes, in comparison: 0 of a type, 1 of a form, 2 for any."""
    is_formed = any("pattern" in branch or "format" in branch for branch in schema_branches(schema, contract))
    return (1 if is_formed else 2) if is_free_text(schema, contract) else 0


def fits(text: str, schema: Schema, contract: Contract) -> bool:
    """Tell whether a text is a value of the parameter's type and form, and a listed one where values are listed."""
    value = parameter_value([text], schema, contract)
    branches = list(schema_branches(schema, contract))
    listed = [branch["enum"] for branch in branches if "enum" in branch]
    if listed:
        return any(value in values for values in listed)
    if not isinstance(value, str):
        return True
    formed = [branch for branch in branches if "pattern" in branch or branch.get("format") in _FORMS]
    is_formed = not formed or any(_has_form(value, branch) for branch in formed)
    return is_free_text(schema, contract) and is_formed


def _has_form(text: str, schema: Schema) -> bool:
    patterns = [_FORMS.get(str(schema.get("format")), ""), schema.get("pattern", "")]
    try:
        return all(re.search(pattern, text) for pattern in patterns if isinstance(pattern, str))
    except re.error:
        return True  # written for another engine: nothing is known


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
