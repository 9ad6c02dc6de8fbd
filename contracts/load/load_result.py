"""Result of a load run: the verdict on replies and thresholds, in the terminal, in reports and as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from docdouble.schemas import Call, Contract, Operation

from ..model.events import Event, Run, RunDone, RunRecorder, RunStarted
from ..model.text import counted, listed
from ..output.redacted_events import redacting
from ..output.styled_text import console_for, print_table, print_text, styled
from ..reports.quotes import quotes
from ..reports.registry import STDOUT, check_reports, write_reports
from ..reports.terminal import LiveReport
from ..safety.selection import matching_ids
from ..storage.baseline import gone, known_findings, read_baseline, updated, write_baseline
from ..storage.output_files import write_whole
from .contract_load import ContractLoad
from .judgements import Judgements
from .load_options import LoadOptions
from .locust_figures import LoadFigures, load_figures
from .thresholds import Figures, broken_thresholds, read_threshold

_MOST_NAMED = 5
HEADINGS = ("operation", "requests", "errors", "p50 ms", "p95 ms", "judged", "violations")
"""Headings of the table of operations."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """Outcome of a run: ``stats`` are those of Locust, ``lost`` the names of workers that went away."""

    judgements: Judgements
    stats: Any
    seconds: float = 0.0
    left: tuple[Call, ...] = ()
    lost: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)


def check_result(contract: Contract, options: LoadOptions) -> None:
    """Raise ``ConfigError`` for thresholds, reports and a baseline that can't be used."""
    for threshold in map(read_threshold, options.fail_if):
        if threshold.operation:
            matching_ids(contract, threshold.operation)
    check_reports(options.reports)
    known_findings(options.settings.baseline, update=options.update_baseline)


class LoadResult:
    """Maker of the verdict on a run; ``check_result`` says before it whether it can."""

    def __init__(self, load: ContractLoad) -> None:
        options = load.options
        self._load = load
        self._thresholds = [read_threshold(threshold) for threshold in options.fail_if]
        self._baseline = known_findings(options.settings.baseline, update=options.update_baseline)
        self._started = datetime.now(UTC).isoformat(timespec="seconds")
        self._run: Run | None = None
        self._lines: list[str] = []
        self._rows: list[Row] = []

    def finish(self, outcome: LoadOutcome, csv_prefix: str = "") -> bool:
        """Write the reports, and return whether the run has failed; ``show`` prints it."""
        run = self._run = self.run(outcome)
        figures = self._figures(outcome, run)
        broken = broken_thresholds(self._thresholds, figures.total, figures.by_operation, self._ids)
        self._rows = list(_rows(figures, run))
        problems = write_reports(run, self._load.options.reports)
        problems += self._kept(run, csv_prefix)
        self._lines = [*_remarks(outcome), *(f"failed: {threshold}" for threshold in broken), *problems]
        return bool(run.failed or run.done.stopped or broken or problems)

    def show(self) -> None:
        """Print the result."""
        console = console_for(stderr=any(file == STDOUT for _, file in self._load.options.reports))
        if self._run is None:
            return
        if self._rows:
            print_table(console, "", HEADINGS, self._rows)
        report = LiveReport(console, quiet=self._load.options.quiet)
        events: tuple[Event, ...] = (self._run.started, *self._run.results, self._run.done)
        for event in events:
            report(event)
        print_text(console, *(styled(line, "bold red" if line.startswith("failed") else "") for line in self._lines))

    def rows(self, outcome: LoadOutcome) -> list[Row]:
        """Return the table of operations with their figures until now."""
        run = self.run(outcome)
        return list(_rows(self._figures(outcome, run), run))

    def run(self, outcome: LoadOutcome) -> Run:
        """Return the run that reports are made of."""
        judged = outcome.judgements.by_operation
        operations = tuple(operation for operation in self._load.contract.operations if operation.id in judged)
        recorder = RunRecorder()
        emit = redacting(recorder)
        emit(self._run_started(operations, judged.keys()))
        for operation in operations:
            emit(judged[operation.id].result(operation))
        stopped = _nothing(outcome.judgements)
        missing = gone(self._baseline, recorder.results)
        emit(RunDone(outcome.seconds, stopped, bool(stopped), outcome.left, missing))
        return replace(recorder.run, quote=quotes(self._load.options.sources))

    def _figures(self, outcome: LoadOutcome, run: Run) -> LoadFigures:
        return load_figures(outcome.stats, self._load.contract, outcome.judgements, run.started.known)

    def _ids(self, selector: str) -> set[str]:
        return matching_ids(self._load.contract, selector) if selector else set()

    def _run_started(self, operations: tuple[Operation, ...], called: Collection[str]) -> RunStarted:
        load, options, today = self._load, self._load.options, date.today()
        left_out = load.tasks.left_out
        return RunStarted(
            load.contract,
            operations,
            target=options.url,
            base_url=options.url.rstrip("/"),
            seed=options.seed,
            secret_headers=tuple(options.settings.headers),
            skipped={
                operation.id: left_out.get(operation.id, "not called by the load")
                for operation in load.contract.operations
                if operation.id not in called
            },
            started=self._started,
            checks={check.id: check.promise for check in load.checks},
            fail_on=options.fail_on,
            known=self._baseline.known(today),
            expired=self._baseline.expired(today),
            accepts=options.update_baseline,
            command="load",
        )

    def _kept(self, run: Run, csv_prefix: str) -> Iterator[str]:
        """Write the new baseline and the CSV, and yield what could not be written."""
        options = self._load.options
        try:
            if options.update_baseline and options.settings.baseline:
                path = options.settings.baseline
                write_baseline(path, updated(read_baseline(path, may_be_missing=True), run.results, date.today()))
            if csv_prefix:
                write_whole(Path(f"{csv_prefix}_violations.csv"), violations_csv(self._rows))
        except OSError as error:
            yield f"{error.filename}: {error.strerror}"


