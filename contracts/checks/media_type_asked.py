"""Content negotiation: a reply has a media type that the call accepts, or is a 406 (RFC 9110, 12.5.1 and 15.5.7)."""

from collections.abc import Iterator

from docdouble.schemas.http import is_json, media_type

from ..model.exchange import Exchange
from ..model.finding import Finding, Severity, severity_of
from .check import Check, Send
from .helpers import bare_names, documented_media_type, is_xml

MOST = 4
"""Media types that the probe asks for."""


def _asked(exchange: Exchange) -> str:
    """Return the only media type that the call accepts, if it is documented for the reply; else nothing."""
    accept = exchange.call.header("Accept") or ""
    asked = media_type(accept)
    return asked if "," not in accept and "*" not in asked and asked in bare_names(exchange) else ""


def _applies(exchange: Exchange) -> bool:
    return exchange.succeeded and bool(exchange.reply.body) and bool(_asked(exchange))


def _run(exchange: Exchange) -> Iterator[Finding]:
    asked, sent = _asked(exchange), exchange.reply.media_type
    if sent == asked or sent not in bare_names(exchange):
        return  # what isn't documented at all is reported by another check
    documented = documented_media_type(exchange, asked)
    evidence = documented.evidence if documented else None
    yield exchange.finding(
        "media-type-asked",
        Severity.NOTE if _family(sent) == _family(asked) else severity_of(evidence.grade if evidence else None),
        expected=f"{asked}, which the call accepts, or 406",
        got=sent,
        rule=asked,
        evidence=evidence,
    )


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    """Ask for the other documented media types; XML is asked for by its own check. The reply is judged by ``_run``."""
    if not first.operation.only_reads:
        return
    known = media_type(first.call.header("Accept") or "")
    others = [name for name in bare_names(first) if "*" not in name and name != known and not is_xml(name)]
    for name in others[:MOST]:
        send(first.call.with_headers(("Accept", name)), True)
    yield from ()


def _family(name: str) -> str:
    """Return what servers take for the same representation: JSON, XML, or a type such as ``image``."""
    if is_json(name):
        return "json"
    return "xml" if is_xml(name) else name.partition("/")[0]


CHECK = Check("media-type-asked", "the media type that is asked for comes", _run, _applies, _probe)
