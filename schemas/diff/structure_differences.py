"""Differences inside two schemas of one place: properties, items, alternatives."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..contract.model import Schema
from ..json_pointer import escape_token
from .change import NO_VALUE, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import ALTERNATIVES, NonNullSchema, SchemaPlace, canonical_json, lost_pages, meaning
from .sides import Difference, KeywordSource, Sides

_HIDDEN = {"request": "readOnly", "response": "writeOnly"}
"""Properties with this mark have no part in a direction."""

Pairs = tuple[tuple[SchemaPlace, SchemaPlace], ...]


def _visible(view: NonNullSchema, sides: Sides) -> Mapping[str, Any]:
    mark = _HIDDEN[sides.direction]
    return {
        name: part
        for name, part in view.properties.items()
        if part is not False and not (isinstance(part, dict) and part.get(mark) is True)
    }


def _is_closed(view: NonNullSchema) -> bool:
    return view.keywords.get("additionalProperties") is False or view.keywords.get("unevaluatedProperties") is False


def property_differences(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield which properties came, went, or may be left out on one side only."""
    before, after = _visible(old, sides), _visible(new, sides)
    for name in sorted(before.keys() - after.keys()):
        yield _removed(name, old, new, sides)
    for name in sorted(after.keys() - before.keys()):
        yield _added(name, old, new, sides)
    for name in sorted(before.keys() & after.keys()):
        if (name in old.required) != (name in new.required):
            yield _required(name, old, new, sides)
        if lost := lost_pages(before[name], after[name]):
            yield _unstated(name, old, new, lost)


