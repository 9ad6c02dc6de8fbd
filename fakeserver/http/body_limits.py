"""Limits of requests, checked before anything is read: refusals of what is too large, contradicts itself or is no text.

What a server shows differs. Werkzeug's puts the target as it was sent into ``RAW_URI``; granian gives the path decoded
only, so there a ``%zz`` in the path can't be distinguished from a well-formed ``%25zz`` and passes. What it can't
decode is U+FFFD in its RSGI, and header fields that are no ASCII text are empty.
"""

import re
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from docdouble.schemas import Reply
from docdouble.schemas.errors import did_you_mean
from docdouble.schemas.http import Headers

from .problem import problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Size of request bodies in bytes; larger ones are answered 413."""

MAX_URL_BYTES = 16 * 1024
"""Length of targets in bytes; longer ones are answered 414."""

MAX_HEADER_BYTES = 64 * 1024
"""Bytes of all header fields, names and values together; more is answered 431."""

MAX_HEADERS = 200
"""Number of header fields; more are answered 431; granian and Werkzeug's server themselves take 100."""

MOST_PATCH_OPERATIONS = 5_000
"""A JSON Patch of more operations is answered 400: each may copy or move what the others made."""

MOST_XML_PARTS = 30_000
"""XML of more elements and attributes is answered as a body that is too large, before it is parsed."""

_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_SMALL = re.compile(r"0|[1-9][0-9]{0,6}", re.ASCII)
"""A length that is written as one number and below the limit."""

_PREFIX = "Docdouble"
_READ = ("Prefer", "Content-Type")
"""Names of header fields that must be texts, as those with the prefix."""

CONTROLS = ("Docdouble-Test", "Docdouble-World")
"""Header fields of requests that choose a world or name a test; any other with the prefix is answered 400."""

_LENGTH = re.compile(r"[0-9]+", re.ASCII)

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Character for octets that couldn't be decoded."""


def refuse_environ(environ: "WSGIEnvironment") -> Reply | None:
    """Return the 400, 413 or 414 for a request that is not looked into any further, else ``None``.

    A ``Content-Length`` that repeats one number is made that number in ``environ`` (RFC 9110, section 8.6).
    """
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "")
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    stated = environ.get("CONTENT_LENGTH", "")
    if refused := refuse_size(len(raw) or len(path) + 1 + len(query)) or refuse_length(stated):
        return refused
    if stated:
        environ["CONTENT_LENGTH"] = stated.partition(",")[0].strip().lstrip("0") or "0"
    return _path(path, raw) or refuse_encoded(query, "query")


def refuse_fields(headers: Headers) -> Reply | None:
    """Return the 400 or 431 for header fields that are too large, too many, broken or unreadable, else ``None``."""
    values = "\t".join([value for _, value in headers])
    names = "".join([name for name, _ in headers])
    size = len(names) + len(values)
    if size > MAX_HEADER_BYTES:
        return problem(431, f"the header fields have {size} bytes; at most {MAX_HEADER_BYTES} are read")
    if len(headers) > MAX_HEADERS:
        return problem(431, f"there are {len(headers)} header fields; at most {MAX_HEADERS} are read")
    if _is_broken(values):
        broken = next(name for name, value in headers if _is_broken(value))
        return problem(400, f"the header field {broken} holds a line break or NUL (RFC 9110, section 5.5)")
    readable = values.isascii() and all(value.strip() for _, value in headers)
    if not readable and (refused := _unreadable(headers)):
        return refused
    if "Upgrade" in names and (refused := _web_socket(headers)):
        return refused
    return _unknown_control(headers) if _PREFIX in names else None


def _web_socket(headers: Headers) -> Reply | None:
    if any(name == "Upgrade" and "websocket" in value.lower() for name, value in headers):
        return problem(400, "WebSockets are not served: only requests of HTTP are answered")
    return None


