"""Judgement of traffic as it passes a proxy: each exchange at once, and all of them together as a run."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, urlsplit

from docdouble.fakeserver.http.masking import Masking
from docdouble.fakeserver.http.problem import without_none
from docdouble.fakeserver.http.refusal import Member, Refusal
from docdouble.fakeserver.proxy.judging import JudgedReply, JudgedRequest, ProxiedExchange
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.http import Message
from docdouble.schemas.sources.har_entries import MAX_BODY_BYTES, WIRE_ONLY, HarEntry

from ..checks import Check
from ..client.content_codings import decoded
from ..model.budget import NO_REPLY_LIMITS, ReplyLimits
from ..model.events import Event, OperationStarted, RunDone, RunStarted
from ..model.finding import Finding, Severity
from ..output.redacted_events import redacting
from ..storage.secrets import contract_masking
from .entity_history import OpenCall
from .har_file import HarFile
from .judge import (
    ASKED_BY_CLIENTS,
    CLIENT_REQUEST,
    EntryMatch,
    ExchangeJudge,
    Unmatched,
    match_entry,
    not_judged,
    prefixes_of,
    remember_secrets,
)

_MOST_NAMED = 1000
"""Undocumented paths that are counted one by one."""


class _Asked(NamedTuple):
    """A call as it would be recorded, what it is a call of, and its place among others."""

    entry: HarEntry
    match: EntryMatch | None
    opened: OpenCall


_Message = TypeVar("_Message", bound=Message)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """Options: what judges, below which URL, from which severity on a reply may not pass; ``record`` keeps it all."""

    checks: Sequence[Check]
    url: str
    fail_on: Severity = Severity.ERROR
    limits: ReplyLimits = NO_REPLY_LIMITS
    record: HarFile | None = None


class LiveJudge:
    """A ``TrafficJudge`` by a contract, as ``verify --har`` judges what was recorded."""

    def __init__(self, contract: Contract, options: LiveOptions) -> None:
        self._contract = contract
        self._options = options
        self._began, self._started = time.monotonic(), datetime.now(UTC)
        self._masking: Masking = contract_masking(contract)
        self._judge = ExchangeJudge(contract, options.checks, "the proxy", options.limits)
        self._prefixes = prefixes_of(contract, options.url)
        self._origin = urlsplit(options.url)
        self._lock = Lock()
        self._number = 0
        self._called: set[str] = set()
        self._calls: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def request(self, call: Call, *, is_whole: bool) -> JudgedRequest:
        """Judge a call; where its body is not known, by its path and method alone."""
        call = _as_recorded(call)
        entry = HarEntry(0, self._url(call), call, Reply())
        match = match_entry(entry, self._judge.purposes.router, self._prefixes)
        with self._lock:
            opened = self._judge.history.begun(match.operation if match else None, call.method)
        asked = _Asked(entry, match, opened)
        if match is None:
            return _undocumented(asked, 404, f"no documented path is {call.path}", "path")
        if match.operation is None:
            if call.method in ASKED_BY_CLIENTS:
                return JudgedRequest(basis=asked)
            documented = ", ".join(sorted(operation.method for operation in match.operations))
            detail = f"{call.method} is not documented here; {documented} are"
            return _undocumented(asked, 405, detail, "method")
        stripped, purposes = match.call, self._judge.purposes
        refusal = purposes.refusal(match.operation, stripped) if is_whole else None
        if refusal is None:
            match = replace(match, purpose=purposes.of(match.operation, stripped) if is_whole else None)
            return JudgedRequest(match.operation, stripped, basis=asked._replace(match=match))
        violations = tuple(self._masking.json(dict(violation)) for violation in refusal.violations)
        violations = violations or ({"in": "request", "message": refusal.detail},)
        refusal = replace(refusal, violations=violations)
        return JudgedRequest(match.operation, stripped, violations, refusal, asked)

    def reply(self, exchange: ProxiedExchange) -> JudgedReply:
        """Judge a reply as it was recorded, and keep what is found, and the exchange where all is recorded."""
        with self._lock:
            self._number += 1
            entry = self._entry(exchange, self._number - 1)
            if self._options.record:
                self._options.record.write(entry)
            asked: _Asked = exchange.judged.basis
            match = asked.match
            match = replace(match, entry=entry) if match else None
            if reason := not_judged(entry, match):
                self._reasons[reason] += 1
                return JudgedReply()
            if match is None:
                name = f"{entry.call.method} {entry.call.path}"
                self._calls[name if name in self._calls or len(self._calls) < _MOST_NAMED else "others"] += 1
                return JudgedReply()
            self._called.add(match.judged_as.id)
            findings = self._judge.findings(match, asked.opened)
            if findings:
                remember_secrets(entry, self._masking)
        of_server = [finding for finding in findings if finding.check != CLIENT_REQUEST]
        failures = [finding for finding in of_server if finding.severity.reaches(self._options.fail_on)]
        return JudgedReply(tuple(map(_member, of_server)), tuple(map(_member, failures)))

    def ended(self, judged: JudgedRequest, unjudged: str = "") -> None:
        """Take note that a call is over, and count it where it is ``unjudged``, by the reason."""
        with self._lock:
            if unjudged:
                self._reasons[unjudged] += 1
            self._judge.history.ended(judged.basis.opened)

    def events(self, emit: Callable[[Event], None]) -> Unmatched:
        """Emit what a run would have, and return what means no operation."""
        emit = redacting(emit)
        with self._lock:
            operations = tuple(operation for operation in self._contract.operations if operation.id in self._called)
            skipped = {
                operation.id: "not called"
                for operation in self._contract.operations
                if operation.id not in self._called
            }
            emit(
                RunStarted(
                    self._contract,
                    operations,
                    target=self._options.url,
                    base_url=self._options.url.rstrip("/"),
                    skipped=skipped,
                    started=self._started.isoformat(timespec="seconds").replace("+00:00", "Z"),
                    checks={check.id: check.promise for check in self._options.checks},
                    command="proxy",
                )
            )
            for operation in operations:
                emit(OperationStarted(operation))
                emit(self._judge.result(operation))
            emit(RunDone(time.monotonic() - self._began))
            return Unmatched(dict(self._calls.most_common()), dict(self._reasons))

    def close(self) -> str:
        """Close the recording, if there is one, and return what could not be recorded, empty for nothing."""
        record = self._options.record
        if record:
            record.close()
        return record.problem if record else ""

    def _url(self, call: Call) -> SplitResult:
        return SplitResult(self._origin.scheme, self._origin.netloc, call.path, call.query, "")

    def _entry(self, exchange: ProxiedExchange, number: int) -> HarEntry:
        asked: HarEntry = exchange.judged.basis.entry
        return HarEntry(
            number,
            asked.url,
            asked.call,
            _as_recorded(exchange.reply),
            call_is_whole=exchange.call_is_whole,
            reply_is_whole=exchange.reply_is_whole,
            # which call began before another one ended is a matter of less than milliseconds
            started=datetime.fromtimestamp(exchange.moment, UTC).isoformat() if self._options.record else "",
            seconds=exchange.seconds,
            caller=self._judge.history.caller(asked.call),
        )


def _undocumented(asked: _Asked, status: int, detail: str, place: str) -> JudgedRequest:
    violation = {"in": place, "rule": "documented", "message": detail}
    refusal = Refusal(status, detail, violations=(violation,))
    return JudgedRequest(violations=(violation,), refusal=refusal, basis=asked)


def _as_recorded(message: _Message) -> _Message:
    """Return a message as archives hold it: its body decoded, without header fields of the wire."""
    coding = message.header("Content-Encoding")
    body = decoded(message.body, coding, MAX_BODY_BYTES) if coding else message.body
    headers = tuple((name, value) for name, value in message.headers if name.lower() not in WIRE_ONLY)
    is_same = body is message.body and len(headers) == len(message.headers)
    return message if is_same else replace(message, headers=headers, body=body)


def _member(finding: Finding) -> Member:
    """Return a finding about a reply as violations are listed."""
    member: dict[str, Any] = {
        "in": "reply",
        "pointer": finding.pointer or None,
        "rule": finding.check,
        "severity": finding.severity.value,
        "message": f"expected {finding.expected}, got {finding.got}",
        "documentation": str(finding.evidence) if finding.evidence else None,
    }
    return without_none(member)
