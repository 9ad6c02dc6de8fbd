"""Response time: no reply takes longer than the user sets."""

from collections.abc import Iterator

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check


def _applies(exchange: Exchange) -> bool:
    return exchange.subject.limits.max_response_seconds > 0


def _run(exchange: Exchange) -> Iterator[Finding]:
    limit = exchange.subject.limits.max_response_seconds
    if exchange.seconds > limit:
        got = f"{exchange.seconds:.3g} s"
        expected = f"a reply within {limit:g} s"
        yield exchange.finding("response-time", Severity.ERROR, expected=expected, got=got, rule="slow")


CHECK = Check("response-time", "a reply comes within the time that you set", _run, _applies)
