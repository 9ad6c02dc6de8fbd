"""Operations of a chain: those of one resource, chosen anew for each operation that creates."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docdouble.fakeserver.http.documented import documented_answer, response_schema
from docdouble.schemas import Contract, Operation, Parameter
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.paths import path_variables
from docdouble.schemas.contract.resources import Resource, Role, RoleName
from docdouble.schemas.resources.signature import typed_value

from ..checks.page_size import comes_in_pages

_PAGED = re.compile(r"page|limit|top|skip|offset|count|cursor|size|filter", re.IGNORECASE)
"""Names of parameters by which a list shows a part of itself."""


@dataclass(frozen=True, slots=True)
class ChainPlan:
    """The roles of one chain; of one or two ``reads`` the first shows what was sent.

    ``draft`` answers what is changed and then created. ``listing`` is a list or a search that must show what was
    created. Where nothing creates, ``make`` is what changes or deletes an entity that ``is_there``.
    """

    resource: Resource
    make: Role
    draft: Role | None
    reads: tuple[Role, ...]
    listing: Role | None
    changes: tuple[Role, ...]
    delete: Role | None
    is_there: bool = False

    @property
    def operations(self) -> frozenset[str]:
        """The ids of all operations that it may call."""
        single = (self.make, self.draft, self.listing, self.delete)
        return frozenset(change.operation for change in (*single, *self.reads, *self.changes) if change)


def plans_of(contract: Contract) -> Mapping[str, ChainPlan]:
    """Return the chain of each operation that creates, by its id."""
    operations = {operation.id: operation for operation in contract.operations}
    plans = (plan for resource in contract.resources.resources for plan in _plans(resource, operations, contract))
    return {plan.make.operation: plan for plan in plans}


def _plans(resource: Resource, operations: Mapping[str, Operation], contract: Contract) -> Iterator[ChainPlan]:
    roles = [role for role in resource.roles if role.operation in operations]
    makers = [role for role in roles if role.creates]
    # a resource with several creating operations gets several chains, which take its other operations in turn
    for number, make in enumerate(makers):

        def turn(*names: RoleName, number: int = number, make: Role = make) -> tuple[Role, ...]:
            named = [role for role in roles if role.name in names and _is_reached(role, make, operations)]
            start = number % len(named) if named else 0
            return (*named[start:], *named[:start])

        drafts = [role for role in turn("draft") if _asks_nothing(operations[role.operation])]
        patches = turn("patch")[:1]
        changes = (make, *patches) if make.name == "save" else (*turn("update")[:1], *patches)
        yield ChainPlan(
            resource,
            make,
            drafts[0] if drafts else None,
            _reads(resource, turn("read"), make, operations, contract),
            _listing(turn("list", "search"), operations, contract),
            changes,
            next((role for role in turn("delete") if role.key and not role.many), None),
        )

    if not makers:
        yield from _plans_of_what_is_there(resource, roles, operations, contract)


def _is_reached(role: Role, make: Role, operations: Mapping[str, Operation]) -> bool:
    """Tell whether an operation's path names nothing around an entity but what it was created in."""
    named = {name.lower() for name in path_variables(operations[role.operation].path)}
    own = {role.key.name.lower()} if role.key and role.key.location == "path" else set()
    return named - own <= {name.lower() for name in path_variables(operations[make.operation].path)}


def _plans_of_what_is_there(
    resource: Resource, roles: Sequence[Role], operations: Mapping[str, Operation], contract: Contract
) -> Iterator[ChainPlan]:
    """Yield a chain for each operation that changes or deletes an entity which another one reads or lists."""
    reads = tuple(role for role in roles if role.name == "read")
    # also one that shows a part at a time: what it shows is looked at again
    listing = next((role for role in roles if role.name == "list" and _asks_nothing(operations[role.operation])), None)
    for begin in roles:
        if begin.many or begin.name not in ("update", "patch", "delete"):
            continue
        shown = _reads(resource, reads, begin, operations, contract)
        changes, delete = ((), begin) if begin.name == "delete" else ((begin,), None)
        asked = listing if delete or not shown else None
        if shown or (asked and resource.key_names):
            yield ChainPlan(resource, begin, None, shown, asked, changes, delete, is_there=True)


def _asks_nothing(operation: Operation) -> bool:
    """Tell whether a draft or a list is answered without more than what its path names."""
    asked = (parameter for parameter in operation.parameters if parameter.required and parameter.location == "query")
    return operation.request is None and not any(asked)


def _reads(
    resource: Resource, reads: tuple[Role, ...], make: Role, operations: Mapping[str, Operation], contract: Contract
) -> tuple[Role, ...]:
    """Return two reads of one entity: first one that shows it as the creating operation does, and one in its turn."""
    shown = shown_type(operations[make.operation], contract)
    keyed = [role for role in reads if (role.key or resource.singleton) and not role.many]
    best = sorted(keyed, key=lambda role: shown_type(operations[role.operation], contract) != shown)[:1]
    return (*best, *[role for role in keyed if role not in best][:1])


def shown_type(operation: Operation, contract: Contract) -> str:
    """Return the named type that an operation answers, empty for none."""
    return typed_value(response_schema(documented_answer(operation)), contract).type


def _listing(roles: Iterable[Role], operations: Mapping[str, Operation], contract: Contract) -> Role | None:
    """Return the first list or search that must show what was created, a GET before others, pages last."""
    known = tuple(roles)
    showing = (role for role in known if shows_one(role, operations[role.operation]))
    best = min(showing, key=lambda role: operations[role.operation].method != "GET" and not role.key, default=None)
    return best or next((role for role in known if _shows_pages(role, operations[role.operation], contract)), None)


def _shows_pages(role: Role, operation: Operation, contract: Contract) -> bool:
    is_plain = role.name == "list" and operation.method == "GET" and _asks_nothing(operation)
    return is_plain and not operation.behaves(BehaviourName.LIST_TOP) and comes_in_pages(operation, contract)


def shows_one(role: Role, operation: Operation) -> bool:
    """Tell whether a list or a search must show what was created: asked for that, or because it shows all."""
    if role.key or role.criteria or operation.behaves(BehaviourName.LIST_FILTER):
        return True
    narrows = any(_narrows(parameter) for parameter in operation.parameters) or operation.request is not None
    is_partial = narrows or operation.behaves(BehaviourName.LIST_TOP)
    return role.name == "list" and operation.only_reads and not is_partial


def _narrows(parameter: Parameter) -> bool:
    """Tell whether a list shows a part of itself because of a parameter: of its name, or of a value that it has."""
    has_value = parameter.location == "query" and (parameter.required or "default" in parameter.schema)
    return has_value or _PAGED.search(parameter.name) is not None
