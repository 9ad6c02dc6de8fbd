"""Roles of methods on paths: of collections, of the items in them, and of lists below an item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..contract.model import Contract, reference
from ..contract.resources import WHOLE_BODY, RequestPlace, Role, RoleName
from ..dialects.verbs import Verbs
from ..words import article
from .collections import Collection
from .criteria import criteria, parent_criterion
from .naming import is_search
from .related_types import RelatedTypes
from .request_places import ViewPlace, entity_place
from .signature import OperationSignature, object_properties

_ITEM_ROLES: Mapping[str, RoleName] = {"GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True)
class RoleContext:
    """Context of an inference: the contract, its related types by name and by type, and the verbs of its dialect."""

    contract: Contract
    related_types: tuple[RelatedTypes, ...]
    by_type: Mapping[str, RelatedTypes]
    verbs: Verbs

    def meant(self, words: str) -> RelatedTypes | None:
        """Return the one group of related types that lower-case words name, ``None`` where none or several are."""
        groups = [related for related in self.related_types if related.is_meant(words)]
        return groups[0] if len(groups) == 1 else None

    def known_by(self, key: str) -> RelatedTypes | None:
        """Return the one group of types that has a key of this lower-case name, ``None`` where none or several have."""
        groups = [related for related in self.related_types if key in map(str.lower, related.views.values())]
        return groups[0] if len(groups) == 1 else None


def types_of_collection(collection: Collection, context: RoleContext) -> RelatedTypes | str:
    """Return the related types that a collection holds, or why that is not known."""
    read = [name for name in collection.read_types if name in context.by_type]
    held = [context.by_type[name] for name in read or collection.types(context.by_type)]
    known = {related.name: related for related in held}
    if len(known) > 1:
        return f"its operations show different types: {', '.join(sorted(known))}"
    return (
        next(iter(known.values()), None)
        or context.meant(collection.segment)
        or "nothing that has a number of its own is shown there"
    )


def rest_roles(collection: Collection, related: RelatedTypes, context: RoleContext) -> Iterator[Role]:
    """Yield the roles of the operations on a collection and below it, for the related types that it holds."""
    for signature in collection.whole:
        yield from _whole(signature, related, context)
    for key, signature in collection.items:
        yield from _item(signature, key, related, context)
    for segment, signature in collection.beside:
        is_draft = segment in context.verbs.draft_segments and signature.method == "GET"
        if is_draft and signature.answers_one(related.views):
            yield Role(signature.id, "draft", _why(signature))
        if signature.method == "GET" and is_search(segment) and signature.answers_many(related.views):
            yield Role(signature.id, "list", f"{_why(signature)}, answers several", many=True)
    others = dict.fromkeys(related.views.keys() - set(collection.read_types))
    for key, _, signature in collection.below:
        if signature.method == "GET" and signature.answers_one(others):
            yield Role(signature.id, "read", f"{_why(signature)}, answers another view", RequestPlace("path", key))


def _whole(signature: OperationSignature, related: RelatedTypes, context: RoleContext) -> Iterator[Role]:
    match signature.method:
        case "POST" if (place := _new(signature, related)) and not place.many:
            yield Role(signature.id, "create", f"{_why(signature)}, body is {_named(place)}", entity=place.place)
        case "PUT" if (place := entity_place(signature, related)) and not place.many and not place.others:
            yield Role(signature.id, "update", f"{_why(signature)}, body is {_named(place)}", entity=place.place)
        case "GET" if signature.answers_many(related.views) or signature.is_list:
            views = [signature.answer.type] if signature.answer and signature.answer.many else list(related.views)
            asked = criteria(signature.asked, views, context.contract, context.by_type)
            yield Role(signature.id, "search" if asked else "list", _why(signature), many=True, criteria=asked)


def _new(signature: OperationSignature, related: RelatedTypes) -> ViewPlace | None:
    """Return where the values of a new entity stand: a view, or an object to which one is answered."""
    named = entity_place(signature, related)
    if named or not (signature.body and signature.body.is_object and not signature.body.many):
        return named
    return ViewPlace(WHOLE_BODY, view="") if signature.answers_one(related.views) else None


def _named(place: ViewPlace) -> str:
    return article(place.view) if place.view else "an object"


def _item(signature: OperationSignature, key: str, related: RelatedTypes, context: RoleContext) -> Iterator[Role]:
    name = _ITEM_ROLES.get(signature.method)
    if name is None or not _is_key(key, related, context):
        return
    if name == "read" and not signature.answers_one(related.views):
        return
    if name == "update" and not _replaces(signature, related, context):
        return
    entity = WHOLE_BODY if name in ("update", "patch") else None
    if entity is None or signature.body:
        yield Role(signature.id, name, _why(signature), RequestPlace("path", key), entity)


def _replaces(signature: OperationSignature, related: RelatedTypes, context: RoleContext) -> bool:
    """Tell whether a body is an object, and of no other group of types."""
    body = signature.body
    return body is not None and body.is_object and not body.many and context.by_type.get(body.type, related) is related


def _is_key(name: str, related: RelatedTypes, context: RoleContext) -> bool:
    """Tell whether a path variable is the key, and not another property of what is in the collection."""
    if name.lower() in related.keys:
        return True
    views = (object_properties(reference(view), context.contract) for view in related.views)
    return not any(name.lower() == property_name.lower() for properties in views for property_name in properties)


def below_roles(
    collection: Collection, parent: RelatedTypes, context: RoleContext
) -> Iterator[tuple[RelatedTypes, Role]]:
    """Yield the searches for what belongs to an item: ``GET /Contact/{id}/Persons``, each with what it searches."""
    for key, segment, signature in collection.below:
        child = context.meant(segment.lower())
        if child is None or signature.method != "GET" or child.is_split:
            continue
        member = next((member for member in signature.asked if member.place == RequestPlace("path", key)), None)
        if member and (signature.is_list or signature.answers_many(child.views)):
            shown = [signature.answer.type] if signature.answer and signature.answer.many else []
            views = {name: child.views[name] for name in shown if name in child.views} or child.views
            narrowed = replace(child, views=views)
            if criterion := parent_criterion(member, parent, narrowed, context.contract):
                why = f"{_why(signature)}, {criterion.view} refers to its {parent.name} by {criterion.property}"
                yield child, Role(signature.id, "search", why, many=True, criteria=(criterion,))


def _why(signature: OperationSignature) -> str:
    return f"{signature.method} of {signature.operation.path}"
