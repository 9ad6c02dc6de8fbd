"""Admission to the control API and the console: Host, Origin, and a bearer token or the session of a browser.

A page that the developer visits can reach the loopback address, and a name of its own can point there; so the ``Host``
and the ``Origin`` are checked before anything is read, and replies are shared (CORS) with pages of those origins only
that the server was started with. Those need the token. The cookie of a session is for the server's own pages: a
browser sends it to each port of the machine, and with what pages of each port ask for.
"""

import hmac
import re
from hashlib import sha256
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from docdouble.schemas import Call, ConfigError, Reply
from docdouble.schemas.http import SAFE_METHODS, Headers

from ..http.problem import problem
from ..requests.cors import shared_with

PREFIX = "/__docdouble__/"
"""Path of the control API and the console; no documented path is there."""

_HOST = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:\[\],/@]+))(?::[0-9]{1,5})?\Z")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*\Z")
_COOKIES = re.compile(r"[;,]\s*")


class Admission:
    """Admission of calls to the control API, for one ``token``.

    ``hosts`` are names, besides the loopback ones, under which this server is called, and origins such as
    ``http://localhost:5173``, of which pages may call it. Raises ``ConfigError`` for a token that can't be a bearer
    token (RFC 6750, section 2.1).
    """

    def __init__(self, token: str, hosts: tuple[str, ...] = ()) -> None:
        if not _TOKEN.match(token):
            raise ConfigError("control token", "***", expected="one or more of the letters A-Z a-z 0-9 - . _ ~ + /")
        self._token = token.encode()
        self._hosts = frozenset(host.lower() for host in hosts if "://" not in host)
        self._origins = tuple(host.lower().rstrip("/") for host in hosts if "://" in host)
        # made of the token, so that each worker knows it, and a server on another port has one of another name
        self._cookie = f"docdouble-{self._derived('name')[:12]}={self._derived('session')}"

    def _derived(self, word: str) -> str:
        return hmac.new(self._token, word.encode(), sha256).hexdigest()

    def shared(self, call: Call) -> Headers:
        """Return the CORS header fields that let the page that asks read a reply, where it may call."""
        return shared_with(call, self._origins, ())

    def refuse_page(self, call: Call, *, is_shared: bool = False, before_session: bool = False) -> Reply | None:
        """Return the refusal of a call under another name, or of a page that may not call.

        Our own pages may, with a session or, where ``before_session`` is set, without.
        """
        if not self._is_ours(call.header("Host") or ""):
            return problem(403, "the Host is neither a loopback name nor one that this server was started with")
        if is_shared:
            return None
        has_session = before_session or self.has_session(call)
        if call.header("Origin") is not None and not (has_session and _is_of_same_origin(call)):
            detail = "a call with an Origin comes from a web page, which may not drive this server"
            return problem(403, f"{detail}; --control-origin names one that may")
        if (call.header("Sec-Fetch-Site") or "none").lower() not in ("none", "same-origin"):
            return problem(403, "a call from another site may not drive this server")
        return None

    def refuse_caller(self, call: Call) -> Reply | None:
        """Return the refusal of a call with neither the token nor the session of one of our own pages."""
        scheme, _, token = (call.header("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(token.strip()):
            return None
        if self.has_session(call) and (_is_of_same_origin(call) or _changes_nothing(call)):
            return None
        challenge = ("WWW-Authenticate", 'Bearer realm="docdouble control"')
        return problem(401, "expected the bearer token that this server was started with", challenge)

    def has_session(self, call: Call) -> bool:
        """Tell whether a call has the cookie of a session."""
        sent = _COOKIES.split(call.header("Cookie") or "")
        return any(hmac.compare_digest(cookie.encode(errors="replace"), self._cookie.encode()) for cookie in sent)

    def open_session(self, call: Call, token: str) -> Reply:
        """Return what sets the cookie of a session, for the token."""
        if not self._is_token(token):
            return problem(401, "expected the token that this server printed at its start")
        is_secure = (call.header("Origin") or "").startswith("https:")
        return self._with_cookie(self._cookie, "; Secure" if is_secure else "")

    def end_session(self) -> Reply:
        """Return what removes the cookie."""
        return self._with_cookie(self._cookie.partition("=")[0] + "=", "; Max-Age=0")

    def _with_cookie(self, cookie: str, attributes: str) -> Reply:
        kept = f"{cookie}; Path={PREFIX}; HttpOnly; SameSite=Strict{attributes}"
        return Reply((("Set-Cookie", kept),), status=204)

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(errors="backslashreplace"), self._token)

    def _is_ours(self, host: str) -> bool:
        match = _HOST.match(host.strip())
        if not match:
            return False
        name = (match["name"] or match["address"]).lower()
        return name == "localhost" or name in self._hosts or _is_loopback(name)


def _is_of_same_origin(call: Call) -> bool:
    scheme, _, host = (call.header("Origin") or "").lower().partition("://")
    return scheme in ("http", "https") and host == (call.header("Host") or "").strip().lower()


def _changes_nothing(call: Call) -> bool:
    """Tell whether a call without an Origin is one that browsers send without it."""
    return call.header("Origin") is None and call.method in SAFE_METHODS


def _is_loopback(address: str) -> bool:
    try:
        return IPv6Address(address).is_loopback if ":" in address else IPv4Address(address).is_loopback
    except AddressValueError:
        return False
