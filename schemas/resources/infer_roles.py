"""Which operations create, read, update, delete, list and search which resource: worked out from a contract alone.

Names are only believed where the types agree; an operation that fits nothing has no role, since a wrong one would make
the fake lie.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..contract.evidence import Evidence, Grade
from ..contract.model import Contract, Operation
from ..contract.resources import Resource, Resources, Role
from ..dialects.verbs import USUAL, Verbs
from .collections import Collection, collections
from .families import RelatedTypes, families, families_by_type
from .procedures import procedure_role
from .rest import CollectionOperations, below_roles, family_of, rest_roles
from .signature import shape_of
from .unclear import unclear

_KEPT = frozenset({"create", "save", "update", "patch", "delete"})
"""Roles that change something: without any of them there is nothing to keep."""

Told = dict[str, tuple[str, Role]]
"""The role of each operation, with the name of its resource."""


def with_resources(contract: Contract, verbs: Verbs = USUAL) -> Contract:
    """Return the contract with the resources that its operations are about; every operation has one role at most.

    Operations that share an id have none: nobody could tell which is meant.
    """
    ids = Counter(operation.id for operation in contract.operations)
    own = [operation for operation in contract.operations if ids[operation.id] == 1]
    shapes = {operation.id: shape_of(operation, contract) for operation in own}
    paths = collections(shapes.values())
    known = families(contract, shapes.values(), paths.values())
    kin = CollectionOperations(contract, known, families_by_type(known), verbs)
    found = {path: family_of(one, kin) for path, one in paths.items()}
    held = {path: family for path, family in found.items() if isinstance(family, RelatedTypes)}
    doubts = {path: (paths[path].path, why) for path, why in found.items() if isinstance(why, str)}
    told: Told = {}
    _tell_collections(told, {path: (paths[path], family) for path, family in held.items()}, kin)
    for operation in own:
        if operation.id not in told and (named := procedure_role(shapes[operation.id], kin)):
            told[operation.id] = (named[0].name, named[1])
    resources = tuple(_resources(contract, told, known, [(paths[path], family) for path, family in held.items()]))
    with_role = {role.operation for one in resources for role in one.roles}
    without = [shape for name, shape in shapes.items() if name not in with_role]
    return replace(contract, resources=Resources(resources, unclear(without, paths, held, kin, doubts)))


def _tell_collections(told: Told, held: dict[str, tuple[Collection, RelatedTypes]], kin: CollectionOperations) -> None:
    for collection, family in held.values():
        name = collection.path if family.is_split else family.name
        for role in rest_roles(collection, family, kin):
            told.setdefault(role.operation, (name, role))
    for collection, family in held.values():
        for child, role in below_roles(collection, family, kin):
            told.setdefault(role.operation, (child.name, role))


def _resources(
    contract: Contract, told: Told, known: Iterable[RelatedTypes], held: list[tuple[Collection, RelatedTypes]]
) -> Iterator[Resource]:
    """Yield the resources that something is kept of, in the order of their types."""
    roles: defaultdict[str, list[Role]] = defaultdict(list)
    for operation in contract.operations:
        if operation.id in told:
            name, role = told[operation.id]
            roles[name].append(replace(role, evidence=_assumed(operation)))
    for family in known:
        names = [one.path for one, own in held if own is family] if family.is_split else [family.name]
        for name in names:
            if any(role.name in _KEPT for role in roles[name]):
                collection = name if family.is_split else ""
                yield Resource(name, family.views, tuple(roles[name]), collection)


def _assumed(operation: Operation) -> Evidence | None:
    return replace(operation.evidence, grade=Grade.ASSUMED) if operation.evidence else None
