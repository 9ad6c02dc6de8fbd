"""Summary of a run, as lines for a person: the verdict, the most frequent findings, what was left out."""

from collections.abc import Iterator, Mapping, Sequence

from ..model.events import Run
from ..model.finding import Severity
from ..model.text import counted, listed, one_line
from ..model.verdict import (
    CREDENTIALS,
    FORBIDDEN,
    NOT_VERIFIED,
    OperationOutcome,
    OperationVerdict,
    unverified_by_cause,
)
from .curl import curl
from .groups import Group, groups, labels, not_reached, reasons, totals

_MOST_NAMED = 5
"""Documentation lines per check, and operations per line, that are named."""

_MOST_LEFT = 10
"""Calls that would remove what is left, and that are shown."""

_MOST_REASONS = 10


def summary_lines(run: Run) -> Iterator[str]:
    """Yield the lines; those that belong to the one before are indented. The last is the verdict."""
    yield from _not_verified(run)
    if len(run.results) > 1:
        yield from _by_check(run)
    yield from _left_out(run)
    yield from _baseline(run)
    if unsteady := sum(bool(finding.sent_again) for finding in run.findings):
        yield f"not seen again when the call was sent once more: {counted(unsteady, 'finding')}"
    yield from _left_behind(run)
    counts = ", ".join(counted(count, level.value) for level, count in totals(run.findings).items())
    seconds = run.done.seconds
    rate = f" in {seconds:.1f} s ({run.calls / seconds:.0f} calls/s)" if seconds else ""
    done = f"{counted(len(run.results), 'operation')} of {run.started.target}, {counted(run.calls, 'call')}{rate}"
    yield one_line(f"{done}: {counts}")
    yield run_verdict(run)


def run_verdict(run: Run) -> str:
    """Return whether the run failed, and why, on one line, and how many operations are verified."""
    counts = counts_of({verdict: len(run.of_verdict(verdict)) for verdict in OperationVerdict})
    return one_line(f"{_outcome(run)}; {counts}" if counts else _outcome(run))


def counts_of(verdicts: Mapping[OperationVerdict, int]) -> str:
    """Return how many operations there are of each verdict, on one line, without those that there are none of."""
    return ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in OperationVerdict if verdicts.get(verdict))


def _outcome(run: Run) -> str:
    failing = sum(map(run.started.fails, run.findings))
    level = run.started.fail_on.value + ("" if run.started.fail_on is Severity.ERROR else " or worse")
    stopped = f"; the run stopped early: {run.done.stopped}" if run.done.stopped else ""
    if run.done.unreachable:
        return f"failed: {run.done.stopped}"
    if run.shortfall:
        return f"failed: {run.shortfall}{stopped}"
    if run.started.accepts:
        findings = counted(len(list(run.findings)), "finding")
        return f"accepted: {findings}, from now on known to the baseline{stopped}"
    new = "new " if run.started.known else ""
    if failing:
        return f"failed: {counted(failing, f'{new}finding')} of severity {level}{stopped}"
    return f"{'not finished' if stopped else 'passed'}: no {new}finding of severity {level}{stopped}"


def _not_verified(run: Run) -> Iterator[str]:
    """Yield the operations that are not verified by the cause, and what was expected of them in vain."""
    yield from unverified_lines(run.outcomes, _outcome(run), is_refused=run.done.unreachable)
    is_verified = OperationVerdict.VERIFIED
    verified = [
        outcome.label for outcome in run.outcomes if outcome.verdict is is_verified and outcome.may_stay_unverified
    ]
    if verified:
        yield one_line(f"verified, against expect-unverified: {listed(verified, _MOST_NAMED)}")
    if run.started.expecting_nothing:
        yield one_line(f"expect-unverified means no operation: {listed(run.started.expecting_nothing, _MOST_NAMED)}")


