"""Judgement of exchanges that others sent: recorded ones as the events of a run, and any of them one by one."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from docdouble.fakeserver.http.masking import Masking
from docdouble.fakeserver.http.secret_values import secrets_of_call, secrets_of_reply
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.base_paths import base_paths
from docdouble.schemas.contract.router import Router
from docdouble.schemas.http import MASK
from docdouble.schemas.json_pointer import unescape_token
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.sources.har_entries import HarEntry

from ..cases.purpose import Purposes
from ..checks import Check, missing_credentials
from ..checks.check import never
from ..checks.not_verified import is_success
from ..client.placeholder_credentials import without_credentials
from ..model.budget import NO_REPLY_LIMITS, ReplyLimits
from ..model.case import CallSize, Case, Origin, Purpose, size_of
from ..model.events import CallDone, Event, OperationResult, OperationStarted, RunDone, RunStarted
from ..model.exchange import Exchange, Subject
from ..model.finding import Finding, Fingerprint, Severity
from ..model.verdict import OperationVerdict
from ..output.known_secrets import KNOWN_SECRETS
from ..output.redacted_events import redacting
from ..storage.secrets import Secrets, contract_masking
from .entity_history import EntityHistory, OpenCall
from .har import in_order, read_har

UNDOCUMENTED_METHOD = "undocumented-method"
"""The check of a method that answered at a documented path, and which isn't documented there."""

CLIENT_REQUEST = "client-request"
"""The check of a call by which a client breaks the documentation, and which the server refused or ignored."""

ASKED_BY_CLIENTS = ("OPTIONS", "HEAD")
"""Methods that browsers send on their own."""

_MOST_BODIES = 32
"""Bodies of replies to an operation of which it is remembered what was found: clients ask for the same again."""

_OF_PRESENCE = frozenset({"undocumented-field", "writeOnly"})
"""The check and the rule of members that shouldn't be there, whatever their values are."""

