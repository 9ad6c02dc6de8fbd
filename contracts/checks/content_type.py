"""Media type of a reply: one that is documented for the response; what is sent as JSON is JSON.

A reply to HEAD has no body, and one in a content coding that can't be undone here says so, as a note.
"""

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from docdouble.fakeserver.http.documented import WITHOUT_BODY
from docdouble.schemas import Grade
from docdouble.schemas.http import is_json

from ..client.content_codings import unreadable_coding
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check
from .helpers import bare_names


def _applies(exchange: Exchange) -> bool:
    names = bare_names(exchange)
    is_nothing = "*/*" in names and not exchange.reply.body and not exchange.reply.media_type
    return bool(names) and not is_nothing and exchange.reply.status not in WITHOUT_BODY


def _run(exchange: Exchange) -> Iterator[Finding]:
    media_types = exchange.documented.media_types if exchange.documented else ()
    names = bare_names(exchange)
    sent = exchange.reply.media_type
    evidence = media_types[0].evidence
    is_assumed = evidence is not None and evidence.grade is Grade.ASSUMED
    severity = Severity.NOTE if is_assumed else Severity.ERROR
    if not any(fnmatchcase(sent, name) for name in names):
        severity = exchange.body_severity(severity)
        expected, got, rule = f"one of {', '.join(names)}", sent or "no Content-Type", "media-type"
    elif is_json(sent) and not exchange.is_readable and exchange.call.method != "HEAD":
        severity = Severity.WARNING if exchange.is_of_framework and not is_assumed else severity
        got = f"{exchange.reply.body[:60]!r}" if exchange.reply.body else "no body"
        expected, rule = f"a body that is {sent}", "syntax"
        if coding := unreadable_coding(exchange.reply.header("Content-Encoding")):
            severity, got, rule = Severity.NOTE, f"the content coding {coding}, which wasn't asked for", "coding"
    else:
        return
    finding = exchange.finding("content-type", severity, expected=expected, got=got, rule=rule, evidence=evidence)
    yield replace(finding, once=exchange.is_of_framework)


CHECK = Check("content-type", "a reply comes in a documented media type", _run, _applies)
