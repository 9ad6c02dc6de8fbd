"""Documented XML says what the documented JSON would: it is read by the schema, and checked against it.

How a value looks in XML is documented nowhere, so nothing here is worse than a warning.
"""

from collections.abc import Iterator
from typing import Any

from docdouble.fakeserver.http.codecs import BodyError, Content, codec_of
from docdouble.schemas import Schema, Validator
from docdouble.schemas.json_pointer import escape_token, unescape_token

from ..client.content_codings import unreadable_coding
from ..model.documented_objects import DocumentedObject
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, Send
from .helpers import bare_names, is_null, is_xml

_READABLE = {"format", "minimum", "maximum", "type", "enum", "pattern"}
"""Rules that a value in XML breaks as one in JSON does; how dictionaries look is anybody's choice."""


_MOST_COMPARED = 40
"""Records of a body that are looked for in XML."""


def _schema(exchange: Exchange) -> Schema | None:
    own = exchange.subject.response_schema(exchange.documented, exchange.reply.header("Content-Type") or "")
    return own if own is not None else exchange.subject.response_schema(exchange.documented)


def _applies(exchange: Exchange) -> bool:
    name = exchange.reply.media_type
    is_documented = is_xml(name) and name in bare_names(exchange)
    is_coded = unreadable_coding(exchange.reply.header("Content-Encoding"))
    return is_documented and bool(exchange.reply.body) and not is_coded and _schema(exchange) is not None


def _run(exchange: Exchange) -> Iterator[Finding]:
    schema = _schema(exchange) or {}
    content = Content(schema, exchange.subject.contract)
    try:
        value = codec_of("application/xml").decode(exchange.reply.body, content)
    except BodyError as error:
        yield exchange.finding(
            "xml", Severity.WARNING, expected=f"a body that is {exchange.reply.media_type}", got=str(error), rule="xml"
        )
        return
    for violation in _validator(exchange, schema).violations(value):
        if violation.rule not in _READABLE or is_null(violation):
            continue
        known = exchange.subject.records(exchange.documented) if exchange.documented else None
        yield exchange.finding(
            "xml",
            max(Severity.WARNING, severity_of(violation.grade), key=lambda one: one.rank),
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


def _missing(first: Exchange, exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding when the XML lacks documented properties for which the JSON of the same call has values."""
    schema = _schema(exchange)
    if schema is None or not first.is_described:
        return
    try:
        value = codec_of("application/xml").decode(exchange.reply.body, Content(schema, exchange.subject.contract))
    except BodyError:
        return
    gone = [place for record in first.records[:_MOST_COMPARED] for place in _gone(record, _at(value, record.pointer))]
    if gone:
        yield exchange.finding(
            "xml",
            Severity.WARNING,
            expected=f"what the JSON shows, {', '.join(gone[:3])} among it",
            got=f"XML without {'it' if len(gone) == 1 else f'{len(gone)} properties'}",
            rule="missing",
        )


def _gone(record: DocumentedObject, shown: Any) -> Iterator[str]:
    """Yield the places of documented properties that a record has a value for, and what is shown of it has not."""
    if not isinstance(shown, dict):
        return
    known = {name.lower() for name in shown}
    for name, part in record.value.items():
        if part not in (None, [], {}, "") and name in record.schema["properties"] and name.lower() not in known:
            yield f"{record.pointer}/{escape_token(name)}"[1:]


def _at(value: Any, pointer: str) -> Any:
    """Return what stands at a place, whatever the case of the names that lead there; ``None`` for nothing."""
    for token in pointer.split("/")[1:]:
        name = unescape_token(token).lower()
        if isinstance(value, list):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
        else:
            members = value.items() if isinstance(value, dict) else ()
            value = next((part for key, part in members if key.lower() == name), None)
    return value


CHECK = Check("xml", "XML says what JSON says", _run, _applies, _probe)
