"""Modes of ``docdouble verify`` in the terminal: a run, its plan, recorded traffic, and a fake broken on purpose."""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from docdouble.schemas import Contract

from ..client.transport import Transport
from ..engine.garbage import rare_collection
from ..engine.verification import Verification, VerifyOptions, plan, wanted_checks
from ..model.events import Event, RunDone, RunRecorder, RunStarted
from ..model.text import counted
from ..mutation import mutate, score_lines
from ..output.echo import echo_json, echo_lines
from ..recordings.judge import Unmatched, har_events
from ..reports.progress_bar import progress_bar
from ..safety.selection import select_operations
from ..storage.baseline import gone, known_findings
from .exit_codes import SIGNALLED, ExitCode
from .run_output import RunOutput, keep_run, remark_lines, shown_run

SAME_SIGNAL = 0.5
"""Seconds within which a second signal means no more than the first."""

_ENDING = b"docdouble: ending, what was created is removed first; again to leave it there\n"


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
        with shown_run(output) as emit:
            verification = Verification.of(contract, options)
            remark_lines(verification.remarks)
            caught = stack.enter_context(_interruptible(verification.transport))
            with rare_collection():
                run = verification.run(emit)
        remark_lines(verification.unsent())
        run = replace(run, quote=output.quote)
        is_kept = keep_run(run, output, settings.baseline if options.update_baseline else None, settings.cases)
    if caught:
        return ExitCode(SIGNALLED + caught[0])
    if run.unreachable:  # that must not look clean
        if not sys.stdout.isatty():  # a terminal shows the verdict, which says it
            remark_lines([run.done.stopped])
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
    """Print and write the judgement of traffic that others sent, and return the exit code; ``judged`` emits its events.

    The calls of its findings are kept in the folder ``cases``, where there is one.
    """
    baseline = known_findings(options.settings.baseline, update=options.update_baseline)
    today = date.today()
    known, expired = baseline.known(today), baseline.expired(today)
    with shown_run(output) as show:
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
        remark_lines(f"not judged: {name}, {counted(count, 'call')}" for name, count in calls.items())
    run = replace(recorder.run, quote=output.quote)
    baseline_file = options.settings.baseline if options.update_baseline else None
    is_kept = keep_run(run, output, baseline_file, cases, recorded=True)
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


@contextlib.contextmanager
def _interruptible(transport: Transport) -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM end the run in order; yields the signals that were received.

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
