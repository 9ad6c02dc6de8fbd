"""Charset of a reply: the one that its Content-Type names; JSON is UTF-8, without a byte order mark (RFC 8259, 8.1)."""

import codecs
from collections.abc import Iterator

from docdouble.fakeserver.http.header_fields import charset_of, codec_name
from docdouble.schemas.http import is_json

from ..client.content_codings import unreadable_coding
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check
from .helpers import documented_media_type, severity_at_most

_MARK = codecs.BOM_UTF8


def _applies(exchange: Exchange) -> bool:
    name = exchange.reply.media_type
    is_text = bool(exchange.reply.body) and not unreadable_coding(exchange.reply.header("Content-Encoding"))
    return is_text and (is_json(name) or bool(charset_of(exchange.reply.header("Content-Type"))))


def _run(exchange: Exchange) -> Iterator[Finding]:
    yield from (*_declared(exchange), *_decoded(exchange))


def _declared(exchange: Exchange) -> Iterator[Finding]:
    documented = documented_media_type(exchange, exchange.reply.media_type)
    wanted = charset_of(documented.name) if documented else ""
    sent = charset_of(exchange.reply.header("Content-Type"))
    if documented and wanted and sent and codec_name(sent) != codec_name(wanted):
        severity = severity_at_most(Severity.ERROR, documented.evidence)
        yield _finding(exchange, severity, f"the charset {wanted}", f"the charset {sent}", "documented")
    elif sent and is_json(exchange.reply.media_type) and codec_name(sent) not in ("utf-8", "ascii"):
        yield _finding(exchange, Severity.NOTE, "JSON in UTF-8", f"the charset {sent}", "json")


def _decoded(exchange: Exchange) -> Iterator[Finding]:
    reply = exchange.reply
    charset = charset_of(reply.header("Content-Type")) or "utf-8"
    codec = codec_name(charset)
    if not codec:
        yield _finding(exchange, Severity.WARNING, "a charset that is in use", f"the charset {charset}", "unknown")
    elif (wrong := _wrong(reply.body, codec)) is not None:
        documented = documented_media_type(exchange, exchange.reply.media_type)
        severity = severity_at_most(Severity.ERROR, documented.evidence) if documented else Severity.WARNING
        yield _finding(exchange, severity, f"a body in {charset}", f"the octets {wrong.hex(' ')}", "octets")
    elif is_json(reply.media_type) and reply.body.startswith(_MARK):
        yield _finding(exchange, Severity.NOTE, "JSON without a byte order mark", "one", "byte-order-mark")


def _wrong(body: bytes, codec: str) -> bytes | None:
    """Return the octets that can't be read, ``None`` where all can."""
    try:
        body.decode(codec)
    except UnicodeDecodeError as error:
        return body[error.start : max(error.end, error.start + 1)][:8]
    except (UnicodeError, LookupError):
        return body[:8]
    return None


def _finding(exchange: Exchange, severity: Severity, expected: str, got: str, rule: str) -> Finding:
    documented = documented_media_type(exchange, exchange.reply.media_type)
    evidence = documented.evidence if documented else None
    return exchange.finding("charset", severity, expected=expected, got=got, rule=rule, evidence=evidence)


CHECK = Check("charset", "a text is in its charset, and JSON in UTF-8", _run, _applies)
