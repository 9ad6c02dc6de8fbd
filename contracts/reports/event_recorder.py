"""Events of a run → what is shown while it goes on, and what is written at its end."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from docdouble.schemas import ConfigError

from ..model.events import Event, OperationResult, Quote, Run, RunDone, RunStarted
from ..model.text import counted
from ..storage.baseline import Baseline, read_baseline, updated, write_baseline
from ..storage.failed_cases import store_cases
from .progress import live_progress
from .registry import STDOUT, Wanted, check_reports, write_reports
from .terminal import LiveReport


class Recorder:
    """Takes the events of a run, hands them on, and keeps what reports are made of; ``results`` until now."""

    def __init__(self, takers: tuple[Callable[[Event], None], ...]) -> None:
        self._takers = takers
        self.results: list[OperationResult] = []
        self._started: RunStarted | None = None
        self._done: RunDone | None = None

    def __call__(self, event: Event) -> None:
        """Take an event."""
        match event:
            case RunStarted():
                self._started = event
            case OperationResult():
                self.results.append(event)
            case RunDone():
                self._done = event
        for take in self._takers:
            take(event)

    def run(self, quote: Quote) -> Run:
        """Return the whole run, when it is done; ``quote`` reads the documentation."""
        assert self._started is not None
        assert self._done is not None
        return Run(self._started, tuple(self.results), self._done, quote)


@contextlib.contextmanager
def recording_events(reports: Wanted, *, quiet: bool) -> Iterator[Recorder]:
    """Yield what takes the events of a run, and show them on stdout, or on stderr where a report goes there.

    Raises ``ConfigError`` for a report that can't be written.
    """
    check_reports(reports)
    console = Console(highlight=False, stderr=any(file == STDOUT for _, file in reports))
    with live_progress(console) as progress:
        yield Recorder((LiveReport(console, quiet=quiet), progress))


def keep(run: Run, reports: Wanted, baseline: Path | None = None, cases: Path | None = None) -> bool:
    """Write reports, a new baseline and stored cases; say what could not be written, and tell whether all was."""
    problems = write_reports(run, reports)
    try:
        if baseline:
            known = updated(read_baseline(baseline, may_be_missing=True), run.results, date.today())
            write_baseline(baseline, known)
            click.echo(f"docdouble: {baseline}: {counted(len(known.entries), 'finding')} known from now on", err=True)
        if cases:
            kept = store_cases(cases, run)
            if kept.added or kept.no_longer:
                told = f"{counted(kept.added, 'call')} added, {len(kept.no_longer)} that found nothing this time"
                click.echo(f"docdouble: {cases}: {told}", err=True)
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    for problem in problems:
        click.echo(f"docdouble: {problem}", err=True)
    return not problems


def known_findings(path: Path | None, *, update: bool) -> Baseline:
    """Return the baseline of a run, which may be missing where it is to be written; raises ``ConfigError``."""
    if path is None:
        if update:
            raise ConfigError("--update-baseline", "no file", expected="given with --baseline FILE")
        return Baseline()
    return read_baseline(path, may_be_missing=update)
