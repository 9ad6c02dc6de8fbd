"""Places of a request that hold the key of an entity, and its new values."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..contract.resources import WHOLE_BODY, RequestPlace
from ..words import singular
from .related_types import RelatedTypes
from .signature import OperationSignature, RequestValue, TypedValue

_FEWEST = 3
"""Properties by which a body without a name is known to be a view."""


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """A place, the view that stands there (empty for a key), and whether an array of them does."""

    place: RequestPlace
    many: bool = False
    view: str = ""
    others: tuple[RequestValue, ...] = ()
    """Other values that are asked for."""


def key_place(signature: OperationSignature, related: RelatedTypes) -> ViewPlace | None:
    """Return where a request has the key of an entity, or an array of keys; ``None`` where nothing does.

    An undescribed body is taken for the keys where nothing else is asked for and the answer is an array of views.
    """
    for member in signature.asked:
        if member.value.is_integer and _is_key(member, related):
            return ViewPlace(member.place, member.value.many, others=_without(signature, member))
    body = signature.body
    if body and not signature.asked and ((body.many and body.is_integer) or not body.is_described):
        return ViewPlace(WHOLE_BODY, many=True) if signature.answers_many(related.views) or body.is_described else None
    return None


def _is_key(member: RequestValue, related: RelatedTypes) -> bool:
    name = member.place.name.lower()
    if not member.value.many:
        return name in related.keys
    single = singular(name)
    return single in related.keys or related.is_meant(name)


def entity_place(signature: OperationSignature, related: RelatedTypes) -> ViewPlace | None:
    """Return where a request has an entity, or an array of them; ``None`` where nothing does, or several places do."""
    body = signature.body
    if body and (view := _view_of(body, signature, related)):
        others = tuple(member for member in signature.asked if member.place.location != "body")
        return ViewPlace(WHOLE_BODY, body.many, view, others)
    members = [
        member for member in signature.asked if member.value.type in related.views and member.place.location == "body"
    ]
    if len(members) != 1:
        return None
    return ViewPlace(members[0].place, members[0].value.many, members[0].value.type, _without(signature, members[0]))


def _view_of(body: TypedValue, signature: OperationSignature, related: RelatedTypes) -> str:
    """Return the view that a whole body is: by its name, or because it has the properties of the one answered."""
    if body.type in related.views:
        return body.type
    answered = signature.answer.type if signature.answer and signature.answer.type in related.views else ""
    names = {member.place.name for member in signature.asked if member.place.location == "body"}
    known = _names(signature.answer)
    fits = len(names) >= _FEWEST and names <= known and related.views.get(answered, "") in names
    return answered if fits and not body.many else ""


def _names(value: TypedValue | None) -> frozenset[str]:
    properties = value.schema.get("properties", {}) if value else {}
    return frozenset(properties) if isinstance(properties, Mapping) else frozenset()


def _without(signature: OperationSignature, member: RequestValue) -> tuple[RequestValue, ...]:
    return tuple(other for other in signature.asked if other is not member)
