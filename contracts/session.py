"""The calls of one operation: what was sent so far, and what it found."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.message import is_json

from .budget import Budget
from .case import Case, Origin, Purpose
from .cases import Maker
from .checks import Check
from .credentials import placeholder
from .events import CallDone, Event, OperationResult
from .exchange import Exchange, Subject
from .finding import Finding, Fingerprint, Severity
from .purpose import Purposes
from .shrink import Size, size_of, smaller
from .transport import Transport

MAX_SHRUNK = 10
"""Findings per operation whose calls are made small."""


class Run(Protocol):
    """What a session needs of its run."""

    contract: Contract
    transport: Transport
    budget: Budget
    checks: tuple[Check, ...]
    purposes: Purposes
    maker: Maker


class Session:
    """Sends the cases of an operation, judges the replies, and keeps the smallest call of each finding."""

    def __init__(self, run: Run, operation: Operation, emit: Callable[[Event], None]) -> None:
        self._run = run
        self._operation = operation
        self._emit = emit
        self._subject = Subject(operation, run.contract)
        self._findings: dict[Fingerprint, Finding] = {}
        self._applied: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._valid: list[Exchange] = []

    def result(self) -> OperationResult:
        """Send everything; raises ``StoppedError`` and ``TargetError``."""
        started = time.monotonic()
        for case in self._run.maker.cases(self._operation):
            self._visit(case)
        self._probe()
        self._end()
        self._shrink()
        findings = sorted(self._findings.values(), key=lambda one: one.severity.rank)
        return OperationResult(
            self._operation,
            self._statuses.total(),
            tuple(findings),
            dict(self._applied),
            dict(self._statuses),
            time.monotonic() - started,
        )

    def _visit(self, case: Case) -> Exchange | None:
        exchange = self._exchange(case)
        if exchange is None:
            return None
        if case.purpose is Purpose.VALID:
            self._valid.append(exchange)
        for check in self._run.checks:
            if check.applies(exchange):
                self._applied[check.id] += 1
                self._keep(check.run(exchange))
        return exchange

    def _exchange(self, case: Case) -> Exchange | None:
        case = self._dressed(case)
        sent = self._run.transport.send(case.call, signed=case.signed)
        if sent is None:
            return None
        reply, seconds = sent
        self._statuses[reply.status] += 1
        self._emit(CallDone(self._operation, case.origin, reply.status, seconds))
        return Exchange(self._subject, case, reply, seconds)

    def _dressed(self, case: Case) -> Case:
        """Return the case with what clients send: what they accept, and made-up credentials if none are given."""
        if not case.signed:
            return case
        headers = case.call.headers
        made_up = () if self._run.transport.has_credentials else placeholder(self._operation, self._run.contract)
        given = {name.lower() for name, _ in headers}
        added = [one for one in (("Accept", _accepted(self._operation)), *made_up) if one[0].lower() not in given]
        return replace(case, call=case.call.with_headers(*added)) if added else case

    def _probe(self) -> None:
        first = next((one for one in self._valid if one.succeeded), None)
        if first is None:
            return
        for check in self._run.checks:
            if check.probe:
                self._keep(check.probe(first, self._sender(check.id)))

    def _sender(self, check_id: str) -> Callable[[Call, bool], Exchange | None]:
        def send(call: Call, signed: bool = True) -> Exchange | None:
            case = Case(self._operation, call, Purpose.PROBE, Origin.PROBE, check_id, signed=signed)
            exchange = self._visit(case)
            self._applied[check_id] += exchange is not None
            return exchange

        return send

    def _end(self) -> None:
        for check in self._run.checks:
            if check.end:
                self._keep(check.end(self._valid))

    def _keep(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            known = self._findings.get(finding.fingerprint)
            if known is None or _size(finding) < _size(known):
                self._findings[finding.fingerprint] = finding

    def _shrink(self) -> None:
        worst = sorted(self._findings.values(), key=lambda one: one.severity.rank)
        for finding in worst[:MAX_SHRUNK]:
            case = finding.case
            if finding.severity is not Severity.NOTE and case and case.purpose is not Purpose.PROBE:
                self._make_smaller(finding, case)

    def _make_smaller(self, finding: Finding, case: Case) -> None:
        def reproduces(call: Call) -> bool:
            if self._run.purposes.of(self._operation, call) is not case.purpose:
                return False
            found = self._found(replace(case, call=call), finding.fingerprint)
            self._keep(found)
            return bool(found)

        smaller(case.call, reproduces, self._run.budget.shrinking)

    def _found(self, case: Case, fingerprint: Fingerprint) -> list[Finding]:
        """Return the finding of that fingerprint, if the case shows it."""
        exchange = self._exchange(case)
        if exchange is None:
            return []
        checks = [check for check in self._run.checks if check.id == fingerprint[1] and check.applies(exchange)]
        return [one for check in checks for one in check.run(exchange) if one.fingerprint == fingerprint]


def _size(finding: Finding) -> Size:
    return size_of(finding.call) if finding.call else (0, b"", "")


def _accepted(operation: Operation) -> str:
    """Return an ``Accept`` for the documented JSON, else for anything."""
    response = operation.success()
    names = [one.name for one in response.media_types if is_json(one.name)] if response else []
    return names[0] if names else "*/*"
