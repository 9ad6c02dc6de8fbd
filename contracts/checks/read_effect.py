"""Effect of reads: none (RFC 9110, section 9.2.1), as the time of an entity's last change shows."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from docdouble.fakeserver.behaviours.conditional_requests import last_modified
from docdouble.fakeserver.http.header_fields import parse_date

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, never
from .helpers import severity_at_most

READS = 3
"""Replies that are compared: somebody else may change the entity once, but hardly between all of them."""


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    if not first.operation.only_reads or _changed(first) is None:
        return
    exchanges = [send(first.call, True) for _ in range(READS)]
    moments = [_changed(exchange) for exchange in exchanges if exchange is not None and exchange.succeeded]
    last = exchanges[-1]
    if last is None or len(moments) < READS or not _all_later(moments):
        return
    is_safe = first.operation.method == "GET"
    evidence = first.operation.effect_evidence
    yield last.finding(
        "read-effect",
        Severity.WARNING if is_safe else severity_at_most(Severity.WARNING, evidence),
        expected="a read that changes nothing" + (" (RFC 9110, section 9.2.1)" if is_safe else ""),
        got=f"a later time of change in each of {READS} replies",
        rule="changed",
        evidence=evidence,
    )


def _changed(exchange: Exchange) -> datetime | None:
    """Return when the entity that a reply shows was last changed, ``None`` where it doesn't say."""
    header = parse_date(exchange.reply.header("Last-Modified"))
    return header or (last_modified(exchange.json) if exchange.is_readable else None)


def _all_later(moments: list[datetime | None]) -> bool:
    return all(earlier and other and earlier < other for earlier, other in pairwise(moments))


CHECK = Check("read-effect", "a read changes nothing", applies=never, probe=_probe)