def unverified_lines(
    outcomes: Sequence[OperationOutcome], verdict: str = "", *, is_refused: bool = False
) -> Iterator[str]:
    """Yield the operations that are not verified by the cause, which isn't repeated where the ``verdict`` says it.

    It does so of credentials where it ``is_refused`` for them.
    """
    for cause, of_cause in unverified_by_cause(outcomes).items():
        names = [f"{outcome.label}{' (expected)' * outcome.may_stay_unverified}" for outcome in of_cause]
        is_known = cause.text in verdict or (is_refused and cause.rule in (CREDENTIALS, FORBIDDEN))
        text = "for the reason below" if is_known else cause.text
        yield one_line(f"not verified: {counted(len(of_cause), 'operation')}, {text}")
        yield one_line(f"  {listed(names, _MOST_NAMED)}")


def _by_check(run: Run) -> Iterator[str]:
    by_check: dict[tuple[Severity, str], list[Group]] = {}
    for group in groups(run):
        if group.first.check == NOT_VERIFIED:
            continue
        by_check.setdefault((group.first.severity, group.first.check), []).append(group)
    worst_first = sorted(by_check.items(), key=lambda item: (item[0][0].rank, -sum(group.size for group in item[1])))
    names = labels(run)
    for (severity, check), of_check in worst_first:
        size = sum(group.size for group in of_check)
        operations = {operation for group in of_check for operation in group.operations}
        yield one_line(
            f"{severity.value}: {check}, {counted(size, 'finding')} in {counted(len(operations), 'operation')}"
        )
        yield from _lines_of(of_check, names)


def _lines_of(of_check: list[Group], names: Mapping[str, str]) -> Iterator[str]:
    by_size = sorted(of_check, key=lambda group: -len(group.operations))
    lines = list(dict.fromkeys(_line_of(group, names) for group in by_size))  # a line may be broken in several ways
    yield from lines[:_MOST_NAMED]
    if len(lines) > _MOST_NAMED:
        yield f"  and {counted(len(lines) - _MOST_NAMED, 'more place')}"


def _line_of(group: Group, names: Mapping[str, str]) -> str:
    operations = listed([names.get(operation, operation) for operation in group.operations], _MOST_NAMED)
    known = " (known)" if group.known else ""
    return one_line(f"  {group.first.evidence or 'no documentation line'}{known}: {operations}")


def _left_out(run: Run) -> Iterator[str]:
    causes = list(reasons(run.started.skipped))
    if causes:
        yield f"skipped: {counted(len(run.started.skipped), 'operation')}"
    for reason, count in causes[:_MOST_REASONS]:
        yield one_line(f"  {count}: {reason}")
    if len(causes) > _MOST_REASONS:
        yield f"  and {counted(len(causes) - _MOST_REASONS, 'more reason')}"
    if missed := not_reached(run):
        yield f"not reached: {counted(len(missed), 'operation')}"
    unfinished = [result for result in run.results if result.stopped]
    if unfinished:
        names = listed([result.operation.label for result in unfinished], _MOST_NAMED)
        yield one_line(f"not finished: {counted(len(unfinished), 'operation')}, {names}")


def _baseline(run: Run) -> Iterator[str]:
    known = sum(map(run.started.knows, run.findings))
    if known:
        yield f"known from the baseline: {counted(known, 'finding')}"
    expired = sum(finding.fingerprint in run.started.expired for finding in run.findings)
    if expired:
        yield f"known until their entries in the baseline expired: {counted(expired, 'finding')}"
    names = labels(run)
    if run.done.gone:
        yield f"in the baseline, and no longer found: {counted(len(run.done.gone), 'finding')}"
    for operation, check, pointer, rule in run.done.gone[:_MOST_NAMED]:
        yield one_line(f"  {check} {rule} {pointer}".rstrip() + f", {names.get(operation, operation)}")
    if len(run.done.gone) > _MOST_NAMED:
        yield f"  and {len(run.done.gone) - _MOST_NAMED} more"


def _left_behind(run: Run) -> Iterator[str]:
    if run.done.left:
        yield f"could not be removed again: {counted(len(run.done.left), 'resource')} that this run created; try"
    for call in run.done.left[:_MOST_LEFT]:
        yield "  " + one_line(curl(call, run.started.base_url, run.started.secret_headers))
    if len(run.done.left) > _MOST_LEFT:
        yield f"  and {len(run.done.left) - _MOST_LEFT} more, which the JSON report names"
