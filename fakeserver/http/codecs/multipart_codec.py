"""``multipart/form-data`` (RFC 7578) and its like: a part is a field of a form, a file, or JSON by its Content-Type."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from mimetypes import guess_extension
from typing import Any
from urllib.parse import quote, unquote

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from docdouble.schemas.contract.model import Encoding
from docdouble.schemas.contract.parameter_styles import Pair, scalar_text, written_pairs
from docdouble.schemas.http import is_json, media_type
from docdouble.schemas.jsonschema.json_text import json_bytes

from ..header_fields import charset_of
from .binary_codec import decode_binary, encode_binary
from .codec import BodyError, Codec, Content, is_styled, is_text, styled_parameter
from .form_codec import MAX_FIELDS, field_text, scalar_from_text, scalar_to_text, styled_members, unflattened
from .json_codec import decode as loads

BOUNDARY = "docdouble-kK3vX9qW1zR7"
"""Separator of the parts of what is encoded; none of them can hold it by chance."""

_STARTS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/zip",
}
"""First octets of files → their media type."""

_DELIMITER = BOUNDARY.encode()

_ESCAPED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})

_PLAIN = re.compile(r"[\w$-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text of a form that is sent as a file, as servers want it whose documents don't say that it is one."""

    text: str


@dataclass(frozen=True, slots=True)
class _BodyPart:
    name: str
    media_type: str
    is_file: bool
    octets: bytes
    headers: Headers

    @property
    def is_field(self) -> bool:
        """Whether it is the text of a form's field."""
        return not self.is_file and (not self.media_type or self.is_text)

    @property
    def is_text(self) -> bool:
        """Whether it says that it is text."""
        return self.media_type.startswith("text/")

    def text(self, content: Content) -> str:
        """Return what it holds as text, in its own charset where it names one; raises ``BodyError``."""
        return content.text(self.octets, charset_of(self.headers.get("Content-Type")))


def encode(value: Any, content: Content) -> bytes:
    """Return a value as parts: one for each property where their names are plain, else one for the whole."""
    is_form = isinstance(value, dict) and (content.encoding is not None or all(map(_PLAIN.fullmatch, value)))
    members = value.items() if is_form else [("", value)]
    chunks = []
    for name, part in members:
        of = content.member(name) if name else content
        events = _events(name, part, of, content.encoding)
        chunks += [b"--%s\r\n%s\r\n%s\r\n" % (_DELIMITER, _head(event), octets) for event, octets in events]
    return b"".join((*chunks, b"--%s--\r\n" % _DELIMITER))


def _head(event: Field | File) -> bytes:
    """Return the header lines of a part; names are written as browsers do."""
    names = {"name": event.name} | ({"filename": event.filename} if isinstance(event, File) else {})
    disposition = "; ".join(["form-data", *(f'{key}="{name.translate(_ESCAPED)}"' for key, name in names.items())])
    lines = [("Content-Disposition", disposition), *event.headers]
    return "".join(f"{name}: {value}\r\n" for name, value in lines).encode()


Encodings = Mapping[str, Encoding] | None


def _events(name: str, value: Any, of: Content, encodings: Encodings) -> Iterator[tuple[Field | File, bytes]]:
    """Yield the heads and contents of the parts of a property; as OpenAPI has it, each item of an array is a part."""
    if isinstance(value, TextFile):
        headers = Headers([("Content-Type", "text/plain")])
        yield File(name=name, filename=f"{name}.txt", headers=headers), value.text.encode()
        return
    if encodings is None:
        plain = isinstance(value, str | int | float) and bool(name)
        headers = Headers([] if plain else [("Content-Type", "application/json")])
        yield Field(name=name, headers=headers), scalar_to_text(value, of).encode() if plain else json_bytes(value)
        return
    encoding = encodings.get(name, Encoding())
    if is_styled(encoding) and not of.is_binary and value is not None:
        for pair in written_pairs(styled_parameter(name, encoding, of.schema), value):
            sent, _, text = pair.partition("=")
            yield Field(name=unquote(sent), headers=Headers()), unquote(text).encode()
        return
    for item, content in [(item, of.items) for item in value] if isinstance(value, list) else [(value, of)]:
        yield _event(name, item, content, encoding)


