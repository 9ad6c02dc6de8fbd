"""Formats of texts in replies; one that is only slightly off, such as a time without an offset, is drift."""

import json
from collections.abc import Iterator

from docdouble.schemas import Violation
from docdouble.schemas.http import is_json, json_body
from docdouble.schemas.jsonschema.formats import STRICT

from ..model.case import Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check
from .helpers import scalars, violation_finding


def _applies(exchange: Exchange) -> bool:
    known = exchange.known_records
    return known is not None and not known.formats.isdisjoint(STRICT)


def _run(exchange: Exchange) -> Iterator[Finding]:
    for violation in exchange.violations:
        if violation.rule == "format" and not _is_echo(exchange, violation):
            yield violation_finding("response-format", exchange, violation, _severity(exchange, violation))


def _is_echo(exchange: Exchange, violation: Violation) -> bool:
    """Tell whether a server shows a text that it took though it is off, as many do: that has a finding of its own."""
    if exchange.purpose is not Purpose.CONVERTIBLE or not is_json(exchange.call.media_type):
        return False
    return violation.got in {json.dumps(value, ensure_ascii=False) for _, value in scalars(json_body(exchange.call))}


def _severity(exchange: Exchange, violation: Violation) -> Severity:
    """Return how bad it is: ``date-time`` in a document means RFC 3339, while pages show how servers write it."""
    is_named = not exchange.subject.contract.dialect and violation.expected == "the format date-time"
    return Severity.WARNING if is_named and violation.is_drift else severity_of(violation.grade)


CHECK = Check("response-format", "texts have their documented formats", _run, _applies)
