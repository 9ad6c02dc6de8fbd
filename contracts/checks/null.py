"""Null in replies: only where the documentation allows it; pages that don't mention null forbid nothing.

Neither does a document that has no word for null, of what may also be left out. A null that was sent against the
documentation, and taken, is shown afterwards: that it was taken is what is wrong, not that it is shown.
"""

from collections.abc import Iterator

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check
from .helpers import is_null, violation_finding
from .invalid_request import sends_open_null
from .select_projection import selected_names


def _applies(exchange: Exchange) -> bool:
    return exchange.is_described and not selected_names(exchange)


def _run(exchange: Exchange) -> Iterator[Finding]:
    subject = exchange.subject
    if exchange.succeeded and exchange.case.breach and sends_open_null(exchange):
        subject.taken_nulls.add(exchange.case.breach.place.rpartition("/")[2])
    for violation in filter(is_null, exchange.violations):
        known = exchange.known_records
        is_open = not subject.contract.documents_null and known and known.is_optional(violation.pointer)
        is_open = is_open or violation.pointer.rpartition("/")[2] in subject.taken_nulls
        severity = Severity.NOTE if is_open else severity_of(violation.grade)
        yield violation_finding("null", exchange, violation, severity)


CHECK = Check("null", "null comes only where it may", _run, _applies)
