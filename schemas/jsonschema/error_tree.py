"""Errors of jsonschema-rs as errors of jsonschema, in its order, where both tell the same of a schema's keywords.

That saves walking through the value once more in Python. Each knows the schemas that lead to it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import jsonschema_rs
from jsonschema.exceptions import ValidationError

from ..contract.model import Schema
from ..contract.regular_expressions import pattern_test

_ASSERTED = frozenset(
    [
        *("type", "enum", "const", "required", "not", "pattern", "format", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    ]
)
"""Keywords whose errors say all there is to say."""

_ALTERNATIVES = {"AnyOf": "anyOf", "OneOfNotValid": "oneOf"}
"""Kind of an error → the keyword of which no alternative fits; what fits too many is another kind."""

_OF_SEVERAL = frozenset(["properties", "patternProperties", "allOf", "anyOf", "oneOf", "prefixItems"])
"""Keywords that have schemas by name or number."""

_INSIDE = frozenset(["properties", "patternProperties", "additionalProperties", "items", "prefixItems"])
"""Keywords whose schemas are for what is inside of a value."""

_Steps = list[str | int]

_Orders = dict[int, dict[Any, int]]
"""Objects of a schema and a value that is explained, by their identity, and where in them each name stands."""


class LocatedError(ValidationError):
    """An error that knows the schemas which lead to it, the outermost first."""

    def __init__(self, trail: list[Schema], **others: Any) -> None:
        super().__init__("", **others)
        self.trail = trail


class UnexpectedError(LocatedError):
    """An object has properties, by ``names``, that have no place in it."""

    def __init__(self, names: Iterable[str], trail: list[Schema] | None = None, **others: Any) -> None:
        super().__init__(trail or [], **others)
        self.names = tuple(names)


class _Outer(NamedTuple):
    """Numbers of keywords and steps that lead to the error of which others are part."""

    keywords: int = 0
    steps: int = 0


def located_errors(
    bundled: Schema, value: Any, errors: Iterable[jsonschema_rs.ValidationError]
) -> list[ValidationError] | None:
    """Return the errors of a value, ``None`` where jsonschema has to be asked."""
    return _converted(bundled, value, errors, _Outer())


def unexpected_names(schema: Schema, instance: Any) -> list[str]:
    """Return the names of an object's members for which there is only ``additionalProperties``."""
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others = [name for name in instance if name not in known] if isinstance(instance, dict) else []
    return [name for name in others if not any(pattern_matches(pattern, name) for pattern in patterns)]


def pattern_matches(pattern: str, name: str) -> bool:
    """Tell whether a regular expression of a schema is found in a name."""
    return pattern_test(pattern)(name)


def _converted(
    bundled: Schema, value: Any, errors: Iterable[jsonschema_rs.ValidationError], outer: _Outer
) -> list[ValidationError] | None:
    conversions: list[tuple[jsonschema_rs.ValidationError, _Location, ValidationError]] = []
    for error in errors:
        location = _location(bundled, value, list(error.evaluation_path), list(error.instance_path))
        converted = location and _error(bundled, value, error, location, outer)
        if not location or not converted:
            return None
        conversions.append((error, location, converted))
    if len(conversions) == 1:
        return [conversions[0][2]]
    orders: _Orders = {}
    ranked: dict[tuple[int, ...], ValidationError] = {}
    for error, location, converted in conversions:
        ranked.setdefault((*location.rank(orders), *_rank_of_name(error, location)), converted)
    return [ranked[rank] for rank in sorted(ranked)]


def _rank_of_name(error: jsonschema_rs.ValidationError, location: "_Location") -> tuple[int, ...]:
    """Return which of the required names is missing."""
    if location.keyword != "required":
        return ()
    missing, names = getattr(error.kind, "property", None), location.trail[-1]["required"]
    return (names.index(missing),) if missing in names else ()