def _event(name: str, value: Any, of: Content, encoding: Encoding) -> tuple[Field | File, bytes]:
    documented = next((kind for kind in encoding.content_types if "*" not in kind), "")
    extra = [(header.name, scalar_text(sample)) for header in encoding.headers for sample in header.samples[:1]]
    if of.is_binary:
        kind = documented or of.content_media_type or _first_of(encoding.content_types)
        octets = encode_binary(value, of)
        if kind == "application/octet-stream" and not encoding.content_types:
            kind = next((known for start, known in _STARTS.items() if octets.startswith(start)), kind)
        headers = Headers([("Content-Type", kind), *extra])
        return File(name=name, filename=name + (guess_extension(media_type(kind)) or ".bin"), headers=headers), octets
    is_plain = isinstance(value, str | int | float)
    kind = documented or ("" if is_plain else "application/json")
    headers = Headers([*([("Content-Type", kind)] if kind else []), *extra])
    text = json.dumps(value) if is_json(media_type(kind)) else field_text(value, of)
    return Field(name=name, headers=headers), text.encode()


def _first_of(ranges: Sequence[str]) -> str:
    """Return a media type of the first range; octets where there is none."""
    return "image/png" if ranges and ranges[0].startswith("image/") else "application/octet-stream"


def decode(body: bytes, content: Content) -> Any:
    """Return the value that the parts make, the first file in base64 for a text; raises ``BodyError``."""
    parts = list(_parts(body, content.boundary))
    files = [part for part in parts if part.is_file]
    if files and is_text(content):
        return decode_binary(files[0].octets, content)
    if len(parts) == 1 and not parts[0].name and not parts[0].is_field:
        return _part_value(parts[0], content)
    named: dict[str, list[_BodyPart]] = {}
    for part in parts:
        _check(part, content.encoding)
        named.setdefault(part.name, []).append(part)
    if "" in named:
        raise BodyError("syntax", "a part has no name")
    whole = {
        name: _whole(same, content.member(name))
        for name, same in named.items()
        if _is_whole(same, content.member(name))
    }
    texts = [(part.name, part.text(content)) for part in parts if part.name not in whole]
    sent: dict[str, list[Pair]] = {}
    for name, text in texts if content.readers else ():
        sent.setdefault(name.lower(), []).append((name, quote(text, safe=",|")))
    styled, names = styled_members(sent, content)
    plain = [(name, text) for name, text in texts if name.lower() not in names]
    rest = unflattened(plain, content) if plain else {}
    if not isinstance(rest, dict) or whole.keys() & rest.keys():
        raise BodyError("unique", "a part is given both as a whole and in parts")
    return {**whole, **rest, **styled}


def _check(part: _BodyPart, encodings: Encodings) -> None:
    """Raise ``BodyError`` for a part that isn't what its encoding says."""
    encoding = (encodings or {}).get(part.name, Encoding())
    is_known = part.media_type not in ("", "application/octet-stream")
    documented = [media_type(name) for name in encoding.content_types]
    if is_known and documented and not any(fnmatchcase(part.media_type, name) for name in documented):
        wanted = ", ".join(documented)
        raise BodyError("media-type", f"the part {part.name} is {part.media_type}, and {wanted} is documented")
    for header in encoding.headers:
        if header.required and header.name.lower() != "content-type" and header.name not in part.headers:
            raise BodyError("required", f"the part {part.name} has no header field {header.name}")


def _is_whole(parts: list[_BodyPart], content: Content) -> bool:
    """Tell whether the parts of a name are values by themselves, and not texts of a form's fields."""
    return not all(part.is_field for part in parts) or content.is_binary or content.items.is_binary


def _whole(parts: list[_BodyPart], content: Content) -> Any:
    is_list = "array" in content.kinds and "object" not in content.kinds
    if len(parts) == 1:
        value = _part_value(parts[0], content)
        return [_part_value(parts[0], content.items)] if is_list and not isinstance(value, list) else value
    if not is_list and content.kinds:
        raise BodyError("unique", "a part is given more than once")
    return [_part_value(part, content.items) for part in parts]


def _part_value(part: _BodyPart, content: Content) -> Any:
    if is_json(part.media_type):
        return loads(part.octets, content)
    if content.is_encoded:
        return part.text(content)
    if (part.is_field or (part.is_text and content.format)) and not content.is_binary:
        return scalar_from_text(part.text(content), content)
    return decode_binary(part.octets, content)


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
                    yield _BodyPart(head.name or "", kind, isinstance(head, File), octets, head.headers)
    except RequestEntityTooLarge as error:
        raise BodyError("size", f"a form of more than {MAX_FIELDS} parts") from error
    except ValueError as error:
        raise BodyError("syntax", f"no multipart body: {error}") from error


CODEC = Codec(decode, encode, parameters=f"; boundary={BOUNDARY}")