_CONDITIONS = ("If-None-Match", "If-Modified-Since", "If-Range")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Calls that were not judged: how many recorded ones, by ``METHOD /path`` or by the reason."""

    calls: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryMatch:
    """An entry with the operations at its path, below ``prefix``; ``operation`` is ``None`` for another method.

    ``purpose`` is that of the call where it is known already.
    """

    entry: HarEntry
    prefix: str
    operations: tuple[Operation, ...]
    operation: Operation | None
    purpose: Purpose | None = None

    @property
    def judged_as(self) -> Operation:
        """The operation under which it is counted."""
        return self.operation or self.operations[0]

    @property
    def call(self) -> Call:
        """The call without what stands before the documented path."""
        call = self.entry.call
        return replace(call, target=call.target[len(self.prefix) :] or "/") if self.prefix else call


class RecordedCall(NamedTuple):
    """A recorded call, and what it is a call of; not each ``is_judged``."""

    entry: HarEntry
    match: EntryMatch | None
    is_judged: bool


def har_events(
    path: Path,
    contract: Contract,
    checks: Sequence[Check],
    emit: Callable[[Event], None],
    url: str = "",
    limits: ReplyLimits = NO_REPLY_LIMITS,
) -> Unmatched:
    """Judge the traffic of a HAR file, emit what a live run would, and return what means no operation.

    Only what was recorded below ``url`` is judged; without it, what was recorded below the contract's servers, or,
    where nothing was, at any address whose path ends in a documented one. Credentials are taken out first,
    and what is secret in the recording, such as a token in a body, is masked in all that is emitted. Raises what
    ``read_har`` raises.
    """
    began = time.monotonic()
    emit = redacting(emit)
    entries = list(read_har(path))
    masking = contract_masking(contract)
    for entry in entries:
        remember_secrets(entry, masking)
    judge = ExchangeJudge(contract, checks, path.name, limits)
    traffic, unmatched = _matched(entries, contract, url, judge.purposes.router)
    matches = [call.match for call in traffic if call.is_judged and call.match]
    called = {match.judged_as.id for match in matches}
    operations = tuple(operation for operation in contract.operations if operation.id in called)
    skipped = {operation.id: "not in the recording" for operation in contract.operations if operation.id not in called}
    emit(
        RunStarted(
            contract,
            operations,
            target=str(path),
            base_url=url.rstrip("/") or _base_url(matches),
            skipped=skipped,
            started=next((entry_match.entry.started for entry_match in matches), ""),
            checks={check.id: check.promise for check in checks},
        )
    )
    for operation in operations:
        emit(OperationStarted(operation))
    for match in _judged_in_order(traffic, judge):
        emit(CallDone(match.judged_as, Origin.RECORDED, match.entry.reply.status, match.entry.seconds))
    for operation in operations:
        emit(judge.result(operation))
    emit(RunDone(time.monotonic() - began))
    return unmatched


def _judged_in_order(traffic: Sequence[RecordedCall], judge: "ExchangeJudge") -> Iterator[EntryMatch]:
    """Judge recorded calls as they were sent, and yield each that is judged."""
    opened: dict[int, OpenCall] = {}
    for index, is_end in in_order([call.entry for call in traffic]):
        entry, match, is_judged = traffic[index]
        if not is_end:
            opened[index] = judge.history.begun(match.operation if match else None, entry.call.method)
            continue
        if match and is_judged:
            judge.findings(match, opened[index])
            yield match
        judge.history.ended(opened.pop(index))


def remember_secrets(entry: HarEntry, masking: Masking) -> None:
    """Mask what is secret in an entry in all that is printed and written from now on."""
    KNOWN_SECRETS.remember(secrets_of_call(entry.call, masking))
    KNOWN_SECRETS.remember(secrets_of_reply(entry.reply, masking))


def _base_url(matches: Sequence[EntryMatch]) -> str:
    for match in matches:
        return f"{match.entry.url.scheme}://{match.entry.url.netloc.rpartition('@')[2]}{match.prefix}"
    return ""


def _matched(
    entries: list[HarEntry], contract: Contract, url: str, router: Router
) -> tuple[list[RecordedCall], Unmatched]:
    """Return the calls to the servers of which any is judged, and what means no operation."""
    prefixes = prefixes_of(contract, url) if url else [urlsplit(server.default_url) for server in contract.servers]
    below = [har_entry for har_entry in entries if any(_is_below(har_entry.url, prefix) for prefix in prefixes)]
    traffic: list[RecordedCall] = []
    calls: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for entry in entries:
        match = match_entry(entry, router, prefixes if url or below else [])
        reason = not_judged(entry, match)
        if reason:
            reasons[reason] += 1
        elif match is None:
            calls[f"{entry.call.method} {entry.call.path}"] += 1
        traffic.append(RecordedCall(entry, match, match is not None and not reason))
    hosts = {call.entry.url.netloc for call in traffic if call.match}
    return [call for call in traffic if call.entry.url.netloc in hosts], Unmatched(
        dict(calls.most_common()), dict(reasons)
    )


def prefixes_of(contract: Contract, url: str) -> list[SplitResult]:
    """Return below which URLs the operations of a server are: its own, and with the base paths where it has no path."""
    paths = base_paths(contract.servers) if not urlsplit(url).path.strip("/") else ()
    return [urlsplit(url), *(urlsplit(url.rstrip("/") + path) for path in paths if path)]


def _is_below(url: SplitResult, prefix: SplitResult) -> bool:
    """Tell whether a URL is below a server's, which may be a path alone."""
    if prefix.netloc and _origin(url.scheme, url.netloc) != _origin(prefix.scheme, prefix.netloc):
        return False
    return f"{url.path}/".startswith(f"{prefix.path.rstrip('/')}/")


@lru_cache(1024)
def _origin(scheme: str, netloc: str) -> tuple[str, str | None, int | None]:
    parts = SplitResult(scheme, netloc, "", "", "")
    return scheme, parts.hostname, parts.port


