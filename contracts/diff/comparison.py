"""Result of comparing two contracts, as values that all reports are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from docdouble.schemas.contract.facts import FactKind
from docdouble.schemas.diff.change import Change, Judgement

from .side import Side
from .used import Touched


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """A change that is reported, and how the consumer touches it; ``None`` where nobody asked."""

    change: Change
    touched: Touched | None = None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes that are one to a reader: of a named type, or the same in several operations. There is at least one."""

    kept: tuple[ReportedChange, ...]

    @property
    def first(self) -> Change:
        """The change that stands for all."""
        return self.kept[0].change

    @property
    def what(self) -> str:
        """The change in words."""
        first = self.first
        return f"{first.type_name}{first.place} {first.summary}" if first.type_name else first.message

    @property
    def operations(self) -> tuple[str, ...]:
        """The ids of the operations, each once."""
        return tuple(dict.fromkeys(change.change.fact.operation for change in self.kept))

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests concerned, each once."""
        return tuple(dict.fromkeys(test for change in self.kept if change.touched for test in change.touched.tests))

    @property
    def how(self) -> tuple[str, ...]:
        """The ways in which the consumer touches it, the surest first."""
        touched_by = {change.touched.how for change in self.kept if change.touched}
        return tuple(how for how in ("read", "sent", "called", "came") if how in touched_by)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two sides and their changes, folded: the worst first, and those in most operations before others.

    ``fail_on`` is the mildest judgement that fails, ``None`` for none. ``used`` names the file with what the consumer
    touches, ``untouched`` counts the changes that this left out. ``not_compared`` are the labels of operations whose
    page can't be read on the other side, ``labels`` those of all, by id.
    """

    old: Side
    new: Side
    entries: tuple[ChangeGroup, ...]
    fail_on: Judgement | None = Judgement.BREAKING
    used: str = ""
    untouched: int = 0
    not_compared: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def totals(self) -> Mapping[Judgement, int]:
        """The number of entries of each judgement."""
        return {judgement: len(self.judged(judgement)) for judgement in Judgement}

    @property
    def failed(self) -> bool:
        """Whether a change is as bad as ``fail_on``, or worse."""
        return any(map(self.fails, self.entries))

    def fails(self, entry: ChangeGroup) -> bool:
        """Tell whether an entry makes the comparison fail."""
        return self.fail_on is not None and entry.first.judgement.reaches(self.fail_on)

    def judged(self, judgement: Judgement) -> tuple[ChangeGroup, ...]:
        """Return the entries of a judgement."""
        return tuple(entry for entry in self.entries if entry.first.judgement is judgement)

    def shown(self, entry: ChangeGroup) -> Change:
        """Return the change of an entry whose documentation lines show it, else the first."""
        return next((change.change for change in entry.kept if self._differs(change.change)), entry.first)

    def _differs(self, change: Change) -> bool:
        before = self.old.quote(change.old) if change.old else ""
        return before != (self.new.quote(change.new) if change.new else "")

    def named(self, entry: ChangeGroup) -> list[str]:
        """Return the labels of the operations of an entry."""
        return [self.labels.get(operation, operation) for operation in entry.operations]


def folded(kept: Iterable[ReportedChange]) -> tuple[ChangeGroup, ...]:
    """Return changes as entries in the order of the reports."""
    by_key: dict[tuple[object, ...], list[ReportedChange]] = {}
    for change in kept:
        by_key.setdefault(_key(change.change), []).append(change)
    entries = [ChangeGroup(tuple(changes)) for changes in by_key.values()]
    order = list(Judgement)
    return tuple(sorted(entries, key=lambda entry: (order.index(entry.first.judgement), -len(entry.operations))))


def _key(change: Change) -> tuple[object, ...]:
    """Return what changes share that are one to a reader; operations that are added or removed stand alone."""
    if change.type_name:
        return change.judgement, change.rule, change.type_name, change.place, change.summary
    alone = change.fact.operation if change.fact.part is FactKind.OPERATION and "operation-" in change.rule else ""
    return change.judgement, change.rule, change.fact.part, change.fact.name, change.message, alone
