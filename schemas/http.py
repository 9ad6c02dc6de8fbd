"""HTTP messages as values, and parsing of documented sample messages (RFC 9112, section 2)."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import unquote_plus

import orjson

from .errors import PageError

Headers = tuple[tuple[str, str], ...]

PHRASES = {status.value: status.phrase for status in HTTPStatus}
"""Status → its standard phrase."""

FORM = "application/x-www-form-urlencoded"
"""Media type of a form whose fields are written as a query is."""

MULTIPART = "multipart/form-data"
"""Media type of a form whose fields are parts, which may be files."""

MASK = "***"
"""The text that is shown for a secret."""

SECRET_WORDS = r"passw(?:or)?d|pass[-_. ]?phrase|pwd|token|secret(?!ar|ion)|credential|api[-_. ]?key|so[-_. ]?ticket"
"""Words of which one stands in the name of a secret, as a regular expression."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
"""Methods that ask for no change (RFC 9110, section 9.2.1)."""

CONNECTION_FIELDS = frozenset(
    ("host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect")
)
"""Header fields of a connection and of messages' frames, which whoever sends a message writes itself, in lower case."""

_USER = re.compile(r"(?<=://)[^\s/?#'\"<>]*@")
_PAIR = re.compile(r"(?P<start>[?&;](?P<name>[^\s=&?#;'\"<>]{1,100})=)[^\s&#;'\"<>]+")
_SECRET_IN_URL = re.compile(rf"{SECRET_WORDS}|key\Z|auth(?!or)|\Asig|jwt|session|\Acode\Z", re.IGNORECASE)

_USUAL_LENGTH = 100
"""Characters of a Content-Type that is remembered with its media type: callers may send any."""

_REQUEST_LINE = re.compile(r"(?P<method>[A-Z]+)\s+(?P<target>\S.*?)(\s+HTTP/[\d.]+)?\s*\Z")
_STATUS_LINE = re.compile(r"HTTP/[\d.]+\s+(?P<status>[1-5]\d\d)(\s+(?P<reason>.*))?\Z", re.ASCII)
_HEADER_LINE = re.compile(r"(?P<name>[!#$%&'*+.^_`|~\w-]+):\s*(?P<value>.*?)\s*\Z")


def without_url_credentials(text: str) -> str:
    """Return a text without the users of URLs in it, and the values of query parameters with a secret name."""
    if "://" not in text and "?" not in text and "&" not in text:
        return text
    return _PAIR.sub(_without_value, _USER.sub(f"{MASK}@", text))


def _without_value(match: re.Match[str]) -> str:
    is_secret = _SECRET_IN_URL.search(unquote_plus(match["name"]))
    return match["start"] + MASK if is_secret else match[0]


@dataclass(frozen=True, slots=True)
class Message:
    """Parts that calls and replies share: header fields in order, and the body's bytes."""

    headers: Headers = ()
    body: bytes = b""
    _fields: dict[str, str] | None = field(default=None, init=False, repr=False, compare=False)
    """The header fields by lower-case name, once one was asked for."""

    def header(self, name: str) -> str | None:
        """Return a header field's value; fields of one name are joined by a comma (RFC 9110, section 5.2)."""
        fields = self._fields
        if fields is None:
            fields = _by_name(self.headers)
            object.__setattr__(self, "_fields", fields)
        return fields.get(name.lower())

    @property
    def media_type(self) -> str:
        """The media type of the body, lower case and without parameters; empty where none is given."""
        return media_type(self.header("Content-Type") or "")


@dataclass(frozen=True, slots=True)
class Call(Message):
    """A request. ``target`` is the path with its query, percent-encoded as on the wire."""

    method: str = "GET"
    target: str = "/"

    @property
    def path(self) -> str:
        """The path of the target, still encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query of the target, still encoded, without the question mark."""
        return self.target.partition("?")[2]

    def with_headers(self, *headers: tuple[str, str], drop: tuple[str, ...] = ()) -> Self:
        """Return the call with headers set, those of the same names and of ``drop`` taken out first."""
        gone = {name.lower() for name in drop} | {name.lower() for name, _ in headers}
        kept = tuple((name, value) for name, value in self.headers if name.lower() not in gone)
        return type(self)(kept + headers, self.body, self.method, self.target)


@dataclass(frozen=True, slots=True)
class Reply(Message):
    """A response."""

    status: int = 200

    @property
    def is_pending(self) -> bool:
        """Whether the request is yet to be acted on, and the body may show by what (RFC 9110, section 15.3.3)."""
        return self.status == 202

    @property
    def size(self) -> int:
        """The number of octets that the body has, also where not all of them are kept."""
        return len(self.body)

    @property
    def reason(self) -> str:
        """The standard phrase of the status, empty for an unknown one."""
        return PHRASES.get(self.status, "")


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """A sample as its page shows it: first line, header fields with their lines, body text and its first line."""

    start: str
    line: int
    headers: tuple[tuple[str, str, int], ...] = ()
    body: str = ""
    body_line: int = 0
    parts: dict[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Return a header's value, or an empty text."""
        return next((value for key, value, _ in self.headers if key.lower() == name.lower()), "")


def _by_name(headers: Headers) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields


@lru_cache(1024)
def media_type(header: str) -> str:
    """Return a Content-Type's media type, lower case and without parameters."""
    return _media_type(header) if len(header) <= _USUAL_LENGTH else _media_type.__wrapped__(header)


@lru_cache(256)
def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def is_json(name: str) -> bool:
    """Tell whether a media type is JSON: ``application/json``, ``text/json`` or a ``+json`` type (RFC 6839)."""
    return name in ("application/json", "text/json") or name.endswith("+json")


def json_body(message: Message) -> Any:
    """Return the JSON value of a body; raises ``ValueError`` for one that is none, or isn't sent as JSON."""
    if not is_json(message.media_type):
        raise ValueError(f"{message.media_type or 'a body without a media type'} is not JSON")
    return orjson.loads(message.body)


def parse_request(text: str, page: str, line: int) -> SampleMessage:
    """Read a sample request; ``parts`` holds ``method`` and ``target``. Raises ``PageError``."""
    return _parse(text, page, line, _REQUEST_LINE, "a request line such as 'GET /path'")


def parse_response(text: str, page: str, line: int) -> SampleMessage:
    """Read a sample response; ``parts`` holds ``status`` and ``reason``. Raises ``PageError``."""
    return _parse(text, page, line, _STATUS_LINE, "a status line such as 'HTTP/1.1 200 OK'")


def _parse(text: str, page: str, line: int, first: re.Pattern[str], expected: str) -> SampleMessage:
    lines = text.split("\n")
    start = next((number for number, content in enumerate(lines) if content.strip()), 0)
    match = first.match(lines[start].strip())
    if not match:
        raise PageError(page, line + start, f"expected {expected}, found {lines[start][:60]!r}")
    headers: list[tuple[str, str, int]] = []
    position = start + 1
    while position < len(lines) and lines[position].strip():
        header = _HEADER_LINE.match(lines[position].strip())
        if not header:
            raise PageError(page, line + position, f"expected a header field, found {lines[position][:60]!r}")
        headers.append((header["name"], header["value"], line + position))
        position += 1
    while position < len(lines) and not lines[position].strip():
        position += 1
    body = "\n".join(lines[position:]).rstrip()
    return SampleMessage(match[0], line + start, tuple(headers), body, line + position, match.groupdict())
