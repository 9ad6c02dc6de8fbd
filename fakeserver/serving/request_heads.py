"""Heads of requests as granian's RSGI shows them, and what is known of requests that were received before."""

import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar
from urllib.parse import quote

from docdouble.schemas import Call, Reply
from docdouble.schemas.http import Headers

from ..app import Arrival, FakeServer
from ..http.body_limits import refuse_decoded, refuse_encoded, refuse_fields, refuse_length, refuse_size
from ..http.wsgi import ASCII

_MOST_NAMES = 200
"""Names of header fields that are remembered: callers may send any."""

_MOST_REQUESTS = 250
"""Requests that are remembered."""

_MOST_OCTETS = 8 * 1024
"""Octets of a head or of a body that is remembered."""

_PLAIN = re.compile(r"/(?!/)[A-Za-z0-9_.~/-]*")
"""A path that is written as it was decoded."""


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class RsgiHeaders(Protocol):
    """Header fields of a request, with names in lower case; a value that is no ASCII text is left out."""

    def keys(self) -> list[str]:
        """Return the names, each once."""

    def items(self) -> list[tuple[str, str]]:
        """Return the fields."""


class RsgiScope(Protocol):
    """The head of a request: its path is decoded, its query isn't."""

    http_version: str
    method: str
    path: str
    query_string: str
    authority: str | None

    @property
    def headers(self) -> RsgiHeaders:
        """The header fields."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The head of a request; ``has_length`` tells that the length of its body is stated, and not too large.

    One that ``is_small`` may be remembered.
    """

    method: str
    target: str
    headers: Headers
    has_body: bool
    has_length: bool
    is_small: bool


def _head(scope: RsgiScope, fields: list[tuple[str, str]], names: list[str]) -> Head | Reply:
    path, query = scope.path, scope.query_string
    values = dict(fields)
    headers: Headers = tuple([(_field_name(name), value) for name, value in fields])
    if len(names) > len(values):
        headers += tuple((_field_name(name), "") for name in names if name not in values)
    if len(fields) > len(values):
        headers = _with_one_cookie(headers)
    if "host" not in values and scope.authority:
        headers += (("Host", scope.authority),)  # of HTTP/2
    refused = (
        refuse_size(len(path) + 1 + len(query))
        or refuse_length(values.get("content-length", ""))
        or refuse_decoded(path)
        or refuse_encoded(query if query.isascii() else quote(query, safe=ASCII), "query")
        or refuse_fields(headers)
    )
    if refused:
        return refused
    has_length = "content-length" in values
    # in HTTP/1 a body is announced (RFC 9112, section 6.3)
    has_body = has_length or "transfer-encoding" in values or not scope.http_version.startswith("1")
    target = rsgi_target(path, query)
    is_small = len(target) + sum(len(name) + len(value) for name, value in headers) <= _MOST_OCTETS
    return Head(scope.method.upper(), target, headers, has_body, has_length, is_small)


class RecentRequests:
    """Memory for requests of the same octets: their heads, and what the calls reach.

    It is emptied when it is full: who repeats a request soon fills it again.
    """

    def __init__(self, app: FakeServer) -> None:
        self._app = app
        self._heads: dict[tuple[object, ...], Head] = {}
        self._arrivals: dict[tuple[Head, bytes], Arrival] = {}

    def head(self, scope: RsgiScope) -> Head | Reply:
        """Return the head of a request, or the refusal of one that isn't looked into any further."""
        fields, names = scope.headers.items(), scope.headers.keys()
        line = (scope.method, scope.path, scope.query_string, scope.authority, scope.http_version)
        octets = (*line, *names, *fields)
        if known := self._heads.get(octets):
            return known
        head = _head(scope, fields, names)
        if isinstance(head, Head) and head.is_small:
            _keep(self._heads, octets, head)
        return head

    def arrival(self, head: Head, body: bytes) -> Arrival:
        """Return a call with what it reaches."""
        known = self._arrivals.get((head, body))
        if known and self._app.serves(known):
            return known._replace(began=time.perf_counter())
        call = Call(head.headers, body, head.method, head.target)
        arrival = self._app.arrival(call, is_decoded=True, is_kept=True)
        if arrival.memory and head.is_small and len(body) <= _MOST_OCTETS:
            _keep(self._arrivals, (head, body), arrival)
        return arrival


def _keep(memory: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    if len(memory) >= _MOST_REQUESTS:
        memory.clear()
    memory[key] = value


@lru_cache(_MOST_NAMES)
def _field_name(name: str) -> str:
    return name.title()


def rsgi_target(path: str, query: str) -> str:
    """Return the target of a request, percent-encoded."""
    encoded = path if _PLAIN.fullmatch(path) else quote("/" + path.lstrip("/"))
    return f"{encoded}?{quote(query, safe=ASCII)}" if query else encoded


def _with_one_cookie(headers: Headers) -> Headers:
    """Return header fields with all cookies in one field, which HTTP/2 may split (RFC 9113, section 8.2.3)."""
    cookies = [value for name, value in headers if name == "Cookie"]
    if len(cookies) < 2:
        return headers
    return (*(field for field in headers if field[0] != "Cookie"), ("Cookie", "; ".join(cookies)))
