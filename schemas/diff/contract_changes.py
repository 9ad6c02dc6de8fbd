"""Changes between two contracts, operation by operation."""

from collections.abc import Callable, Iterable
from operator import attrgetter

from ..contract.facts import Fact
from ..contract.model import Contract, Operation
from ..contract.paths import unnamed_template
from .change import Change
from .diff_rules import BREAKING, SAFE
from .operation_changes import operation_changes
from .operation_pair import ContractComparison, OperationPair, is_same_unread, limited_by_evidence

_SAME: tuple[Callable[[Operation], object], ...] = (
    attrgetter("id", "method", "path"),
    attrgetter("method", "path"),
    lambda operation: (operation.method, unnamed_template(operation.path)),
    attrgetter("id"),
)
"""Marks by which two operations are the same one, the surest first."""


def contract_changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Return the changes of ``diff``."""
    comparisons = ContractComparison(old, new)
    partners = _partners(old.operations, new.operations)
    changes: list[Change] = []
    for operation in old.operations:
        partner = partners.get(id(operation))
        changes += _compared(operation, partner, comparisons) if partner else [_removed(operation)]
    known = {id(operation) for operation in partners.values()}
    return (*changes, *(_added(operation) for operation in new.operations if id(operation) not in known))


def _compared(old: Operation, new: Operation, comparisons: ContractComparison) -> Iterable[Change]:
    if is_same_unread(old, new, comparisons.changed_types) and not comparisons.schemes_changed:
        return ()
    return operation_changes(OperationPair(old, new, comparisons))


def _partners(old: Iterable[Operation], new: Iterable[Operation]) -> dict[int, Operation]:
    """Return the new reading of each old operation that has one, by the ``id()`` of the old one."""
    left, candidates = list(old), list(new)
    partners: dict[int, Operation] = {}
    for key in _SAME:
        by_key: dict[object, list[Operation]] = {}
        for operation in reversed(candidates):
            by_key.setdefault(key(operation), []).append(operation)
        for operation in left:
            if same := by_key.get(key(operation)):
                partners[id(operation)] = same.pop()
        taken = {id(operation) for operation in partners.values()}
        left = [operation for operation in left if id(operation) not in partners]
        candidates = [operation for operation in candidates if id(operation) not in taken]
    return partners


def _removed(operation: Operation) -> Change:
    fact, message = Fact(operation.id), f"{operation.label} is gone"
    judgement = limited_by_evidence(BREAKING, operation.evidence)
    return Change("operation-removed", judgement, fact, fact, message, operation.evidence, summary=message)


def _added(operation: Operation) -> Change:
    fact, message = Fact(operation.id), f"{operation.label} is new"
    return Change("operation-added", SAFE, fact, fact, message, None, operation.evidence, summary=message)
