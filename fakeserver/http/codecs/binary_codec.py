"""Bodies that are no text, such as ``image/png``, and texts: in JSON the former are base64 (OpenAPI's ``byte``)."""

import base64
import binascii
from typing import Any

from .codec import Codec, Content, is_text


def encode_binary(value: Any, content: Content) -> bytes:
    """Return the octets that a base64 text stands for; any other text as UTF-8, none for null."""
    if value is None:
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return str(value).encode()


def decode_binary(body: bytes, content: Content) -> str:
    """Return octets as base64 text."""
    return base64.b64encode(body).decode()


def encode_text(value: Any, content: Content) -> bytes:
    """Return a text in UTF-8, empty for null."""
    return b"" if value is None else str(value).encode()


def decode_text(body: bytes, content: Content) -> str:
    """Return a body in its charset as text; raises ``BodyError``."""
    return content.text(body)


BINARY = Codec(decode_binary, encode_binary, is_text)
TEXT = Codec(decode_text, encode_text, is_text, "; charset=utf-8")