class _Location(NamedTuple):
    """The place of an error: the schemas and the keywords that lead there, and the part of the value.

    ``taken`` are the objects and arrays on the way, each with the step out of it; ``keywords`` tells nothing of
    references, as in jsonschema.
    """

    trail: list[Schema]
    keywords: _Steps
    taken: list[tuple[Any, str | int]]
    instance: Any
    steps: _Steps

    def rank(self, orders: _Orders) -> list[int]:
        """Return what sorts errors as jsonschema finds them."""
        return [_index(container, step, orders) for container, step in self.taken]

    @property
    def keyword(self) -> str:
        """The keyword that fails."""
        return str(self.keywords[-1])


def _location(bundled: Schema, value: Any, path: _Steps, steps: _Steps) -> _Location | None:
    """Return the place of an error, ``None`` where a keyword leads there that isn't followed here."""
    trail: list[Schema] = []
    keywords: _Steps = []
    taken: list[tuple[Any, str | int]] = []
    inner: _Steps = []
    node: Any = bundled
    waiting, inside = path[::-1], steps[::-1]
    while waiting and isinstance(node, dict) and waiting[-1] in node:
        keyword = waiting.pop()
        trail.append(node)
        taken.append((node, keyword))
        node = node[keyword]
        if keyword == "$ref":
            node = bundled["$defs"].get(node.removeprefix("#/$defs/"))
            continue
        keywords.append(keyword)
        if not waiting:
            return None if inside else _Location(trail, keywords, taken, value, inner)
        if keyword in _OF_SEVERAL:
            name = _key(node, waiting)
            if name is None:
                return None
            keywords.append(name)
            taken.append((node, name))
            node = node[name]
        elif keyword not in _INSIDE:
            return None
        if keyword in _INSIDE:
            step = _key(value, inside)
            if step is None:
                return None
            inner.append(step)
            taken.append((value, step))
            value = value[step]
    return None


def _key(container: Any, waiting: _Steps) -> str | int | None:
    """Return the next step, into an object or an array, ``None`` where it leads nowhere or may be another one.

    In the paths of jsonschema-rs empty names are missing, and names of digits are numbers.
    """
    step = waiting.pop() if waiting else None
    if isinstance(container, list):
        return step if isinstance(step, int) and step < len(container) else None
    if isinstance(step, int):
        named = [name for name in container if name.lstrip("+").isdecimal() and int(name) == step]
        return named[0] if len(named) == 1 else None
    return step if step in container else None


def _index(container: Any, step: str | int, orders: _Orders) -> int:
    if not isinstance(container, dict):
        return int(step)
    order = orders.get(id(container))
    if order is None:
        order = orders[id(container)] = {name: number for number, name in enumerate(container)}
    return order[step]


def _error(
    bundled: Schema,
    value: Any,
    error: jsonschema_rs.ValidationError,
    location: _Location,
    outer: _Outer,
) -> ValidationError | None:
    """Return an error at a place, with those of the alternatives that don't fit; ``None`` for another kind."""
    keyword, schema = location.keyword, location.trail[-1]
    about: dict[str, Any] = {
        "validator": keyword,
        "validator_value": schema[keyword],
        "instance": location.instance,
        "schema": schema,
        "path": location.steps[outer.steps :],
        "schema_path": location.keywords[outer.keywords :],
    }
    kind: Any = error.kind
    if keyword == "additionalProperties" and schema[keyword] is False:
        return UnexpectedError(unexpected_names(schema, location.instance), location.trail, **about)
    if _ALTERNATIVES.get(type(kind).__name__) == keyword:
        inner = [cause for branch in kind.context for cause in branch]
        below = _converted(bundled, value, inner, _Outer(len(location.keywords), len(location.steps)))
        return LocatedError(location.trail, context=below, **about) if below is not None else None
    return LocatedError(location.trail, **about) if keyword == kind.name and keyword in _ASSERTED else None
