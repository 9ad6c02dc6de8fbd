"""A server answers every call, also a broken one, without failing (RFC 9110, section 15.6)."""

from collections.abc import Iterator

from ..model.case import Case, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.reply.status
    unknown_method = status == 501 and exchange.call.method != exchange.operation.method
    if status < 500 or unknown_method:
        return
    response = exchange.documented
    is_documented = response is not None and response.status.startswith("5")
    yield exchange.finding(
        "server-error",
        _severity(exchange) if is_documented else Severity.ERROR,
        expected="a status below 500",
        got=exchange.answer,
        rule=str(status),
        evidence=response.evidence if response and is_documented else None,
    )


def _severity(exchange: Exchange) -> Severity:
    """Return how bad a documented 5xx is: a valid call gets nothing else where no success is documented."""
    is_all = exchange.purpose is Purpose.VALID and not exchange.operation.documents_success
    return Severity.NOTE if is_all else Severity.WARNING


def no_reply(case: Case, reason: str) -> Finding:
    """Return the finding for a call that a living server didn't answer, and why."""
    operation = case.operation
    return Finding(
        "server-error",
        Severity.ERROR,
        operation.id,
        expected="a reply",
        got=reason,
        rule="no-reply",
        evidence=operation.evidence,
        case=case,
    )


CHECK = Check("server-error", "no call makes the server fail", _run)
