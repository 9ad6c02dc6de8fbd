"""Values of parameters, read from texts by a schema, and the parts of a schema that decide them."""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from .model import Contract, Schema
from .regular_expressions import pattern_test

_INTEGER = re.compile(r"-?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z")
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


def is_free_text(schema: Schema, contract: Contract) -> bool:
    """Tell whether a parameter takes any text, as far as its type and its listed values say."""
    branches = list(schema_branches(schema, contract))
    kinds = declared_types(branches)
    return not any("enum" in branch for branch in branches) and (not kinds or "string" in kinds)


def breadth(schema: Schema, contract: Contract) -> int:
    """Return how many texts a parameter takes, in comparison: 0 of a type, 1 of a form, 2 for any."""
    is_formed = any("pattern" in branch or "format" in branch for branch in schema_branches(schema, contract))
    return (1 if is_formed else 2) if is_free_text(schema, contract) else 0


def is_text_of(text: str, branches: Iterable[Schema]) -> bool:
    """Tell whether a text has the pattern and looks like the format of some alternative, where any has one."""
    formed = [branch for branch in branches if "pattern" in branch or branch.get("format") in _FORMS]
    return not formed or any(_has_form(text, branch) for branch in formed)


def _has_form(text: str, schema: Schema) -> bool:
    if not re.search(_FORMS.get(str(schema.get("format")), ""), text):
        return False
    try:
        return pattern_test(str(schema.get("pattern", "")))(text)
    except ValueError:
        return True  # nothing is known of what can't be checked


def schema_branches(schema: Any, contract: Contract) -> Iterator[Schema]:
    """Yield the schema and its alternatives, references followed, each once."""
    return _branches(schema, contract, 0, {})


def _branches(schema: Any, contract: Contract, depth: int, seen: dict[int, Schema]) -> Iterator[Schema]:
    if not isinstance(schema, dict) or depth > _NESTED:
        return
    schema = contract.resolve(schema)
    if id(schema) in seen:
        return
    seen[id(schema)] = schema
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for branch in schema.get(word, ()):
            yield from _branches(branch, contract, depth + 1, seen)


def declared_types(branches: Iterable[Schema]) -> set[str]:
    """Return the JSON types that some alternatives of a schema name."""
    declared = [branch["type"] for branch in branches if "type" in branch]
    return {kind for type_names in declared for kind in ([type_names] if isinstance(type_names, str) else type_names)}


def value_kinds(branches: Iterable[Schema]) -> frozenset[str]:
    """Return the JSON types that some alternatives of a schema name, or mean by what they say of values."""
    return frozenset(kind for branch in branches for kind in _kinds(branch))


def means_object(schema: Any, contract: Contract) -> bool:
    """Tell whether a schema describes the properties of an object, and no text; many such schemas state no type."""
    return value_kinds(schema_branches(schema, contract)) & {"object", "string"} == {"object"}


def _kinds(branch: Schema) -> Iterable[str]:
    declared = branch.get("type")
    if declared is not None:
        return (declared,) if isinstance(declared, str) else declared
    listed = branch.get("enum", [branch["const"]] if "const" in branch else ())
    shapes = {"object": "properties" in branch, "array": "items" in branch}
    return [*map(json_type, listed), *(kind for kind, is_meant in shapes.items() if is_meant)]


def json_type(value: Any) -> str:
    """Return the JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    names = {type(None): "null", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def properties_of(branches: Iterable[Schema]) -> dict[str, Any]:
    """Return the documented properties of all alternatives."""
    return {name: part for branch in branches for name, part in branch.get("properties", {}).items()}


def documented_name(name: str, branches: Iterable[Schema]) -> str:
    """Return a property's name as it is documented, whatever its letter case; any other as it is."""
    known = properties_of(branches)
    return (
        name
        if name in known
        else next((known_name for known_name in known if known_name.lower() == name.lower()), name)
    )


def member_of(branches: Sequence[Schema], name: str) -> Schema:
    """Return the schema of a property, whatever the letter case of its name; empty where it has none."""
    for branch in branches:
        properties = branch.get("properties", {})
        known = name if name in properties else documented_name(name, [branch])
        below = properties.get(known, branch.get("additionalProperties"))
        if isinstance(below, dict):
            return below
    return {}


def items_of(branches: Iterable[Schema]) -> Schema:
    """Return the schema of the items of an array, empty where it has none."""
    return next((branch["items"] for branch in branches if isinstance(branch.get("items"), dict)), {})


def scalar(text: str, kinds: Collection[str]) -> Any:
    """Return a text as a value of the first type that it is one of; other text stays text."""
    if "boolean" in kinds and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if "null" in kinds and "string" not in kinds and text in ("null", ""):
        return None
    if "integer" in kinds and _INTEGER.match(text):
        return int(text)
    if "number" in kinds and _NUMBER.match(text) and math.isfinite(float(text)):
        return float(text)
    return text


def field_scalar(text: str, kinds: Collection[str]) -> Any:
    """Return a text of a query or a form as ``scalar`` does; ``1`` and ``0`` are booleans where they are no others."""
    value = scalar(text, kinds)
    if value in ("0", "1") and "boolean" in kinds and "string" not in kinds:
        return value == "1"
    return value
