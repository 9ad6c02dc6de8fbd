"""What methods on paths do: collections, the items in them, and what is looked at below an item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..contract.model import Contract, reference
from ..contract.resources import RequestPlace, Role, RoleName
from ..dialects.verbs import Verbs
from ..words import article
from .collections import Collection
from .criteria import criteria, parent_criterion
from .families import RelatedTypes
from .request_places import WHOLE, ViewPlace, entity_place
from .signature import OperationSignature, RequestValue, properties_of

_ITEM_ROLES: Mapping[str, RoleName] = {"GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True)
class CollectionOperations:
    """What roles are told from: the contract, its families by name and by type, and the verbs of its dialect."""

    contract: Contract
    families: tuple[RelatedTypes, ...]
    by_type: Mapping[str, RelatedTypes]
    verbs: Verbs

    def meant(self, words: str) -> RelatedTypes | None:
        """Return the one family that lower-case words name, ``None`` where none or several are."""
        found = [family for family in self.families if family.is_meant(words)]
        return found[0] if len(found) == 1 else None

    def known_by(self, key: str) -> RelatedTypes | None:
        """Return the one family that has a key of this lower-case name, ``None`` where none or several have."""
        found = [one for one in self.families if any(name.lower() == key for name in one.views.values())]
        return found[0] if len(found) == 1 else None


def family_of(collection: Collection, kin: CollectionOperations) -> RelatedTypes | str:
    """Return the family that a collection holds, or why that can't be told."""
    found = {kin.by_type[name].name: kin.by_type[name] for name in collection.types(kin.by_type)}
    shown = [shape.answer.type for _, shape in collection.items if shape.operation.method == "GET" and shape.answer]
    read = {kin.by_type[name].name: kin.by_type[name] for name in shown if name in kin.by_type}
    known = read or found
    if len(known) > 1:
        return f"its operations show different things: {', '.join(sorted(known))}"
    return (
        next(iter(known.values()), None)
        or kin.meant(collection.segment)
        or "nothing that has a number of its own is shown there"
    )


def rest_roles(collection: Collection, family: RelatedTypes, kin: CollectionOperations) -> Iterator[Role]:
    """Yield what the operations on a collection and below it do to the family that it holds."""
    for shape in collection.whole:
        yield from _whole(shape, family, kin)
    for key, shape in collection.items:
        yield from _item(shape, key, family, kin)
    for segment, shape in collection.beside:
        if segment in kin.verbs.draft_segments and shape.operation.method == "GET" and shape.answers_one(family.views):
            yield Role(shape.operation.id, "draft", _why(shape))
    usual = {shape.answer.type for _, shape in collection.items if shape.operation.method == "GET" and shape.answer}
    for key, _, shape in collection.below:
        views = family.views.keys() - usual
        if shape.operation.method == "GET" and shape.answers_one(dict.fromkeys(views)):
            yield Role(shape.operation.id, "read", f"{_why(shape)}, answers another view", RequestPlace("path", key))


def _whole(shape: OperationSignature, family: RelatedTypes, kin: CollectionOperations) -> Iterator[Role]:
    match shape.operation.method:
        case "POST" if (place := _new(shape, family)) and not place.many:
            yield Role(shape.operation.id, "create", f"{_why(shape)}, body is {_named(place)}", entity=place.place)
        case "PUT" if (place := entity_place(shape, family)) and not place.many and not place.others:
            yield Role(shape.operation.id, "update", f"{_why(shape)}, body is {_named(place)}", entity=place.place)
        case "GET" if shape.answers_many(family.views) or shape.is_list:
            views = [shape.answer.type] if shape.answer and shape.answer.many else list(family.views)
            found = criteria(shape.asked, views, kin.contract, kin.by_type)
            yield Role(shape.operation.id, "search" if found else "list", _why(shape), many=True, criteria=found)


def _new(shape: OperationSignature, family: RelatedTypes) -> ViewPlace | None:
    """Return where the values of a new entity stand: a view, or an object to which one is answered."""
    named = entity_place(shape, family)
    if named or not (shape.body and shape.body.is_object and not shape.body.many):
        return named
    return ViewPlace(WHOLE, view="") if shape.answers_one(family.views) else None


def _named(place: ViewPlace) -> str:
    return article(place.view) if place.view else "an object"


def _item(shape: OperationSignature, key: str, family: RelatedTypes, kin: CollectionOperations) -> Iterator[Role]:
    name = _ITEM_ROLES.get(shape.operation.method)
    if name is None or not _is_key(key, family, kin):
        return
    if (name == "read" and not shape.answers_one(family.views)) or (
        name == "update" and not _replaces(shape, family, kin)
    ):
        return
    told = WHOLE if name in ("update", "patch") else None
    if told is None or shape.body:
        yield Role(shape.operation.id, name, _why(shape), RequestPlace("path", key), told)


def _replaces(shape: OperationSignature, family: RelatedTypes, kin: CollectionOperations) -> bool:
    """Tell whether a body is an object, and of no other family."""
    body = shape.body
    return body is not None and body.is_object and not body.many and kin.by_type.get(body.type, family) is family


def _is_key(name: str, family: RelatedTypes, kin: CollectionOperations) -> bool:
    """Tell whether a path variable is the family's key, and not another property of what is in the collection."""
    if name.lower() in family.keys:
        return True
    views = (properties_of(reference(view), kin.contract) for view in family.views)
    return not any(name.lower() == one.lower() for properties in views for one in properties)


def below_roles(
    collection: Collection, parent: RelatedTypes, kin: CollectionOperations
) -> Iterator[tuple[RelatedTypes, Role]]:
    """Yield the searches for what belongs to an item: ``GET /Contact/{id}/Persons``, each with what it searches."""
    for key, segment, shape in collection.below:
        child = kin.meant(segment.lower())
        if child is None or shape.operation.method != "GET" or child.is_split:
            continue
        member = _member(shape, key)
        if member and (shape.is_list or shape.answers_many(child.views)):
            shown = [shape.answer.type] if shape.answer and shape.answers_many(child.views) else list(child.views)
            narrowed = replace(child, views={name: child.views[name] for name in shown})
            if found := parent_criterion(member, parent, narrowed, kin.contract):
                why = f"{_why(shape)}, {found.view} refers to its {parent.name} by {found.property}"
                yield child, Role(shape.operation.id, "search", why, many=True, criteria=(found,))


def _member(shape: OperationSignature, key: str) -> RequestValue | None:
    return next((one for one in shape.asked if one.place == RequestPlace("path", key)), None)


def _why(shape: OperationSignature) -> str:
    return f"{shape.operation.method} of {shape.operation.path}"
