"""Connections to the real server, kept for later calls, over urllib3."""

import re
import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse as PlainResponse
from http.client import parse_headers
from typing import Any
from urllib.parse import SplitResult

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse
from urllib3.util import SKIP_HEADER

from docdouble.schemas.http import Headers

CHUNK_BYTES = 65536
"""Bytes of a body that are read at a time."""

_KEPT_CONNECTIONS = 1000
_AGAIN = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
"""Methods of calls that may be sent twice (RFC 9110, section 9.2.2)."""

_SWITCHING_PROTOCOLS = 101
_OPENSSL = re.compile(r"\A\[[^]]*\] | \(_ssl\.c:\d+\)\Z")
"""Places in the source code of OpenSSL in its messages, which help nobody."""

_CALLING = threading.local()
"""The call that a thread makes."""


class UpstreamError(OSError):
    """No reply of the server, with the status that the client gets instead; it ``was_reached`` where it broke off."""

    def __init__(self, reason: str, status: int = 502, *, was_reached: bool = False) -> None:
        super().__init__(reason)
        self.status = status
        self.was_reached = was_reached


@dataclass(frozen=True, slots=True)
class UpstreamNetwork:
    """Way to the server: certificates that are trusted and shown, and the URL and fields of an HTTP proxy."""

    context: ssl.SSLContext | None = None
    proxy: str = ""
    proxy_headers: dict[str, str] = field(default_factory=dict, repr=False)
    connect_seconds: float = 10.0
    seconds: float | None = None


class UpstreamCall:
    """One call, which may be ended from another thread."""

    def __init__(self) -> None:
        self.is_ended = False
        self._socket: socket.socket | None = None

    def uses(self, sock: socket.socket | None) -> None:
        """Take note of the connection; raises ``UpstreamError`` where the call is over already."""
        self._socket = sock
        if self.is_ended:
            raise UpstreamError("the client has gone away")

    def end(self) -> None:
        """Close the connection, at which whoever reads from it gets an error."""
        self.is_ended = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _FinalResponse(PlainResponse):
    def _read_status(self) -> tuple[str, int, str]:
        """Read the status line of the final reply, behind interim ones such as 103 (RFC 9110, section 15.2)."""
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status >= 200 or status == _SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)


class _Endable:
    sock: socket.socket | None

    def request(self, *arguments: Any, **options: Any) -> None:
        call: UpstreamCall = _CALLING.call
        call.uses(self.sock)
        super().request(*arguments, **options)  # type: ignore[misc]
        call.uses(self.sock)  # the response takes it from the connection where it is the last one


class _EndableHTTP(_Endable, HTTPConnection):
    response_class = _FinalResponse


class _EndableHTTPS(_Endable, HTTPSConnection):
    response_class = _FinalResponse


class UpstreamReply:
    """A reply whose body is still to be read."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Headers = tuple(response.headers.iteritems())

    def chunk(self) -> bytes:
        """Return what has come of the body, empty at its end; raises ``UpstreamError`` where it breaks off."""
        try:
            return self._response.read1(CHUNK_BYTES, decode_content=False)
        except (HTTPError, OSError) as error:
            raise UpstreamError(_reason(error), was_reached=True) from error

    def close(self) -> None:
        """Let go of the connection, which is kept where the body was read to its end."""
        if getattr(self._response, "_original_response", None) and not self._response.closed:
            self._response.close()
        self._response.release_conn()


class Upstream:
    """A real server at a base URL, called by several threads at once."""

    def __init__(self, url: SplitResult, network: UpstreamNetwork) -> None:
        self.url = url
        timeout = urllib3.Timeout(connect=network.connect_seconds, read=network.seconds)
        options: dict[str, Any] = {"timeout": timeout, "maxsize": _KEPT_CONNECTIONS, "retries": False}
        if network.context:
            options["ssl_context"] = network.context
        manager: urllib3.PoolManager = (
            urllib3.ProxyManager(network.proxy, proxy_headers=network.proxy_headers, **options)
            if network.proxy
            else urllib3.PoolManager(**options)
        )
        self._pool = manager.connection_from_host(url.hostname or "", url.port, url.scheme)
        self._pool.ConnectionCls = _EndableHTTPS if url.scheme == "https" else _EndableHTTP
        self._is_proxied = bool(network.proxy) and url.scheme == "http"
        self._proxy_headers = network.proxy_headers

    def send(
        self, call: UpstreamCall, method: str, target: str, headers: Headers, body: bytes | Iterable[bytes] | None
    ) -> UpstreamReply:
        """Return the reply to a request; raises ``UpstreamError``.

        One that ends before a reply came, as on a connection that the server closes meanwhile, is sent once more where
        that does no harm.
        """
        fields = urllib3.HTTPHeaderDict(headers)
        for name in ("Accept-Encoding", "User-Agent"):
            if name not in fields:
                fields[name] = SKIP_HEADER
        if self._is_proxied:
            fields.extend(self._proxy_headers)
            target = f"{self.url.scheme}://{self.url.netloc}{target}"
        may_repeat = method in _AGAIN and (body is None or isinstance(body, bytes))
        _CALLING.call = call
        try:
            for is_last in (not may_repeat, True):
                try:
                    return self._sent(method, target, fields, body)
                except ProtocolError as error:
                    if call.is_ended or is_last:
                        raise UpstreamError(_reason(error), was_reached=True) from error
        finally:
            _CALLING.call = None
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def _sent(
        self, method: str, target: str, fields: urllib3.HTTPHeaderDict, body: bytes | Iterable[bytes] | None
    ) -> UpstreamReply:
        try:
            response = self._pool.urlopen(
                method,
                target,
                body,
                fields,
                retries=False,
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
            )
        except ProtocolError:
            raise
        except ReadTimeoutError as error:
            raise UpstreamError("the server did not answer in time", 504, was_reached=True) from error
        except (NewConnectionError, NameResolutionError, ProxyError) as error:
            raise UpstreamError(_reason(error)) from error
        except ConnectTimeoutError as error:
            raise UpstreamError("no connection in time", 504) from error
        except SSLError as error:
            raise UpstreamError(f"{_reason(error)}; --ca FILE trusts a certificate of your own") from error
        except (HTTPError, OSError, ValueError) as error:
            raise UpstreamError(_reason(error), was_reached=True) from error
        return UpstreamReply(response)


def _reason(error: BaseException) -> str:
    """Return the innermost cause: what the operating system said, not three layers of wrapping."""
    while cause := error.__cause__ or error.__context__ or _inner(error):
        error = cause
    return _OPENSSL.sub("", getattr(error, "strerror", None) or str(error)) or type(error).__name__


def _inner(error: BaseException) -> BaseException | None:
    return next((one for one in error.args if isinstance(one, BaseException)), None)
