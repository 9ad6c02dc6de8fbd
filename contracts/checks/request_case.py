"""Requests may spell property names in any letter case, where that is documented."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from docdouble.schemas.message import is_json

from ..exchange import Exchange
from ..finding import Finding, Severity
from .check import Check, Send, never
from .judging import at_most, only_reads

BEHAVIOUR = "case-insensitive-names"


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    """Send the body again with its first letters in the other case; on operations that read only."""
    behaviour = first.operation.behaviour(BEHAVIOUR)
    body = _swapped(first)
    if behaviour is None or body is None or not only_reads(first.operation):
        return
    exchange = send(replace(first.call, body=body), True)
    if exchange and exchange.reply.status in (400, 422):
        yield exchange.finding(
            "request-case",
            at_most(Severity.WARNING, behaviour.evidence),
            promised="an answer to property names in another case",
            came=exchange.answer,
            rule="refused",
            evidence=behaviour.evidence,
        )


def _swapped(first: Exchange) -> bytes | None:
    """Return the body with its names in another case, ``None`` where it is no object of JSON or has no names."""
    if not is_json(first.call.media_type):
        return None
    try:
        value: Any = orjson.loads(first.call.body)
    except ValueError:
        return None
    if not isinstance(value, dict) or not value:
        return None
    swapped = {name[:1].swapcase() + name[1:]: part for name, part in value.items()}
    return orjson.dumps(swapped) if len(swapped) == len(value) and swapped.keys() != value.keys() else None


CHECK = Check("request-case", "property names of a request may be in any case", applies=never, probe=_probe)
