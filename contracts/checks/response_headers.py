"""Header fields of a reply: the required ones are there, and values of documented ones fit."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from docdouble.schemas import Evidence, Parameter
from docdouble.schemas.contract.parameter_styles import ParameterReader

from ..model.exchange import Exchange
from ..model.finding import Finding, severity_of
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    for header in _documented(exchange):
        value = exchange.reply.header(header.name)
        if value is None:
            if header.required:
                yield _finding(exchange, header, f"the header field {header.name}", "none", "missing", header.evidence)
            continue
        yield from _unfit(exchange, header, value)


def _documented(exchange: Exchange) -> Iterator[Parameter]:
    """Yield the documented header fields; ``Content-Type`` is documented by the media types (OpenAPI 3.1, 4.8.17)."""
    headers = exchange.documented.headers if exchange.documented else ()
    return (header for header in headers if header.name.lower() != "content-type")


def _unfit(exchange: Exchange, header: Parameter, value: str) -> Iterator[Finding]:
    status = exchange.documented.status if exchange.documented else ""
    validator = exchange.subject.validator(f"{status} {header.name}", header.schema)
    reader = ParameterReader(header, exchange.subject.contract, validator.is_valid)
    try:
        read = _read(reader, header.name, value, validator.is_valid)
    except ValueError as error:
        yield _finding(exchange, header, f"{header.name} can be read", f"{value!r}: {error}", "syntax", header.evidence)
        return
    for violation in validator.violations(read):
        expected = f"{header.name} is {violation.expected}"
        yield _finding(exchange, header, expected, repr(value), violation.rule, violation.evidence)


def _read(reader: ParameterReader, name: str, value: str, fits: Callable[[Any], bool]) -> Any:
    """Return a value by its style, or what it is as JSON where that doesn't fit; raises ``ValueError``."""
    written = _json(value)
    try:
        read = reader.read([(name, value)])
    except ValueError:
        if written is None:
            raise
        return written
    return read if written is None or fits(read) else written


def _json(value: str) -> Any:
    """Return the object or array that is written as JSON, as frameworks do it without a ``content``; else ``None``."""
    try:
        return json.loads(value) if value.startswith(("{", "[")) else None
    except ValueError:
        return None


def _finding(
    exchange: Exchange, header: Parameter, expected: str, got: str, rule: str, evidence: Evidence | None
) -> Finding:
    response = exchange.documented
    evidence = evidence or header.evidence or (response.evidence if response else None)
    return exchange.finding(
        "headers",
        severity_of(evidence.grade if evidence else None),
        expected=expected,
        got=got,
        rule=f"{header.name.lower()} {rule}",
        evidence=evidence,
    )


CHECK = Check(
    "headers", "documented header fields are sent, and fit", _run, lambda exchange: any(_documented(exchange))
)
