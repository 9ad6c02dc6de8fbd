"""Modes of ``docdouble verify`` in the terminal: a run, its plan, recorded traffic, and a fake broken on purpose."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from docdouble.schemas import Contract

from ..client.transport import Transport
from ..engine.garbage import rare_collection
from ..engine.verification import Verification, VerifyOptions, plan, wanted_checks
from ..model.events import Event, Quote, Run, RunDone, RunRecorder, RunStarted
from ..model.text import counted
from ..mutation import mutate, score_lines
from ..output.echo import echo_json, echo_lines, remark
from ..output.styled_text import console_for
from ..recordings.judge import Unmatched, har_events
from ..reports.progress import live_progress
from ..reports.progress_bar import progress_bar
from ..reports.registry import STDOUT, Wanted, check_reports, write_reports
from ..reports.terminal import LiveReport
from ..safety.selection import select_operations
from ..storage.baseline import gone, known_findings, read_baseline, updated, write_baseline
from ..storage.failed_cases import store_cases
from .exit_codes import SIGNALLED, ExitCode

SAME_SIGNAL = 0.5
"""Seconds within which a second signal means no more than the first."""

_ENDING = b"docdouble: ending, what was created is removed first; again to leave it there\n"


@dataclass(frozen=True, slots=True)
class RunOutput:
    """Where a run is shown and written: ``reports`` are kinds with their files, for which ``quote`` reads pages.

    The terminal gets operations with findings only when it is to be ``quiet``.
    """

    reports: Wanted = ()
    quiet: bool = False
    quote: Quote = lambda _: ""


def print_plan(contract: Contract, options: VerifyOptions, *, as_json: bool = False) -> None:
    """Print what would be called, and why."""
    planned = plan(contract, options)
    if as_json:
        echo_json(json.dumps(planned.as_json(), indent=2))
    else:
        echo_lines(planned.lines())


def print_verification(contract: Contract, options: VerifyOptions, output: RunOutput) -> ExitCode:
    """Verify, print to stdout, write reports, and return the exit code.

    Raises ``ConfigError`` for what can't be verified as asked.
    """
    settings = options.settings
    with contextlib.ExitStack() as stack:
        with _shown(output) as emit:
            verification = Verification.of(contract, options)
            _warn(verification.remarks)
            caught = stack.enter_context(_interruptible(verification.transport))
            with rare_collection():
                run = verification.run(emit)
        _warn(verification.unsent())
        run = replace(run, quote=output.quote)
        is_kept = _keep(run, output, settings.baseline if options.update_baseline else None, settings.cases)
    if caught:
        return ExitCode(SIGNALLED + caught[0])
    if run.unreachable:  # that must not look clean
        if not sys.stdout.isatty():  # a terminal shows the verdict, which says it
            _warn([run.done.stopped])
        return ExitCode.UNREACHABLE
    return ExitCode.FINDINGS if run.failed or not is_kept else ExitCode.CLEAN


def print_recording(contract: Contract, options: VerifyOptions, output: RunOutput, path: Path) -> ExitCode:
    """Judge recorded traffic, print and write as for a run, and return the exit code; sends nothing.

    Raises ``ConfigError`` for a file that is no recording.
    """
    checks, limits = wanted_checks(options.settings.skip_checks), options.budget_with_limits.limits
    return print_judged(options, output, lambda emit: har_events(path, contract, checks, emit, options.url, limits))


def print_judged(
    options: VerifyOptions,
    output: RunOutput,
    judged: Callable[[Callable[[Event], None]], Unmatched],
    cases: Path | None = None,
) -> ExitCode:
    """Print and write what became of traffic that others sent, and return the exit code; ``judged`` emits its events.

    The calls of its findings are kept in the folder ``cases``, where there is one.
    """
    baseline = known_findings(options.settings.baseline, update=options.update_baseline)
    today = date.today()
    known, expired = baseline.known(today), baseline.expired(today)
    with _shown(output) as show:
        recorder = RunRecorder(show)

        def emit(event: Event) -> None:
            if isinstance(event, RunStarted):
                accepts = options.update_baseline
                event = replace(event, fail_on=options.fail_on, known=known, expired=expired, accepts=accepts)
            elif isinstance(event, RunDone):
                event = replace(event, gone=gone(baseline, recorder.results))
            recorder(event)

        unmatched = judged(emit)
    for calls in (unmatched.calls, unmatched.reasons):
        _warn(f"not judged: {name}, {counted(count, 'call')}" for name, count in calls.items())
    run = replace(recorder.run, quote=output.quote)
    is_kept = _keep(run, output, options.settings.baseline if options.update_baseline else None, cases, recorded=True)
    return ExitCode.FINDINGS if run.failed or not is_kept else ExitCode.CLEAN


def print_mutation_score(contract: Contract, options: VerifyOptions, limit: int) -> None:
    """Break promises of the fake, one at a time, and print which of them the suite notices."""
    settings = options.settings
    operations, _ = select_operations(contract, settings.only, settings.skip, options.shard)
    checks = wanted_checks(settings.skip_checks)
    seed = options.budget.seed
    results = []
    with rare_collection(), progress_bar("breaking", "promises") as show:
        for result in mutate(contract, operations, options.budget, seed, limit, settings=options.fake, checks=checks):
            results.append(result)
            if show:
                show(len(results), limit)
    echo_lines(score_lines(results))


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        remark(line)


@contextlib.contextmanager
def _shown(output: RunOutput) -> Iterator[Callable[[Event], None]]:
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


def _keep(
    run: Run, output: RunOutput, baseline: Path | None = None, cases: Path | None = None, *, recorded: bool = False
) -> bool:
    """Write reports, a new baseline and stored cases; print what could not be written, and tell whether all was."""
    problems = write_reports(run, output.reports)
    try:
        if baseline:
            known = updated(read_baseline(baseline, may_be_missing=True), run.results, date.today())
            write_baseline(baseline, known)
            _warn([f"{baseline}: {counted(len(known.entries), 'finding')} known from now on"])
        if cases:
            stored = store_cases(cases, run, recorded=recorded)
            if stored.added or stored.no_longer:
                passing = f"{len(stored.no_longer)} that found nothing this time"
                _warn([f"{cases}: {counted(stored.added, 'call')} added, {passing}"])
    except OSError as error:
        problems.append(f"{error.filename}: {error.strerror}")
    _warn(problems)
    return not problems


@contextlib.contextmanager
def _interruptible(transport: Transport) -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM end the run in order; yields the signals that came.

    The second ends what the first one waits for, the removing of what was created among it; the third everything.
    One that follows at once is the same: a terminal and a parent process may both send it.
    """
    caught: list[int] = []
    last = 0.0
    if threading.current_thread() is not threading.main_thread():
        yield caught  # only the main thread may handle signals
        return

    def stop(number: int, frame: object) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        if caught and last - before < SAME_SIGNAL:
            return
        caught.append(number)
        if len(caught) > 2:
            raise KeyboardInterrupt
        transport.cancellation.cancel(f"interrupted by {signal.Signals(number).name}", at_once=len(caught) > 1)
        if len(caught) == 1:
            os.write(2, _ENDING)  # no echo: the interrupted code may be writing

    handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with transport.cancellation.waking():
            yield caught
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
