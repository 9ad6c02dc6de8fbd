"""A server answers every call, also a broken one, without failing (RFC 9110, section 15.6)."""

from collections.abc import Iterator

from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.reply.status
    if status >= 500:
        yield exchange.finding(
            "server-error",
            Severity.ERROR,
            promised="a status below 500",
            came=f"{status} {exchange.reply.reason}".strip(),
            rule=str(status),
        )


CHECK = Check("server-error", "no call makes the server fail", _run)
