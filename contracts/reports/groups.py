"""Groups of findings that one documentation line explains, shown once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.events import Run
from ..model.finding import Finding, Severity
from ..model.verdict import NOT_VERIFIED

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that break one promise of one documentation line in one way; ``first`` stands for all."""

    first: Finding
    operations: tuple[str, ...]
    """Ids of the operations, in the order of the run, without repetitions."""
    size: int
    """Number of findings."""
    known: bool
    """The baseline knows all of them."""


def group_key(finding: Finding) -> Key:
    """Return what findings share that are reported once: check, rule, severity, documentation line, name of the place.

    Without a documentation line nothing is shared. Operations that are not verified share the cause.
    """
    if finding.check == NOT_VERIFIED:
        return finding.check, finding.rule, finding.severity, finding.got
    if finding.evidence is None:
        return finding.fingerprint
    name = finding.pointer.rpartition("/")[2]
    place = "*" if name.isdigit() else name
    return finding.check, finding.rule, finding.severity, finding.evidence, place


def shape(finding: Finding) -> Key:
    """Return what findings of an operation share that are of one kind, at several places of a body."""
    if not finding.pointer:
        return finding.fingerprint
    return finding.operation, finding.check, finding.rule, finding.severity


def groups(run: Run) -> tuple[Group, ...]:
    """Return the findings in groups: new ones before known ones, that nothing is verified first, then the worst."""
    by_key: dict[Key, list[Finding]] = {}
    for finding in run.findings:
        by_key.setdefault((run.started.knows(finding), group_key(finding)), []).append(finding)
    made = [
        Group(findings[0], tuple(dict.fromkeys(finding.operation for finding in findings)), len(findings), bool(key[0]))
        for key, findings in by_key.items()
    ]
    return tuple(sorted(made, key=_order))


def _order(group: Group) -> tuple[bool, bool, int, int]:
    return group.known, group.first.check != NOT_VERIFIED, group.first.severity.rank, -group.size


def totals(findings: Iterable[Finding]) -> Mapping[Severity, int]:
    """Return the number of findings of each severity, the worst first."""
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in Severity}


def labels(run: Run) -> Mapping[str, str]:
    """Return the labels of operations, by id."""
    return {operation.id: operation.label for operation in (*run.started.contract.operations, *run.started.operations)}


def reasons(skipped: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield each reason for which operations were skipped with their number, the most frequent first."""
    yield from Counter(skipped.values()).most_common()


def left_out(run: Run) -> Mapping[str, str]:
    """Return why operations were not called, by id: those that were skipped, and those that the run didn't reach."""
    late = f"not reached: {run.done.stopped or 'the run ended'}"
    return {**run.started.skipped, **dict.fromkeys(not_reached(run), late)}


def not_reached(run: Run) -> tuple[str, ...]:
    """Return the ids of the operations that the run didn't reach."""
    reached = {result.operation.id for result in run.results}
    return tuple(operation.id for operation in run.started.operations if operation.id not in reached)
