"""The order in which operations are verified, so that values are known when they are needed."""

from collections.abc import Iterable

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.resources.bindings import Binding, bindings

from .known_values import removes_entities

_LISTING = ("list", "search")
_CREATED_FIRST = 1.3
_LISTED_BELOW = 1.6
_LAST = 8
_OF_ROLE = {"draft": 5, "create": 5, "save": 6, "update": 6, "patch": 6, "delete": _LAST}


def operations_in_order(operations: Iterable[Operation], contract: Contract) -> tuple[Operation, ...]:
    """Return the operations: those that only read first, lists before single things, and those that delete last.

    What paths tell of is created right after the lists: on a server that holds nothing yet the others need it.
    """
    known = bindings(contract)
    return tuple(sorted(operations, key=lambda one: _place(one, known.get(one.id))))


def _place(operation: Operation, binding: Binding | None) -> tuple[float, int]:
    """Return where an operation stands: parents are created before their children, and deleted after them."""
    rank = _rank(operation, binding.role if binding else None)
    if binding is None or not binding.resource.path:
        return rank, 0
    depth = operation.path.count("{")
    if binding.role.creates:
        return _CREATED_FIRST, depth
    if rank == 0 and depth:
        return _LISTED_BELOW, depth
    return rank, -depth if rank == _LAST else 0


def _rank(operation: Operation, role: Role | None) -> int:
    name = role.name if role else ""
    if operation.method in ("GET", "HEAD"):
        return 0 if name in _LISTING else 2 if "{" in operation.path else 1
    if removes_entities(operation, role):
        return _LAST
    if name in _OF_ROLE:
        return _OF_ROLE[name]
    if operation.effect == "read":
        return 3 if name in _LISTING else 4
    return 7
