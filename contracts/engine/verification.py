"""Verification of a server, or of the fake in process, from its options to the whole run; prints nothing."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import ConfigError, Contract, Operation, TargetError
from docdouble.schemas.contract.base_paths import missing_base_path, shared_base_path
from docdouble.schemas.jsonschema.directions import directed
from docdouble.schemas.resources.operation_groups import operation_groups

from ..cases.known_values import KnownValues
from ..cases.order import operations_in_order
from ..checks import Check, all_checks
from ..client.cancellation import StoppedError
from ..client.credential_sources import read_header_sources
from ..client.network import CONNECT_SECONDS, Network, is_loopback
from ..client.rate_limit import CAREFUL_RATE, Pace
from ..client.signer import Signer
from ..client.target import FAKE_URL, HttpTarget, Target, WsgiTarget
from ..client.transport import Transport
from ..config.config import VerifyConfig
from ..config.environment import expand_variables
from ..model.budget import Budget, ReplyLimits
from ..model.events import Event, Run, RunDone, RunRecorder, RunStarted
from ..model.finding import Severity
from ..model.text import counted, one_line
from ..model.verdict import refusal_of
from ..output.redacted_events import redacting
from ..safety.guard import Guard
from ..safety.run_plan import Profile, RunPlan, plan_of, profile_of
from ..safety.selection import IN_ANOTHER_SHARD, Shard, divided, matching_ids, select_operations
from ..storage.baseline import Baseline, gone, known_findings
from ..storage.failed_cases import StoredCases, read_cases
from .runner import Runner
from .shares import SharedRun
from .successes import Conditions

_REPEATS = 3
"""The number of times that a call is repeated which a busy server refuses."""


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """Options of a run; ``url`` is empty for the fake in process, which is served as ``fake`` says.

    A run that is to ``update_baseline`` accepts what it finds, and one fails that verifies less than ``fail_under``
    percent of the operations. So many ``processes`` divide the rate. Files that ``settings`` name are relative to
    ``folder``.
    """

    url: str = ""
    budget: Budget = field(default_factory=Budget)
    settings: VerifyConfig = field(default_factory=VerifyConfig)
    shard: Shard = field(default_factory=Shard)
    fail_on: Severity = Severity.ERROR
    fail_under: float = 0.0
    update_baseline: bool = False
    fake: Settings | None = None
    processes: int = 1
    folder: Path = Path()

    @property
    def budget_with_limits(self) -> Budget:
        """The budget, with the limits that the settings have for replies."""
        limits = ReplyLimits(self.settings.max_response_time, self.settings.max_reply_size)
        return replace(self.budget, limits=limits)


def verify(
    contract: Contract,
    url: str = "",
    *,
    only: tuple[str, ...] = (),
    skip: tuple[str, ...] = (),
    headers: Mapping[str, Any] | None = None,
    max_examples: int = 10,
    seed: int = 0,
) -> Run:
    """Verify the server at ``url``, without one a fake of the contract in process, and return the whole run.

    ``only`` and ``skip`` select operations as the options of ``docdouble verify`` do; ``headers`` go out with every
    call. A server on another machine gets only calls that read. Raises ``ConfigError`` for what can't be verified as
    asked, and ``TargetError`` for a server that doesn't answer.
    """
    settings = VerifyConfig(only=only, skip=skip, headers=headers or {})
    options = VerifyOptions(url, Budget(max_examples=max_examples, seed=seed), settings)
    run = Verification.of(contract, options).run()
    if run.unreachable:
        raise TargetError(run.started.target, run.done.stopped)
    return run


def plan(contract: Contract, options: VerifyOptions) -> RunPlan:
    """Return the plan of what a run of these options may send; raises ``ConfigError``."""
    settings = options.settings
    _, skipped = select_operations(contract, settings.only, settings.skip, options.shard)
    return plan_of(contract, profile_of(options.url, settings.careful), skipped, settings.allow_writes)


def wanted_checks(skipped: tuple[str, ...]) -> tuple[Check, ...]:
    """Return all checks but those of the ids ``skipped``; raises ``ConfigError`` for an id that is none."""
    checks = all_checks()
    ids = [check.id for check in checks]
    for name in skipped:
        if name not in ids:
            raise ConfigError("check", name, ids)
    return tuple(check for check in checks if check.id not in skipped)


@dataclass(frozen=True)
class Verification:
    """A run that is about to begin: what is sent, in which order and how, and its first event.

    ``remarks`` say what should be known before: a base path that the URL lacks, stored cases that are left out.
    """

    started: RunStarted
    runner: Runner
    transport: Transport
    baseline: Baseline
    served: Contract
    options: VerifyOptions
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, contract: Contract, options: VerifyOptions) -> "Verification":
        """Prepare a run; raises ``ConfigError`` for what can't be verified as asked, and reads the credentials."""
        settings = options.settings
        served, contract = contract, directed(contract)
        planned = plan(contract, options)
        fake = None if options.url else _fake(served, options)
        transport = _transport(served, options, planned, fake)
        if not planned.operations and IN_ANOTHER_SHARD not in planned.skipped.values():
            raise _nothing_to_verify(options.url)
        checks = wanted_checks(settings.skip_checks)
        stored = read_cases(settings.cases, contract) if settings.cases else StoredCases()
        expected, unknown = _expected_unverified(contract, settings.expect_unverified)
        base_path = missing_base_path(contract, options.url) if options.url else ""
        runner = Runner(
            contract,
            transport,
            options.budget_with_limits,
            checks,
            values=KnownValues(contract, settings.values),
            stored=stored.cases,
            conditions=_conditions(planned, fake, base_path, expected),
        )
        baseline = known_findings(settings.baseline, update=options.update_baseline)
        today = date.today()
        in_order = partial(_in_order, planned, contract, are_apart=fake is not None)
        started = RunStarted(
            contract,
            in_order(planned.operations),
            target=transport.target.name,
            base_url=options.url.rstrip("/") or FAKE_URL + shared_base_path(contract),
            seed=options.budget.seed,
            secret_headers=tuple(settings.headers),
            skipped=planned.skipped,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            checks={check.id: check.promise for check in checks},
            fail_on=options.fail_on,
            known=baseline.known(today),
            expired=baseline.expired(today),
            accepts=options.update_baseline,
            may_stay_unverified=expected,
            expecting_nothing=unknown,
            fail_under=options.fail_under,
            shard=(options.shard.number, options.shard.count),
            order=tuple(operation.id for operation in in_order(contract.operations)),
        )
        remarks = (*_base_path_remarks(base_path, options.url), *stored.remarks)
        return cls(started, runner, transport, baseline, served, options, remarks)

    def run(self, emit: Callable[[Event], None] | None = None) -> Run:
        """Verify, and remove what was created; whatever ends it, ``emit`` gets a ``RunDone`` at last."""
        began = time.monotonic()
        recorder = RunRecorder(emit)
        tell = redacting(recorder)
        tell(self.started)
        shared = SharedRun(self.runner, self.transport, tell)
        cancellation = self.transport.cancellation
        with cancellation.within_overtime():
            with cancellation.within_time():
                stopped, unreachable = self._stopped(recorder, shared)
            left = shared.left + self.transport.tear_down()
        if not stopped:
            stopped = refusal_of(
                [self.started.outcome(result) for result in recorder.results],
                has_credentials=self.transport.has_credentials,
            )
            unreachable = bool(stopped)
        missing = gone(self.baseline, recorder.results)
        tell(RunDone(time.monotonic() - began, stopped, unreachable, left, missing))
        return recorder.run

    def _stopped(self, emit: Callable[[Event], None], shared: SharedRun) -> tuple[str, bool]:
        """Run to the end; return why it was one too early, and whether the target can't be reached."""
        operations = self.started.operations
        shares = self._shares()
        try:
            if len(shares) > 1:
                shared.run(self.served, operations, shares)
            else:
                self.runner.run(operations, emit, self.options.settings.jobs if self.options.url else 1)
        except StoppedError as error:
            return str(error), error.unreachable
        except TargetError as error:
            return str(error), True
        return "", False

    def _shares(self) -> list[tuple[VerifyOptions, list[Operation]]]:
        """Return the shares of processes, each with its options: of the fake, which one process alone keeps busy."""
        settings, budget = self.options.settings, self.options.budget
        jobs = 1 if self.options.url else min(settings.jobs, budget.max_requests or settings.jobs)
        parts = divided(self.started.operations, self.runner.contract, jobs)
        shares = [part for part in parts if part] or parts[:1]
        requests, more = divmod(budget.max_requests, len(shares))
        return [
            (
                replace(
                    self.options,
                    settings=replace(settings, jobs=1),
                    budget=replace(budget, max_seconds=0.0, max_requests=requests + (number < more)),
                ),
                share,
            )
            for number, share in enumerate(shares)
        ]

    def unsent(self) -> Iterator[str]:
        """Yield why calls were not sent, the most frequent reason first, and which ones have an unknown outcome."""
        left_out = +self.runner.maker.left_out
        if left_out:
            tries = f"{counted(left_out.total(), 'rule')} and alternatives of {counted(len(left_out), 'operation')}"
            yield f"not tried: {tries}, beyond the most that a run tries of each; another --seed tries others"
        for reason, count in self.transport.refused.most_common():
            yield f"not sent: {counted(count, 'call')}, {reason}"
        for label, count in Counter(self.runner.successes.staying).most_common():
            made = counted(count, "resource")
            yield f"still there: {made} that {label} has created; no operation is known to remove them"
        for call in self.transport.cut_off:
            yield f"cut off: {call.method} {one_line(call.path)}; what it has created, if anything, is still there"


