"""One seam for whatever is verified: a WSGI application in process, or a base URL."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urlsplit

import requests
from werkzeug.test import EnvironBuilder, run_wsgi_app

from docdouble.schemas import Call, ConfigError, Reply, TargetError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TIMEOUT_SECONDS = 30.0
"""How long a server may take for one reply."""

MAX_REPLY_BYTES = 64 * 1024 * 1024
"""Larger replies are cut off, and so found to be no JSON."""

Allowed = Callable[[str, str], bool]
"""Tells whether a method may be sent to a path."""


class Target(Protocol):
    """Something that answers calls."""

    @property
    def name(self) -> str:
        """What a report calls it; a URL, or words."""

    def send(self, call: Call) -> Reply | None:
        """Return the reply, or ``None`` for a call that may not be sent; raises ``TargetError``."""


class WsgiTarget:
    """A WSGI application, called in process."""

    def __init__(self, app: "WSGIApplication", name: str = "the fake, in process") -> None:
        self._app = app
        self.name = name

    def send(self, call: Call) -> Reply:
        """Return the application's reply."""
        builder = EnvironBuilder(
            path=call.path, method=call.method, query_string=call.query, headers=list(call.headers), data=call.body
        )
        chunks, status, headers = run_wsgi_app(self._app, builder.get_environ())
        return Reply(tuple(headers.items()), b"".join(chunks), int(status.split(" ", 1)[0]))


class HttpTarget:
    """A server at a base URL; only what ``allowed`` admits goes out, redirects are not followed.

    Raises ``ConfigError`` for a URL that is none.
    """

    def __init__(self, url: str, allowed: Allowed) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not _has_valid_port(parts):
            raise ConfigError("url", url, expected="an http:// or https:// URL")
        self.name = url.rstrip("/")
        self._prefix = parts.path.rstrip("/")
        self._allowed = allowed
        self._session = requests.Session()
        self._session.trust_env = False

    def send(self, call: Call) -> Reply | None:
        """Return the server's reply, ``None`` when the call would leave the contract."""
        request = requests.Request(call.method, self.name + call.target, headers=dict(call.headers), data=call.body)
        prepared = request.prepare()
        path = urlsplit(prepared.url or "").path.removeprefix(self._prefix)
        if not self._allowed(call.method, path):
            return None
        try:
            with self._session.send(prepared, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as response:
                return Reply(tuple(response.headers.items()), _read(response), response.status_code)
        except (requests.RequestException, OSError) as error:
            raise TargetError(self.name, _reason(error)) from error


def _has_valid_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if len(body) > MAX_REPLY_BYTES:
            break
    return bytes(body[:MAX_REPLY_BYTES])


def _reason(error: BaseException) -> str:
    """Return the innermost cause: what the operating system said, not three layers of wrapping."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
