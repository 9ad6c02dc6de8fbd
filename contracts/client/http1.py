"""One HTTP/1.1 exchange over a socket, which ends at a deadline whatever the server does (RFC 9112)."""

import io
import re
import socket
import ssl
import time
from contextlib import nullcontext, suppress
from http.client import HTTPResponse, parse_headers
from typing import Any
from urllib.parse import SplitResult, quote

from docdouble.schemas import Call, Reply
from docdouble.schemas.contract.media_types import SEQUENCES
from docdouble.schemas.http import CONNECTION_FIELDS, media_type

from .content_codings import decoded
from .network import Network, Proxy, port_of

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CHUNK_BYTES = 65536


class NotSendableError(ValueError):
    """A call that can't be written as an HTTP message. Its text never shows a value."""


class NoOctetError(ConnectionError):
    """The end of a connection before the first octet of a reply."""


STREAM_SECONDS = 2.0
"""The longest that a stream is read, which may have no end."""

_STREAMS = SEQUENCES | {"multipart/x-mixed-replace"}
"""Media types of bodies that a server may add to for as long as it likes."""

_RECORDINGS = ("audio/", "video/")
"""Beginnings of more such media types."""

_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_SWITCHING_PROTOCOLS = 101
_HANDSHAKE_SECONDS = 2.0


class Deadline:
    """A moment after which nothing more is waited for."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        """End after so many seconds, if that is sooner."""
        self._end = min(self._end, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the number of seconds that are left; raises ``TimeoutError`` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Bounded(io.RawIOBase):
    """Reader of a socket until a deadline: a timeout alone starts again with every byte."""

    def __init__(self, raw: Any, sock: socket.socket, deadline: Deadline) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        _acknowledge_at_once(self._sock)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _acknowledge_at_once(sock: socket.socket) -> None:
    """Let no server wait 40 ms with its body until the head is acknowledged; Linux forgets it again."""
    if _QUICK_ACK is not None:
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)


class _RawResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, method: str, deadline: Deadline) -> None:
        super().__init__(sock, method=method)
        self.fp: Any = io.BufferedReader(_Bounded(self.fp.detach(), sock, deadline), _CHUNK_BYTES)

    def await_octet(self) -> None:
        """Wait for the first octet; raises ``NoOctetError`` where the connection ends without one."""
        try:
            octets = self.fp.peek(1)
        except TimeoutError:
            raise
        except OSError as error:
            raise NoOctetError(error.strerror or str(error)) from error
        if not octets:
            raise NoOctetError("the connection was closed without a reply")

    def _read_status(self) -> tuple[str, int, str]:
        """Read the status line of the final reply, behind interim ones such as 103 (RFC 9110, section 15.2)."""
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status >= 200 or status == _SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)


def wire_target(target: str) -> str:
    """Return a target as it is sent: what may not stand in a request line percent-encoded, and nothing else changed."""
    return quote(_BARE_PERCENT.sub("%25", target), safe="%!$&'()*+,/:;=?@[]~")


def connect(url: SplitResult, network: Network, proxy: Proxy | None, context: ssl.SSLContext | None) -> socket.socket:
    """Return a connection to a server; raises ``OSError``, also for a certificate or a proxy that refuses."""
    try:
        return _connect(url, network.connect_seconds, proxy, context)
    except TimeoutError as error:
        raise TimeoutError(f"no connection after {network.connect_seconds:g} s") from error


def _connect(url: SplitResult, seconds: float, proxy: Proxy | None, context: ssl.SSLContext | None) -> socket.socket:
    host = url.hostname or ""
    sock = socket.create_connection((proxy.host, proxy.port) if proxy else (host, port_of(url)), seconds)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if proxy and context:
            _open_tunnel(sock, f"{_bracketed(host)}:{port_of(url)}", proxy, Deadline(seconds))
        return context.wrap_socket(sock, server_hostname=host) if context else sock
    except BaseException:
        sock.close()
        raise


def takes_tls(url: SplitResult) -> bool:
    """Tell whether a server takes TLS at the port of a URL, whoever it is: nothing is sent through the connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        _connect(url, _HANDSHAKE_SECONDS, None, context).close()
    except OSError:
        return False
    return True


