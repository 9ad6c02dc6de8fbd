"""Recorded traffic, a contract and checks → the events of a run, as if it had been sent: nothing is."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from docdouble.fakeserver.http.secret_values import secrets_of_call, secrets_of_reply
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import Router
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.sources.har_entries import HarEntry

from ..cases.purpose import Purposes
from ..checks import Check
from ..checks.not_verified import is_success
from ..model.budget import NO_REPLY_LIMITS, ReplyLimits
from ..model.case import CallSize, Case, Origin, Purpose, size_of
from ..model.events import CallDone, Event, OperationResult, OperationStarted, RunDone, RunStarted
from ..model.exchange import Exchange, Subject
from ..model.finding import Finding, Fingerprint, Severity
from ..model.verdict import OperationVerdict
from ..output.known_secrets import KNOWN_SECRETS
from ..output.redacted_events import redacting
from ..storage.secrets import Secrets, contract_masking
from .har import read_har

UNDOCUMENTED_METHOD = "undocumented-method"
"""The check of a method that answered at a documented path, and which isn't documented there."""

_ASKED_BY_CLIENTS = ("OPTIONS", "HEAD")
"""Methods that browsers send on their own."""

_CONDITIONS = ("If-None-Match", "If-Modified-Since", "If-Range")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What was not judged: how many recorded calls, by ``METHOD /path`` or by the reason."""

    calls: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Match:
    """An entry with the operations at its path, below ``prefix``; ``operation`` is ``None`` for another method."""

    entry: HarEntry
    prefix: str
    operations: tuple[Operation, ...]
    operation: Operation | None


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
    _remember_secrets(entries, contract)
    matches, unmatched = _matched(entries, contract, url)
    found: defaultdict[str, list[_Match]] = defaultdict(list)
    for one in matches:
        found[(one.operation or one.operations[0]).id].append(one)
    operations = tuple(one for one in contract.operations if one.id in found)
    skipped = {one.id: "not in the recording" for one in contract.operations if one.id not in found}
    emit(
        RunStarted(
            contract,
            operations,
            target=str(path),
            base_url=url.rstrip("/") or _base_url(matches),
            skipped=skipped,
            started=next((one.entry.started for one in matches), ""),
            checks={check.id: check.promise for check in checks},
        )
    )
    judge = _RecordingJudge(contract, checks, path.name, limits)
    for operation in operations:
        emit(OperationStarted(operation))
        emit(judge.result(operation, found[operation.id], emit))
    emit(RunDone(time.monotonic() - began))
    return unmatched


def _remember_secrets(entries: Iterable[HarEntry], contract: Contract) -> None:
    masking = contract_masking(contract)
    for entry in entries:
        KNOWN_SECRETS.remember(secrets_of_call(entry.call, masking))
        KNOWN_SECRETS.remember(secrets_of_reply(entry.reply, masking))


def _base_url(matches: Sequence[_Match]) -> str:
    for one in matches:
        return f"{one.entry.url.scheme}://{one.entry.url.netloc.rpartition('@')[2]}{one.prefix}"
    return ""


def _matched(entries: list[HarEntry], contract: Contract, url: str) -> tuple[list[_Match], Unmatched]:
    prefixes = [urlsplit(url)] if url else [urlsplit(one.default_url) for one in contract.servers]
    below = [one for one in entries if any(_is_below(one.url, prefix) for prefix in prefixes)]
    router = Router(contract)
    matches: list[_Match] = []
    calls: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for entry in entries:
        match = _match(entry, router, prefixes if url or below else [])
        if reason := _not_judged(entry, match):
            reasons[reason] += 1
        elif match:
            matches.append(match)
        else:
            calls[f"{entry.call.method} {entry.call.path}"] += 1
    return matches, Unmatched(dict(calls.most_common()), dict(reasons))


def _is_below(url: SplitResult, prefix: SplitResult) -> bool:
    """Tell whether a URL is below a server's, which may be a path alone."""
    if prefix.netloc and (url.scheme, url.hostname, url.port) != (prefix.scheme, prefix.hostname, prefix.port):
        return False
    return f"{url.path}/".startswith(f"{prefix.path.rstrip('/')}/")