def _base_path_remarks(path: str, url: str) -> list[str]:
    """Return the remark that a URL lacks the documented base path, if it does."""
    if not path:
        return []
    base_url = url.rstrip("/")
    return [f"--url is the whole base URL: {base_url} lacks {path}, which is documented; is {base_url}{path} meant?"]


def _expected_unverified(contract: Contract, selectors: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the ids of the operations that may stay unverified, and the selectors that mean none."""
    ids: set[str] = set()
    unknown = []
    for selector in selectors:
        try:
            ids |= matching_ids(contract, selector)
        except ConfigError:
            unknown.append(selector)
    return frozenset(ids), tuple(unknown)


def _nothing_to_verify(url: str) -> ConfigError:
    if url:
        expected = "a server that any operation would be sent to; --plan says why, --allow-writes admits some"
        return ConfigError("url", url, expected=expected)
    return ConfigError("what is verified", "no operation", expected="enough; --plan says why there is none")


def _in_order(
    planned: RunPlan, contract: Contract, operations: tuple[Operation, ...], *, are_apart: bool
) -> tuple[Operation, ...]:
    """Return operations as the careful profile wants them, else so that values are known when they are needed.

    Groups of them that ``are_apart`` stand one after the other.
    """
    ordered = operations if planned.profile is Profile.CAREFUL else operations_in_order(operations, contract)
    if not are_apart:
        return ordered
    groups, first = operation_groups(contract), dict[str, int]()
    for place, operation in enumerate(ordered):
        first.setdefault(groups[operation.id], place)
    return tuple(sorted(ordered, key=lambda operation: first[groups[operation.id]]))


def configured_network(settings: VerifyConfig) -> Network:
    """Return how a server is reached; raises ``ConfigError`` for a variable of the environment that isn't set."""
    return Network(
        settings.ca,
        settings.certificate,
        settings.key,
        expand_variables(settings.proxy, "verify.proxy"),
        environment_proxies=not settings.proxy,
        connect_seconds=min(settings.timeout, CONNECT_SECONDS),
        seconds=settings.timeout,
    )


def _conditions(
    planned: RunPlan, fake: FakeServer | None, base_path: str, may_stay_unverified: frozenset[str]
) -> Conditions:
    """Return the conditions of a run: what it creates in the fake is gone with each group of operations."""
    is_careful = planned.profile is Profile.CAREFUL
    if fake:
        return Conditions(is_careful, base_path, may_stay_unverified, reset=fake.forget_changes)
    return Conditions(is_careful, base_path, may_stay_unverified, mark=token_hex(4))


def _fake(contract: Contract, options: VerifyOptions) -> FakeServer:
    """Return the fake in process that is verified."""
    fake = FakeServer(contract, options.fake or Settings())
    fake.keeps_calls = False
    return fake


def _transport(contract: Contract, options: VerifyOptions, planned: RunPlan, fake: FakeServer | None) -> Transport:
    settings = options.settings
    network = configured_network(settings)
    signer = Signer(read_header_sources(settings.headers, "header", options.folder), network)
    signer.resolve()
    careful = planned.profile is Profile.CAREFUL
    rate = settings.rate if settings.rate is not None else CAREFUL_RATE if careful else 0.0
    pace = Pace(rate / options.processes, _REPEATS if options.url else 0)
    target: Target
    if fake:
        target = WsgiTarget(fake, base_path=shared_base_path(contract))
    else:
        target = HttpTarget(options.url, network=network)
        require_credentials(planned.operations, options)
    is_any_secured = any(operation.is_secured for operation in contract.operations)
    open_ids = frozenset(
        operation.id for operation in contract.operations if is_any_secured and not operation.is_secured
    )
    return Transport(target, Guard(planned, contract), options.budget, signer, pace, open_ids)


def require_credentials(operations: Iterable[Operation], options: VerifyOptions) -> None:
    """Raise ``ConfigError`` for another machine's URL without credentials: made-up ones might lock an account there."""
    is_secured = any(operation.is_secured for operation in operations)
    if is_secured and not options.settings.headers and not is_loopback(options.url):
        expected = "on this machine, so give its credentials: --header 'Authorization: ...'"
        raise ConfigError("url", options.url, expected=expected)