def request_bytes(call: Call, url: SplitResult, proxy: Proxy | None) -> bytes:
    """Return a call as it is sent; raises ``NotSendableError``."""
    host = _bracketed(url.hostname or "") + (f":{url.port}" if url.port else "")
    target = url.path.rstrip("/") + wire_target(call.target)
    given = {name.lower() for name, _ in call.headers}
    fields = [("Host", host), *((name, value) for name, value in call.headers if name.lower() not in CONNECTION_FIELDS)]
    if call.body or call.method in ("POST", "PUT", "PATCH"):
        fields.append(("Content-Length", str(len(call.body))))
    for name, value in (("User-Agent", "docdouble"), ("Accept-Encoding", "identity")):
        if name.lower() not in given:
            fields.append((name, value))
    if proxy and url.scheme == "http":
        target = f"http://{host}{target}"
        fields += [("Proxy-Authorization", proxy.authorization)] if proxy.authorization else []
    return _head(call.method, target, fields) + call.body


def exchange(sock: socket.socket, message: bytes, method: str, network: Network) -> tuple[Reply, bool]:
    """Send a message and return the reply, and whether the connection may be used again.

    Raises ``NoOctetError`` where nothing was received, another ``OSError``, ``http.client.HTTPException`` or
    ``ValueError`` for a reply that breaks off or is none.
    """
    try:
        return _exchange(sock, message, method, network)
    except TimeoutError as error:
        raise TimeoutError(f"no whole reply after {network.seconds:g} s") from error


def _exchange(sock: socket.socket, message: bytes, method: str, network: Network) -> tuple[Reply, bool]:
    deadline = Deadline(network.seconds)
    sock.settimeout(deadline.left())
    # a server that refuses a body may reply and close before it has come
    with suppress(BrokenPipeError, ConnectionResetError):
        sock.sendall(message)
    with _RawResponse(sock, method, deadline) as response:
        response.await_octet()
        response.begin()
        name = media_type(response.getheader("Content-Type") or "")
        is_stream = name in _STREAMS or name.startswith(_RECORDINGS)
        if is_stream:
            deadline.shorten(STREAM_SECONDS)
        body, whole = _body(response, network.max_bytes, is_stream=is_stream)
        if response.length and whole:
            raise ConnectionAbortedError(f"the body ended {response.length} bytes before its Content-Length")
        body = decoded(body, response.getheader("Content-Encoding"), network.max_bytes)
        if is_stream and not whole:
            body = _complete_items(body, name)
        headers = tuple((field, _field_value(value)) for field, value in response.getheaders())
        return Reply(headers, body, response.status), whole and not response.will_close


def _body(response: HTTPResponse, limit: int, *, is_stream: bool) -> tuple[bytes, bool]:
    """Return the body, and whether that is all of it: of a stream the part that was received in its time."""
    body = bytearray()
    read = response.read1 if is_stream else response.read
    with suppress(TimeoutError) if is_stream else nullcontext():
        while chunk := read(min(_CHUNK_BYTES, limit + 1)):
            body += chunk
            if len(body) > limit:
                return bytes(body[:limit]), False
        return bytes(body), True
    return bytes(body), False


def _field_value(text: str) -> str:
    """Return a field's value without the white space around it, and on one line (RFC 9112, section 5)."""
    return " ".join(line.strip(" \t") for line in text.splitlines())


def _complete_items(body: bytes, name: str) -> bytes:
    """Return a sequence that was read for a while without the item that was cut off."""
    return body[: body.rfind(b"\n") + 1] if name in SEQUENCES else body


def _open_tunnel(sock: socket.socket, authority: str, proxy: Proxy, deadline: Deadline) -> None:
    fields = [("Host", authority)]
    fields += [("Proxy-Authorization", proxy.authorization)] if proxy.authorization else []
    sock.sendall(_head("CONNECT", authority, fields))
    with _RawResponse(sock, "CONNECT", deadline) as response:
        response.begin()
        if response.status != 200:
            raise ConnectionError(f"the proxy answered {response.status}")


def _head(method: str, target: str, fields: list[tuple[str, str]]) -> bytes:
    if not _TOKEN.fullmatch(method):
        raise NotSendableError("a method that is none")
    for name, value in fields:
        if not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            raise NotSendableError("a header field that is none")
    lines = (f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", "")
    return "\r\n".join(lines).encode("latin-1")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
