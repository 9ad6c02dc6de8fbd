"""Differences in the values that two schemas of one place allow, apart from what lies inside of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..contract.model import Schema
from ..jsonschema.formats import INTEGER_RANGES, STRICT
from ..jsonschema.subschemas import NAMED, is_annotation, subschemas
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import (
    ANNOTATIONS_COMPARED,
    NonNullSchema,
    canonical_json,
    common_types,
    is_same,
    meaning,
    without,
)
from .sides import Difference, Sides

_BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
)
_CONTENT = ("contentEncoding", "contentMediaType", "contentSchema")
"""Keywords about what a text holds, which allow and refuse nothing, but tell how to read it."""
_INSIDE = ("properties", "required", "items", "additionalProperties", "unevaluatedProperties")
_COMPARED = frozenset({"type", "format", "enum", "const", *ANNOTATIONS_COMPARED, *_BOUNDS, *_CONTENT, *_INSIDE})
_WIDER = {("int32", "int64"), ("float", "double")}
"""Formats of which the second holds all of the first."""

_MOST_SHOWN = 5


def value_differences(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield how the values of a place differ: null, type, format, terms, bounds, default and other keywords."""
    if old.is_typed == new.is_typed:
        yield from _null(old, new, sides)
    kinds = list(_type(old, new, sides)) if old.types != new.types else []
    yield from kinds
    others = _facts(old, new, sides) if is_comparable(old, new) else _whole(old, new, sides)
    if not kinds:
        yield from others
    elif all(difference.judgement is SAFE for difference in kinds):
        yield from (difference for difference in others if difference.judgement is not SAFE)


