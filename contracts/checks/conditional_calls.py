"""Conditional calls: 304 for what didn't change, 412 for what is another version (RFC 9110, section 13.1)."""

from collections.abc import Iterator, Sequence

from docdouble.schemas import Response

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, Step, never
from .helpers import severity_at_most

_OLD = "Thu, 01 Jan 1970 00:00:00 GMT"
STALE = "a precondition that no longer holds"
"""Subject of a case of a chain whose condition doesn't hold."""

_CREATED = 201
_OTHER = '"docdouble-other-version"'


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    """Ask of reads, and of writes that are documented to be refused: nobody minds one that is done all the same.

    A server that others use is never sent such a write, see ``guard``.
    """
    for status, name, value, validator in _conditions(first):
        exchange = send(first.call.with_headers((name, value)), True)
        is_same = exchange and exchange.reply.header(validator) == first.reply.header(validator)
        if exchange and exchange.succeeded and (is_same or first.call.method != "GET"):
            yield _finding(exchange, status, name, value)


def _conditions(first: Exchange) -> Iterator[tuple[int, str, str, str]]:
    """Yield the status that is due, a condition, and the field that tells whether the entity is still the same."""
    tag, changed = first.reply.header("ETag"), first.reply.header("Last-Modified")
    is_read = first.call.method == "GET"
    if first.reply.status == _CREATED:
        return  # what was created just now had no other version
    if tag and is_read:
        yield 304, "If-None-Match", tag, "ETag"
    if tag and _documented(first, 412):
        yield 412, "If-Match", _OTHER, "ETag"
    if changed and is_read and _documented(first, 304):
        yield 304, "If-Modified-Since", changed, "Last-Modified"
    if changed and _documented(first, 412):
        yield 412, "If-Unmodified-Since", _OLD, "Last-Modified"


def _chain(steps: Sequence[Step]) -> Iterator[Finding]:
    """Yield a finding for each write that was done although its condition didn't hold, where 412 is documented."""
    for exchange in (step.exchange for step in steps if step.exchange.case.about == STALE):
        name, value = _condition(exchange)
        if name and exchange.succeeded and _documented(exchange, 412):
            yield _finding(exchange, 412, name, value)


def _condition(exchange: Exchange) -> tuple[str, str]:
    conditions = ((name, exchange.call.header(name)) for name in ("If-Match", "If-Unmodified-Since"))
    return next(((name, value) for name, value in conditions if value), ("", ""))


def _documented(exchange: Exchange, status: int) -> Response | None:
    return next((response for response in exchange.operation.responses if response.status == str(status)), None)


def _finding(exchange: Exchange, status: int, name: str, value: str) -> Finding:
    """Return the finding; what only the RFC says is a note, and dates a server may leave unread (13.1.3)."""
    documented = _documented(exchange, status)
    limit = Severity.WARNING if name == "If-Modified-Since" else Severity.ERROR
    return exchange.finding(
        "conditional",
        severity_at_most(limit, documented.evidence) if documented else Severity.NOTE,
        expected=f"{status} to {name}: {value}",
        got=exchange.answer,
        rule=name,
        evidence=documented.evidence if documented else None,
    )


CHECK = Check("conditional", "conditions of a call are kept", applies=never, probe=_probe, chain=_chain)
