"""Server errors: no call, not even a broken one, is answered with 5xx or not at all (RFC 9110, section 15.6).

Failures that differ in their exception, message or place are findings of their own. At octets that are no text, or in
a charset that nobody knows, and at numbers beyond 64 bits, whole frameworks fail, which is a warning that a run reports
once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from docdouble.schemas import Call
from docdouble.schemas.contract.media_types import is_sequence

from ..client.target import Failure
from ..model.case import Case, Purpose
from ..model.exchange import Exchange, mask_values
from ..model.extreme_numbers import holds_extreme_number
from ..model.finding import Finding, Fingerprint, Severity
from .check import Check
from .crash import crash_signature
from .helpers import has_unknown_charset, is_undecodable

MAX_CRASHES = 5
"""Failures of an operation with one status that are distinguished: some servers report something else each time."""


def _run(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.reply.status
    unknown_method = status == 501 and exchange.call.method != exchange.operation.method
    if status < 500 or unknown_method:
        return
    if beyond := _beyond(exchange.call):
        expected = f"a status below 500, also for {beyond[1]}"
        finding = exchange.finding(
            "server-error", Severity.WARNING, expected=expected, got=exchange.answer, rule=beyond[0]
        )
        yield replace(finding, once=True)
        return
    response = exchange.documented
    is_documented = response is not None and response.status.startswith("5")
    signature = mask_values(crash_signature(exchange.reply, exchange.call, exchange.operation.path))
    yield exchange.finding(
        "server-error",
        _severity(exchange, is_documented=is_documented),
        expected="a status below 500",
        got=": ".join(filter(None, (exchange.answer, signature))),
        rule=f"{status} {signature}".strip(),
        evidence=response.evidence if response and is_documented else None,
    )


def _beyond(call: Call) -> tuple[str, str] | None:
    """Return the rule of a call at which whole frameworks fail, and what it holds."""
    if is_undecodable(call) or has_unknown_charset(call):
        return "no-text", "a body that is no text"
    return ("extreme", "a number that 64 bits can't hold") if holds_extreme_number(call) else None


def _severity(exchange: Exchange, *, is_documented: bool) -> Severity:
    """Return how bad a 5xx is: less where it is documented, and where a lone surrogate was sent.

    A valid call gets nothing else where no success is documented; of a lone surrogate RFC 8259, section 8.2, says that
    receivers may even fail.
    """
    breach = exchange.case.breach
    if not is_documented:
        return Severity.WARNING if breach and breach.rule == "surrogate" else Severity.ERROR
    is_all = exchange.purpose is Purpose.VALID and not exchange.operation.documents_success
    return Severity.NOTE if is_all else Severity.WARNING


def as_one_crash(finding: Finding, known: Iterable[Fingerprint]) -> Finding:
    """Return a failure without its signature where ``MAX_CRASHES`` others of that status are known already."""
    status, _, signature = finding.rule.partition(" ")
    if finding.check != "server-error" or not signature:
        return finding
    others = {rule for _, check, _, rule in known if check == "server-error" and rule.startswith(f"{status} ")}
    is_another = finding.rule not in others and len(others) >= MAX_CRASHES
    return replace(finding, rule=status) if is_another else finding


def no_reply(case: Case, failure: Failure) -> Finding:
    """Return the finding for a call that a living server didn't answer, and why.

    A stream may begin with its first item, which may be long in coming.
    """
    operation = case.operation
    success = operation.success()
    is_stream = any(is_sequence(media_type.name) for media_type in success.media_types) if success else False
    return Finding(
        "server-error",
        Severity.NOTE if failure.is_late and is_stream else Severity.ERROR,
        operation.id,
        expected="a reply",
        got=failure.reason,
        rule="no-reply",
        evidence=operation.evidence,
        case=case,
    )


CHECK = Check("server-error", "no call makes the server fail", _run)
