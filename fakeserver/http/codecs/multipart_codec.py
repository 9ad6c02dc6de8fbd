"""``multipart/form-data`` (RFC 7578) and its like: a part is a field of a form, a file, or JSON by its Content-Type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    MultipartEncoder,
    NeedData,
    Preamble,
)

from docdouble.schemas.http import is_json, media_type

from .binary_codec import decode_binary
from .codec import BodyError, Codec, Content, is_text
from .form_codec import MAX_FIELDS, scalar_to_text, unflattened
from .json_codec import decode as loads

BOUNDARY = "docdouble-kK3vX9qW1zR7"
"""Stands between the parts of what is encoded; none of them can hold it by chance."""

_PLAIN = re.compile(r"[\w$-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _BodyPart:
    name: str
    media_type: str
    is_file: bool
    octets: bytes


def encode(value: Any, content: Content) -> bytes:
    """Return a value as parts: one for each property where their names are plain, else one for the whole."""
    members = value.items() if isinstance(value, dict) and all(map(_PLAIN.fullmatch, value)) else [("", value)]
    encoder = MultipartEncoder(BOUNDARY.encode())
    chunks = [encoder.send_event(Preamble(b""))]
    for name, part in members:
        of = content.member(name) if name else content
        plain = isinstance(part, str | int | float) and bool(name)
        headers = Headers([] if plain else [("Content-Type", "application/json")])
        chunks.append(encoder.send_event(Field(name=name, headers=headers)))
        octets = scalar_to_text(part, of).encode() if plain else orjson.dumps(part)
        chunks.append(encoder.send_event(Data(octets, more_data=False)))
    return b"".join((*chunks, encoder.send_event(Epilogue(b""))))


def decode(body: bytes, content: Content) -> Any:
    """Return the value that the parts make, the first file in base64 for a text; raises ``BodyError``."""
    parts = list(_parts(body, content.boundary))
    files = [part for part in parts if part.is_file]
    if files and is_text(content):
        return decode_binary(files[0].octets, content)
    whole = {part.name: part for part in parts if part.is_file or is_json(part.media_type)}
    if list(whole) == [""] and len(parts) == 1:
        return _whole(whole[""], content)
    texts = [(part.name, content.text(part.octets)) for part in parts if part.name not in whole]
    if any(not name for name, _ in texts):
        raise BodyError("syntax", "a part has no name")
    if len(texts) + len(whole) < len(parts):
        raise BodyError("unique", "a part is given more than once")
    rest = unflattened(texts, content) if texts else {}
    if not isinstance(rest, dict) or whole.keys() & rest.keys():
        raise BodyError("unique", "a part is given both as a whole and in parts")
    return {**{name: _whole(part, content) for name, part in whole.items()}, **rest}


def _whole(part: _BodyPart, content: Content) -> Any:
    return loads(part.octets, content) if is_json(part.media_type) else decode_binary(part.octets, content)


def _parts(body: bytes, boundary: str) -> Iterator[_BodyPart]:
    if not boundary:
        raise BodyError("syntax", "the Content-Type names no boundary")
    decoder = MultipartDecoder(boundary.encode(), max_parts=MAX_FIELDS)
    try:
        decoder.receive_data(body)
        decoder.receive_data(None)
        head: Field | File | None = None
        octets = b""
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                head, octets = event, b""
            elif isinstance(event, Data) and head:
                octets += event.data
                if not event.more_data:
                    kind = media_type(head.headers.get("Content-Type", ""))
                    yield _BodyPart(head.name or "", kind, isinstance(head, File), octets)
    except RequestEntityTooLarge as error:
        raise BodyError("size", f"a form of more than {MAX_FIELDS} parts") from error
    except ValueError as error:
        raise BodyError("syntax", f"no multipart body: {error}") from error


CODEC = Codec(decode, encode, parameters=f"; boundary={BOUNDARY}")
