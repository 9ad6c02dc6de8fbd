"""The order in which operations are verified, so that values are known when they are needed."""

from collections.abc import Iterable

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.resources.bindings import bindings

from .known_values import removes_entities

_LISTING = ("list", "search")
_LAST = 8
_OF_ROLE = {"draft": 5, "create": 5, "save": 6, "update": 6, "patch": 6, "delete": _LAST}


def operations_in_order(operations: Iterable[Operation], contract: Contract) -> tuple[Operation, ...]:
    """Return the operations: those that only read first, lists before single things, and those that delete last."""
    roles = {name: binding.role for name, binding in bindings(contract).items()}
    return tuple(sorted(operations, key=lambda one: _rank(one, roles.get(one.id))))


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
