"""A call that keeps to the documentation is answered with a documented status."""

from collections.abc import Iterator

from ..case import Purpose
from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    status = exchange.reply.status
    if exchange.purpose is not Purpose.VALID or exchange.documented or status >= 500:
        return
    documented = [response.status for response in exchange.operation.responses]
    hint = " (are the credentials right?)" if status in (401, 403) else ""
    first = next(iter(exchange.operation.responses), None)
    yield exchange.finding(
        "documented-status",
        Severity.ERROR,
        promised=f"one of the statuses {', '.join(documented)}" if documented else "a documented status",
        came=f"{status} {exchange.reply.reason}".strip() + hint,
        rule=str(status),
        evidence=first.evidence if first else None,
    )


CHECK = Check("documented-status", "a valid call gets a documented status", _run)
