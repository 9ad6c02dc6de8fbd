"""A documented response comes in a documented media type, and what is sent as JSON is JSON."""

from collections.abc import Iterator
from fnmatch import fnmatch

import orjson

from docdouble.schemas.message import is_json

from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check


def _run(exchange: Exchange) -> Iterator[Finding]:
    media_types = exchange.documented.media_types if exchange.documented else ()
    if not media_types:
        return
    sent = exchange.reply.media_type
    if not any(fnmatch(sent, media_type.name.lower()) for media_type in media_types):
        yield exchange.finding(
            "content-type",
            Severity.ERROR,
            promised=f"one of {', '.join(media_type.name for media_type in media_types)}",
            came=sent or "no Content-Type",
            rule="media-type",
            evidence=media_types[0].evidence,
        )
    elif is_json(sent) and not _is_readable(exchange):
        yield exchange.finding(
            "content-type",
            Severity.ERROR,
            promised=f"a body that is {sent}",
            came=f"{exchange.reply.body[:60]!r}",
            rule="syntax",
            evidence=media_types[0].evidence,
        )


def _is_readable(exchange: Exchange) -> bool:
    try:
        orjson.loads(exchange.reply.body)
    except ValueError:
        return False
    return True


CHECK = Check("content-type", "a reply comes in a documented media type", _run)
