"""The order in which operations are verified, so that values are known when they are needed."""

from collections.abc import Collection, Iterable

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.resources import Role
from docdouble.schemas.resources.bindings import Binding, bindings
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.path_resources import item_path
from docdouble.schemas.words import singular, words_of

from ..generation.fields import request_body_schema
from .known_values import removes_entities
from .named_references import possible_references

_LISTING = ("list", "search")
_CREATED = 0.3
_LISTED = 0.6
_LAST = 8
_OF_ROLE = {"draft": 5, "create": 5, "save": 6, "update": 6, "patch": 6, "delete": _LAST}


def operations_in_order(operations: Iterable[Operation], contract: Contract) -> tuple[Operation, ...]:
    """Return the operations: those that only read first, lists before single entities, and those that delete last.

    What paths show is created before it is listed: a server may hold nothing yet.
    """
    known = bindings(contract)
    references = possible_references(contract)
    pairs = ((operation, known.get(operation.id)) for operation in contract.operations)
    made = frozenset(binding.resource.name for operation, binding in pairs if binding and _makes(operation, binding))
    return tuple(
        sorted(operations, key=lambda operation: _place(operation, known.get(operation.id), contract, references, made))
    )


def _place(
    operation: Operation,
    binding: Binding | None,
    contract: Contract,
    references: Collection[str],
    made: Collection[str],
) -> tuple[float, int, int]:
    """Return where an operation stands: parents are created before their children, and deleted after them.

    ``made`` are the names of resources that something creates.
    """
    rank = _rank(operation, binding.role if binding else None)
    if rank == _LAST and not contract.dialect:
        return rank, -operation.path.count("/"), 0
    if binding is None or not item_path(binding.resource, contract):
        return rank, 0, 0
    depth = operation.path.count("{")
    if _makes(operation, binding):
        return _CREATED, depth, _references(operation, contract, references)
    if rank == 0 and (depth or binding.resource.name in made):
        return _LISTED, depth, 0
    return rank, 0, 0


def _makes(operation: Operation, binding: Binding) -> bool:
    """Tell whether an operation makes what isn't there: a PUT that answers 201, where nothing else creates."""
    if binding.role.creates:
        return True
    is_put = binding.role.name == "update" and operation.method == "PUT"
    may_create = is_put and any(response.status == "201" for response in operation.responses)
    return may_create and not any(role.creates for role in binding.resource.roles)


def _references(operation: Operation, contract: Contract, references: Collection[str]) -> int:
    """Return how many properties of a request seem to name something else that has to be there."""
    members = members_of(request_body_schema(operation), contract)
    return sum(
        words_of(name)[-1:] in (("id",), ("ids",), ("uuid",)) or singular(name.lower()) in references
        for name in members
    )


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
