"""What ``docdouble verify`` does without calling a server: judge recorded traffic, and break the fake on purpose."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from docdouble.schemas import Contract

from ..model.budget import ReplyLimits
from ..model.events import Event, RunDone, RunStarted
from ..model.text import counted
from ..mutation import mutate, score_lines
from ..recordings.judge import har_events
from ..reports.event_recorder import keep, known_findings, recording_events
from ..reports.progress_bar import progress_bar
from ..safety.selection import select_operations
from ..storage.baseline import gone
from ..verify import FINDINGS, VerifyOptions, wanted_checks


def verify_recording(contract: Contract, options: VerifyOptions, path: Path) -> int:
    """Judge recorded traffic, print and write as ``verify`` does, and return the exit code; sends nothing.

    Raises ``ConfigError`` for a file that is no recording.
    """
    baseline = known_findings(options.settings.baseline, update=options.update_baseline)
    today = date.today()
    known, expired = baseline.known(today), baseline.expired(today)
    with recording_events(options.reports, quiet=options.quiet) as recorder:

        def emit(event: Event) -> None:
            if isinstance(event, RunStarted):
                accepts = options.update_baseline
                event = replace(event, fail_on=options.fail_on, known=known, expired=expired, accepts=accepts)
            elif isinstance(event, RunDone):
                event = replace(event, gone=gone(baseline, recorder.results))
            recorder(event)

        limits = ReplyLimits(options.settings.max_response_time, options.settings.max_reply_size)
        unmatched = har_events(
            path, contract, wanted_checks(options.settings.skip_checks), emit, options.url, limits=limits
        )
    for calls in (unmatched.calls, unmatched.reasons):
        for name, count in calls.items():
            click.echo(f"docdouble: not judged: {name}, {counted(count, 'call')}", err=True)
    run = recorder.run(options.quote)
    is_kept = keep(run, options.reports, options.settings.baseline if options.update_baseline else None)
    return FINDINGS if run.failed or not is_kept else 0


def print_mutation_score(contract: Contract, options: VerifyOptions, limit: int) -> None:
    """Break promises of the fake, one at a time, and print which of them the suite notices."""
    settings = options.settings
    operations, _ = select_operations(contract, settings.only, settings.skip, options.shard)
    checks = wanted_checks(settings.skip_checks)
    seed = options.budget.seed
    results = []
    with progress_bar("breaking", "promises") as tell:
        for result in mutate(contract, operations, options.budget, seed, limit, settings=options.fake, checks=checks):
            results.append(result)
            if tell:
                tell(len(results), limit)
    for line in score_lines(results):
        click.echo(line)
