"""Refusals of valid requests: the fields that a reply names, whether a value is taken, and values that it asks for."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.words import words_of

from ..generation.fields import RequestField
from ..model.exchange import Exchange

REFUSED = (400, 409, 412, 422)
"""Statuses of refusals that another value may avoid."""

_CONFLICT = 409
_NOT_FOUND = 404
_TAKEN = re.compile(
    r"already|exist|taken|in use|unique|duplicat|conflict|registered|not available|unavailable|used", re.IGNORECASE
)
_NOT_THERE = re.compile(
    r"(?:\bnot|n['\N{RIGHT SINGLE QUOTATION MARK}]t|\bnever)\s+(?:\w+\s+)?(?:exist|registered|used|in use)\w*"
    r"|\bno\s+(?:\w+\s+){1,4}exists?\b|\bnon-?exist\w*",
    re.IGNORECASE,
)
"""Words for what is missing, which hold those for what is there already."""

_LISTED = re.compile(
    r"(?:one of|allowed|valid (?:values|choices|options)|expected|permitted)\b[^\w\[{('\"]*(.+)", re.IGNORECASE
)
_WORD = re.compile(r"[\w.+-]+")
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\w)")
_STRUCTURE = frozenset(
    [
        "code",
        "message",
        "error",
        "errors",
        "status",
        "detail",
        "details",
        "type",
        "title",
        "instance",
        "path",
        "msg",
        "loc",
        "reason",
        "name",
        "value",
        "field",
    ]
)
"""Names that refusals have for themselves."""

_LONGEST = 20_000
_SHORTEST = 3
_MOST_LISTED = 12


def is_refusal(exchange: Exchange) -> bool:
    """Tell whether a valid request may only have held a wrong value.

    With 404 many servers answer to a body with the key of another entity that isn't there, where the path leads on.
    """
    is_path_known = "{" not in exchange.operation.path or exchange.case.existing
    return exchange.reply.status in REFUSED or (
        exchange.reply.status == _NOT_FOUND and exchange.operation.request is not None and is_path_known
    )


def is_taken(exchange: Exchange) -> bool:
    """Tell whether a reply says that something of this value is there already."""
    if exchange.reply.status == _CONFLICT:
        return True
    if exchange.reply.status not in REFUSED:
        return False
    return _TAKEN.search(_NOT_THERE.sub("", refusal_text(exchange))) is not None


def refusal_text(exchange: Exchange) -> str:
    """Return the text of a refusal, without its names of members that all refusals have."""
    return "\n".join(_parts(exchange))


def named_fields(exchange: Exchange, fields: Iterable[RequestField]) -> list[RequestField]:
    """Return the fields that a refusal names, in whatever way names are written there."""
    text, named = refusal_text(exchange), set()
    known = list(fields)
    for name in sorted({field.name for field in known if field.name}, key=len, reverse=True):
        spelled = r"[\s_-]?".join(map(re.escape, words_of(name) or (name,)))
        # ``First Name`` doesn't name ``name``
        text, count = re.subn(rf"(?<![^\W_]){spelled}(?![^\W_])", " ", text, flags=re.IGNORECASE)
        named |= {name} if count else set()
    return [field for field in known if field.name in named]


def is_repeated(exchange: Exchange, value: Any) -> bool:
    """Tell whether a refusal repeats a value of the request, as in ``no user 607``; of short ones that says nothing."""
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) < _SHORTEST:
        return False
    return re.search(rf"(?<![^\W_]){re.escape(str(value))}(?![^\W_])", refusal_text(exchange)) is not None


def _parts(exchange: Exchange) -> Iterator[str]:
    try:
        body = exchange.json
    except ValueError:
        body = exchange.reply.body[:_LONGEST].decode(errors="replace")
    yield from _texts(body)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a body, and the names of its members that aren't those of any refusal."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name.lower() not in _STRUCTURE or isinstance(part, list):
                yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value[:_LONGEST]
    elif value is not None:
        yield json.dumps(value)


def asked_values(text: str, schema: Schema) -> Iterator[Any]:
    """Yield values that the words of a refusal ask for: listed ones, numbers at a limit, lengths, times."""
    kind = schema.get("type")
    if kind == "string":
        yield from _listed(text)
        yield from _times(text, schema.get("format", ""))
        yield from (
            "x" * int(digits) for digits in _NUMBER.findall(text)[:2] if digits.isdecimal() and 0 < int(digits) <= 200
        )
    elif kind in ("integer", "number"):
        for digits in _NUMBER.findall(text)[:4]:
            number = float(digits)
            yield from (int(near) if near.is_integer() else near for near in (number, number + 1, number - 1))


def _listed(text: str) -> Iterator[str]:
    for match in _LISTED.finditer(text):
        yield from (word.strip(".") for word in _WORD.findall(match[1])[:_MOST_LISTED] if word not in ("or", "and"))


def _times(text: str, format_name: str) -> Iterator[str]:
    if format_name not in ("date", "date-time"):
        return
    wants = {30: r"future|after|later|past\b.*not|upcoming", -400: r"past|before|earlier|future\b.*not"}
    for days, words in wants.items():
        if re.search(words, text, re.IGNORECASE):
            moment = (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0)
            yield moment.date().isoformat() if format_name == "date" else moment.isoformat().replace("+00:00", "Z")
