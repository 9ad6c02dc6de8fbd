"""Selection of the operations that are verified: ``--only``, ``--skip`` and ``--shard``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from statistics import median

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.resources.operation_groups import operation_groups

IN_ANOTHER_SHARD = "in another shard"
"""Reason for which an operation is left out that another machine verifies."""

KINDS = ("id", "path", "tag", "resource", "role")
"""Words that may stand before the colon of a selector."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Part ``number`` of ``count``: every machine of a build is given another one.

    Parts take about equally long by ``seconds``, which operations took before, by their ids; without them, they have
    about equally many operations.
    """

    number: int = 1
    count: int = 1
    seconds: Mapping[str, float] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, text: str) -> "Shard":
        """Read ``2/5``; raises ``ConfigError``."""
        number, _, count = text.partition("/")
        if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
            return cls(int(number), int(count))
        raise ConfigError("--shard", text, expected="of the form NUMBER/COUNT, such as 2/5")


def select_operations(
    contract: Contract, only: tuple[str, ...] = (), skip: tuple[str, ...] = (), shard: Shard | None = None
) -> tuple[tuple[Operation, ...], dict[str, str]]:
    """Return the operations that are verified, in the contract's order, and why the others aren't, by id.

    Raises ``ConfigError`` for a selector that means no operation.
    """
    wanted = _ids(contract, only) if only else {operation.id for operation in contract.operations}
    unwanted = _ids(contract, skip)
    shares = _share(wanted - unwanted, contract, shard or Shard())
    reasons: dict[str, str] = {}
    for operation in contract.operations:
        if operation.id not in wanted:
            reasons[operation.id] = "not asked for by --only"
        elif operation.id in unwanted:
            reasons[operation.id] = "left out by --skip"
        elif operation.id not in shares:
            reasons[operation.id] = IN_ANOTHER_SHARD
    return tuple(operation for operation in contract.operations if operation.id not in reasons), reasons


def _share(ids: set[str], contract: Contract, shard: Shard) -> frozenset[str]:
    if shard.count == 1:
        return frozenset(ids)
    operations = [operation for operation in contract.operations if operation.id in ids]
    return frozenset(
        operation.id for operation in divided(operations, contract, shard.count, shard.seconds)[shard.number - 1]
    )


def divided(
    operations: Sequence[Operation], contract: Contract, count: int, seconds: Mapping[str, float] | None = None
) -> list[list[Operation]]:
    """Return ``count`` shares of operations that take about equally long: what belongs together is in one of them.

    The longest groups are given out first, each to the share that has least (longest-processing-time rule). An
    operation whose ``seconds`` aren't known counts as the median of the others. The result depends on nothing else.
    """
    known = seconds or {}
    usual = median([duration for duration in known.values() if duration] or [1.0])
    groups = operation_groups(contract)
    weights: dict[str, float] = {}
    for operation in operations:
        weights[groups[operation.id]] = weights.get(groups[operation.id], 0.0) + known.get(operation.id, usual)
    loads = [0.0] * count
    shares = {}
    for name, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        shares[name] = min(range(count), key=loads.__getitem__)
        loads[shares[name]] += weight
    return [
        [operation for operation in operations if shares[groups[operation.id]] == number] for number in range(count)
    ]


def _ids(contract: Contract, selectors: tuple[str, ...]) -> set[str]:
    return {name for selector in selectors for name in matching_ids(contract, selector)}


def matching_ids(contract: Contract, selector: str) -> set[str]:
    """Return the ids of the operations that a selector means.

    It is an id, ``METHOD /path``, a path or a part of one of them that only one operation has; a pattern with ``*``;
    or ``tag:``, ``resource:``, ``role:``, ``id:`` or ``path:`` and a name or a pattern. Letter case doesn't matter.
    Raises ``ConfigError`` with the nearest name when it means nothing.
    """
    kind, colon, name = selector.partition(":")
    if colon and kind.casefold() in KINDS:
        return _of_kind(contract, kind.casefold(), name, selector)
    if "*" not in selector:
        return {contract.operation(selector).id}
    ids = {
        operation.id
        for operation in contract.operations
        if any(_fits(key, selector) for key in (operation.id, operation.label, operation.path))
    }
    if not ids:
        raise ConfigError("operation", selector, expected="a pattern that fits an id or a path")
    return ids


def _of_kind(contract: Contract, kind: str, name: str, selector: str) -> set[str]:
    named = list(_named(contract, kind))
    ids = {operation for key, operation in named if _fits(key, name)}
    if not ids:
        raise ConfigError("operation", selector, sorted({f"{kind}:{key}" for key, _ in named}))
    return ids


def _named(contract: Contract, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a kind, each with the id of an operation that it means."""
    if kind in ("resource", "role"):
        for resource in contract.resources.resources:
            for role in resource.roles:
                yield resource.name if kind == "resource" else role.name, role.operation
        return
    for operation in contract.operations:
        for key in operation.tags if kind == "tag" else (operation.id if kind == "id" else operation.path,):
            yield key, operation.id


def _fits(name: str, pattern: str) -> bool:
    # brackets stand in paths, and mean nothing else here
    return fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]"))
