"""Judgements as a message from a worker to its master, and back: plain values, since anybody may send them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from docdouble.schemas import Call, Evidence, Operation, Reply

from ..model.case import Case, Origin, Purpose
from ..model.finding import Finding, Severity
from .judgements import Judgements, LoadJudgement

MOST_BYTES = 65_536
"""Bytes of the body of a reply that a finding is sent with."""

Pairs = list[tuple[str, str]]


class CallMessage(msgspec.Struct, array_like=True):
    """A call."""

    method: str
    target: str
    headers: Pairs
    body: bytes


class _CaseMessage(msgspec.Struct, array_like=True):
    """A case; its operation by its id."""

    operation: str
    call: CallMessage
    purpose: Purpose
    origin: Origin
    about: str
    existing: bool
    signed: bool


class _ReplyMessage(msgspec.Struct, array_like=True):
    """A reply."""

    status: int
    headers: Pairs
    body: bytes


class _FindingMessage(msgspec.Struct, array_like=True):
    """A finding."""

    check: str
    severity: Severity
    operation: str
    texts: tuple[str, str, str, str]
    evidence: dict[str, Any] | None
    case: _CaseMessage | None
    reply: _ReplyMessage | None
    before: list[_CaseMessage]
    once: bool


class _JudgementMessage(msgspec.Struct, array_like=True):
    """A judgement; the fingerprints of its counts are lists."""

    numbers: tuple[int, int, int]
    seconds: float
    is_verified: bool
    statuses: dict[int, int]
    checks: dict[str, int]
    occurrences: list[tuple[tuple[str, str, str, str], int]]
    findings: list[_FindingMessage]


class _Message(msgspec.Struct, array_like=True):
    """Judgements by operation."""

    by_operation: dict[str, _JudgementMessage]
    unmatched: dict[str, int]
    unanswered: dict[str, int]


def judgements_message(judgements: Judgements) -> bytes:
    """Return judgements as the message that ``read_judgements`` reads."""
    by_operation = {name: _judgement_message(judgement) for name, judgement in judgements.by_operation.items()}
    return msgspec.msgpack.encode(_Message(by_operation, dict(judgements.unmatched), dict(judgements.unanswered)))


def read_judgements(message: bytes, operations: Mapping[str, Operation]) -> Judgements:
    """Read judgements; raises ``ValueError`` for what are none, or of operations that aren't known here."""
    read = msgspec.msgpack.decode(message, type=_Message)
    judgements = Judgements()
    judgements.unmatched, judgements.unanswered = Counter(read.unmatched), Counter(read.unanswered)
    try:
        for name, judgement_message in read.by_operation.items():
            judgements.by_operation[operations[name].id] = _judgement(judgement_message, operations)
    except KeyError as error:
        raise ValueError(
            f"a worker has judged {error}, which is no operation here: are the sources the same?"
        ) from None
    return judgements


def call_message(call: Call) -> bytes:
    """Return a call as the message that ``read_call`` reads."""
    return msgspec.msgpack.encode(_call_message(call))


def read_call(message: bytes) -> Call:
    """Read a call; raises ``ValueError`` for what is none."""
    return _call(msgspec.msgpack.decode(message, type=CallMessage))


def _call_message(call: Call) -> CallMessage:
    return CallMessage(call.method, call.target, list(call.headers), call.body)


def _call(message: CallMessage) -> Call:
    return Call(tuple(message.headers), message.body, message.method, message.target)


def _judgement_message(judgement: LoadJudgement) -> _JudgementMessage:
    return _JudgementMessage(
        (judgement.replies, judgement.judged, judgement.successes),
        judgement.seconds,
        judgement.is_verified,
        dict(judgement.statuses),
        dict(judgement.checks),
        list(judgement.occurrences.items()),
        [_finding_message(finding) for finding in judgement.findings.values()],
    )


def _judgement(message: _JudgementMessage, operations: Mapping[str, Operation]) -> LoadJudgement:
    findings = [_finding(finding, operations) for finding in message.findings]
    return LoadJudgement(
        *message.numbers,
        message.seconds,
        message.is_verified,
        Counter(message.statuses),
        Counter(message.checks),
        Counter(dict(message.occurrences)),
        {finding.fingerprint: finding for finding in findings},
    )


def _finding_message(finding: Finding) -> _FindingMessage:
    return _FindingMessage(
        finding.check,
        finding.severity,
        finding.operation,
        (finding.expected, finding.got, finding.pointer, finding.rule),
        finding.evidence.as_dict() if finding.evidence else None,
        _case_message(finding.case) if finding.case else None,
        _reply_message(finding.reply) if finding.reply else None,
        [_case_message(case) for case in finding.before],
        finding.once,
    )


def _finding(message: _FindingMessage, operations: Mapping[str, Operation]) -> Finding:
    reply = message.reply
    return Finding(
        message.check,
        message.severity,
        operations[message.operation].id,
        *message.texts,
        Evidence.from_dict(message.evidence) if message.evidence else None,
        _case(message.case, operations) if message.case else None,
        Reply(tuple(reply.headers), reply.body, reply.status) if reply else None,
        tuple(_case(case_message, operations) for case_message in message.before),
        message.once,
    )


def _reply_message(reply: Reply) -> _ReplyMessage:
    return _ReplyMessage(reply.status, list(reply.headers), reply.body[:MOST_BYTES])


def _case_message(case: Case) -> _CaseMessage:
    call = _call_message(case.call)
    return _CaseMessage(case.operation.id, call, case.purpose, case.origin, case.about, case.existing, case.signed)


def _case(message: _CaseMessage, operations: Mapping[str, Operation]) -> Case:
    return Case(
        operations[message.operation],
        _call(message.call),
        message.purpose,
        message.origin,
        message.about,
        None,
        message.signed,
        message.existing,
    )
