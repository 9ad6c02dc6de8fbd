"""The calls of one operation: what was sent so far, and what it found."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from docdouble.schemas import Call, Contract, Operation

from ..cases import Maker
from ..cases.purpose import Purposes
from ..chains import Chains, with_before
from ..checks import Check
from ..checks.not_verified import cause_of, is_attempt, not_verified
from ..checks.server_error import as_one_crash, no_reply
from ..client.target import Failure
from ..client.transport import Transport
from ..generation.fields import RequestField
from ..model.budget import Budget
from ..model.case import CallSize, Case, Origin, Purpose, size_of
from ..model.events import CallDone, Event, OperationResult
from ..model.exchange import Exchange, Subject
from ..model.finding import Finding, Fingerprint
from ..model.verdict import NOT_VERIFIED, OperationVerdict
from .case_dressing import CaseDressing
from .reproduction import Reproduction, is_alone
from .successes import Successes


class RunContext(Protocol):
    """Part of a run that its sessions need."""

    contract: Contract
    transport: Transport
    budget: Budget
    checks: tuple[Check, ...]
    purposes: Purposes
    maker: Maker
    chains: Chains
    successes: Successes


class Session:
    """Session of an operation: sends its cases, judges the replies, and keeps the smallest call of each finding."""

    def __init__(self, run: RunContext, operation: Operation, emit: Callable[[Event], None]) -> None:
        self._run = run
        self.operation = operation
        self._emit = emit
        self._subjects: dict[str, Subject] = {}
        self._dressing = CaseDressing(run.contract, has_credentials=run.transport.has_credentials)
        self._findings: dict[Fingerprint, Finding] = {}
        self._applied: Counter[str] = Counter()
        self._statuses: Counter[int] = Counter()
        self._valid: list[Exchange] = []
        self._unanswered: list[tuple[Case, str]] = []
        self._started = time.monotonic()

    def send(self) -> None:
        """Send everything; raises ``StoppedError`` and ``TargetError``, and keeps what was found until then."""
        self._run.transport.cancellation.compute(self._send_all)

    def _send_all(self) -> None:
        for case in self._run.maker.cases(self.operation):
            if is_attempt(case) and not self._valid and not self.operation.only_reads:
                self._send_refused(case)
            self._visit(case)
        self._probe()
        self._chain()
        self._end()
        Reproduction(self._run, self.operation, self._exchange, self._findings, self._keep).make_smaller()

    @property
    def guessed(self) -> tuple[RequestField, ...]:
        """Fields whose values had to be guessed where nothing is verified, in vain."""
        is_vain = self._verdict is OperationVerdict.NOT_VERIFIED
        return self._run.maker.guessed(self.operation) if is_vain else ()

    @property
    def known_rows(self) -> int | None:
        """Number of requests with keys of one row where nothing is verified; ``None`` where it makes no difference."""
        is_vain = self._verdict is OperationVerdict.NOT_VERIFIED
        return self._run.maker.known_rows(self.operation) if is_vain else None

    def result(self, stopped: str = "") -> OperationResult:
        """Return the result, findings with the worst first; ``stopped`` says why not everything was sent."""
        verdict, cause = self._verdict, None
        if stopped and verdict is OperationVerdict.NOT_VERIFIED:
            verdict = OperationVerdict.NOT_SENT
        findings = list(self._findings.values())
        if verdict is OperationVerdict.NOT_VERIFIED:
            names = [field.name for field in self._run.maker.guessed(self.operation)]
            attempts = self._run.successes.attempts(self.operation, self._valid, self._unanswered, names)
            cause = cause_of(attempts)
            if any(check.id == NOT_VERIFIED for check in self._run.checks):
                findings = self._run.successes.with_cause(findings, not_verified(attempts, cause))
        return OperationResult(
            self.operation,
            self._statuses.total(),
            tuple(sorted(findings, key=_order)),
            dict(self._applied),
            dict(self._statuses),
            time.monotonic() - self._started,
            stopped,
            verdict,
            cause,
        )

    @property
    def _verdict(self) -> OperationVerdict:
        if self.operation.id in self._run.successes.operations:
            return OperationVerdict.VERIFIED
        return OperationVerdict.NOT_VERIFIED if self._valid or self._unanswered else OperationVerdict.NOT_SENT

    def _visit(self, case: Case) -> Exchange | None:
        exchange = self._exchange(case)
        if exchange is None:
            return None
        if is_attempt(case):
            self._valid.append(exchange)
        for check in self._run.checks:
            if check.applies(exchange):
                self._applied[check.id] += 1
                self._keep(check.run(exchange))
        return exchange

    def _exchange(self, case: Case) -> Exchange | None:
        case = self._dressing.dressed(case)
        sent = self._run.transport.send(
            case.call, signed=case.signed, operation=case.operation.id, chained=case.origin is Origin.CHAIN
        )
        if sent is None:
            return None
        reply, seconds = sent
        if isinstance(reply, Failure):
            self._keep([no_reply(case, reply)])
            if is_attempt(case) and case.operation.id == self.operation.id:
                self._unanswered.append((case, reply.reason))
            return None
        self._statuses[reply.status] += 1
        self._emit(CallDone(self.operation, case.origin, reply.status, seconds))
        exchange = Exchange(self._subject(case.operation), case, reply, seconds)
        self._run.successes.take_note(exchange)
        self._run.maker.values.harvest(exchange)
        self._run.maker.better.outcomes.note(exchange)
        if case.origin is not Origin.CHAIN and self._run.successes.conditions.is_lasting:
            self._note_created(exchange)
        return exchange

    def _note_created(self, exchange: Exchange) -> None:
        """Take note of what a call outside of chains has created: it is removed at the end, or named.

        What a server made of a broken request is removed at once, so that no list shows it.
        """
        if (created := self._run.chains.created(exchange)) is not None:
            remove, key = created
            if remove is None:
                self._run.successes.staying.append(exchange.operation.label)
                return
            self.created(remove, key)
            if exchange.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE):
                subject = self._subject(remove.operation)
                if _is_removed(self._dressing.dressed(remove), self._run, subject):
                    self.removed(remove, key)

    def _subject(self, operation: Operation) -> Subject:
        known = self._subjects.get(operation.id)
        new = known or Subject(operation, self._run.contract, self._run.budget.limits)
        return self._subjects.setdefault(operation.id, new)

    def _probe(self) -> None:
        first = next((exchange for exchange in self._valid if exchange.succeeded), None)
        if first is None:
            if self.operation.only_reads and self._valid:
                self._send_refused(self._valid[0].case)
            return
        if self.operation.only_reads or first is not self._valid[0]:
            self._send_refused(first.case)
        for check in self._sendable_checks():
            if check.probe:
                self._keep(check.probe(first, self._sender(check.id)))

    def _send_refused(self, case: Case) -> None:
        """Send the calls that have to be refused, though their case is valid."""
        call = self._dressing.dressed(case).call
        for check in self._sendable_checks() if case.signed else ():
            for refused in check.refused(self.operation, self._run.contract, call) if check.refused else ():
                self._sender(check.id)(refused, False)

    def _sendable_checks(self) -> Iterator[Check]:
        """Yield the checks that may send calls of their own."""
        is_careful = self._run.successes.conditions.is_careful
        return (check for check in self._run.checks if check.careful or not is_careful)

    def _sender(self, check_id: str) -> Callable[[Call, bool], Exchange | None]:
        def send(call: Call, signed: bool = True) -> Exchange | None:
            case = Case(self.operation, call, Purpose.PROBE, Origin.PROBE, check_id, signed=signed)
            exchange = self._visit(case)
            self._applied[check_id] += exchange is not None
            return exchange

        return send

    def _chain(self) -> None:
        steps = self._run.chains.steps(
            self.operation, self._chained, self, must_remove=self._run.successes.conditions.is_careful
        )
        for check in self._run.checks if steps else ():
            if check.chain:
                self._applied[check.id] += 1
                self._keep(with_before(check.chain(steps), steps))

    def created(self, remove: Case, key: object) -> None:
        """Take note of what a chain created, and of the case that removes it."""
        self._run.transport.created(self._dressing.dressed(remove).call, key)

    def removed(self, remove: Case, key: object) -> None:
        """Take note that a chain has removed it."""
        self._run.transport.removed(key, self._dressing.dressed(remove).call)

    def _chained(self, case: Case) -> Exchange | None:
        """Send a case of a chain; replies of other operations are judged when those are verified."""
        return self._visit(case) if case.operation.id == self.operation.id else self._exchange(case)

    def _end(self) -> None:
        for check in self._run.checks:
            if check.end and self._valid:
                self._applied[check.id] += 1
                self._keep(check.end(self._valid))

    def _keep(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            finding = as_one_crash(finding, self._findings)
            known = self._findings.get(finding.fingerprint)
            if known is None or _weight(finding) < _weight(known):
                self._findings[finding.fingerprint] = finding


def _is_removed(remove: Case, run: RunContext, subject: Subject) -> bool:
    """Remove what a call has just made, and tell whether that is done; nothing else goes along with it."""
    sent = run.transport.send(remove.call, signed=remove.signed, operation=remove.operation.id, chained=True)
    reply, seconds = sent or (None, 0.0)
    if reply is None or isinstance(reply, Failure):
        return False
    exchange = Exchange(subject, remove, reply, seconds)
    run.maker.values.forget(exchange)
    return exchange.succeeded


def _order(finding: Finding) -> tuple[bool, int]:
    """Order findings: that nothing is verified first, then the worst."""
    return finding.check != NOT_VERIFIED, finding.severity.rank


def _weight(finding: Finding) -> tuple[int, bool, CallSize]:
    """Return how good an example a finding is: the worst, shown by its call alone, by a small one."""
    size = size_of(finding.call) if finding.call else (0, 0, b"", "")
    return finding.severity.rank, finding.case is not None and not is_alone(finding.case), size
