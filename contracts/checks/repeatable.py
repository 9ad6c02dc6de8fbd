"""Repeated reads: the second answers the same. Times, counters and the order of lists may differ."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, never
from .helpers import scalars, shortened

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT?")
VOLATILE = re.compile(
    r"time|date|now|stamp|etag|token|ticket|nonce|session|context|secret|trace|request|count|url", re.IGNORECASE
)
"""Names of what is new with every reply."""

_GONE = (404, 410)


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    if not first.operation.only_reads or not first.is_readable:
        return
    second, third = send(first.call, True), send(first.call, True)
    if second is None or third is None:
        return
    if second.reply.status != third.reply.status:
        if max(second.reply.status, third.reply.status) not in (429, 503):
            yield _finding(third, second.answer, third.answer, "status")
    elif second.reply.status in _GONE:
        yield _finding(second, first.answer, second.answer, "status")
    elif second.reply.body != third.reply.body and second.is_readable and third.is_readable:
        yield from _differing(second, third)


def _differing(second: Exchange, third: Exchange) -> Iterator[Finding]:
    if difference := _difference(second.json, third.json):
        place, before, after = difference
        yield _finding(
            third, f"{place or 'the body'} {shortened(repr(before))} again", shortened(repr(after)), "values", place
        )


def _difference(before: Any, other: Any) -> tuple[str, Any, Any] | None:
    """Return a place that two replies fill differently, and both values, ``None`` where they mean the same."""
    before, after = _stable(before), _stable(other)
    gone, new = before - after, after - before
    if not gone:
        return None
    place, value = min(gone, key=str)
    return place, value, next((now for where, now in sorted(new, key=str) if where == place), "something else")


def _stable(value: Any) -> Counter[tuple[str, Any]]:
    """Return the texts and flags of a body by their places, whatever the order of lists: numbers may be counters."""
    return Counter(
        (re.sub(r"/\d+(?=/|\Z)", "/*", place), part)
        for place, part in scalars(value)
        if isinstance(part, bool | str) and not VOLATILE.search(place) and not _MOMENT.match(str(part))
    )


def _finding(exchange: Exchange, expected: str, got: str, rule: str, place: str = "") -> Finding:
    severity = Severity.WARNING if rule == "status" else Severity.NOTE
    return exchange.finding("repeatable", severity, expected=expected, got=got, pointer=place, rule=rule)


CHECK = Check("repeatable", "a repeated read answers the same", applies=never, probe=_probe)
