"""The values at the edges of what is documented of a field; all of them are meant to be valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from docdouble.fakeserver import Sampler
from docdouble.schemas import Schema
from docdouble.schemas.contract.model import types_of
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES, NUMBER_RANGES

from ..generation.fields import RequestField
from .draft import ABSENT
from .texts import LONGEST, ODD, RIGHT

MOST_ITEMS = 50
"""Longer arrays are not sent, whatever is allowed."""

_RANGES = tuple(
    (name, (("least", INTEGER_RANGES[name][0]), ("greatest", INTEGER_RANGES[name][1]))) for name in ("int32", "int64")
)

DOUBLE = 1.7976931348623157e308
"""The greatest number, where no limit is documented."""

FAR = 1e15
"""The number farthest from zero, where no limit is documented; every integer up to here is exact as a double."""

Try = tuple[str, Any]
"""Words about a value that is tried, and the value: ``ABSENT`` to leave the field out."""


@dataclass(frozen=True)
class Sampled:
    """Placeholder of a value that fits a schema, which is drawn when it is needed; another number draws another one."""

    schema: Schema
    number: int = 0


def with_drawn_values(value: Any, sampler: Sampler) -> Any:
    """Return a value with what is drawn later in its place."""
    match value:
        case Sampled():
            return sampler.sample_if_any(value.schema, value.number)
        case list():
            return [with_drawn_values(part, sampler) for part in value]
        case dict():
            return {name: with_drawn_values(part, sampler) for name, part in value.items()}
    return value


def boundaries(field: RequestField) -> Iterator[Try]:
    """Yield the values at the edges of what a field may hold."""
    if field.may_be_null and field.where == "body":
        yield "null", None
    if not field.is_required and field.path:
        yield "left out", ABSENT
    yield from _listed(field)
    if field.steers or "enum" in field.schema or "const" in field.schema:
        return
    match field.kind:
        case "integer":
            yield from _integers(field.schema)
        case "number":
            yield from _numbers(field.schema)
        case "boolean":
            yield from (("true", True), ("false", False))
        case "string":
            yield from ((about, value) for about, value in _strings(field) if may_stand_at(field, value))
        case "array":
            yield from _arrays(field.schema)
        case "dictionary" if field.where == "body":
            yield from _dictionaries(field.schema)
        case "object" if field.path and not field.schema.get("required"):
            yield "an empty object", {}


def _listed(field: RequestField) -> Iterator[Try]:
    """Yield the values that the documentation lists or shows."""
    schema = field.schema
    yield from ((f"listed value {value!r}", value) for value in schema.get("enum", ()) if value is not None)
    if "const" in schema:
        yield "the only value", schema["const"]
    shown = [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else [])]
    yield from ((f"documented value {str(value)[:40]!r}", value) for value in shown[:3] if value is not None)


def limits(schema: Schema) -> tuple[float | None, float | None]:
    """Return the least and the greatest value that a number may have, ``None`` where none is documented.

    Limits that are themselves excluded are moved by one, which is exact for integers; those of integers are integers,
    also where a document has ``1.0``.
    """
    low, high = NUMBER_RANGES.get(str(schema.get("format")), (None, None))
    lows: list[Any] = [low, schema.get("minimum"), _moved(schema.get("exclusiveMinimum"), 1)]
    highs: list[Any] = [high, schema.get("maximum"), _moved(schema.get("exclusiveMaximum"), -1)]
    least, greatest = max(filter(_is_number, lows), default=None), min(filter(_is_number, highs), default=None)
    if "number" in types_of(schema) or "integer" not in types_of(schema):
        return least, greatest
    return least if least is None else ceil(least), greatest if greatest is None else floor(greatest)


def _is_number(limit: Any) -> bool:
    return isinstance(limit, int | float) and not isinstance(limit, bool)


def _moved(limit: Any, by: int) -> float | None:
    return limit + by if _is_number(limit) else None


def _integers(schema: Schema) -> Iterator[Try]:
    low, high = limits(schema)
    edges: list[Try] = [("zero", 0), ("one", 1), ("minus one", -1)]
    if high is not None:
        edges += [("the greatest", int(high)), ("one less than the greatest", int(high) - 1)]
    if low is not None:
        edges += [("the least", int(low)), ("one more than the least", int(low) + 1)]
    if high is None and low is None:
        edges += [("far above int32", int(FAR)), ("far below int32", -int(FAR))]
    edges += [(f"the {about} of {name}", value) for name, both in _RANGES for about, value in both]
    step = schema.get("multipleOf")
    if isinstance(step, int) and step > 1:
        edges = [*((about, value // step * step) for about, value in edges), ("one step", step)]
    first = {value: about for about, value in reversed(edges) if _is_within(value, low, high)}
    yield from ((about, value) for about, value in edges if first.get(value) == about)


def _numbers(schema: Schema) -> Iterator[Try]:
    low, high = limits(schema)
    edges: list[Try] = [("zero", 0), ("a fraction", 0.1), ("a negative fraction", -1.5), ("tiny", 1e-9)]
    edges += [("the least", low)] if low is not None else [("far below zero", -FAR)]
    edges += [("the greatest", high)] if high is not None else [("far above zero", FAR)]
    edges += [("the greatest double", DOUBLE)] if high is None else []
    edges += [("the least double", -DOUBLE)] if low is None else []
    yield from ((about, value) for about, value in edges if _is_within(value, low, high))


def _is_within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _strings(field: RequestField) -> Iterator[Try]:
    schema = field.schema
    if texts := RIGHT.get(str(schema.get("format", ""))):
        yield from ((f"{schema['format']} {text}".strip(), text) for text in texts)
        return
    least, most = schema.get("minLength", 0), schema.get("maxLength", LONGEST)
    if "pattern" in schema or schema.get("format"):
        yield from ((f"fits {number}", Sampled(schema, number)) for number in (1, 2))
        return
    if "maxLength" in schema and most <= LONGEST:
        yield from (("the longest", "x" * most), ("the longest, of two bytes each", "é" * most))
    if least:
        yield "the shortest", "x" * least
    for name in ODD if field.where not in ("header", "cookie") else ():
        if least <= len(ODD[name].strip()) and len(ODD[name]) <= most:  # servers may cut off blanks
            yield name, ODD[name]


def may_stand_at(field: RequestField, value: Any) -> bool:
    """Tell whether a value may be sent at a field: no text in a path that servers read as another path, or as none."""
    if field.where != "path" or not isinstance(value, str):
        return True
    return value.isprintable() and value.strip() not in ("", ".", "..") and not {"/", "\\"} & set(value)


def _arrays(schema: Schema) -> Iterator[Try]:
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", MOST_ITEMS))
    items = schema.get("items") if isinstance(schema.get("items"), dict) else {}
    known = (("no items", 0), ("one item", 1), ("the fewest items", least), ("the most items", most))
    counts = {count: about for about, count in known if count in (0, 1, least) or "maxItems" in schema}
    for count, about in counts.items():
        if least <= count <= min(most, MOST_ITEMS):
            yield about, [Sampled(items or {}, number) for number in range(count)]
    if not schema.get("uniqueItems") and least <= 2 <= most:
        repeated = Sampled(items or {}, 0)
        yield "one item twice", [repeated, repeated]


def _dictionaries(schema: Schema) -> Iterator[Try]:
    if not schema.get("minProperties"):
        yield "no members", {}
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict) and "pattern" not in schema.get("propertyNames", {}):
        yield "one member", {"docdouble": Sampled(rest, 0)}
        yield "a name with a blank", {"a b": Sampled(rest, 1)}
