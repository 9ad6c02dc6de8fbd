"""The body of a documented response fits its documented schema."""

from collections.abc import Iterator

from docdouble.schemas import Violation

from ..exchange import Exchange
from ..finding import Finding, severity_of
from .check import Check
from .select_projection import selected


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.documented is None or exchange.schema is None:
        return
    try:
        violations = exchange.subject.response_validator(exchange.documented).violations(exchange.json)
    except ValueError:
        return
    for violation in violations:
        if not (selected(exchange) and _is_null(violation)):
            yield _finding(exchange, violation)


def _is_null(violation: Violation) -> bool:
    return violation.rule == "type" and violation.got == "null"


def _finding(exchange: Exchange, violation: Violation) -> Finding:
    place = violation.pointer or "the body"
    return exchange.finding(
        "response-schema",
        severity_of(violation.grade),
        promised=f"{place} is {violation.expected}",
        came=violation.got,
        pointer=violation.pointer,
        rule=violation.rule,
        evidence=violation.evidence,
    )


CHECK = Check("response-schema", "a body fits its documented schema", _run)
