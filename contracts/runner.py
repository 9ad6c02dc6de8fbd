"""Contract, target and checks → what each operation's calls found."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import orjson
from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException, Unsatisfiable

from docdouble.fakeserver.request import RequestReader
from docdouble.fakeserver.routes import Router
from docdouble.schemas import Call, Contract, Operation, Reply
from docdouble.schemas.message import Headers, is_json

from .budget import Budget
from .checks import CHECKS
from .credentials import placeholder, without_credentials
from .exchange import Exchange, Purpose, Subject
from .finding import Finding, Fingerprint, Severity
from .strategies import CallStrategies, selecting
from .target import Target

MAX_SHRUNK = 10
"""Findings per operation whose calls are made small; shrinking one may take a few hundred calls."""

_SHRINK_FACTOR = 4
"""A known finding is looked for in this many times as many random calls."""

_BROKEN_BODIES = (b"null", b"", b"{", b"[]", b'"text"')


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What one operation's calls found, worst first."""

    operation: Operation
    calls: int
    findings: tuple[Finding, ...]


class Runner:
    """Verifies a target against a contract; ``headers`` go out with every call, instead of made-up credentials."""

    def __init__(self, contract: Contract, target: Target, budget: Budget, headers: Headers = ()) -> None:
        self.contract = contract
        self.target = target
        self.budget = budget
        self.headers = headers
        self.strategies = CallStrategies(contract)
        self._reader = RequestReader(contract, lambda operation: None)
        self._router = Router(contract)

    def run(self, operations: tuple[Operation, ...] | None = None) -> Iterator[OperationResult]:
        """Yield the result of each operation, in the contract's order; raises ``TargetError``."""
        for operation in self.contract.operations if operations is None else operations:
            yield self.verify(operation)

    def verify(self, operation: Operation) -> OperationResult:
        """Return what an operation's calls find; raises ``TargetError`` when the target doesn't answer."""
        session = _Session(self, operation, Subject(operation, self.contract))
        for call in self._prepared(operation):
            session.visit(call)
        if session.valid and (names := self.strategies.selectable(operation)):
            session.visit(selecting(session.valid, names[:1]))
        for hostile in (False, True):
            session.search(self.strategies.calls(operation, hostile=hostile), session.visit, self.budget.max_examples)
        session.visit_anonymous()
        session.shrink()
        findings = sorted(session.findings.values(), key=lambda one: one.severity.rank)
        return OperationResult(operation, session.sent, tuple(findings))

    def purpose(self, operation: Operation, call: Call) -> Purpose | None:
        """Tell whether a call keeps to the documentation or breaks it; ``None``: it is no call of the operation."""
        route = self._router.find(unquote(call.path))
        found = route.operations.get(call.method) if route else None
        if not found or found[0].id != operation.id:
            return None
        broken = isinstance(self._reader.read(operation, call, found[1]), Reply)
        return Purpose.HOSTILE if broken else Purpose.VALID

    def _prepared(self, operation: Operation) -> Iterator[Call]:
        """Yield the calls that are the same in every run: samples, broken bodies, boundaries."""
        yield from _documented(operation)
        for hostile in (False, True):
            yield from self.strategies.boundaries(operation, self.budget.boundaries, hostile=hostile)


def _documented(operation: Operation) -> Iterator[Call]:
    """Yield the documented samples and bodies that are broken in plain ways, where the path needs no value."""
    if "{" in operation.path:
        return
    bare = Call(method=operation.method, target=operation.path)
    media_types = operation.request.media_types if operation.request else ()
    chosen = next((one for one in media_types if is_json(one.name)), None)
    if chosen is None:
        yield bare
        return
    bodies = (*(orjson.dumps(sample) for sample in chosen.samples), *_BROKEN_BODIES)
    for body in bodies:
        yield Call((("Content-Type", chosen.name),), body, bare.method, bare.target)


