"""An operation with documented security refuses a call without usable credentials (RFC 9110, section 11.6.1)."""

from collections.abc import Iterator

from ..credentials import without_credentials
from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check, Send, never


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    for call in without_credentials(first.operation, first.subject.contract, first.call):
        exchange = send(call, False)
        if exchange and exchange.succeeded:
            yield _finding(exchange)


def _finding(exchange: Exchange) -> Finding:
    sent = exchange.call.header("Authorization")
    schemes = sorted({name for names in exchange.operation.security for name in names})
    return exchange.finding(
        "credentials",
        Severity.ERROR,
        promised=f"401 without credentials of {', '.join(schemes)}",
        came=f"{exchange.reply.status} to {'malformed' if sent else 'missing'} credentials",
        rule="malformed" if sent else "missing",
        evidence=exchange.operation.security_evidence,
    )


CHECK = Check("credentials", "documented credentials are asked for", applies=never, probe=_probe)
