"""A value is null only where the documentation allows it; pages that say nothing of null forbid nothing.

Neither does a document that has no word for null, of what may also be left out.
"""

from collections.abc import Iterator

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check
from .helpers import is_null, violation_finding
from .select_projection import selected_names


def _applies(exchange: Exchange) -> bool:
    return exchange.is_described and not selected_names(exchange)


def _run(exchange: Exchange) -> Iterator[Finding]:
    for violation in filter(is_null, exchange.violations):
        known = exchange.known_records
        is_open = not exchange.subject.contract.documents_null and known and known.is_optional(violation.pointer)
        severity = Severity.NOTE if is_open else severity_of(violation.grade)
        yield violation_finding("null", exchange, violation, severity)


CHECK = Check("null", "null comes only where it may", _run, _applies)
