"""A request that breaks its documentation is refused; a target that accepts it gets a note, since it may be lenient."""

from collections.abc import Iterator

from ..case import Purpose
from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.purpose is Purpose.HOSTILE and exchange.succeeded:
        request = exchange.operation.request
        yield exchange.finding(
            "invalid-request",
            Severity.NOTE,
            promised="a 4xx for a request that breaks the documentation",
            came=f"{exchange.reply.status} {exchange.reply.reason}".strip(),
            rule="accepted",
            evidence=request.evidence if request else None,
        )


CHECK = Check("invalid-request", "an invalid request is refused", _run)
