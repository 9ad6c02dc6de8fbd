"""Comparison of two contracts: the changes of the operations, and for the consumer, that are asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.contract.paths import unnamed_template
from docdouble.schemas.diff import diff
from docdouble.schemas.diff.change import Change, Judgement

from ..config.config import Config, as_configured
from ..model.text import counted, listed
from ..output.echo import remark
from ..safety.selection import matching_ids
from .comparison import Comparison, ReportedChange, folded
from .side import Side
from .used import how_used, use_of

_MOST_NAMED = 5


def compare_sides(
    old: Side,
    new: Side,
    *,
    fail_on: Judgement | None = Judgement.BREAKING,
    used: Sequence[Path] = (),
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    config: Config | None = None,
) -> Comparison:
    """Compare two sides; an operation is compared where ``only`` and ``skip`` mean it on either side.

    Raises ``ConfigError`` for a selector that means nothing on both, and for what ``use_of`` does.
    """
    before, after, left_out = _readable(old, new)
    contracts = tuple(_configured(contract, config) for contract in (old.contract, new.contract))
    wanted = _ids(contracts, only) if only else None
    unwanted = _ids(contracts, skip)
    changes = [
        change
        for change in diff(before, after)
        if (wanted is None or change.fact.operation in wanted) and change.fact.operation not in unwanted
    ]
    kept = _of_consumer(changes, used, old.contract) if used else [ReportedChange(change) for change in changes]
    labels = {
        webhook.id: webhook.label
        for contract in (new.contract, old.contract)
        for webhook in (*contract.webhooks, *contract.operations)
    }
    return Comparison(
        old,
        new,
        folded(kept),
        fail_on,
        ", ".join(map(str, used)),
        len(folded(map(ReportedChange, changes))) - len(folded(kept)),
        left_out,
        labels,
    )


def _readable(old: Side, new: Side) -> tuple[Contract, Contract, tuple[str, ...]]:
    """Return the contracts without operations of pages that the other side couldn't read: they are not gone."""
    gone = [operation for operation in old.contract.operations if operation.page in new.unread - old.unread]
    added = [operation for operation in new.contract.operations if operation.page in old.unread - new.unread]
    before, after = _without(old.contract, gone), _without(new.contract, added)
    return before, after, tuple(operation.label for operation in (*gone, *added))


def _without(contract: Contract, operations: list[Operation]) -> Contract:
    ids = {operation.id for operation in operations}
    return replace(
        contract, operations=tuple(operation for operation in contract.operations if operation.id not in ids)
    )


def _configured(contract: Contract, config: Config | None) -> Contract:
    """Return the contract with resources as the project says; a side that hasn't what it names stays as it is."""
    try:
        return as_configured(contract, config) if config else contract
    except ConfigError:
        return contract


def _ids(contracts: Iterable[Contract], selectors: Iterable[str]) -> set[str]:
    """Return the ids that changes name of the operations that selectors mean in either contract."""
    old, new = contracts
    earlier = {_key(operation): operation.id for operation in old.operations}
    by_id = {operation.id: earlier.get(_key(operation), operation.id) for operation in new.operations}
    ids: set[str] = set()
    for selector in selectors:
        before, after, problem = set[str](), set[str](), None
        try:
            before = matching_ids(old, selector)
        except ConfigError as error:
            problem = error
        try:
            after = matching_ids(new, selector)
        except ConfigError:
            if problem:
                raise
        ids |= before | {by_id[label] for label in after}
    return ids


def _key(operation: Operation) -> tuple[str, str]:
    """Return what operations share that are the same: method and path, whatever the path's variables are called."""
    return operation.method, unnamed_template(operation.path)


def _of_consumer(changes: list[Change], paths: Sequence[Path], old: Contract) -> list[ReportedChange]:
    """Return the changes of what a consumer touches; says on stderr which of its operations can't be looked up."""
    use, unknown = use_of(paths, old)
    if unknown:
        count = counted(len(unknown), "operation")
        remark(f"{', '.join(map(str, paths))}: {count} not in the old contract: {listed(unknown, _MOST_NAMED)}")
    touched = ((change, how_used(use, change.concerned)) for change in changes)
    return [ReportedChange(change, how) for change, how in touched if how]
