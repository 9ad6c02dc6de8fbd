"""Responses of HTTP clients and test clients, read as calls and replies.

requests, httpx (whose responses Starlette's and FastAPI's test clients give), Werkzeug (Flask), Django, and what a view
of Starlette or Django returns. They are distinguished by what they can do; none of these packages is imported.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import Headers

EXPECTED = "a response of requests, httpx, Werkzeug, Flask, Django or Starlette, or a docdouble.schemas.Reply"

_OF_TRANSPORT = ("content-encoding", "content-length", "transfer-encoding")
"""Header fields that speak of the bytes on the wire: clients hand out decoded ones."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A reply, and the call that it answers where the response knows it.

    ``base_url`` is where it was sent, ``is_whole`` whether the call's body is known.
    """

    reply: Reply
    call: Call | None = None
    base_url: str = ""
    is_whole: bool = True


def exchanged(response: Any) -> Exchanged:
    """Return the call and the reply of a response; raises ``TypeError`` for what can't be read here."""
    if isinstance(response, Reply):
        return Exchanged(response)
    status = getattr(response, "status_code", None)
    if not isinstance(status, int) or isinstance(response, type) or not hasattr(response, "headers"):
        raise TypeError(f"expected {EXPECTED}; got {_type_name(response)}")
    body = _body(response)
    fields = _fields(response.headers)
    if _is_decoded(response):
        fields = tuple((name, value) for name, value in fields if name.lower() not in _OF_TRANSPORT)
    return _asked(response, Reply(fields, body, status))


def _type_name(value: Any) -> str:
    kind = value if isinstance(value, type) else type(value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"the class {name}" if isinstance(value, type) else f"a value of type {name}"


def _is_decoded(response: Any) -> bool:
    """Tell whether the body is handed out without its Content-Encoding: clients that speak over a network do so."""
    return hasattr(response, "iter_content") or hasattr(response, "iter_bytes")


def _fields(headers: Any) -> Headers:
    """Return header fields in their order, one that comes twice also twice, where that is still known."""
    pairs: Iterable[tuple[Any, Any]] = headers.multi_items() if hasattr(headers, "multi_items") else headers.items()
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(response: Any) -> bytes:
    """Return a body; a stream is read, and stays readable for the test."""
    if callable(getattr(response, "get_data", None)):
        return _octets(response.get_data(), response)
    if getattr(response, "streaming", False) is True:
        return _streamed(response)
    try:
        content = response.content if hasattr(type(response), "content") else getattr(response, "body", None)
    except RuntimeError:  # httpx: the body of a stream that nobody has read
        content = _read(response)
    return _octets(getattr(response, "content", None) if content is None else content, response)


def _read(response: Any) -> Any:
    try:
        return response.read()
    except RuntimeError as error:
        raise TypeError(f"{_type_name(response)}: its body can't be read here: {error}; read it first") from error


def _streamed(response: Any) -> bytes:
    """Read a streaming response of Django, and put the same bytes in place of what was read."""
    if getattr(response, "is_async", False):
        raise TypeError(f"{_type_name(response)} streams asynchronously: its body can't be read here")
    body = b"".join(response.streaming_content)
    response.streaming_content = [body]
    return body


def _octets(content: Any, response: Any) -> bytes:
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    if isinstance(content, str):
        return content.encode()
    raise TypeError(f"expected {EXPECTED}; got {_type_name(response)}, which has no body of bytes")


def _asked(response: Any, reply: Reply) -> Exchanged:
    """Return the exchange, with the call where the response tells it."""
    try:
        # Django's test client calls a dictionary of its own "request"
        request = getattr(response, "wsgi_request", None) or getattr(response, "request", None)
    except RuntimeError:  # httpx: made by hand, without a request
        request = None
    method = getattr(request, "method", None)
    if request is None or not isinstance(method, str):
        return Exchanged(reply)
    base_url, target = _target(request)
    body, is_whole = _sent(request)
    return Exchanged(reply, Call(_fields(request.headers), body, method.upper(), target), base_url, is_whole)


def _target(request: Any) -> tuple[str, str]:
    """Return the base URL, empty where it was no network, and the path with its query."""
    full = getattr(request, "get_full_path", None)
    if callable(full):
        return "", str(full())
    url = urlsplit(str(request.url))
    base = f"{url.scheme}://{url.netloc.rpartition('@')[2]}" if url.netloc else ""
    return base, f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"


def _sent(request: Any) -> tuple[bytes, bool]:
    """Return the body that was sent, and whether it is known."""
    try:
        if callable(getattr(request, "get_data", None)):
            body = request.get_data()
        else:
            body = request.content if hasattr(type(request), "content") else getattr(request, "body", None)
    except Exception:  # noqa: BLE001 - each library has an error of its own for a stream that is gone
        return b"", False
    if body is None:
        return b"", True
    if isinstance(body, str):
        return body.encode(), True
    return (bytes(body), True) if isinstance(body, bytes | bytearray) else (b"", False)
