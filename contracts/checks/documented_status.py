"""Status of a reply: a documented one, where the call keeps to the documentation and isn't refused."""

from collections.abc import Iterator

from docdouble.schemas.contract.model import Response

from ..model.case import Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check


def _applies(exchange: Exchange) -> bool:
    is_answered = exchange.reply.status < 400
    return exchange.purpose is Purpose.VALID and is_answered and any(map(_is_final, exchange.operation.responses))


def _is_final(response: Response) -> bool:
    """Tell whether a response ends an exchange; one with 1xx is followed by another one (RFC 9110, section 15.2)."""
    return not response.status.startswith("1")


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.documented:
        return
    documented = exchange.operation.responses
    evidence = documented[0].evidence
    yield exchange.finding(
        "documented-status",
        severity_of(evidence.grade if evidence else None),
        expected=f"one of the statuses {', '.join(response.status for response in documented)}",
        got=exchange.answer,
        rule=str(exchange.reply.status),
        evidence=evidence,
    )


CHECK = Check("documented-status", "a valid call gets a documented status", _run, _applies)
