"""Output of a run: what the terminal shows, reports, a new baseline and stored cases."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..model.events import Event, Quote, Run
from ..model.text import counted
from ..output.echo import remark
from ..output.styled_text import console_for
from ..reports.progress import live_progress
from ..reports.registry import STDOUT, Wanted, check_reports, write_reports
from ..reports.terminal import LiveReport
from ..storage.baseline import read_baseline, updated, write_baseline
from ..storage.failed_cases import store_cases


@dataclass(frozen=True, slots=True)
class RunOutput:
    """Places where a run is shown and written: ``reports`` are kinds with their files, for which ``quote`` reads pages.

    The terminal gets operations with findings only when it is to be ``quiet``.
    """

    reports: Wanted = ()
    quiet: bool = False
    quote: Quote = lambda _: ""


def remark_lines(lines: Iterable[str]) -> None:
    """Print lines to stderr."""
    for line in lines:
        remark(line)


@contextlib.contextmanager
def shown_run(output: RunOutput) -> Iterator[Callable[[Event], None]]:
    """Yield a function that shows the events of a run on stdout, or on stderr where a report goes there.

    Raises ``ConfigError`` for a report that can't be written.
    """
    check_reports(output.reports)
    console = console_for(stderr=any(file == STDOUT for _, file in output.reports))
    with live_progress(console) as progress:
        report = LiveReport(console, quiet=output.quiet)

        def show(event: Event) -> None:
            report(event)
            progress(event)

        yield show


def keep_run(
    run: Run, output: RunOutput, baseline: Path | None = None, cases: Path | None = None, *, recorded: bool = False
) -> bool:
    """Write reports, a new baseline and stored cases; print what could not be written, and tell whether all was."""
    problems = write_reports(run, output.reports)
    try:
        if baseline:
            known = updated(read_baseline(baseline, may_be_missing=True), run.results, date.today())
            write_baseline(baseline, known)
            remark_lines([f"{baseline}: {counted(len(known.entries), 'finding')} known from now on"])
        if cases:
            stored = store_cases(cases, run, recorded=recorded)
            if stored.added or stored.no_longer:
                passing = f"{len(stored.no_longer)} that found nothing this time"
                remark_lines([f"{cases}: {counted(stored.added, 'call')} added, {passing}"])
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    remark_lines(problems)
    return not problems
