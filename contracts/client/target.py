"""Targets of calls: a WSGI application in process, or a server at a base URL."""

import selectors
import socket
import ssl
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote_to_bytes

from docdouble.schemas import Call, Reply
from docdouble.schemas.openapi.tls_mismatch import ONLY_TLS, tls_mismatch

from .http1 import NoOctetError, NotSendableError, connect, exchange, request_bytes, takes_tls
from .network import Network, is_loopback, proxy_for, server_url, tls_context

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

FAKE_URL = "http://127.0.0.1:4010"
"""URL at which ``docdouble serve`` puts the fake, unless options say otherwise."""

_REQUEST_TIMEOUT = 408

_Write = Callable[[bytes], Any]
_Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Failure:
    """Reason for a missing reply of a server that was ``connected``, or not; ``is_late`` where its time was up."""

    reason: str
    connected: bool = True
    is_late: bool = False


class Target(Protocol):
    """Something that answers calls; used by several threads at once."""

    @property
    def name(self) -> str:
        """Name in reports; a URL, or words."""

    def send(self, call: Call) -> Reply | Failure | None:
        """Return the reply, or why there is none; ``None`` for a call that can't be sent."""


class WsgiTarget:
    """A WSGI application, called in process; ``base_path`` stands before the targets of the calls."""

    def __init__(self, app: "WSGIApplication", name: str = "the fake, in process", base_path: str = "") -> None:
        self._app = app
        self._base_path = base_path
        self.name = name

    def send(self, call: Call) -> Reply:
        """Return the application's reply."""
        started: list[tuple[str, _Headers]] = []
        chunks: list[bytes] = []

        def start_response(status: str, headers: _Headers, exc_info: Any = None) -> _Write:
            started.append((status, headers))
            return chunks.append

        result = self._app(wsgi_environ(call, self._base_path), start_response)
        try:
            chunks.extend(result)
        finally:
            if close := getattr(result, "close", None):
                close()
        status, headers = started[-1]
        return Reply(tuple(headers), b"".join(chunks), int(status.split(" ", 1)[0]))


def wsgi_environ(call: Call, base_path: str = "") -> "WSGIEnvironment":
    """Return a call as a WSGI server on this machine hands it over (PEP 3333)."""
    path, query = base_path + call.path, call.query
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "REQUEST_URI": f"{path}?{query}" if query else path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(call.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    environ |= _fields(call.headers)
    return environ | {"CONTENT_LENGTH": str(len(call.body))}


def _fields(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return header fields under their keys, those of one name as one."""
    fields: dict[str, str] = {}
    for name, value in headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
    return fields


class HttpTarget:
    """A server at a base URL; redirects are not followed.

    Raises ``ConfigError`` for a URL, certificates or a proxy that are none.
    """

    def __init__(self, url: str, network: Network | None = None) -> None:
        self._network = network or Network()
        self._url = server_url(url)
        self.name = url.rstrip("/")
        self._context = tls_context(self._network) if self._url.scheme == "https" else None
        self._proxy = proxy_for(self._url, self._network, loopback=is_loopback(url))
        self._idle: deque[socket.socket] = deque()
        self._busy: set[socket.socket] = set()
        self._lock = Lock()
        self._has_replied = False
        weakref.finalize(self, _close_all, self._idle)

    def send(self, call: Call) -> Reply | Failure | None:
        """Return the server's reply, or why there is none; ``None`` for a call that is no HTTP message."""
        try:
            message = request_bytes(call, self._url, self._proxy)
        except NotSendableError:
            return None
        sock = self._waiting()
        outcome = self._outcome(sock, message, call.method, is_kept=True) if sock else None
        if outcome is not None:
            return outcome
        try:
            sock = connect(self._url, self._network, self._proxy, self._context)
        except (OSError, HTTPException, ValueError) as error:
            return Failure(_why(error), connected=False)
        return self._outcome(sock, message, call.method, is_kept=False)

    def interrupt(self) -> None:
        """End the exchanges that other threads wait for; later calls are sent as usual."""
        with self._lock:
            busy = tuple(self._busy)
            self._busy.clear()
        for sock in busy:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself

    def close(self) -> None:
        """Close the connections that are kept for later calls."""
        _close_all(self._idle)

    def _outcome(self, sock: socket.socket, message: bytes, method: str, *, is_kept: bool) -> Reply | Failure | None:
        """Return the outcome of a message; ``None`` where the server closed a connection that ``is_kept`` meanwhile.

        That says nothing of the message, and neither does a 408 by which it tells so (RFC 9110, section 15.5.9).
        """
        keep = False
        with self._lock:
            self._busy.add(sock)
        try:
            reply, keep = exchange(sock, message, method, self._network)
            self._has_replied = True
        except (OSError, HTTPException, ValueError) as error:
            is_interrupted = sock not in self._busy
            if is_kept and isinstance(error, NoOctetError) and not is_interrupted:
                return None
            is_mute = isinstance(error, NoOctetError) and not self._has_replied and not is_interrupted
            if tls_mismatch(error) or (is_mute and self._is_tls_meant):
                return Failure(ONLY_TLS, connected=False)
            return Failure(_why(error), is_late=isinstance(error, TimeoutError))
        finally:
            with self._lock:
                self._busy.discard(sock)
            if keep:
                self._idle.append(sock)
            else:
                sock.close()
        return None if is_kept and not keep and reply.status == _REQUEST_TIMEOUT else reply

    @cached_property
    def _is_tls_meant(self) -> bool:
        """Whether a server that closes connections to which we speak plain HTTP takes TLS there."""
        return self._url.scheme == "http" and not self._proxy and takes_tls(self._url)

    def _waiting(self) -> socket.socket | None:
        """Return a connection that was kept, and that the server hasn't closed since."""
        while self._idle:
            try:
                sock = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if not _has_news(sock):
                return sock
            sock.close()
        return None


def _has_news(sock: socket.socket) -> bool:
    """Tell whether there is something to be read, which on an idle connection is its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _close_all(idle: deque[socket.socket]) -> None:
    while idle:
        idle.pop().close()


def _why(error: Exception) -> str:
    """Return in words what went wrong."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}"
        case ssl.SSLError() if tls_mismatch(error):
            return tls_mismatch(error)
        case RemoteDisconnected():
            return "the connection was closed without a reply"
        case BadStatusLine():
            return f"the reply is no HTTP: {str(error).strip()[:60]!r}"
        case IncompleteRead():
            return "the body is cut off or wrongly chunked"
        case TimeoutError():
            return str(error)
        case HTTPException() | ValueError():
            return f"the reply can't be read: {str(error)[:100] or type(error).__name__}"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
