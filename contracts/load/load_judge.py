"""Judgement of the replies to a load, by the checks of ``verify``: calls of users, chains, and what else is sent."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from docdouble.schemas import Call, Contract, Operation, Reply
from docdouble.schemas.sources.har_entries import HarEntry

from ..chains import with_before
from ..checks import Check
from ..checks.check import Step
from ..checks.not_verified import is_attempt, is_success
from ..model.budget import ReplyLimits
from ..model.case import Case
from ..model.exchange import Exchange, Subject
from ..model.finding import Finding
from ..output.known_secrets import KNOWN_SECRETS
from ..output.redacted_events import redacted_finding
from ..recordings.judge import EntryMatch, ExchangeJudge, match_entry, not_judged, prefixes_of
from .judgements import Judgements

_MOST_BODIES = 32
"""Bodies of replies to an operation of which it is remembered what was found: load asks for the same again."""

_MOST_NAMED = 1000
"""Undocumented calls that are counted one by one."""


class LoadJudge:
    """Judge of replies by a contract, which is that of one direction; it keeps the results in ``judgements``."""

    def __init__(self, contract: Contract, checks: Sequence[Check], limits: ReplyLimits, url: str) -> None:
        self.judgements = Judgements()
        self._contract = contract
        self._checks = checks
        self._chain_checks = [check for check in checks if check.chain]
        self._limits = limits
        self._subjects: dict[str, Subject] = {}
        self._foreign = ExchangeJudge(contract, checks, "the load", limits)
        self._prefixes = prefixes_of(contract, url)

    def exchange(self, case: Case, reply: Reply, seconds: float) -> Exchange:
        """Return an exchange, and count its reply."""
        self.judgements.of(case.operation.id).count(reply.status, seconds)
        return Exchange(self._subject(case.operation), case, reply, seconds)

    def judge(self, exchange: Exchange) -> None:
        """Judge the reply to a case."""
        judgement = self.judgements.of(exchange.operation.id)
        judgement.judged += 1
        if is_attempt(exchange.case) and is_success(exchange):
            judgement.is_verified = True
        findings: list[Finding] = []
        for check in self._checks:
            if check.applies(exchange):
                judgement.checks[check.id] += 1
                findings += check.run(exchange)
        exchange.subject.forget_bodies(_MOST_BODIES)
        if findings:
            judgement.keep(redacted_finding(finding, KNOWN_SECRETS.redaction) for finding in findings)

    def judge_chain(self, steps: Sequence[Step]) -> None:
        """Judge the calls of one chain together."""
        for check in self._chain_checks if steps else ():
            assert check.chain
            first = self.judgements.of(steps[0].exchange.operation.id)
            first.checks[check.id] += 1
            for finding in with_before(check.chain(steps), steps):
                self.judgements.of(finding.operation).keep([redacted_finding(finding, KNOWN_SECRETS.redaction)])

    def foreign(self, url: str, call: Call, reply: Reply, seconds: float) -> Callable[[], None] | None:
        """Take note of a call that no task of ours has made, and return what judges it; ``None`` for nothing to judge.

        The target of the call is that of ``url``, base path included.
        """
        entry = HarEntry(0, urlsplit(url), call, reply, seconds=seconds)
        match = match_entry(entry, self._foreign.purposes.router, self._prefixes)
        if not_judged(entry, match):
            return None
        if match is None:
            name = f"{call.method} {call.path}"
            self.judgements.unmatched[name if len(self.judgements.unmatched) < _MOST_NAMED else "others"] += 1
            return None
        self.judgements.of(match.judged_as.id).count(reply.status, seconds)
        return partial(self._judge_foreign, match)

    def _judge_foreign(self, match: EntryMatch) -> None:
        judgement = self.judgements.of(match.judged_as.id)
        judgement.judged += 1
        judgement.is_verified = judgement.is_verified or 200 <= match.entry.reply.status < 300
        findings = self._foreign.findings(match)
        judgement.keep(redacted_finding(finding, KNOWN_SECRETS.redaction) for finding in findings)

    def _subject(self, operation: Operation) -> Subject:
        known = self._subjects.get(operation.id)
        return known or self._subjects.setdefault(operation.id, Subject(operation, self._contract, self._limits))
