"""Use of the old contract by a consumer, as ``--used`` names it, and the changes that concern it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.contract.facts import Fact, FactKind

from ..coverage.use import How, Use, merge_uses, read_use


@dataclass(frozen=True, slots=True)
class Touched:
    """Manner in which the consumer touches what a change concerns, and the ids of the tests that do.

    ``came`` is reported of a place in a response only where no reads were noted of the whole operation.
    """

    how: Literal["called", "sent", "came", "read"]
    tests: tuple[str, ...] = ()


def use_of(paths: Sequence[Path], old: Contract) -> tuple[Use, tuple[str, ...]]:
    """Read what was used of a contract, by its own ids, in all files together; and which operations it doesn't have.

    An operation that has another id is found by its method and path. Raises ``ConfigError`` for a file that is no
    use, or of another contract.
    """
    use = merge_uses(map(read_use, paths))
    names = ", ".join(map(str, paths))
    ids = {operation.label: operation.id for operation in old.operations}
    known = frozenset(ids.values())
    mine = {
        key if key in known else ids.get(operation.label, ""): operation for key, operation in use.operations.items()
    }
    mine.pop("", None)
    if not use.operations:
        raise ConfigError("--used", names, expected="the use of any operation: the tests called none")
    if not mine:
        raise ConfigError("--used", names, expected="of the old contract, which has none of its operations")
    unknown = [
        operation.label for key, operation in use.operations.items() if key not in known and operation.label not in ids
    ]
    return replace(use, operations=mine), tuple(unknown)


def how_used(use: Use, fact: Fact) -> Touched | None:
    """Return the way in which a fact is touched, ``None`` where it isn't.

    A place in a response is touched by who reads it, or who received it where reads were not noted.
    """
    operation = use.operations.get(fact.operation)
    if operation is None:
        return None
    tests = use.tests_of(fact)
    if fact.part is FactKind.OPERATION:
        return Touched("called", tests or tuple(sorted(operation.tests)))
    noted = operation.facts.get((fact.part, fact.name))
    if noted is None:
        return None
    notes_reads = any(other.how is How.READ for other in operation.facts.values())
    if fact.part is FactKind.RESPONSE and noted.how is not How.READ and notes_reads:
        return None
    return Touched(noted.how.value, tests)
