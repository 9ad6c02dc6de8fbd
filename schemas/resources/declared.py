"""A role that somebody gives an operation: where its requests tell the key and the values is worked out."""

from dataclasses import replace

from ..contract.evidence import Grade
from ..contract.model import Contract, Operation
from ..contract.resources import Role, RoleName
from .criteria import criteria
from .families import RelatedTypes, families_by_type
from .request_places import WHOLE, ViewPlace, entity_place, key_place
from .signature import OperationSignature, shape_of

_TELLS_VALUES = frozenset({"create", "save", "update", "patch"})
_ASKS_FOR_KEY = frozenset({"read", "delete", "patch"})


def given_role(operation: Operation, name: RoleName, family: RelatedTypes, contract: Contract, why: str) -> Role | str:
    """Return the role of an operation, or what the operation would have to be to have it."""
    shape = shape_of(operation, contract)
    key = _key(shape, family) if name in (*_ASKS_FOR_KEY, "update", "list") else None
    entity = _entity(shape, family) if name in _TELLS_VALUES else None
    if name in _ASKS_FOR_KEY and key is None:
        return "an operation that asks for a key, which is an integer"
    if name in _TELLS_VALUES and entity is None:
        return "an operation whose request tells the values of a thing"
    if name == "list" and key and not key.many:
        return "an operation that asks for an array of keys, or for none"
    views = [shape.answer.type] if shape.answer and shape.answer.type in family.views else list(family.views)
    return Role(
        operation.id,
        name,
        why,
        key.place if key else None,
        entity.place if entity else None,
        name in ("list", "search") or any(found.many for found in (key, entity) if found),
        criteria(shape.asked, views, contract, families_by_type((family,))) if name == "search" else (),
        replace(operation.evidence, grade=Grade.ASSUMED) if operation.evidence else None,
    )


def _key(shape: OperationSignature, family: RelatedTypes) -> ViewPlace | None:
    """Return where the key is told: under a name that fits, else in the variable that ends the path."""
    if found := key_place(shape, family):
        return found
    last = (one for one in shape.asked if one.value.is_integer and _ends_with(shape, one.place.name))
    return next((ViewPlace(one.place, one.value.many) for one in last), None)


def _ends_with(shape: OperationSignature, name: str) -> bool:
    return shape.operation.path.rstrip("/").endswith(f"{{{name}}}")


def _entity(shape: OperationSignature, family: RelatedTypes) -> ViewPlace | None:
    """Return where the values are told: where a view stands, else in the whole of a body that is an object."""
    if found := entity_place(shape, family):
        return found
    body = shape.body
    is_patch = shape.operation.method == "PATCH"
    return ViewPlace(WHOLE, body.many and not is_patch) if body and (body.is_object or is_patch) else None