def match_entry(entry: HarEntry, router: Router, prefixes: Sequence[SplitResult]) -> EntryMatch | None:
    """Return what an entry is a call of, below one of the prefixes, or anywhere where there is none."""
    path = entry.call.path
    known = sorted(
        (prefix.path.rstrip("/") for prefix in prefixes if _is_below(entry.url, prefix)), key=len, reverse=True
    )
    below = ((prefix, router.find(path[len(prefix) :])) for prefix in known)
    for prefix, route in below if prefixes else router.below(path):
        matches = route.operations.values() if route else ()
        if matches and (prefixes or not prefix or any(match.has_literal for match in matches)):
            operations = {match.operation.method: match.operation for match in matches}
            return EntryMatch(entry, prefix, tuple(operations.values()), operations.get(entry.call.method))
    return None


def not_judged(entry: HarEntry, match: EntryMatch | None) -> str:
    """Return why an entry is not judged, empty where it is, or where it is a call of nothing."""
    if not entry.reply.status:
        return "no reply was recorded"
    if match is None:
        return ""
    if match.operation is None and entry.call.method in ASKED_BY_CLIENTS:
        return f"{entry.call.method}, as clients send it on their own"
    return "" if entry.reply_is_whole else "the reply's body was not recorded"


@dataclass(slots=True)
class _Judged:
    """Outcome of the exchanges of one operation; of each finding, the smallest call."""

    subject: Subject
    findings: dict[Fingerprint, Finding] = field(default_factory=dict)
    applied: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    verdict: OperationVerdict = OperationVerdict.NOT_VERIFIED
    seconds: float = 0.0


class ExchangeJudge:
    """Judge of exchanges that others sent, one by one, which keeps their outcome by operation.

    ``name`` is that of the recording.
    """

    def __init__(self, contract: Contract, checks: Sequence[Check], name: str, limits: ReplyLimits) -> None:
        self._contract = contract = directed(contract)
        self._checks = [check for check in checks if check.applies is not never]
        self._name = name
        self._limits = limits
        self._secrets = Secrets(contract)
        self._judged: dict[str, _Judged] = {}
        self.purposes = Purposes(contract)
        self.history = EntityHistory(contract, checks, self.purposes.router)

    def findings(self, match: EntryMatch, opened: OpenCall | None = None) -> tuple[Finding, ...]:
        """Judge an exchange and return what is found of it; where it is ``opened``, also with those before it."""
        judged = self._of(match.judged_as)
        exchange = self._exchange(judged.subject, match)
        if is_success(exchange):
            judged.verdict = OperationVerdict.VERIFIED
        judged.statuses[exchange.reply.status] += 1
        judged.seconds += match.entry.seconds
        findings = tuple(
            finding
            for finding in self._run_checks(exchange, match, judged.applied)
            if not _is_masked(finding, exchange)
        )
        if opened:
            caller = match.entry.caller or self.history.caller(match.entry.call)
            findings += self.history.ended(opened, exchange, caller)
        judged.subject.forget_bodies(_MOST_BODIES)
        for finding in findings:
            known = judged.findings.get(finding.fingerprint)
            if known is None or _size(finding) < _size(known):
                judged.findings[finding.fingerprint] = finding
        return findings

    def result(self, operation: Operation) -> OperationResult:
        """Return the result of the exchanges of an operation."""
        judged = self._of(operation)
        worst_first = tuple(sorted(judged.findings.values(), key=lambda finding: finding.severity.rank))
        counts = dict(judged.applied), dict(judged.statuses)
        calls, verdict = judged.statuses.total(), judged.verdict
        return OperationResult(operation, calls, worst_first, *counts, judged.seconds, verdict=verdict)

    def _of(self, operation: Operation) -> _Judged:
        if operation.id not in self._judged:
            subject = Subject(operation_of(self._contract, operation), self._contract, self._limits)
            self._judged[operation.id] = _Judged(subject)
        return self._judged[operation.id]

    def _exchange(self, subject: Subject, match: EntryMatch) -> Exchange:
        entry, call = match.entry, match.call
        case = Case(
            subject.operation,
            self._secrets.call(call),
            self._purpose(match, call),
            Origin.RECORDED,
            f"entry {entry.number} of {self._name}",
        )
        return Exchange(subject, case, self._secrets.reply(entry.reply), entry.seconds)

    def _purpose(self, match: EntryMatch, call: Call) -> Purpose:
        """Return what a reply is judged by: where not all of the call is known, by its own form alone."""
        status, operation = match.entry.reply.status, match.operation
        if operation is None or not match.entry.call_is_whole:
            return Purpose.PROBE
        if status == 304 and any(call.header(name) is not None for name in _CONDITIONS):
            return Purpose.PROBE
        # browsers leave credentials out of what they export, so that nobody knows what was refused
        if status in (401, 403) and operation.security and self._secrets.call(call) == call:
            return Purpose.PROBE
        return match.purpose or self.purposes.of(operation, call, MASK) or Purpose.PROBE

    def _run_checks(self, exchange: Exchange, match: EntryMatch, applied: Counter[str]) -> Iterator[Finding]:
        if match.operation is None:
            applied[UNDOCUMENTED_METHOD] += 1
            yield from _undocumented_method(exchange, match)
            return
        is_accepted = False
        for check in self._checks:
            if check.applies(exchange):
                applied[check.id] += 1
                for finding in check.run(exchange):
                    is_accepted = is_accepted or check.id == "invalid-request"
                    yield replace(finding, severity=Severity.NOTE) if _may_be_expired(finding, exchange) else finding
            elif check.id == missing_credentials.CHECK.id and self._is_let_in(exchange, match):
                applied[check.id] += 1
                finding = missing_credentials.accepted(check.id, exchange, "missing")
                yield replace(
                    finding, severity=max(finding.severity, Severity.WARNING, key=lambda severity: severity.rank)
                )
        if exchange.purpose in (Purpose.HOSTILE, Purpose.CONVERTIBLE) and not is_accepted:
            yield self._client_request(exchange, match)

    def _is_let_in(self, exchange: Exchange, match: EntryMatch) -> bool:
        """Tell whether a call was answered without documented credentials; of browsers' recordings nobody knows."""
        if not (match.entry.caller and exchange.succeeded and exchange.operation.is_secured):
            return False
        return next(without_credentials(exchange.operation, self._contract, match.call), None) == match.call

    def _client_request(self, exchange: Exchange, match: EntryMatch) -> Finding:
        place, rule = self.purposes.first_broken(match.judged_as, match.call, MASK)
        return exchange.finding(
            CLIENT_REQUEST,
            Severity.NOTE,
            expected="a client's request as documented",
            got=f"{place} breaks {rule}; answered {exchange.answer}" if place else f"answered {exchange.answer}",
            rule=f"{place} {rule}".strip(),
        )


