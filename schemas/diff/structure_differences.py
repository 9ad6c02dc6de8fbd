"""Differences inside two schemas of one place: properties, items, alternatives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.model import Schema
from ..json_pointer import escape_token
from .change import NO_VALUE, Judgement
from .diff_rules import BREAKING, RISKY, SAFE
from .normalise import ALTERNATIVES, NonNullSchema, NonNullSchemas, SchemaPlace, canonical_json, lost_pages, meaning
from .sides import Difference, KeywordSource, Sides

_HIDDEN = {"request": "readOnly", "response": "writeOnly"}
"""Properties with this mark have no part in a direction."""

Pairs = tuple[tuple[SchemaPlace, SchemaPlace], ...]


@dataclass(frozen=True, slots=True)
class _Members:
    """The properties of a place that have a part in a direction, and the names of those that have none."""

    visible: Mapping[str, Any]
    hidden: frozenset[str]

    @classmethod
    def of(cls, view: NonNullSchema, views: NonNullSchemas, sides: Sides) -> "_Members":
        mark = _HIDDEN[sides.direction]
        hidden = frozenset(name for name, part in view.properties.items() if views.is_marked(part, mark))
        visible = {name: part for name, part in view.properties.items() if part is not False and name not in hidden}
        return cls(visible, hidden)


def _members(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> tuple[_Members, _Members]:
    return _Members.of(old, sides.old_views, sides), _Members.of(new, sides.new_views, sides)


def _others(view: NonNullSchema) -> Any:
    """Return the schema of properties that aren't documented, ``None`` where no keyword is about them."""
    return view.keywords.get("additionalProperties", view.keywords.get("unevaluatedProperties"))


def _is_closed(view: NonNullSchema) -> bool:
    return _others(view) is False


def property_differences(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield which properties were added or removed, or may be left out on one side only."""
    members = _members(old, new, sides)
    before, after = members[0].visible, members[1].visible
    for name in sorted(before.keys() - after.keys()):
        yield _removed(name, old, new, sides)
    for name in sorted(after.keys() - before.keys()):
        yield _added(name, old, new, sides)
    for name in sorted((old.required ^ new.required) - members[0].hidden - members[1].hidden):
        if (name in before) == (name in after) or (name in before and name in new.required and sides.is_request):
            yield _required(name, old, new, sides)
    for name in sorted(before.keys() & after.keys()):
        if lost := lost_pages(before[name], after[name]):
            yield _unstated(name, old, new, lost)
        if is_deprecated(before[name]) != is_deprecated(after[name]):
            yield _deprecated(name, old, new)


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
    summary = "is gone"
    if name in new.properties and new.properties[name] is not False:
        summary = "is read only now" if sides.is_request else "is write only now"
    return Difference(
        "property-removed", judgement, summary, pointer, pointer, KeywordSource(place.holder), None, example
    )


def _unstated(name: str, old: NonNullSchema, new: NonNullSchema, pages: frozenset[str]) -> Difference:
    """Return a property that pages don't state any more: it is still there for what another page or a sample says."""
    sources = KeywordSource(old.properties[name]), KeywordSource(new.properties[name])
    pointer, summary = f"/{escape_token(name)}", "is no longer stated by its page"
    return Difference("property-unstated", RISKY, summary, pointer, pointer, *sources, pages=pages)


def _deprecated(name: str, old: NonNullSchema, new: NonNullSchema) -> Difference:
    """Return a property that is to be used no longer, or may be used again: it works as before."""
    is_new = is_deprecated(new.properties[name])
    what, summary = ("deprecated", "is deprecated now") if is_new else ("undeprecated", "is deprecated no longer")
    pointer, sources = f"/{escape_token(name)}", (KeywordSource(old.place.holder), KeywordSource(new.place.holder))
    return Difference(f"property-{what}", SAFE, summary, pointer, pointer, *sources)


def is_deprecated(schema: Any) -> bool:
    """Tell whether a schema itself says that what it describes is to be used no longer."""
    return isinstance(schema, dict) and schema.get("deprecated") is True


def _with(view: NonNullSchema, name: str) -> Schema:
    """Return a schema whose values all have a property."""
    return {"allOf": [view.place.schema, {"required": [name]}], "type": "object", "properties": view.properties}


def _added(name: str, old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Difference:
    place = new.place.inner(new.properties[name])
    pointer, source = f"/{escape_token(name)}", KeywordSource(place.holder)
    if not sides.is_request or name not in new.required or name in old.required:
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
    places = old.place.inner(old.properties.get(name)), new.place.inner(new.properties.get(name))
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
        fits = None if _others(old) is None else False
        judgement = sides.judged(fits, old.place, new.place)
        example = sides.example(old.place.schema, new.place.schema)
        yield Difference("properties-refused", judgement, "may have no other properties now", "", "", *sources, example)
    else:
        yield Difference("properties-accepted", SAFE, "may have other properties now", "", "", *sources)


def inner_places(
    old: NonNullSchema, new: NonNullSchema, sides: Sides
) -> Iterator[tuple[str, SchemaPlace, SchemaPlace]]:
    """Yield the places that both sides have inside, each after the step that leads there."""
    members = _members(old, new, sides)
    before, after = members[0].visible, members[1].visible
    for name in sorted(before.keys() & after.keys()):
        yield f"/{escape_token(name)}", old.place.inner(before[name]), new.place.inner(after[name])
    for parts in ((old.keywords.get("items"), new.keywords.get("items")), (_others(old), _others(new))):
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


def _alternatives(view: NonNullSchema) -> dict[str, SchemaPlace]:
    """Return the alternatives of a place as they are documented, or the one named type that it is."""
    schema = view.place.schema
    parts = next((schema[key] for key in ALTERNATIVES if isinstance(schema.get(key), list)), [schema])
    return {canonical_json(meaning(part)): view.place.inner(part) for part in parts if isinstance(part, dict)}


def lost_alternatives(old: NonNullSchema, new: NonNullSchema, sides: Sides) -> Iterator[Difference]:
    """Yield named types that a place of a request may no longer be, and that no wider one replaces.

    One of the others may allow the same values: it still is another type, distinguished by its name alone.
    """
    before, after = _alternatives(old), _alternatives(new)
    if not sides.is_request or len(before) < 2 or not after or after.keys() - before.keys():
        return
    sources = KeywordSource(old.place.holder), KeywordSource(new.place.holder)
    for key in sorted(before.keys() - after.keys()):
        schema = before[key].schema
        if "$ref" in schema and not any(sides.is_narrower(schema, other.schema) for other in after.values()):
            summary = f"may be {str(schema['$ref']).rpartition('/')[2]} no longer"
            judgement = sides.judged(False, old.place, new.place)
            yield Difference("alternative-removed", judgement, summary, "", "", *sources)


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