def _unknown_control(headers: Headers) -> Reply | None:
    """Refuse a misspelt field, with which the request would be one of the world that all share."""
    for name, _ in headers:
        if name.startswith(_PREFIX) and name not in CONTROLS:
            expected = " or ".join(CONTROLS)
            return problem(
                400, f"the header field {name} is unknown, expected {expected}{did_you_mean(name, CONTROLS)}"
            )
    return None


def _unreadable(headers: Headers) -> Reply | None:
    """Refuse fields that choose what is answered, or how a body is read, where they are empty or no ASCII text.

    granian shows those that are no ASCII text as empty ones.
    """
    for name, value in headers:
        is_read = name in _READ or name.startswith(_PREFIX)
        if is_read and not (value.strip() and value.isascii()):
            return problem(400, f"the header field {name} is empty or no ASCII text (RFC 9110, section 5.5)")
    return None


def _is_broken(value: str) -> bool:
    return "\n" in value or "\r" in value or "\0" in value


class WholeReads:
    """A binary stream for Werkzeug's ``DechunkedInput``: a read that comes up short raises ``OSError``.

    ``DechunkedInput`` (Werkzeug 3.1.9) believes that it got what it asked for. When a client goes away within a chunk
    it returns a larger count than the buffer holds, and the interpreter crashes.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes; raises ``OSError`` when the stream ends before."""
        data = self._stream.read(size)
        if len(data) < size:
            raise OSError("the body ends within a chunk")
        return data

    def readline(self, size: int = -1) -> bytes:
        """Return a line, of at most ``size`` bytes."""
        return self._stream.readline(size)


def refuse_size(size: int) -> Reply | None:
    """Return the 414 for a target of so many bytes, where these are too many."""
    if size > MAX_URL_BYTES:
        return problem(414, f"the URL has {size} bytes; at most {MAX_URL_BYTES} are read")
    return None


def refuse_length(stated: str) -> Reply | None:
    """Return the 400 or 413 for a ``Content-Length`` that isn't one number, or one too large."""
    if not stated or _SMALL.fullmatch(stated):
        return None
    numbers = {number.strip().lstrip("0") or "0" for number in stated.split(",")}
    if len(numbers) > 1 or not all(map(_LENGTH.fullmatch, numbers)) or not stated.strip(", "):
        shown = stated if len(stated) < 80 else f"{stated[:80]}…"
        return problem(400, f"Content-Length: {shown} is not one number (RFC 9110, section 8.6)")
    number = numbers.pop()
    # by length first: Python converts no number of thousands of digits
    if len(number) > len(str(MAX_BODY_BYTES)) or int(number) > MAX_BODY_BYTES:
        return body_too_large()
    return None


def body_too_large() -> Reply:
    """Return the 413 for a body of more bytes than are read."""
    return problem(413, f"the body has more than {MAX_BODY_BYTES} bytes, the most that are read")


def _path(path: str, raw: str) -> Reply | None:
    """Refuse the path of a target as it was sent, which is empty where the server doesn't show it."""
    if raw:
        return refuse_encoded(raw.partition("?")[0], "path")
    return None if path.isascii() else _text(path.encode("latin-1", "replace"), "path")


def refuse_decoded(path: str) -> Reply | None:
    """Return the 400 for a path that a server has decoded, where it holds what was no UTF-8."""
    if REPLACEMENT in path:
        return problem(400, "the path is no UTF-8 once it is decoded, or holds U+FFFD")
    return None


def refuse_encoded(text: str, place: str) -> Reply | None:
    """Return the 400 for a part of a target that can't be decoded."""
    if text.isascii() and "%" not in text:
        return None
    if broken := _BROKEN_PERCENT.search(text):
        return problem(400, f"{broken.group()!r} in the {place} is no percent-encoding (RFC 3986, section 2.1)")
    return _text(unquote_to_bytes(text.encode("latin-1", "replace")), place)


def _text(octets: bytes, place: str) -> Reply | None:
    try:
        octets.decode()
    except UnicodeDecodeError as error:
        return problem(400, f"the {place} is no UTF-8 once it is decoded: octet {octets[error.start]:#04x}")
    return None