def _may_be_expired(finding: Finding, exchange: Exchange) -> bool:
    """Tell whether a call was refused for its credentials, of which only their server knows whether they hold."""
    is_refused = exchange.reply.status in (401, 403) and bool(exchange.operation.security)
    return is_refused and finding.check == "valid-request"


def _is_masked(finding: Finding, exchange: Exchange) -> bool:
    """Tell whether a finding is about a value that is recorded masked: what it was, nobody knows."""
    if not finding.pointer or MASK.encode() not in exchange.reply.body or not exchange.is_readable:
        return False
    if not _OF_PRESENCE.isdisjoint((finding.check, finding.rule)):
        return False
    values = [exchange.json]
    for token in map(unescape_token, finding.pointer.split("/")[1:]):
        values = [inner for value in values for inner in _members(value, token)]
    return MASK in values


def _members(value: Any, token: str) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values()) if token == "*" else [value[token]] if token in value else []
    if isinstance(value, list):
        return value if token == "*" else value[int(token) :][:1] if token.isdecimal() else []
    return []


def _undocumented_method(exchange: Exchange, match: EntryMatch) -> Iterator[Finding]:
    if exchange.succeeded:
        documented = ", ".join(sorted(operation.method for operation in match.operations))
        yield exchange.finding(
            UNDOCUMENTED_METHOD,
            Severity.WARNING,
            expected=f"{documented} at {exchange.operation.path}",
            got=f"{exchange.reply.status} to {exchange.call.method}",
            rule=exchange.call.method,
        )


def _size(finding: Finding) -> CallSize:
    return size_of(finding.call or Call())