def _match(entry: HarEntry, router: Router, prefixes: Sequence[SplitResult]) -> _Match | None:
    path = entry.call.path
    known = sorted((one.path.rstrip("/") for one in prefixes if _is_below(entry.url, one)), key=len, reverse=True)
    below = ((prefix, router.find(path[len(prefix) :])) for prefix in known)
    for prefix, route in below if prefixes else router.below(path):
        matches = route.operations.values() if route else ()
        if matches and (prefixes or not prefix or any(match.has_literal for match in matches)):
            operations = {match.operation.method: match.operation for match in matches}
            return _Match(entry, prefix, tuple(operations.values()), operations.get(entry.call.method))
    return None


def _not_judged(entry: HarEntry, match: _Match | None) -> str:
    if not entry.reply.status:
        return "no reply was recorded"
    if match is None:
        return ""
    if match.operation is None and entry.call.method in _ASKED_BY_CLIENTS:
        return f"{entry.call.method}, as clients send it on their own"
    return "" if entry.reply_is_whole else "the reply's body was not recorded"


class _RecordingJudge:
    """Judges the recorded exchanges of one contract's operations."""

    def __init__(self, contract: Contract, checks: Sequence[Check], name: str, limits: ReplyLimits) -> None:
        self._contract = contract = directed(contract)
        self._checks = checks
        self._name = name
        self._limits = limits
        self._purposes = Purposes(contract)
        self._secrets = Secrets(contract)

    def result(self, operation: Operation, matches: Sequence[_Match], emit: Callable[[Event], None]) -> OperationResult:
        """Return what the recorded calls of an operation found, the smallest call of each finding."""
        subject = Subject(operation_of(self._contract, operation), self._contract, self._limits)
        findings: dict[Fingerprint, Finding] = {}
        applied: Counter[str] = Counter()
        statuses: Counter[int] = Counter()
        verdict = OperationVerdict.NOT_VERIFIED
        for match in matches:
            exchange = self._exchange(subject, match)
            verdict = OperationVerdict.VERIFIED if is_success(exchange) else verdict
            statuses[exchange.reply.status] += 1
            emit(CallDone(operation, Origin.RECORDED, exchange.reply.status, exchange.seconds))
            for finding in self._judged(exchange, match, applied):
                known = findings.get(finding.fingerprint)
                if known is None or _size(finding) < _size(known):
                    findings[finding.fingerprint] = finding
        worst_first = tuple(sorted(findings.values(), key=lambda one: one.severity.rank))
        seconds = sum(one.entry.seconds for one in matches)
        counts = dict(applied), dict(statuses)
        return OperationResult(operation, len(matches), worst_first, *counts, seconds, verdict=verdict)

    def _exchange(self, subject: Subject, match: _Match) -> Exchange:
        entry = match.entry
        call = replace(entry.call, target=entry.call.target[len(match.prefix) :] or "/")
        case = Case(
            subject.operation,
            self._secrets.call(call),
            self._purpose(match, call),
            Origin.RECORDED,
            f"entry {entry.number} of {self._name}",
        )
        return Exchange(subject, case, self._secrets.reply(entry.reply), entry.seconds)

    def _purpose(self, match: _Match, call: Call) -> Purpose:
        """Return what a reply is judged by: where not all of the call is known, by its own form alone."""
        status, operation = match.entry.reply.status, match.operation
        if operation is None or not match.entry.call_is_whole:
            return Purpose.PROBE
        if status == 304 and any(call.header(name) is not None for name in _CONDITIONS):
            return Purpose.PROBE
        # browsers leave credentials out of what they export, so that nobody knows what was refused
        if status in (401, 403) and operation.security and self._secrets.call(call) == call:
            return Purpose.PROBE
        return self._purposes.of(operation, call) or Purpose.PROBE

    def _judged(self, exchange: Exchange, match: _Match, applied: Counter[str]) -> Iterator[Finding]:
        if match.operation is None:
            applied[UNDOCUMENTED_METHOD] += 1
            yield from _undocumented_method(exchange, match)
            return
        for check in self._checks:
            if check.applies(exchange):
                applied[check.id] += 1
                yield from check.run(exchange)


def _undocumented_method(exchange: Exchange, match: _Match) -> Iterator[Finding]:
    if exchange.succeeded:
        documented = ", ".join(sorted(one.method for one in match.operations))
        yield exchange.finding(
            UNDOCUMENTED_METHOD,
            Severity.WARNING,
            expected=f"{documented} at {exchange.operation.path}",
            got=f"{exchange.reply.status} to {exchange.call.method}",
            rule=exchange.call.method,
        )


def _size(finding: Finding) -> CallSize:
    return size_of(finding.call or Call())