def _nothing(judgements: Judgements) -> str:
    """Return why a run has verified nothing, empty where it has verified something."""
    whole = judgements.total
    if not whole.replies:
        reason = next((reason for reason, _ in judgements.unanswered.most_common(1)), "no call was sent")
        return f"no reply: {reason}"
    if not whole.judged:
        return "no reply was judged"
    if not whole.successes:
        statuses = ", ".join(f"{count} times {status}" for status, count in whole.statuses.most_common(_MOST_NAMED))
        return f"no call succeeded: {statuses}"
    return ""


def _remarks(outcome: LoadOutcome) -> Iterator[str]:
    """Yield what else is to be known: the share that was judged, and what was not sent, answered or documented."""
    whole = outcome.judgements.total
    if whole.replies:
        yield f"judged: {100 * whole.judged / whole.replies:.1f} % of {whole.replies} replies"
    for reason, count in Counter(outcome.judgements.unanswered).most_common(_MOST_NAMED):
        yield f"no reply: {counted(count, 'call')}, {reason}"
    for reason, count in Counter(outcome.refused).most_common(_MOST_NAMED):
        yield f"not sent: {counted(count, 'call')}, {reason}"
    for name, count in outcome.judgements.unmatched.most_common(_MOST_NAMED):
        yield f"not documented: {name}, {counted(count, 'call')}"
    if outcome.lost:
        names = listed(outcome.lost, _MOST_NAMED)
        yield f"lost: {counted(len(outcome.lost), 'worker')}, with the last it had judged and was creating: {names}"


def _rows(figures: LoadFigures, run: Run) -> Iterator[Row]:
    """Yield a row for each operation that was called, and one for all."""
    labels = {operation.id: operation.label for operation in run.started.contract.operations}
    for name, figure in figures.by_operation.items():
        yield _row(labels[name], figure)
    if figures.by_operation:
        yield _row("all", figures.total)


def _row(label: str, figures: Figures) -> Row:
    times = (f"{figures.percentiles[name]:.0f}" for name in ("p50", "p95"))
    counts = str(figures.requests), str(figures.errors)
    return label, *counts, *times, str(figures.judged), str(figures.violations)


def violations_csv(rows: list[Row]) -> bytes:
    """Return the table as CSV, as Locust writes its own."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    return text.getvalue().encode()
