"""Numbers of a use: how many facts of each kind are touched.

The share of an operation is touched ÷ documented facts. A place of an answer that was received counts as touched,
unless the run was seen reading any answer of that operation: from then on, only what was read does, since what was
merely received shows nothing of its consumer. The share of a run is that of all facts of all operations that count
together.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from docdouble.schemas.contract.facts import FactKind, Key

from .use import How, Use, UsedOperation

Pair = tuple[int, int]
"""Touched, and documented."""


@dataclass(frozen=True, slots=True)
class Count:
    """Touched facts of one operation, counted; ``touched`` and ``documented`` are by part, the latter of called ones.

    ``read`` and ``received`` are the places of answers that were read and received; what was read was received, too.
    """

    label: str
    calls: int
    total: Pair
    touched: Counter[FactKind] = field(default_factory=Counter)
    documented: Counter[FactKind] = field(default_factory=Counter)
    read: int = 0
    received: int = 0
    never_received: tuple[str, ...] = ()
    undocumented: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """The share of the facts that was touched."""
        return percent(self.total)

    def pair(self, *parts: FactKind) -> Pair:
        """Return the numbers of some parts together."""
        return sum(self.touched[part] for part in parts), sum(self.documented[part] for part in parts)


def percent(total: Pair) -> float:
    """Return a share; 0 where nothing is documented."""
    touched, documented = total
    return 100 * touched / documented if documented else 0.0


def count(operation: UsedOperation) -> Count:
    """Return the numbers of an operation."""
    counting = touched_keys(operation)
    places = [fact for (part, _), fact in operation.facts.items() if part is FactKind.RESPONSE]
    return Count(
        operation.label,
        operation.calls,
        (len(counting), max(operation.documented, len(counting))),
        Counter(part for part, _ in counting),
        Counter(part for part, _ in (*operation.facts, *operation.untouched)),
        sum(place.how is How.READ for place in places),
        len(places),
        tuple(sorted(name for part, name in operation.untouched if part is FactKind.STATUS)),
        tuple(sorted(operation.undocumented)),
    )


def touched_keys(operation: UsedOperation) -> frozenset[Key]:
    """Return the facts that count as touched."""
    is_read = any(fact.how is How.READ for fact in operation.facts.values())
    received = {
        key for key, fact in operation.facts.items() if key[0] is FactKind.RESPONSE and fact.how is How.RECEIVED
    }
    return frozenset(operation.facts.keys() - received if is_read else operation.facts)


def counts(use: Use) -> tuple[Count, ...]:
    """Return the numbers of all operations, by their labels' paths."""
    numbers = (count(operation) for operation in use.operations.values())
    return tuple(sorted(numbers, key=lambda operation: operation.label.partition(" ")[::-1]))


def total(numbers: Iterable[Count]) -> Pair:
    """Return the numbers of a run."""
    listed = list(numbers)
    return sum(operation.total[0] for operation in listed), sum(operation.total[1] for operation in listed)


def shown_percent(total: Pair) -> str:
    """Return a share in whole percent; 100 only for all of it, 0 only for nothing."""
    share = percent(total)
    if 0 < share < 1 or 99 < share < 100:
        return "<1 %" if share < 1 else ">99 %"
    return f"{round(share)} %"


def reaches(use: Use, least: float) -> bool:
    """Tell whether a run touched at least so many percent; one that touched nothing reaches only 0."""
    return percent(total(counts(use))) >= least
