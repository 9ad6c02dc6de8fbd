"""Declared roles of operations: the places of key and values are worked out for a role that a user names."""

from ..contract.evidence import as_assumed
from ..contract.model import Contract, Operation
from ..contract.resources import STORING, WHOLE_BODY, Role, RoleName
from .criteria import criteria
from .related_types import RelatedTypes, related_types_by_name
from .request_places import ViewPlace, entity_place, key_place
from .signature import OperationSignature, signature_of

_ASKS_FOR_KEY = frozenset({"read", "delete", "patch"})


def declared_role(
    operation: Operation, name: RoleName, related: RelatedTypes, contract: Contract, why: str
) -> Role | str:
    """Return the role of an operation, or what the operation would have to be to have it."""
    signature = signature_of(operation, contract)
    key = _key(signature, related) if name in (*_ASKS_FOR_KEY, "update", "list") else None
    entity = _entity(signature, related) if name in STORING else None
    if name in _ASKS_FOR_KEY and key is None:
        return "an operation that asks for a key, which is an integer"
    if name in STORING and entity is None:
        return "an operation whose request has the values of an entity"
    if name == "list" and key and not key.many:
        return "an operation that asks for an array of keys, or for none"
    views = (
        [signature.answer.type] if signature.answer and signature.answer.type in related.views else list(related.views)
    )
    return Role(
        operation.id,
        name,
        why,
        key.place if key else None,
        entity.place if entity else None,
        name in ("list", "search") or any(place.many for place in (key, entity) if place),
        criteria(signature.asked, views, contract, related_types_by_name((related,))) if name == "search" else (),
        as_assumed(operation.evidence),
    )


def _key(signature: OperationSignature, related: RelatedTypes) -> ViewPlace | None:
    """Return where the key is: under a name that fits, else in the variable that ends the path."""
    if place := key_place(signature, related):
        return place
    last_variable = signature.operation.path.rstrip("/").rpartition("/")[2]
    last = (
        member
        for member in signature.asked
        if member.value.is_integer and last_variable.endswith(f"{{{member.place.name}}}")
    )
    return next((ViewPlace(member.place, member.value.many) for member in last), None)


def _entity(signature: OperationSignature, related: RelatedTypes) -> ViewPlace | None:
    """Return where the values are: where a view stands, else in the whole of a body that is an object."""
    if place := entity_place(signature, related):
        return place
    body = signature.body
    is_patch = signature.method == "PATCH"
    return ViewPlace(WHOLE_BODY, body.many and not is_patch) if body and (body.is_object or is_patch) else None
