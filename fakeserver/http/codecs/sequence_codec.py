"""Sequences: JSON lines, JSON text sequences (RFC 7464) and server-sent events.

A sequence is an array. An event is an object of its fields where the schema documents ``data``; otherwise what stands
in its ``data`` is the item, as JSON (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

from collections.abc import Iterator
from typing import Any

from docdouble.schemas.jsonschema.json_text import json_bytes

from .binary_codec import decode_text, encode_text
from .codec import BodyError, Codec, Content
from .json_codec import loads

_RECORD_SEPARATOR = "\x1e"
_FIELDS = ("event", "id", "retry", "data")
_LAST = "[DONE]"
"""Data of the last event of some servers."""


def encode_lines(value: Any, content: Content) -> bytes:
    """Return a JSON text in a line for each item; a text as it is."""
    if not isinstance(value, list):
        return encode_text(value, content)
    return b"".join(json_bytes(item) + b"\n" for item in value)


def decode_lines(body: bytes, content: Content) -> Any:
    """Return the items of the lines, of the whole text where that is documented; raises ``BodyError``."""
    if "array" not in content.kinds:
        return decode_text(body, content)
    return [loads(line) for line in content.text(body).splitlines() if line.strip()]


def encode_records(value: Any, content: Content) -> bytes:
    """Return a JSON text sequence; a text as it is."""
    if not isinstance(value, list):
        return encode_text(value, content)
    return b"".join(_RECORD_SEPARATOR.encode() + json_bytes(item) + b"\n" for item in value)


def decode_records(body: bytes, content: Content) -> Any:
    """Return the items of a JSON text sequence; raises ``BodyError``."""
    return [loads(text) for text in content.text(body).split(_RECORD_SEPARATOR) if text.strip()]


def encode_events(value: Any, content: Content) -> bytes:
    """Return an event for each item; a text as it is."""
    if not isinstance(value, list):
        return encode_text(value, content)
    has_fields = "data" in content.items.names
    return "".join("".join(_event(item, has_fields=has_fields)) for item in value).encode()


def _event(item: Any, *, has_fields: bool) -> Iterator[str]:
    fields = item if has_fields and isinstance(item, dict) else {"data": item}
    for name in _FIELDS:
        if fields.get(name) is not None:
            value = fields[name]
            text = value if isinstance(value, str) else json_bytes(value).decode()
            yield from (f"{name}: {line}\n" for line in text.split("\n"))
    yield "\n"


def decode_events(body: bytes, content: Content) -> Any:
    """Return the events of a stream, without the last one where that is not complete; raises ``BodyError``."""
    if "array" not in content.kinds:
        return decode_text(body, content)
    events = map(_fields, content.text(body).replace("\r\n", "\n").replace("\r", "\n").split("\n\n")[:-1])
    documented = [fields for fields in events if "data" in fields]
    if "data" in content.items.names:
        return [
            {name: int(text) if name == "retry" and text.isdecimal() else text for name, text in event.items()}
            for event in documented
        ]
    return [_json_or_text(event["data"], content.items) for event in documented if event["data"] != _LAST]


def _json_or_text(text: str, content: Content) -> Any:
    if content.kinds == {"string"}:
        return text
    try:
        return loads(text)
    except BodyError:
        if "string" in content.kinds:
            return text
        raise


def _fields(event: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in event.split("\n"):
        name, _, text = line.partition(":")
        text = text.removeprefix(" ")
        if name == "data" and "data" in fields:
            fields["data"] += "\n" + text
        elif name in _FIELDS:
            fields[name] = text
    return fields


_LINES = Codec(decode_lines, encode_lines)
_RECORDS = Codec(decode_records, encode_records)
_EVENTS = Codec(decode_events, encode_events)


def codec_of_sequence(media_type: str) -> Codec:
    """Return how sequences of a media type are read and written."""
    if media_type == "text/event-stream":
        return _EVENTS
    return _RECORDS if media_type.endswith("json-seq") else _LINES
