"""Bodies that are no text, such as ``image/png``, and texts: in JSON the former are base64 (OpenAPI's ``byte``)."""

import base64
import binascii
import json
from typing import Any

from docdouble.schemas.contract.parameter_values import scalar

from . import json_codec
from .codec import Codec, Content, carries_scalar, is_text


def encode_binary(value: Any, content: Content) -> bytes:
    """Return the octets that a base64 text stands for; any other text as UTF-8, none for null."""
    if not isinstance(value, str):
        return encode_text(value, content)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return value.encode()


def decode_binary(body: bytes, content: Content) -> str:
    """Return octets as base64 text."""
    return base64.b64encode(body).decode()


def encode_text(value: Any, content: Content) -> bytes:
    """Return a text or another scalar in UTF-8, empty for null."""
    if isinstance(value, str):
        return value.encode()
    return b"" if value is None else json.dumps(value).encode()


def decode_text(body: bytes, content: Content) -> Any:
    """Return a body in its charset as text, or as the number or boolean that it is; raises ``BodyError``."""
    text, kinds = content.text(body), content.kinds
    return text if not kinds or "string" in kinds else scalar(text.strip(), kinds)


def decode_vendor(body: bytes, content: Content) -> Any:
    """Return JSON where an object, an array, a number or a boolean is documented, else octets as base64 text.

    Raises ``BodyError``.
    """
    return decode_binary(body, content) if is_text(content) else json_codec.decode(body, content)


BINARY = Codec(decode_binary, encode_binary, is_text)
VENDOR = Codec(decode_vendor, encode_binary)
"""Codec of media types of one vendor, which don't say what is in them: frameworks send JSON under such names."""
TEXT = Codec(decode_text, encode_text, carries_scalar, "; charset=utf-8")
