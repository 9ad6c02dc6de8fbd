"""``docdouble verify``: choose the operations, the target and the checks, run, report."""

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import click

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import ConfigError, Contract, Operation, TargetError

from .cases.known_values import KnownValues
from .cases.order import operations_in_order
from .checks import Check, all_checks
from .client.credential_sources import read_header_sources
from .client.loopback import is_loopback
from .client.network import CONNECT_SECONDS, Network
from .client.rate_limit import CAREFUL_RATE, Pace
from .client.signer import Signer
from .client.target import HttpTarget, Target, WsgiTarget
from .client.transport import StoppedError, Transport
from .config.environment import expand_variables
from .config.verify import VerifyConfig
from .engine.runner import Runner
from .model.budget import Budget, ReplyLimits
from .model.events import Event, OperationResult, Quote, RunDone, RunStarted, no_quote
from .model.finding import Severity
from .model.text import counted, one_line
from .reports.event_recorder import keep, known_findings, recording_events
from .reports.registry import Wanted
from .safety.guard import Guard
from .safety.run_plan import Profile, RunPlan, plan_of, profile_of
from .safety.selection import Shard, select_operations
from .storage.baseline import Baseline, gone
from .storage.failed_cases import read_cases

FAKE_URL = "http://127.0.0.1:4010"

FINDINGS, UNREACHABLE, SIGNALLED = 1, 3, 128
"""Exit codes: a signal's number is added to the last."""

_SAME_SIGNAL = 0.5
"""Seconds within which a second signal means no more than the first."""

_ENDING = b"docdouble: ending, what was created is removed first; again to leave it there\n"

_REPEATS = 3
"""How often a call is repeated that a busy server refuses."""


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """What the user asked for; ``url`` is empty for the fake in process, which is served as ``fake`` says.

    ``reports`` are kinds with their files, ``quote`` reads lines of the documentation for them. Files that ``settings``
    name are relative to ``folder``.
    """

    url: str = ""
    budget: Budget = field(default_factory=Budget)
    settings: VerifyConfig = field(default_factory=VerifyConfig)
    shard: Shard = field(default_factory=Shard)
    fail_on: Severity = Severity.ERROR
    reports: Wanted = ()
    update_baseline: bool = False
    quiet: bool = False
    fake: Settings | None = None
    quote: Quote = no_quote
    folder: Path = Path()


def plan(contract: Contract, options: VerifyOptions) -> RunPlan:
    """Return what a run of these options may send; raises ``ConfigError``."""
    settings = options.settings
    _, skipped = select_operations(contract, settings.only, settings.skip, options.shard)
    return plan_of(contract, profile_of(options.url, settings.careful), skipped, settings.allow_writes)


def base_url(url: str) -> str:
    """Return what curl lines name for a target: its URL, or where ``docdouble serve`` would put the fake."""
    return url.rstrip("/") or FAKE_URL


def wanted_checks(skipped: tuple[str, ...]) -> tuple[Check, ...]:
    """Return all checks but those of the ids ``skipped``; raises ``ConfigError`` for an id that is none."""
    checks = all_checks()
    for name in skipped:
        if name not in [one.id for one in checks]:
            raise ConfigError("check", name, [one.id for one in checks])
    return tuple(one for one in checks if one.id not in skipped)


@dataclass(frozen=True)
class Verification:
    """A run that is about to begin: what is sent, in which order, how, and what is told at its start."""

    started: RunStarted
    runner: Runner
    transport: Transport
    baseline: Baseline
    jobs: int = 1

    @classmethod
    def of(cls, contract: Contract, options: VerifyOptions) -> "Verification":
        """Prepare a run; raises ``ConfigError`` for what can't be verified as asked, and reads the credentials."""
        settings = options.settings
        planned = plan(contract, options)
        transport = _transport(contract, options, planned)
        if not planned.operations:
            raise _nothing_to_verify(options.url)
        checks = wanted_checks(settings.skip_checks)
        stored = read_cases(settings.cases, contract) if settings.cases else None
        for remark in stored.remarks if stored else ():
            click.echo(f"docdouble: {remark}", err=True)
        runner = Runner(
            contract,
            transport,
            options.budget,
            checks,
            limits=ReplyLimits(settings.max_response_time, settings.max_reply_size),
            values=KnownValues(contract, settings.values),
            stored=stored.cases if stored else {},
            is_careful=planned.profile is Profile.CAREFUL,
        )
        baseline = known_findings(settings.baseline, update=options.update_baseline)
        today = date.today()
        started = RunStarted(
            contract,
            _in_order(planned, contract),
            target=transport.target.name,
            base_url=base_url(options.url),
            seed=options.budget.seed,
            secret_headers=tuple(settings.headers),
            skipped=planned.skipped,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            checks={one.id: one.promise for one in checks},
            fail_on=options.fail_on,
            known=baseline.known(today),
            expired=baseline.expired(today),
            accepts=options.update_baseline,
        )
        return cls(started, runner, transport, baseline, settings.jobs)

    def run(self, emit: Callable[[Event], None]) -> RunDone:
        """Verify, and remove what was created; whatever ends it, the end is told."""
        began = time.monotonic()
        results: list[OperationResult] = []

        def tell(event: Event) -> None:
            if isinstance(event, OperationResult):
                results.append(event)
            emit(event)

        emit(self.started)
        with self.transport.within_time():
            stopped, unreachable = self._stopped(tell)
        left = self.transport.tear_down()
        done = RunDone(time.monotonic() - began, stopped, unreachable, left, gone(self.baseline, results))
        emit(done)
        return done

    def _stopped(self, emit: Callable[[Event], None]) -> tuple[str, bool]:
        """Run to the end; return why it was one too early, and whether the target can't be reached."""
        try:
            self.runner.run(self.started.operations, emit, self.jobs)
        except StoppedError as error:
            return str(error), error.unreachable
        except TargetError as error:
            return str(error), True
        return "", False


