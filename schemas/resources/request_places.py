"""Where a request tells which thing it is about, and what that is to become."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.resources import Place
from .families import Family
from .signature import Member, Shape, Value

WHOLE = Place("body", "")
"""The whole of a body."""

_FEWEST = 3
"""Properties by which a body without a name is known to be a view."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place, the view that stands there (empty for a key), and whether an array of them does."""

    place: Place
    many: bool = False
    view: str = ""
    others: tuple[Member, ...] = ()
    """What else is asked for."""


def key_place(shape: Shape, family: Family) -> Found | None:
    """Return where a request tells the key of one of a family, or an array of keys; ``None`` where nothing does.

    An undescribed body is taken for the keys where nothing else is asked for and the answer is an array of views.
    """
    for member in shape.asked:
        if member.value.is_integer and _is_key(member, family):
            return Found(member.place, member.value.many, others=_without(shape, member))
    body = shape.body
    if body and not shape.asked and ((body.many and body.is_integer) or not body.is_described):
        return Found(WHOLE, many=True) if shape.answers_many(family.views) or body.is_described else None
    return None


def _is_key(member: Member, family: Family) -> bool:
    name = member.place.name.lower()
    if not member.value.many:
        return name in family.keys
    single = name.removesuffix("s")
    return single in family.keys or family.is_meant(name)


def entity_place(shape: Shape, family: Family) -> Found | None:
    """Return where a request tells one of a family, or an array of them; ``None`` where nothing does, or several do."""
    body = shape.body
    if body and (view := _view_of(body, shape, family)):
        others = tuple(one for one in shape.asked if one.place.location != "body")
        return Found(WHOLE, body.many, view, others)
    members = [one for one in shape.asked if one.value.type in family.views and one.place.location == "body"]
    if len(members) != 1:
        return None
    return Found(members[0].place, members[0].value.many, members[0].value.type, _without(shape, members[0]))


def _view_of(body: Value, shape: Shape, family: Family) -> str:
    """Return the view that a whole body is: by its name, or because it has the properties of the one answered."""
    if body.type in family.views:
        return body.type
    answered = shape.answer.type if shape.answer and shape.answer.type in family.views else ""
    told = {one.place.name for one in shape.asked if one.place.location == "body"}
    known = _names(shape.answer)
    fits = len(told) >= _FEWEST and told <= known and family.views.get(answered, "") in told
    return answered if fits and not body.many else ""


def _names(value: Value | None) -> frozenset[str]:
    properties = value.schema.get("properties", {}) if value else {}
    return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


def _without(shape: Shape, member: Member) -> tuple[Member, ...]:
    return tuple(one for one in shape.asked if one is not member)
