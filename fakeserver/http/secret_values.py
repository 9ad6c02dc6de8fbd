"""Values of calls and replies that are secret: credentials, and what stands under a secret name."""

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import FORM, Message, is_json

from .masking import Masking
from .redaction import is_word

_HARMLESS = re.compile(
    r"accept.*|content-.*|if-.*|user-agent|prefer|cache-control|pragma|docdouble-world", re.IGNORECASE
)
_MASKING = Masking()

_MOST_READ = 1024 * 1024
"""Longer bodies, in octets, are not looked through."""


def secrets_of_field(name: str, value: str) -> Iterator[str]:
    """Yield what is secret of a header field: all of it, and what stands after its scheme or in a Basic pair.

    Values of fields that are no credentials are kept as they are where they can't be distinguished from data: a
    tenant's number stands in many replies.
    """
    is_credential = _MASKING.is_secret(name)
    if not is_credential and (_HARMLESS.fullmatch(name) or value.isdecimal() or len(value) < 6):
        return
    yield value
    scheme, _, rest = value.partition(" ")
    if rest:
        yield rest.strip()
    if scheme.lower() == "basic":
        yield from _basic(rest)
    if name.lower() in ("cookie", "set-cookie"):
        yield from (pair.partition("=")[2].strip() for pair in value.split(";"))


def secrets_of_call(call: Call, masking: Masking) -> Iterator[str]:
    """Yield the credentials of a call, and what it has under secret names."""
    yield from _in_fields(call, masking)
    yield from _in_pairs(call.query, masking)
    if call.media_type == FORM:
        yield from _in_pairs(call.body[:_MOST_READ].decode("latin-1"), masking)
    yield from _in_body(call, masking)


def secrets_of_reply(reply: Reply, masking: Masking) -> Iterator[str]:
    """Yield the cookies that a reply sets, and what it has under secret names, such as a token.

    Under the name of a field a refusal has sentences that say what is wrong with it, which stand elsewhere, too.
    """
    yield from _in_fields(reply, masking)
    is_refusal = 400 <= reply.status < 500
    yield from (secret for secret in _in_body(reply, masking) if not (is_refusal and len(secret.split()) > 2))


def _in_fields(message: Message, masking: Masking) -> Iterator[str]:
    for name, value in message.headers:
        if masking.is_secret(name):
            yield from (secret for secret in secrets_of_field(name, value) if not is_word(secret))


def _in_pairs(text: str, masking: Masking) -> Iterator[str]:
    if masking.concerns(text):
        yield from (value for name, value in parse_qsl(text) if masking.is_secret(name) and not is_word(value))


def _in_body(message: Message, masking: Masking) -> Iterator[str]:
    if not is_json(message.media_type) or not message.body or len(message.body) > _MOST_READ:
        return
    try:
        value = orjson.loads(message.body)
    except ValueError:
        return
    waiting: list[tuple[Any, bool]] = [(value, False)]
    while waiting:
        value, is_secret = waiting.pop()
        if isinstance(value, str) and is_secret and not is_word(value):
            yield value
        elif isinstance(value, list):
            waiting += [(inner, is_secret) for inner in value]
        elif isinstance(value, dict):
            waiting += [(inner, is_secret or masking.is_secret(name)) for name, inner in value.items()]


def _basic(text: str) -> tuple[str, ...]:
    try:
        user, _, password = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return ()
    return (f"{user}:{password}", password)
