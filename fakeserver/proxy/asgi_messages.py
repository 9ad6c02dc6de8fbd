"""ASGI messages (https://asgi.readthedocs.io): calls read from them, and replies written as them."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import Headers

from .forwarded_fields import Client

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def call_from_scope(scope: Scope) -> Call:
    """Return the call as it was sent, without its body."""
    headers = tuple((name.decode("latin-1").title(), value.decode("latin-1")) for name, value in scope["headers"])
    path = quote(scope.get("raw_path") or scope["path"], safe=_ASCII)
    query = quote(scope["query_string"], safe=_ASCII)
    return Call(headers, b"", scope["method"].upper(), f"{path}?{query}" if query else path)


def client_from_scope(scope: Scope) -> Client:
    """Return who sent it, and how."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    address = scope["client"][0] if scope.get("client") else ""
    return Client(address, hosts[0] if hosts else "", scope["scheme"], scope["http_version"])


def has_body(headers: Headers, http_version: str) -> bool:
    """Tell whether a request may have a body: HTTP/1 says so in its head (RFC 9112, section 6.3)."""
    names = {name.lower() for name, _ in headers}
    return not http_version.startswith("1") or bool(names & {"content-length", "transfer-encoding"})


def is_bodiless(method: str, status: int) -> bool:
    """Tell whether the reply to a request has no body, whatever its header fields say (RFC 9112, section 6.3)."""
    return method == "HEAD" or status in (204, 304)


async def read_body(receive: Receive, most: int) -> bytes | None:
    """Return the body of a request, ``None`` for one that is larger or ends too soon."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if message["type"] != "http.request" or size > most:
            return None
        if not message.get("more_body"):
            return b"".join(chunks)


async def send_head(send: Send, status: int, headers: Headers) -> None:
    """Begin a reply."""
    fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})


async def send_reply(send: Send, reply: Reply, method: str) -> None:
    """Send a whole reply; where it says no length, its body does."""
    headers = reply.headers
    is_without = is_bodiless(method, reply.status)
    if not is_without and reply.header("Content-Length") is None:
        headers = (*headers, ("Content-Length", str(len(reply.body))))
    await send_head(send, reply.status, headers)
    await send({"type": "http.response.body", "body": b"" if is_without else reply.body})
