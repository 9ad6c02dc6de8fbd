"""Reports of shards, merged into one run as if everything had been verified at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from docdouble.schemas import ConfigError, Evidence

from ..model.events import OperationResult, Run, RunDone, RunRecorder, RunStarted
from ..model.finding import Fingerprint, Severity
from ..model.text import listed
from ..model.verdict import refusal_of
from ..safety.selection import IN_ANOTHER_SHARD
from ..storage.baseline import Baseline, gone
from .read_report import ReportFile

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """Rules by which reports are judged together; ``None``: as they were on their own.

    A run that is to ``update_baseline`` accepts what was found.
    """

    baseline: Baseline | None = None
    fail_on: Severity | None = None
    fail_under: float | None = None
    update_baseline: bool = False

    def known(self, runs: Sequence[Run]) -> Mapping[Fingerprint, Severity]:
        """Return the severity of each finding that is accepted today."""
        if self.baseline:
            return self.baseline.known(date.today())
        return {key: severity for run in runs for key, severity in run.started.known.items()}

    def expired(self, runs: Sequence[Run]) -> frozenset[Fingerprint]:
        """Return the findings that are no longer accepted today."""
        if self.baseline:
            return self.baseline.expired(date.today())
        return frozenset(key for run in runs for key in run.started.expired)

    def gone(self, runs: Sequence[Run], results: Sequence[OperationResult]) -> tuple[Fingerprint, ...]:
        """Return the known findings that the run could have found, and didn't."""
        if self.baseline:
            return gone(self.baseline, results)
        return tuple(sorted(key for run in runs for key in run.done.gone))


def merged(reports: Sequence[ReportFile], options: MergeOptions) -> Run:
    """Return the run that the reports are parts of; raises ``ConfigError`` for reports that don't belong together."""
    _check(reports, options)
    runs = [report.run for report in reports]
    started = _started(runs, options)
    recorder = RunRecorder()
    recorder(started)
    places = {operation.id: place for place, operation in enumerate(started.operations)}
    results = sorted(
        (result for run in runs for result in run.results),
        key=lambda operation_result: places[operation_result.operation.id],
    )
    for result in results:
        recorder(result)
    recorder(_done(runs, started, recorder.results, options))
    return replace(recorder.run, quote=_quote(runs))


def _check(reports: Sequence[ReportFile], options: MergeOptions) -> None:
    """Raise ``ConfigError`` for reports of different contracts, versions, seeds, or of the same operations."""
    first = reports[0]
    same: list[tuple[str, Callable[[ReportFile], Any], str]] = [
        ("contract", lambda file: file.run.started.digest[:12], "SOURCE has to be the same"),
        ("docdouble", lambda file: file.version, "the version has to be the same"),
        ("command", lambda file: file.run.started.command, "the command has to be the same"),
        ("--seed", lambda file: file.run.started.seed, "the seed has to be the same"),
        ("--shard", lambda file: file.run.started.shard[1], "the count of shards has to be the same"),
    ]
    if options.fail_on is None:
        same.append(("--fail-on", lambda file: file.run.started.fail_on.value, "else give --fail-on"))
    if options.fail_under is None:
        same.append(("--fail-under", lambda file: file.run.started.fail_under, "else give --fail-under"))
    for other in reports[1:]:
        for name, value_of, advice in same:
            if value_of(other) != value_of(first):
                expected = f"{value_of(first)!r}, as in {first.name}: {advice}"
                raise ConfigError(f"{other.name}: {name}", value_of(other), expected=expected)
    _check_overlaps(reports)


def _check_overlaps(reports: Sequence[ReportFile]) -> None:
    holders: dict[str, str] = {}
    for report in reports:
        ids = [operation.id for operation in report.run.started.operations]
        twice = [name for name in ids if name in holders]
        if twice:
            shown = f"{listed(twice, _MOST_NAMED)}, in {holders[twice[0]]} too"
            raise ConfigError(f"{report.name}: operations", shown, expected="in one of the reports only")
        holders.update(dict.fromkeys(ids, report.name))


def _started(runs: Sequence[Run], options: MergeOptions) -> RunStarted:
    """Return the beginning of the whole run: what is skipped there is skipped in every part for its own reason."""
    first = runs[0].started
    contained = {operation.id: operation for run in runs for operation in run.started.operations}
    known = {
        operation.id: operation for run in reversed(runs) for operation in run.started.contract.operations
    } | contained
    reasons = [run.started.skipped for run in runs]
    skipped = {
        name: reason
        for name in first.skipped
        if name not in contained and (reason := _reason([reason[name] for reason in reasons if name in reason]))
    }
    return replace(
        first,
        contract=replace(first.contract, operations=tuple(known[name] for name in first.order)),
        operations=tuple(known[name] for name in first.order if name not in skipped),
        target=", ".join(dict.fromkeys(run.started.target for run in runs)),
        secret_headers=tuple(dict.fromkeys(name for run in runs for name in run.started.secret_headers)),
        skipped=skipped,
        started=min(run.started.started for run in runs),
        checks={name: promise for run in runs for name, promise in run.started.checks.items()},
        fail_on=options.fail_on or first.fail_on,
        fail_under=first.fail_under if options.fail_under is None else options.fail_under,
        known=options.known(runs),
        expired=options.expired(runs),
        accepts=options.update_baseline,
        shard=(1, 1),
    )


def _reason(reasons: Sequence[str]) -> str:
    """Return why no part has called an operation, empty where one that isn't there may have."""
    return next((reason for reason in reasons if reason != IN_ANOTHER_SHARD), "")


def _done(
    runs: Sequence[Run], started: RunStarted, results: Sequence[OperationResult], options: MergeOptions
) -> RunDone:
    """Return the end of the whole run: that all credentials were refused is stated only of all parts together."""
    parts = [run.done for run in runs]
    has_credentials = bool(started.secret_headers)
    refusals = [refusal_of(run.outcomes, has_credentials=has_credentials) for run in runs]
    ended = [part for part, refusal in zip(parts, refusals, strict=True) if part.stopped != refusal or not refusal]
    refused = refusal_of([started.outcome(result) for result in results], has_credentials=has_credentials)
    stopped = "; ".join(dict.fromkeys(part.stopped for part in ended if part.stopped))
    seen = {run.started.shard[0] for run in runs}
    count = runs[0].started.shard[1]
    missing = [f"shard {number}/{count}" for number in range(1, count + 1) if number not in seen]
    return RunDone(
        sum(part.seconds for part in parts),
        stopped or refused,
        any(part.unreachable for part in ended) or bool(refused and not stopped),
        tuple(call for part in parts for call in part.left),
        options.gone(runs, results),
        (*(name for part in parts for name in part.missing), *missing),
    )


def _quote(runs: Sequence[Run]) -> Callable[[Evidence], str]:
    return lambda evidence: next((line for run in runs if (line := run.quote(evidence))), "")
