"""Ranges of integers in replies: those of their documented format, ``int32`` or ``int64``."""

from collections.abc import Iterator

from docdouble.schemas import Violation
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check
from .helpers import violation_finding


def is_out_of_range(violation: Violation) -> bool:
    """Tell whether a number is outside the range of its integer format."""
    return violation.rule in ("minimum", "maximum") and violation.expected in INTEGER_RANGES


def _applies(exchange: Exchange) -> bool:
    known = exchange.known_records
    return known is not None and not known.formats.isdisjoint(INTEGER_RANGES)


def _run(exchange: Exchange) -> Iterator[Finding]:
    for violation in filter(is_out_of_range, exchange.violations):
        yield violation_finding("int32", exchange, violation, severity_of(violation.grade))


CHECK = Check("int32", "integers are in the range of their format", _run, _applies)
