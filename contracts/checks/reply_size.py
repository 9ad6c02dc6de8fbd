"""Size of replies: no body is larger than the user sets."""

from collections.abc import Iterator

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check


def _applies(exchange: Exchange) -> bool:
    return exchange.subject.limits.max_reply_bytes > 0


def _run(exchange: Exchange) -> Iterator[Finding]:
    limit, size = exchange.subject.limits.max_reply_bytes, len(exchange.reply.body)
    if size > limit:
        expected = f"a body of at most {limit} octets"
        yield exchange.finding("reply-size", Severity.ERROR, expected=expected, got=f"{size} octets", rule="large")


CHECK = Check("reply-size", "a reply is no larger than you set", _run, _applies)
