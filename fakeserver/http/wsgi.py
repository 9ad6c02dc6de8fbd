"""WSGI (PEP 3333): calls of environments, and responses of replies."""

from collections.abc import Iterable
from functools import lru_cache
from typing import IO, TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from werkzeug.http import remove_entity_headers

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import PHRASES, Headers

from .body_limits import MAX_BODY_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ASCII = "".join(map(chr, range(0x21, 0x7F)))
"""Characters that stay as they are in a query: only what is no ASCII is encoded here."""

_STATUS_LINES = {status: f"{status} {phrase.upper()}" for status, phrase in PHRASES.items()}

_CONTENT = (("Content-Type", "CONTENT_TYPE"), ("Content-Length", "CONTENT_LENGTH"))

_MOST_NAMES = 200
"""Names of header fields that are remembered: callers may send any."""

_NEVER_SENT = ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_PROXY")
"""The first two stand under other keys; the last is an environment variable (https://httpoxy.org)."""


def header_fields(environ: "WSGIEnvironment") -> Headers:
    """Return the header fields of a request; servers tell their names in capitals only."""
    fields = [
        (_field_name(key), environ[key])
        for key in environ
        if "HTTP_" in key and key[:5] == "HTTP_" and key not in _NEVER_SENT  # the first is fast: most keys are others
    ]
    fields += [(name, environ[key]) for name, key in _CONTENT if environ.get(key) or _is_unreadable(environ, key)]
    return tuple(fields)


def _is_unreadable(environ: "WSGIEnvironment", key: str) -> bool:
    """Tell whether granian shows a field of which nothing can be read; other servers may leave any key empty."""
    return key in environ and environ.get("SERVER_SOFTWARE") == "Granian"


@lru_cache(_MOST_NAMES)
def _field_name(key: str) -> str:
    return key[5:].replace("_", "-").title()


def call_from_environ(environ: "WSGIEnvironment", headers: Headers) -> Call:
    """Return the call; raises ``OSError`` when its body ends too soon, or has chunks that can't be read."""
    target = _target(environ)
    stated = int(environ.get("CONTENT_LENGTH") or 0)
    if "wsgi.input_terminated" in environ:
        body = _read(environ["wsgi.input"], MAX_BODY_BYTES + 1)
    else:
        # the server doesn't end the stream: there is nothing to read behind the length, nor where chunks are
        body = _read(environ["wsgi.input"], 0 if "HTTP_TRANSFER_ENCODING" in environ else stated)
    if len(body) < stated:
        raise OSError("the body ends before its Content-Length")  # granian says nothing of that
    return Call(headers, body, environ["REQUEST_METHOD"].upper(), target)


def unread_call(environ: "WSGIEnvironment") -> Call:
    """Return a call that can't be read as far as it is known: its method and its target."""
    return Call(method=environ["REQUEST_METHOD"], target=_target(environ))


def _target(environ: "WSGIEnvironment") -> str:
    path = sent_path(environ) or quote("/" + _decoded_path(environ).lstrip("/"))
    query = str(environ.get("QUERY_STRING", ""))
    return f"{path}?{quote(query.encode('latin-1', 'replace'), safe=ASCII)}" if query else path


def sent_path(environ: "WSGIEnvironment") -> str:
    """Return the path as it was sent, with encoded slashes as they were; empty where that isn't known."""
    path = str(environ.get("REQUEST_URI", "")).partition("?")[0]
    if "%2" not in path:
        return ""
    is_whole = path.startswith("/") and unquote_to_bytes(path) == _decoded_path(environ).encode(errors="replace")
    return "/" + quote(path, safe=ASCII).lstrip("/") if is_whole and "%2f" in path.lower() else ""


def _decoded_path(environ: "WSGIEnvironment") -> str:
    return str(environ.get("PATH_INFO", "")).encode("latin-1").decode(errors="replace")


def _read(stream: IO[bytes], missing: int) -> bytes:
    """Return what a stream holds, at most as many bytes as are missing; a read may come up short."""
    chunks = []
    while missing and (chunk := stream.read(missing)):
        chunks.append(chunk)
        missing -= len(chunk)
    return b"".join(chunks)


def status_line(status: int) -> str:
    """Return the status with a phrase, which WSGI asks for (PEP 3333), also of one that has none."""
    return _STATUS_LINES.get(status) or f"{status} UNKNOWN"


def response_fields(reply: Reply) -> list[tuple[str, str]]:
    """Return the header fields with which a reply is sent whole (RFC 9110, sections 6.4.1 and 8.6)."""
    headers = list(reply.headers)
    if reply.status == 304:
        remove_entity_headers(headers)
    elif reply.status != 204:
        headers.append(("Content-Length", str(len(reply.body))))
    return headers


def is_sent_without_body(reply: Reply, method: str) -> bool:
    """Tell whether HTTP allows no body in the reply to a request."""
    return method == "HEAD" or reply.status in (204, 304)


def send(reply: Reply, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Send a reply."""
    start_response(status_line(reply.status), response_fields(reply))
    # a list, which granian sends in one piece
    return [] if is_sent_without_body(reply, environ["REQUEST_METHOD"]) else [reply.body]