@dataclass
class _Session:
    """The calls of one operation: what was sent so far, and what it found."""

    runner: Runner
    operation: Operation
    subject: Subject
    sent: int = 0
    findings: dict[Fingerprint, Finding] = field(default_factory=dict)
    purposes: dict[Fingerprint, Purpose] = field(default_factory=dict)
    valid: Call | None = None

    def visit(self, call: Call) -> None:
        """Send a call that is one of the operation's, and keep the smallest call of each finding."""
        purpose = self.runner.purpose(self.operation, call)
        if purpose is not None:
            if purpose is Purpose.VALID and self.valid is None:
                self.valid = call
            self._keep(self._exchange(call, purpose), purpose)

    def visit_anonymous(self) -> None:
        """Send a valid call without usable credentials, where some are documented."""
        if self.valid:
            for call in without_credentials(self.operation, self.runner.contract, self._signed(self.valid)):
                self._keep(self._judge(call, Purpose.ANONYMOUS), Purpose.ANONYMOUS)

    def search(self, strategy: st.SearchStrategy[Call], visit: Callable[[Call], None], examples: int) -> None:
        """Visit random calls; one whose visit raises is made smaller, and raised again."""
        configure = settings(
            max_examples=examples,
            phases=[Phase.generate, Phase.shrink],
            database=None,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        with contextlib.suppress(Unsatisfiable):
            configure(seed(self.runner.budget.seed)(given(strategy)(lambda call: visit(call))))()

    def shrink(self) -> None:
        """Look for smaller calls that show the worst findings."""
        worst = sorted(self.findings.values(), key=lambda one: one.severity.rank)
        for finding in worst[:MAX_SHRUNK]:
            purpose = self.purposes[finding.fingerprint]
            if finding.severity is not Severity.NOTE and purpose is not Purpose.ANONYMOUS:
                self._shrink(finding.fingerprint, purpose)

    def _shrink(self, fingerprint: Fingerprint, purpose: Purpose) -> None:
        def visit(call: Call) -> None:
            if self.runner.purpose(self.operation, call) is not purpose:
                reject()
            for finding in self._exchange(call, purpose):
                if finding.fingerprint == fingerprint:
                    self.findings[fingerprint] = min(finding, self.findings[fingerprint], key=_size)
                    raise _ReproducedError

        strategy = self.runner.strategies.calls(self.operation, hostile=purpose is Purpose.HOSTILE)
        with contextlib.suppress(_ReproducedError, HypothesisException):
            self.search(strategy, visit, self.runner.budget.max_examples * _SHRINK_FACTOR)

    def _keep(self, findings: list[Finding], purpose: Purpose) -> None:
        for finding in findings:
            known = self.findings.get(finding.fingerprint)
            if known is None or _size(finding) < _size(known):
                self.findings[finding.fingerprint] = finding
                self.purposes[finding.fingerprint] = purpose

    def _exchange(self, call: Call, purpose: Purpose) -> list[Finding]:
        return self._judge(self._signed(call), purpose)

    def _signed(self, call: Call) -> Call:
        headers = self.runner.headers or placeholder(self.operation, self.runner.contract)
        return call.with_headers(("Accept", _accepted(self.operation)), *headers)

    def _judge(self, call: Call, purpose: Purpose) -> list[Finding]:
        reply = self.runner.target.send(call)
        if reply is None:
            return []
        self.sent += 1
        exchange = Exchange(self.subject, call, reply, purpose)
        return [finding for check in CHECKS for finding in check.run(exchange)]


class _ReproducedError(AssertionError):
    """A call shows the finding that is being made smaller; Hypothesis catches it and tries smaller ones."""


def _size(finding: Finding) -> tuple[int, bytes, str]:
    """Order calls as Hypothesis does: the shorter first, then the smaller."""
    call = finding.call
    if call is None:
        return 0, b"", ""
    length = len(call.body) + len(call.target) + sum(len(name) + len(value) for name, value in call.headers)
    return length, call.body, call.target


def _accepted(operation: Operation) -> str:
    """Return an ``Accept`` for the documented JSON, else for anything."""
    response = operation.success()
    names = [one.name for one in response.media_types if is_json(one.name)] if response else []
    return names[0] if names else "*/*"
