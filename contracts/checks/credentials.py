"""An operation with documented security refuses a call without usable credentials (RFC 9110, section 11.6.1)."""

from collections.abc import Iterator

from ..exchange import Exchange, Purpose
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.purpose is not Purpose.ANONYMOUS or not exchange.succeeded:
        return
    sent = exchange.call.header("Authorization")
    schemes = sorted({name for names in exchange.operation.security for name in names})
    yield exchange.finding(
        "credentials",
        Severity.ERROR,
        promised=f"401 without credentials of {', '.join(schemes)}",
        came=f"{exchange.reply.status} to {'malformed' if sent else 'missing'} credentials",
        rule="malformed" if sent else "missing",
        evidence=exchange.operation.security_evidence,
    )


CHECK = Check("credentials", "documented credentials are asked for", _run)
