"""JSON texts (RFC 8259) by orjson, and by the standard library where integers have more than 64 bits."""

import json
import re
from typing import Any

import orjson

_MANY_DIGITS = re.compile(rb"[0-9]{19}")
"""What every integer of more than 64 bits has, which orjson would read as a float."""


def exact_json(text: bytes | bytearray | memoryview | str) -> Any:
    """Return the value of a JSON text in UTF-8, integers of any size as they are; raises ``ValueError``."""
    value = orjson.loads(text)
    octets = text.encode() if isinstance(text, str) else text
    return json.loads(bytes(octets)) if _MANY_DIGITS.search(octets) else value


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
