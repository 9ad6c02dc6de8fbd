"""Selection of the operations that are verified: ``--only``, ``--skip`` and ``--shard``."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from docdouble.schemas import ConfigError, Contract, Operation

KINDS = ("id", "path", "tag", "resource", "role")
"""What may stand before the colon of a selector."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Part ``number`` of ``count``: every machine of a build is given another one."""

    number: int = 1
    count: int = 1

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
    wanted = _ids(contract, only) if only else {one.id for one in contract.operations}
    unwanted = _ids(contract, skip)
    shares = _share(sorted(wanted - unwanted), shard or Shard())
    reasons: dict[str, str] = {}
    for one in contract.operations:
        if one.id not in wanted:
            reasons[one.id] = "not asked for by --only"
        elif one.id in unwanted:
            reasons[one.id] = "left out by --skip"
        elif one.id not in shares:
            reasons[one.id] = "in another shard"
    return tuple(one for one in contract.operations if one.id not in reasons), reasons


def _share(ids: list[str], shard: Shard) -> frozenset[str]:
    return frozenset(ids[shard.number - 1 :: shard.count])


def _ids(contract: Contract, selectors: tuple[str, ...]) -> set[str]:
    return {one for selector in selectors for one in matching_ids(contract, selector)}


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
    found = {
        one.id for one in contract.operations if any(_fits(key, selector) for key in (one.id, one.label, one.path))
    }
    if not found:
        raise ConfigError("operation", selector, expected="a pattern that fits an id or a path")
    return found


def _of_kind(contract: Contract, kind: str, name: str, selector: str) -> set[str]:
    named = list(_named(contract, kind))
    found = {operation for key, operation in named if _fits(key, name)}
    if not found:
        raise ConfigError("operation", selector, sorted({f"{kind}:{key}" for key, _ in named}))
    return found


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
