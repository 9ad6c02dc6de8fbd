"""XML replies: documented XML is read by the schema of the documented JSON, and checked against it.

How a value looks in XML is documented nowhere, so nothing here is worse than a warning.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from docdouble.fakeserver.http.codecs import BodyError, Content
from docdouble.schemas import Schema, Validator
from docdouble.schemas.contract.model import nullable
from docdouble.schemas.json_pointer import escape_token, steps_of

from ..client.content_codings import unreadable_coding
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, Send
from .helpers import bare_names, is_like, is_null, is_xml

_READABLE = {"format", "minimum", "maximum", "type", "enum", "pattern"}
"""Rules that a value in XML breaks as one in JSON does; how dictionaries look is anybody's choice."""


_SCALARS = frozenset({"string", "integer", "number", "boolean"})

_MOST_NAMED = 40
"""Properties that are counted of those that XML lacks."""


def _applies(exchange: Exchange) -> bool:
    name = exchange.reply.media_type
    is_documented = is_xml(name) and name in bare_names(exchange)
    is_coded = unreadable_coding(exchange.reply.header("Content-Encoding"))
    return is_documented and bool(exchange.reply.body) and not is_coded and exchange.xml_schema is not None


def _run(exchange: Exchange) -> Iterator[Finding]:
    schema = exchange.xml_schema or {}
    content = Content(schema, exchange.subject.contract)
    try:
        value = exchange.xml
    except BodyError as error:
        yield exchange.finding(
            "xml", Severity.WARNING, expected=f"a body that is {exchange.reply.media_type}", got=str(error), rule="xml"
        )
        return
    for violation in _validator(exchange, schema).violations(value):
        is_readable = violation.rule in _READABLE and not is_null(violation)
        if not is_readable and not any(_is_scalar(content, violation.pointer, name) for name in violation.missing):
            continue
        known = exchange.subject.records(exchange.documented) if exchange.documented else None
        yield exchange.finding(
            "xml",
            max(Severity.WARNING, severity_of(violation.grade), key=lambda severity: severity.rank),
            expected=f"{violation.pointer or 'the body'} is {violation.expected}, also in XML",
            got=violation.got,
            pointer=known.shared_place(violation.pointer) if known else violation.pointer,
            rule=violation.rule,
            evidence=violation.evidence,
        )


def _validator(exchange: Exchange, schema: Schema) -> Validator:
    """Return the validator of the JSON, unless the XML has a schema of its own."""
    response = exchange.documented
    if response and schema is exchange.subject.response_schema(response):
        return exchange.subject.response_validator(response)
    return exchange.subject.validator(f"{exchange.reply.status} {exchange.reply.media_type}", schema)


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    """Ask for each documented XML media type, and compare what of the JSON is in it."""
    if not first.operation.only_reads:
        return
    for name in filter(is_xml, bare_names(first)):
        exchange = send(first.call.with_headers(("Accept", name)), True)
        if exchange and exchange.succeeded and is_xml(exchange.reply.media_type):
            yield from _missing(first, exchange)


def _is_scalar(content: Content, pointer: str, name: str) -> bool:
    """Tell whether a property of what stands at a place is a text, a number or a flag: XML can't leave it out."""
    for token in steps_of(pointer):
        content = content.items if token.isdecimal() and "array" in content.kinds else content.member(token)
    member = content.member(name)
    return bool(member.kinds) and member.kinds <= _SCALARS and not nullable(member.schema)


def _missing(first: Exchange, exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding when the XML lacks documented properties for which the JSON of the same call has values."""
    schema = exchange.xml_schema
    if schema is None or not first.is_described:
        return
    content = Content(schema, exchange.subject.contract)
    try:
        value = exchange.xml
    except BodyError:
        return
    gone = list(islice(_gone(first.json, value, content), _MOST_NAMED))
    if gone:
        yield exchange.finding(
            "xml",
            Severity.WARNING,
            expected=f"what the JSON shows, {', '.join(gone[:3])} among it",
            got=f"XML without {'it' if len(gone) == 1 else f'{len(gone)} properties'}",
            rule="missing",
        )


def _gone(shown: Any, value: Any, content: Content, pointer: str = "") -> Iterator[str]:
    """Yield the places of documented properties that JSON has a value for, and what XML says of the same has not."""
    if isinstance(shown, list) and isinstance(value, list):
        for index, (before, other) in enumerate(zip(shown, value, strict=False)):
            yield from _gone(before, other, content.items, f"{pointer}/{index}")
    if not isinstance(shown, dict) or not isinstance(value, dict) or not is_like(value, shown):
        return
    spelled = {name.lower(): part for name, part in value.items()}
    documented = {name.lower() for name in content.names}
    for name, part in shown.items():
        below = f"{pointer}/{escape_token(name)}"
        if name.lower() in spelled:
            yield from _gone(part, spelled[name.lower()], content.member(name), below)
        elif name.lower() in documented and part not in (None, [], {}, ""):
            yield below[1:]


CHECK = Check("xml", "XML says what JSON says", _run, _applies, _probe)
