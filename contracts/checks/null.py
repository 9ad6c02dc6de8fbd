"""A value is null only where the documentation allows it; pages that say nothing of null forbid nothing."""

from collections.abc import Iterator

from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check
from .helpers import is_null, violation_finding
from .select_projection import selected_names


def _applies(exchange: Exchange) -> bool:
    return exchange.is_described and not selected_names(exchange)


def _run(exchange: Exchange) -> Iterator[Finding]:
    for violation in filter(is_null, exchange.violations):
        yield violation_finding("null", exchange, violation, severity_of(violation.grade))


CHECK = Check("null", "null comes only where it may", _run, _applies)
