"""Inference of roles: which operation creates, reads, updates, deletes, lists or searches which resource.

Names are only believed where the types agree; an operation that fits nothing has no role, since a wrong one would make
the fake lie.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..contract.evidence import as_assumed
from ..contract.model import Contract
from ..contract.resources import Resource, Resources, Role
from ..dialects.verbs import USUAL, Verbs
from .collections import Collection, collections
from .procedures import procedure_role
from .related_types import RelatedTypes, group_related_types, related_types_by_name
from .rest import RoleContext, below_roles, rest_roles, types_of_collection
from .signature import signature_of
from .unassigned import unassigned_operations

RolesById = dict[str, tuple[str, Role]]
"""The role of each operation, with the name of its resource."""


def with_resources(contract: Contract, verbs: Verbs = USUAL) -> Contract:
    """Return the contract with the resources that its operations are about; every operation has one role at most.

    Operations that share an id have none: nobody could tell which is meant.
    """
    ids = Counter(operation.id for operation in contract.operations)
    own = [operation for operation in contract.operations if ids[operation.id] == 1]
    signatures = {operation.id: signature_of(operation, contract) for operation in own}
    paths = collections(signatures.values())
    known = group_related_types(contract, signatures.values(), paths.values())
    context = RoleContext(contract, known, related_types_by_name(known), verbs)
    outcomes = {path: types_of_collection(collection, context) for path, collection in paths.items()}
    held = {path: related for path, related in outcomes.items() if isinstance(related, RelatedTypes)}
    doubts = {path: (paths[path].path, why) for path, why in outcomes.items() if isinstance(why, str)}
    roles_by_id: RolesById = {}
    _add_collection_roles(roles_by_id, {path: (paths[path], related) for path, related in held.items()}, context)
    for operation in own:
        if operation.id not in roles_by_id and (named := procedure_role(signatures[operation.id], context)):
            roles_by_id[operation.id] = (named[0].name, named[1])
    resources = tuple(
        _resources(contract, roles_by_id, known, [(paths[path], related) for path, related in held.items()])
    )
    with_role = {role.operation for resource in resources for role in resource.roles}
    without = [signature for name, signature in signatures.items() if name not in with_role]
    return replace(
        contract, resources=Resources(resources, unassigned_operations(without, paths, held, context, doubts))
    )


def _add_collection_roles(
    roles_by_id: RolesById, held: dict[str, tuple[Collection, RelatedTypes]], context: RoleContext
) -> None:
    for collection, related in held.values():
        name = collection.path if related.is_split else related.name
        for role in rest_roles(collection, related, context):
            roles_by_id.setdefault(role.operation, (name, role))
    for collection, related in held.values():
        for child, role in below_roles(collection, related, context):
            roles_by_id.setdefault(role.operation, (child.name, role))


def _resources(
    contract: Contract,
    roles_by_id: RolesById,
    known: Iterable[RelatedTypes],
    held: list[tuple[Collection, RelatedTypes]],
) -> Iterator[Resource]:
    """Yield the resources that something is kept of, in the order of their types."""
    roles: defaultdict[str, list[Role]] = defaultdict(list)
    for operation in contract.operations:
        if operation.id in roles_by_id:
            name, role = roles_by_id[operation.id]
            roles[name].append(replace(role, evidence=as_assumed(operation.evidence)))
    for related in known:
        names = [collection.path for collection, own in held if own is related] if related.is_split else [related.name]
        for name in names:
            if any(role.writes for role in roles[name]):  # else there is nothing to keep
                collection = name if related.is_split else ""
                yield Resource(name, related.views, tuple(roles[name]), collection)
