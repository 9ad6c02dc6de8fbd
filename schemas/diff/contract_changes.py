"""Changes between two contracts, operation by operation."""

from collections.abc import Callable, Iterable
from datetime import date

from ..contract.base_paths import base_paths
from ..contract.facts import Fact
from ..contract.model import Contract, Operation
from ..contract.paths import unnamed_template
from .change import Change
from .diff_rules import BREAKING, RISKY, SAFE
from .operation_changes import operation_changes, sunset_day
from .operation_pair import ContractComparison, OperationPair, is_same_unread, limited_by_evidence
from .received_changes import webhook_changes
from .server_changes import first_address

_Mark = Callable[[Operation, Contract], object]

_BY_PATH: tuple[_Mark, ...] = (
    lambda operation, _: (operation.id, operation.method, operation.path),
    lambda operation, _: (operation.method, operation.path),
    lambda operation, _: (operation.method, unnamed_template(operation.path)),
)
_BY_ADDRESS: tuple[_Mark, ...] = (lambda operation, contract: (operation.method, first_address(operation, contract)),)
_BY_ID: tuple[_Mark, ...] = (lambda operation, _: operation.id,)


def _marks(old: Contract, new: Contract) -> tuple[_Mark, ...]:
    """Return marks by which two operations are the same one, the surest first.

    Where a prefix may have moved from the paths into the servers, that is the whole address.
    """
    if base_paths(old.servers) == base_paths(new.servers):
        return *_BY_PATH, *_BY_ADDRESS, *_BY_ID
    return *_BY_ADDRESS, *_BY_PATH, *_BY_ID


def contract_changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Return the changes of ``diff``."""
    comparisons = ContractComparison(old, new)
    partners = _partners(old, new)
    changes: list[Change] = []
    for operation in old.operations:
        partner = partners.get(id(operation))
        changes += _compared(operation, partner, comparisons) if partner else [_removed(operation)]
    known = {id(operation) for operation in partners.values()}
    changes += [_added(operation) for operation in new.operations if id(operation) not in known]
    return (*changes, *webhook_changes(comparisons))


def _compared(old: Operation, new: Operation, comparisons: ContractComparison) -> Iterable[Change]:
    if is_same_unread(old, new, comparisons.changed_types) and not comparisons.shared_parts_changed:
        return ()
    return operation_changes(OperationPair(old, new, comparisons))


def _partners(old: Contract, new: Contract) -> dict[int, Operation]:
    """Return the new reading of each old operation that has one, by the ``id()`` of the old one."""
    left, candidates = list(old.operations), list(new.operations)
    partners: dict[int, Operation] = {}
    for key in _marks(old, new):
        by_key: dict[object, list[Operation]] = {}
        for operation in reversed(candidates):
            by_key.setdefault(key(operation, new), []).append(operation)
        for operation in left:
            if same := by_key.get(key(operation, old)):
                partners[id(operation)] = same.pop()
        taken = {id(operation) for operation in partners.values()}
        left = [operation for operation in left if id(operation) not in partners]
        candidates = [operation for operation in candidates if id(operation) not in taken]
    return partners


def _removed(operation: Operation) -> Change:
    """Return an operation that is gone: risky where that was announced, and no later day was named."""
    fact, message = Fact(operation.id), f"{operation.label} is gone"
    judgement = limited_by_evidence(BREAKING, operation.evidence)
    if operation.deprecated:
        day = sunset_day(operation.sunset)
        is_early = day is not None and day > date.today()
        message += f", before {operation.sunset}" if is_early else ", as was announced"
        judgement = judgement if is_early else RISKY
    return Change("operation-removed", judgement, fact, fact, message, operation.evidence, summary=message)


def _added(operation: Operation) -> Change:
    fact, message = Fact(operation.id), f"{operation.label} is new"
    return Change("operation-added", SAFE, fact, fact, message, None, operation.evidence, summary=message)