def verify(contract: Contract, options: VerifyOptions) -> int:
    """Verify, print to stdout, write reports, and return the exit code.

    Raises ``ConfigError`` for what can't be verified as asked.
    """
    settings = options.settings
    with contextlib.ExitStack() as stack:
        with recording_events(options.reports, quiet=options.quiet) as recorder:
            verification = Verification.of(contract, options)
            caught = stack.enter_context(_interruptible(verification.transport))
            done = verification.run(recorder)
        for line in _remarks(verification.transport):
            click.echo(f"docdouble: {line}", err=True)
        run = recorder.run(options.quote)
        is_kept = keep(run, options.reports, settings.baseline if options.update_baseline else None, settings.cases)
    if caught:
        return SIGNALLED + caught[0]
    if done.unreachable or (done.stopped and not run.calls):  # nothing was verified: that must not look clean
        click.echo(f"docdouble: {done.stopped}", err=True)
        return UNREACHABLE
    return FINDINGS if run.failed or not is_kept else 0


def _nothing_to_verify(url: str) -> ConfigError:
    if url:
        expected = "a server that any operation would be sent to; --plan says why, --allow-writes admits some"
        return ConfigError("url", url, expected=expected)
    return ConfigError("what is verified", "no operation", expected="enough; --plan says why there is none")


def _in_order(planned: RunPlan, contract: Contract) -> tuple[Operation, ...]:
    """Return the operations as the careful profile wants them, else so that values are known when they are needed."""
    if planned.profile is Profile.CAREFUL:
        return planned.operations
    return operations_in_order(planned.operations, contract)


def _transport(contract: Contract, options: VerifyOptions, planned: RunPlan) -> Transport:
    settings = options.settings
    network = Network(
        settings.ca,
        settings.certificate,
        settings.key,
        expand_variables(settings.proxy, "verify.proxy"),
        environment_proxies=not settings.proxy,
        connect_seconds=min(settings.timeout, CONNECT_SECONDS),
        seconds=settings.timeout,
    )
    signer = Signer(read_header_sources(settings.headers, "header", options.folder), network)
    signer.resolve()
    careful = planned.profile is Profile.CAREFUL
    rate = settings.rate if settings.rate is not None else CAREFUL_RATE if careful else 0.0
    pace = Pace(rate, _REPEATS if options.url else 0)
    target = target_of(contract, planned, options, network)
    return Transport(target, Guard(planned, contract), options.budget, signer, pace)


def target_of(contract: Contract, planned: RunPlan, options: VerifyOptions, network: Network) -> Target:
    """Return the server at the URL, or a fake of the contract in process where there is none.

    Raises ``ConfigError`` for another machine's URL without credentials: made-up ones might lock an account there.
    """
    if not options.url:
        return WsgiTarget(FakeServer(contract, options.fake or Settings()))
    target = HttpTarget(options.url, network=network)
    needs = any(one.security and () not in one.security for one in planned.operations)
    if needs and not options.settings.headers and not is_loopback(options.url):
        expected = "on this machine, so give its credentials: --header 'Authorization: ...'"
        raise ConfigError("url", options.url, expected=expected)
    return target


def _remarks(transport: Transport) -> Iterator[str]:
    """Yield why calls were not sent, the most frequent reason first, and which ones nobody knows the outcome of."""
    for reason, count in transport.refused.most_common():
        yield f"not sent: {counted(count, 'call')}, {reason}"
    for call in transport.cut_off:
        yield f"cut off: {call.method} {one_line(call.path)}; what it has created, if anything, is still there"


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
        if caught and last - before < _SAME_SIGNAL:
            return
        caught.append(number)
        if len(caught) > 2:
            raise KeyboardInterrupt
        transport.stop(f"interrupted by {signal.Signals(number).name}", at_once=len(caught) > 1)
        if len(caught) == 1:
            os.write(2, _ENDING)  # no echo: the interrupted code may be writing

    handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def print_plan(contract: Contract, options: VerifyOptions, *, as_json: bool = False) -> None:
    """Print what would be called, and why."""
    planned = plan(contract, options)
    if as_json:
        click.echo(json.dumps(planned.as_json(), indent=2))
    else:
        for line in planned.lines():
            click.echo(line)
