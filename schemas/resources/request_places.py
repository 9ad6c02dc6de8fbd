"""Where a request tells which thing it is about, and what that is to become."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.resources import RequestPlace
from ..words import singular
from .families import RelatedTypes
from .signature import OperationSignature, RequestValue, Value

WHOLE = RequestPlace("body", "")
"""The whole of a body."""

_FEWEST = 3
"""Properties by which a body without a name is known to be a view."""


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """A place, the view that stands there (empty for a key), and whether an array of them does."""

    place: RequestPlace
    many: bool = False
    view: str = ""
    others: tuple[RequestValue, ...] = ()
    """What else is asked for."""


def key_place(shape: OperationSignature, family: RelatedTypes) -> ViewPlace | None:
    """Return where a request tells the key of one of a family, or an array of keys; ``None`` where nothing does.

    An undescribed body is taken for the keys where nothing else is asked for and the answer is an array of views.
    """
    for member in shape.asked:
        if member.value.is_integer and _is_key(member, family):
            return ViewPlace(member.place, member.value.many, others=_without(shape, member))
    body = shape.body
    if body and not shape.asked and ((body.many and body.is_integer) or not body.is_described):
        return ViewPlace(WHOLE, many=True) if shape.answers_many(family.views) or body.is_described else None
    return None


def _is_key(member: RequestValue, family: RelatedTypes) -> bool:
    name = member.place.name.lower()
    if not member.value.many:
        return name in family.keys
    single = singular(name)
    return single in family.keys or family.is_meant(name)


def entity_place(shape: OperationSignature, family: RelatedTypes) -> ViewPlace | None:
    """Return where a request tells one of a family, or an array of them; ``None`` where nothing does, or several do."""
    body = shape.body
    if body and (view := _view_of(body, shape, family)):
        others = tuple(one for one in shape.asked if one.place.location != "body")
        return ViewPlace(WHOLE, body.many, view, others)
    members = [one for one in shape.asked if one.value.type in family.views and one.place.location == "body"]
    if len(members) != 1:
        return None
    return ViewPlace(members[0].place, members[0].value.many, members[0].value.type, _without(shape, members[0]))


def _view_of(body: Value, shape: OperationSignature, family: RelatedTypes) -> str:
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


def _without(shape: OperationSignature, member: RequestValue) -> tuple[RequestValue, ...]:
    return tuple(one for one in shape.asked if one is not member)