def _facts(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield how places of a common type differ, one by one."""
    yield from _format(old, new, sides)
    yield from _enum(old, new, sides)
    yield from _bounds(old, new, sides)
    yield from _default(old, new, sides)
    yield from _content(old, new, sides)
    yield from _discriminator(old, new, sides)


def _content(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield another encoding, media type or schema of what a text holds: those who decode it may fail."""
    before, after = (meaning(view.bare(*_CONTENT)) for view in (old, new))
    if not is_same(before, after):
        names = ", ".join(key for key in _CONTENT if before.get(key) != after.get(key))
        yield sides.difference("content-changed", None, old, new, f"holds text of another {names} now", "")


def _discriminator(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield another property, or another value of it, that distinguishes alternatives."""
    before, after = _terms_by_value(old), _terms_by_value(new)
    if before == after:
        return
    names = before.get("", ""), after.get("", "")
    if names[0] != names[1]:
        summary = f"is distinguished by {names[1]} now" if names[1] else f"is distinguished by {names[0]} no longer"
    else:
        values = sorted(value for value in before.keys() | after.keys() if before.get(value) != after.get(value))
        summary = f"stands for another type, or a new one, where {names[0]} is {', '.join(values)}"
    kept, wider = (before, after) if sides.is_request else (after, before)
    fits = bool(kept) and kept.items() <= wider.items()
    yield sides.difference("discriminator-changed", fits or None, old, new, summary, "")


def _terms_by_value(view: NonNullSchema) -> dict[str, str]:
    """Return the type that each value of the discriminator stands for, and its property's name under the empty text."""
    discriminator = view.keywords.get("discriminator")
    if not isinstance(discriminator, dict):
        return {}
    mapping = discriminator.get("mapping")
    types = mapping.items() if isinstance(mapping, dict) else ()
    named = {str(value): str(target).rpartition("/")[2] for value, target in types}
    return {"": str(discriminator.get("propertyName")), **named}


def is_comparable(old: NonNullSchema, new: NonNullSchema) -> bool:
    """Tell whether there is anything to compare further: types in common, and alternatives on both sides or neither."""
    is_alike = (old.is_typed, old.is_combined) == (new.is_typed, new.is_combined)
    return is_alike and bool(common_types(old.types, new.types))


def _null(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield a difference of what may be null: risky where only a sample shows the null, or what else there was."""
    if old.is_nullable == new.is_nullable:
        return
    names = ("null-refused", "null-accepted") if sides.is_request else ("null-excluded", "null-possible")
    summary = "may be null now" if new.is_nullable else "may be null no longer"
    fits = new.is_nullable == sides.is_request
    difference = sides.difference(names[new.is_nullable], fits, old, new, summary, "null")
    shown, other = (new, old) if new.is_nullable else (old, new)
    is_sure = shown.place.is_sure("null") and other.place.is_sure("type")
    yield difference if is_sure or difference.judgement is SAFE else replace(difference, judgement=RISKY)


def type_word(view: NonNullSchema) -> str:
    """Return the type of a place as people name it."""
    if not view.is_typed:
        return "anything"
    form = view.keywords.get("format")
    names = _type_names(view)
    return str(form) if form and " or " not in names else names


def _type_names(view: NonNullSchema) -> str:
    """Return the names of the types, without integers where all numbers are allowed."""
    return " or ".join(sorted(view.types - {"integer"} if "number" in view.types else view.types))


def _type(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    narrow, wide = (old, new) if sides.is_request else (new, old)
    fits = narrow.types <= wide.types
    words = type_word(old), type_word(new)
    if words[0] == words[1]:
        words = _type_names(old), _type_names(new)
    yield sides.difference("type-changed", fits, old, new, f"was {words[0]}, is {words[1]} now", "type")


def _format(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    before, after = old.keywords.get("format"), new.keywords.get("format")
    if before == after:
        return
    narrow, wide = (before, after) if sides.is_request else (after, before)
    fits = _format_fits(narrow, wide, old.types)
    yield sides.difference("format-changed", fits, old, new, _format_summary(old, new), "format")


def _format_summary(old: NonNullSchema, new: NonNullSchema) -> str:
    before, after = old.keywords.get("format"), new.keywords.get("format")
    if before and after:
        return f"was {before}, is {after} now"
    return f"has the format {after} now" if after else f"has the format {before} no longer"


def _format_fits(narrow: Any, wide: Any, types: frozenset[str]) -> bool | None:
    if wide is None or (narrow, wide) in _WIDER:
        return True
    checked = INTEGER_RANGES.keys() if types <= {"integer", "number"} else STRICT.keys()
    return False if wide in checked and (narrow is None or narrow in checked) else None


def _terms(view: NonNullSchema) -> dict[str, Any] | None:
    """Return the listed values, ``None`` where none are listed."""
    listed = view.keywords.get("enum")
    if "const" in view.keywords:
        listed = [view.keywords["const"]]
    return {canonical_json(value): value for value in listed} if isinstance(listed, list) else None


def _enum(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    before, after = _terms(old), _terms(new)
    if before is None and after is None:
        return
    if before is None or after is None:
        introduced = before is None
        what, values = ("enum-introduced", after) if introduced else ("enum-lifted", before)
        head = "may only be {} now" if introduced else "may be anything now, not only {}"
        yield _term(what, introduced, old, new, head.format(_shown(values or {})), sides)
        return
    if gone := {key: value for key, value in before.items() if key not in after}:
        yield _term("enum-value-removed", True, old, new, f"may be {_shown(gone)} no longer", sides)
    if added := {key: value for key, value in after.items() if key not in before}:
        difference = _term("enum-value-added", False, old, new, f"may be {_shown(added)} now", sides)
        is_replaced = len(added) == len(after) and not sides.is_request
        judgement = sides.judged(False, old.place, new.place, "enum") if is_replaced else difference.judgement
        yield replace(difference, judgement=judgement)


def _term(what: str, narrows: bool, old: NonNullSchema, new: NonNullSchema, summary: str, sides: Sides) -> Difference:
    """Return a difference of listed values: a new one in a response is risky, since clients should expect more."""
    difference = sides.difference(what, narrows != sides.is_request, old, new, summary, "enum")
    return (
        difference if difference.judgement is not BREAKING or sides.is_request else replace(difference, judgement=RISKY)
    )


def _shown(values: dict[str, Any]) -> str:
    words = sorted(values)
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return ", ".join(words[:_MOST_SHOWN]) + more


def _bounds(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    before, after = old.bare(*_BOUNDS), new.bare(*_BOUNDS)
    if before == after:
        return
    common = sorted(common_types(old.types, new.types))
    narrow, wide = {"type": common, **before}, {"type": common, **after}
    if not sides.is_equivalent(narrow, wide):
        yield sides.difference(
            "bounds-changed", sides.fits(narrow, wide), old, new, _bounds_summary(before, after), "bounds"
        )


def _bounds_summary(before: Schema, after: Schema) -> str:
    keys = [key for key in _BOUNDS if before.get(key) != after.get(key)]
    return "; ".join(_bound(key, before.get(key), after.get(key)) for key in keys)


def _bound(key: str, before: Any, after: Any) -> str:
    if before is None:
        return f"has {key} {after} now"
    return f"has {key} {before} no longer" if after is None else f"had {key} {before}, has {after} now"


def _default(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield a default that changed: whoever leaves the value out gets another one."""
    before, after = old.keywords.get("default"), new.keywords.get("default")
    if sides.is_request and before is not None and canonical_json(before) != canonical_json(after):
        text = f"stood for {canonical_json(before)} when left out, stands for {canonical_json(after)} now"
        summary = text if after is not None else f"stood for {canonical_json(before)} when left out, no longer"
        yield replace(sides.difference("default-changed", None, old, new, summary, "default"), judgement=RISKY)


def others(view: NonNullSchema) -> Schema:
    """Return what a schema says beside the facts that are compared one by one."""
    rest = {key: part for key, part in view.keywords.items() if key not in _COMPARED and not is_annotation(key)}
    return {key: part for key, part in meaning(rest).items() if part != {} or key not in NAMED}


def other_difference(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield a difference of combined schemas, if they don't come to the same."""
    common = {"type": sorted(common_types(old.types, new.types))}
    yield from _combined({**common, **others(old)}, {**common, **others(new)}, old, new, sides)


def _whole(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield a difference of two schemas that can't be compared fact by fact, such as one that has alternatives.

    Their types are compared apart, so only the values of the types that both allow are looked at.
    """
    if common := sorted(common_types(old.types, new.types)):
        schemas = [{**view.keywords, "type": common} for view in (old, new)]
        before, after = (without(schema, *ANNOTATIONS_COMPARED) for schema in schemas)
        yield from _combined(before, after, old, new, sides)


def _combined(
    before: Schema, after: Schema, old: NonNullSchema, new: NonNullSchema, sides: Sides
) -> Iterator[Difference]:
    if is_same(before, after) or sides.is_equivalent(before, after):
        return
    summary = "is described by another combination of schemas now"
    difference = sides.difference("schema-changed", sides.fits(before, after), old, new, summary, "")
    lost = _property_names(before) - _property_names(after) if sides.is_request else set()
    if lost and difference.judgement is SAFE:
        summary = f"no longer has {', '.join(sorted(lost))}"
        difference = replace(difference, judgement=RISKY, summary=summary)
    yield difference


def _property_names(schema: Schema) -> set[str]:
    """Return the names of the properties that a schema and those inside of it document."""
    properties = schema.get("properties")
    names = set(properties) if isinstance(properties, dict) else set[str]()
    return names.union(*(_property_names(part) for part in subschemas(schema)))
