"""Reproduction of findings at the end of an operation: each is shown again, by a smaller call, or marked."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from docdouble.schemas import Call, Operation

from ..cases import Maker
from ..cases.purpose import Purposes
from ..checks import Check
from ..checks.server_error import as_one_crash
from ..model.budget import Budget
from ..model.case import Case, Origin, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Fingerprint, Severity
from .shrink import smaller

_DONE_BEFORE = (404, 409, 410)
"""Statuses of what was removed, or taken, by the same call before."""

MAX_SHRUNK = 10
"""Findings per operation whose calls are made small."""


class ReproductionContext(Protocol):
    """Part of a run that the reproduction of its findings needs."""

    budget: Budget
    checks: tuple[Check, ...]
    purposes: Purposes
    maker: Maker


class Reproduction:
    """Reproduction of an operation's ``findings``, which it changes; ``keep`` takes those of smaller calls."""

    def __init__(
        self,
        run: ReproductionContext,
        operation: Operation,
        send: Callable[[Case], Exchange | None],
        findings: dict[Fingerprint, Finding],
        keep: Callable[[Iterable[Finding]], None],
    ) -> None:
        self._run = run
        self._operation = operation
        self._send = send
        self._findings = findings
        self._keep = keep

    def make_smaller(self) -> None:
        """Find smaller calls of the worst findings."""
        worst = sorted(self._findings.values(), key=lambda kept: kept.severity.rank)
        for finding in worst[:MAX_SHRUNK] if self._run.budget.shrinking else ():
            case = finding.case
            if finding.severity is not Severity.NOTE and finding.reply and case and is_alone(case):
                self._make_smaller(finding, case)

    def _make_smaller(self, finding: Finding, case: Case) -> None:
        """Find a smaller call, one that breaks nothing else, where the finding shows again and again."""
        purposes, operation = self._run.purposes, self._operation
        broken = purposes.broken(operation, case.call)

        def reproduces(call: Call) -> bool:
            if purposes.of(operation, call) is not case.purpose or not purposes.broken(operation, call) <= broken:
                return False
            if case.existing and not self._run.maker.values.are_same(operation, call, case.call):
                return False
            exchange = self._send(replace(case, call=call))
            shown = self._shown(exchange, finding.fingerprint) if exchange else []
            self._keep(shown)
            return bool(shown)

        if self._shows_again(finding, case):
            smallest = smaller(case.call, reproduces, self._run.budget.shrinking)
            if smallest != case.call:
                self._shows_again(finding, replace(case, call=smallest))

    def _shows_again(self, finding: Finding, case: Case) -> bool:
        """Send a case once more; where it no longer shows its finding, that is kept as it was first, and marked.

        What has removed something, or taken a name, can't do so again.
        """
        exchange = self._send(case)
        if exchange is None:
            return False
        is_shown = bool(self._shown(exchange, finding.fingerprint))
        if not is_shown and not (_has_written(finding) and exchange.reply.status in _DONE_BEFORE):
            self._findings[finding.fingerprint] = replace(finding, sent_again=exchange.answer)
        return is_shown

    def _shown(self, exchange: Exchange, fingerprint: Fingerprint) -> list[Finding]:
        """Return the finding of that fingerprint, if an exchange shows it."""
        checks = [check for check in self._run.checks if check.id == fingerprint[1] and check.applies(exchange)]
        findings = (as_one_crash(finding, self._findings) for check in checks for finding in check.run(exchange))
        return [finding for finding in findings if finding.fingerprint == fingerprint]


def _has_written(finding: Finding) -> bool:
    """Tell whether the call of a finding succeeded, and may have changed something."""
    reply, case = finding.reply, finding.case
    return bool(reply and case and reply.status in range(200, 300) and not case.operation.only_reads)


def is_alone(case: Case) -> bool:
    """Tell whether a case shows by itself what it shows."""
    return case.purpose is not Purpose.PROBE and case.origin is not Origin.CHAIN