def _removed(name: str, old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Difference:
    """Return a removed property: in a request, nothing but a closed object refuses it; in a response, it is missed.

    One that only a sample showed was no promise.
    """
    place = old.place.inner(old.properties[name])
    is_missed = _is_closed(new) if sides.is_request else True
    judgement = BREAKING if is_missed and place.is_sure() else RISKY
    example = NO_VALUE
    if judgement is BREAKING and (sides.is_request or name in old.required):
        example = sides.example(_with(old, name) if sides.is_request else old.place.schema, new.place.schema)
    pointer = f"/{escape_token(name)}"
    return Difference(
        "property-removed", judgement, "is gone", pointer, pointer, KeywordSource(place.holder), None, example
    )


def _unstated(name: str, old: NonNullSchema, new: NonNullSchema, pages: frozenset[str]) -> Difference:
    """Return a property that pages don't state any more: it is still there for what another page or a sample says."""
    sources = KeywordSource(old.properties[name]), KeywordSource(new.properties[name])
    pointer, summary = f"/{escape_token(name)}", "is no longer stated by its page"
    return Difference("property-unstated", RISKY, summary, pointer, pointer, *sources, pages=pages)


def _with(view: NonNullSchema, name: str) -> Schema:
    """Return a schema whose values all have a property."""
    return {"allOf": [view.place.schema, {"required": [name]}], "type": "object", "properties": view.properties}


def _added(name: str, old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Difference:
    place = new.place.inner(new.properties[name])
    pointer, source = f"/{escape_token(name)}", KeywordSource(place.holder)
    if not sides.is_request or name not in new.required:
        return Difference("property-added", SAFE, "is new", pointer, "", None, source)
    judgement = BREAKING if place.is_sure() and new.place.is_sure("required") else RISKY
    example = sides.example(old.place.schema, new.place.schema)
    return Difference("required-property-added", judgement, "is new and required", pointer, "", None, source, example)


def _required(name: str, old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Difference:
    """Return a property that has to be there on one side only."""
    is_required = name in new.required
    what = "property-became-required" if is_required else "property-became-optional"
    summary = "may not be left out any more" if is_required else "may be left out now"
    if not sides.is_request:
        summary = "always comes now" if is_required else "may be missing now"
    judgement, example = SAFE, NO_VALUE
    if is_required == sides.is_request:
        judgement = _judged(new if is_required else old)
        example = sides.example(old.place.schema, new.place.schema)
    pointer = f"/{escape_token(name)}"
    around = "" if sides.is_request else pointer
    places = old.place.inner(old.properties[name]), new.place.inner(new.properties[name])
    sources = KeywordSource(places[0].holder, "required"), KeywordSource(places[1].holder, "required")
    return Difference(what, judgement, summary, pointer, around, *sources, example)


def _judged(view: NonNullSchema) -> Judgement:
    return BREAKING if view.place.is_sure("required") else RISKY


def closing_differences(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield whether properties that aren't documented are refused on one side only.

    Where the old side did not mention them, nothing promised that they are accepted: refusing them is risky.
    """
    if _is_closed(old) == _is_closed(new):
        return
    sources = KeywordSource(old.place.holder), KeywordSource(new.place.holder)
    if not sides.is_request:
        what = "properties-excluded" if _is_closed(new) else "properties-possible"
        summary = "has no other properties now" if _is_closed(new) else "may have other properties now"
        yield Difference(what, SAFE, summary, "", "", *sources)
    elif _is_closed(new):
        fits = False if "additionalProperties" in old.keywords else None
        judgement = sides.judged(fits, old.place, new.place)
        example = sides.example(old.place.schema, new.place.schema)
        yield Difference("properties-refused", judgement, "may have no other properties now", "", "", *sources, example)
    else:
        yield Difference("properties-accepted", SAFE, "may have other properties now", "", "", *sources)


def inner_places(
    old: NonNullSchema, new: NonNullSchema, sides: Sides
) -> Iterator[tuple[str, SchemaPlace, SchemaPlace]]:
    """Yield the places that both sides have inside, each after the step that leads there."""
    before, after = _visible(old, sides), _visible(new, sides)
    for name in sorted(before.keys() & after.keys()):
        yield f"/{escape_token(name)}", old.place.inner(before[name]), new.place.inner(after[name])
    for keyword in ("items", "additionalProperties"):
        parts = old.keywords.get(keyword), new.keywords.get(keyword)
        if any(isinstance(part, dict) for part in parts) and not any(part is False for part in parts):
            yield "/*", old.place.inner(parts[0]), new.place.inner(parts[1])


def paired_alternatives(old: NonNullSchema, new: NonNullSchema) -> tuple[Pairs, Pairs | None]:
    """Return the alternatives that are the same on both sides, and those that are to be compared as one place.

    The latter are ``None`` where only all alternatives together show what changed.
    """
    keywords = {key for key in ALTERNATIVES if key in old.keywords or key in new.keywords}
    if len(keywords) != 1:
        return (), None
    keyword = keywords.pop()
    before, after = _by_meaning(old, keyword), _by_meaning(new, keyword)
    same = tuple((before[key], after[key]) for key in before if key in after)
    rest = [before[key] for key in before if key not in after], [after[key] for key in after if key not in before]
    if len(rest[0]) == len(rest[1]) == 1 and _is_alike(rest[0][0].schema, rest[1][0].schema, same):
        return same, ((rest[0][0], rest[1][0]),)
    return same, None


def _by_meaning(view: NonNullSchema, keyword: str) -> dict[str, SchemaPlace]:
    branches = view.keywords.get(keyword)
    parts = [part for part in branches if isinstance(part, dict)] if isinstance(branches, list) else []
    return {canonical_json(meaning(part)): view.place.inner(part) for part in parts}


def _is_alike(old: Schema, new: Schema, others: Pairs) -> bool:
    """Tell whether two alternatives are one that changed: objects, or the only ones of their type."""
    kind = old.get("type")
    if kind is None or kind != new.get("type"):
        return False
    numbers = {"integer", "number"}
    return kind == "object" or all(
        isinstance(other := place.schema.get("type"), str) and other != kind and not {other, kind} <= numbers
        for place, _ in others
    )
