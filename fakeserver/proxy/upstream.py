"""Connections to the real server, kept for later calls, over aiohttp."""

import os
import re
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.http import HttpProcessingError
from yarl import URL

from docdouble.schemas.http import Headers

_LONGEST_FIELD = 256 * 1024
"""Bytes of a header field or a status line."""

_CHUNK_BYTES = 65536
"""Bytes of a body that are read, or written, at a time."""

_OF_CLIENTS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Header fields that the library would add where the client sent none."""

_OPENSSL = re.compile(r"\A\[[^]]*\] | \(_ssl\.c:\d+\)\Z")
"""Places in the source code of OpenSSL in its messages, which help nobody."""


class UpstreamError(OSError):
    """Missing reply of a server, and the status that the client gets instead; it ``was_reached`` where it broke off."""

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


class UpstreamReply:
    """A reply whose body is still to be read."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers
        )

    async def chunk(self) -> bytes:
        """Return the next octets of the body, empty at its end; raises ``UpstreamError`` where it breaks off."""
        try:
            return await self._response.content.read(_CHUNK_BYTES)
        except (ClientError, OSError) as error:
            raise UpstreamError(_reason(error), was_reached=True) from error

    def close(self) -> None:
        """Release the connection, which is kept where the body was read to its end."""
        self._response.close()


class Upstream:
    """A real server at a base URL, called from one event loop."""

    def __init__(self, url: SplitResult, network: UpstreamNetwork) -> None:
        self.url = url
        self._network = network
        self._origin = f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
        self._session: ClientSession | None = None
        self._options: dict[str, Any] = {"allow_redirects": False}
        if network.context:
            self._options["ssl"] = network.context
        if network.proxy:
            self._options |= {"proxy": network.proxy, "proxy_headers": network.proxy_headers}
        # of a proxy that gets the request itself, not a CONNECT before it
        self._fields = tuple(network.proxy_headers.items()) if network.proxy and url.scheme == "http" else ()

    async def send(
        self, method: str, target: str, headers: Headers, body: bytes | AsyncIterator[bytes] | None
    ) -> UpstreamReply:
        """Return the reply to a request; raises ``UpstreamError``.

        One that ends without a reply, as on a connection that the server closes meanwhile, is sent once more where that
        does no harm (RFC 9110, section 9.2.2). A call that is cancelled ends that to the server.
        """
        if self._session is None:
            self._session = self._opened()
        fields = [(name, _as_utf8(value)) for name, value in (*headers, *self._fields)]
        data: Any = BytesIO(body) if isinstance(body, bytes) and len(body) > _CHUNK_BYTES else body
        url = URL(self._origin + target, encoded=True)
        try:
            return UpstreamReply(await self._session.request(method, url, data=data, headers=fields, **self._options))
        except ConnectionTimeoutError as error:
            raise UpstreamError("no connection in time", 504) from error
        except TimeoutError as error:
            raise UpstreamError("the server did not answer in time", 504, was_reached=True) from error
        except ClientSSLError as error:
            raise UpstreamError(f"{_reason(error)}; --ca FILE trusts a certificate of your own") from error
        except (ClientConnectorError, ClientHttpProxyError) as error:
            raise UpstreamError(_reason(error)) from error
        except (ClientError, OSError, ValueError) as error:
            raise UpstreamError(_reason(error), was_reached=True) from error

    async def close(self) -> None:
        """Close the connections that are kept."""
        if self._session:
            await self._session.close()

    def _opened(self) -> ClientSession:
        return ClientSession(
            connector=TCPConnector(limit=0),
            timeout=ClientTimeout(sock_connect=self._network.connect_seconds, sock_read=self._network.seconds),
            cookie_jar=DummyCookieJar(),
            skip_auto_headers=_OF_CLIENTS,
            auto_decompress=False,
            max_line_size=_LONGEST_FIELD,
            max_field_size=_LONGEST_FIELD,
        )


def _as_utf8(value: str) -> str:
    """Return the value of a field, a character a byte, as the text that UTF-8 makes the same bytes of, if any."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeDecodeError:
        return value


def _reason(error: BaseException) -> str:
    """Return the innermost cause: the message of the operating system, not three layers of wrapping."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    if isinstance(error, HttpProcessingError):
        return " ".join(error.message.split()).rstrip(".")
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and number and number > 0 and not isinstance(error, ssl.SSLError):
        return os.strerror(number)
    return _OPENSSL.sub("", getattr(error, "strerror", None) or str(error)) or type(error).__name__
