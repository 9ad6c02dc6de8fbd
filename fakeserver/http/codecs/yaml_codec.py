"""YAML (RFC 9512): any is read, and JSON is written, which is YAML 1.2, too (section 1.2 of its specification)."""

from typing import Any

from docdouble.schemas import PageError
from docdouble.schemas.jsonschema.json_text import json_bytes

from .binary_codec import decode_text, encode_text
from .codec import BodyError, Codec, Content, is_text
from .json_codec import loads


def encode(value: Any, content: Content) -> bytes:
    """Return a value as JSON; a text as it is where one is documented."""
    return encode_text(value, content) if is_text(content) else json_bytes(value)


def decode(body: bytes, content: Content) -> Any:
    """Return the value of a YAML text, the text itself where one is documented; raises ``BodyError``."""
    if is_text(content):
        return decode_text(body, content)
    from docdouble.schemas.openapi.text_formats import parse_document  # here because PyYAML takes 20 ms at start-up

    try:
        value = parse_document(content.text(body), "body.yaml")
    except PageError as error:
        raise BodyError("syntax", f"the body is no YAML: {error.message}") from error
    return loads(json_bytes(value).decode())  # which limits its depth and the size of its numbers


CODEC = Codec(decode, encode)
