"""Schema of a reply: the body of a documented response fits it.

Formats, ranges of integers, null and missing properties have checks of their own.
"""

from collections.abc import Iterator

from docdouble.schemas import Violation

from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check
from .helpers import is_null, violation_findings
from .int32 import is_out_of_range


def _run(exchange: Exchange) -> Iterator[Finding]:
    known = {record.pointer for record in exchange.records} if exchange.violations else set()
    for violation in exchange.violations:
        if not _is_reported_elsewhere(violation, known):
            yield from violation_findings("response-schema", exchange, violation, severity_of(violation.grade))


def _is_reported_elsewhere(violation: Violation, records: set[str]) -> bool:
    is_missing = violation.rule == "required" and violation.pointer in records
    return is_missing or is_null(violation) or violation.rule == "format" or is_out_of_range(violation)


CHECK = Check("response-schema", "a body fits its documented schema", _run, lambda exchange: exchange.is_described)
