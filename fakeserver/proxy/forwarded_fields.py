"""Header fields of a message that is forwarded: what belongs to one connection stays there (RFC 9110, section 7.6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult

from docdouble.schemas.http import CONNECTION_FIELDS, Headers

_FRAMING = frozenset({"expect", "host", "content-length"})
"""Header fields of a request that are written anew."""

_OF_CONNECTION = (CONNECTION_FIELDS - _FRAMING) | {
    *("proxy-connection", "proxy-authenticate", "proxy-authorization", "http2-settings")
}
"""Header fields that are never forwarded; the ``Connection`` of a message names more."""

_DOMAIN = re.compile(r";\s*domain\s*=[^;]*", re.IGNORECASE)
_SECURE = re.compile(r";\s*(?:secure|samesite\s*=\s*none|partitioned)(?=\s*(?:;|\Z))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Client:
    """Sender of a request, and the address of ours that it called: ``host`` is the field of the request."""

    address: str
    host: str
    scheme: str
    http_version: str = "1.1"


def end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the header fields that are forwarded."""
    fields = tuple(headers)
    named = {name.strip().lower() for key, value in fields if key.lower() == "connection" for name in value.split(",")}
    gone = _OF_CONNECTION | (named - {"close", "keep-alive", ""})
    return tuple((name, value) for name, value in fields if name.lower() not in gone)


def request_fields_forwarded(headers: Headers, client: Client, pseudonym: str, *, keeps_host: bool) -> Headers:
    """Return the header fields of a request to the server, with what it needs to know of the client.

    The client's own ``Host`` is kept where it ``keeps_host``. Without, none is returned, so that the server's is sent.
    """
    fields = [(name, value) for name, value in end_to_end(headers) if name.lower() not in _FRAMING]
    fields = _appended(fields, "X-Forwarded-For", client.address)
    fields = _appended(fields, "Via", f"{client.http_version} {pseudonym}")
    given = {name.lower() for name, _ in fields}
    for name, value in (("X-Forwarded-Host", client.host), ("X-Forwarded-Proto", client.scheme)):
        if value and name.lower() not in given:
            fields.append((name, value))
    return (*([("Host", client.host)] if keeps_host and client.host else ()), *fields)


def reply_fields_forwarded(headers: Iterable[tuple[str, str]], pseudonym: str) -> Headers:
    """Return the header fields of a reply to the client."""
    return tuple(_appended(list(end_to_end(headers)), "Via", f"1.1 {pseudonym}"))


def _appended(fields: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    """Return the fields with a value at the end of a list that one of them holds, or as one of its own."""
    listed = [text for key, text in fields if key.lower() == name.lower()]
    others = [(key, text) for key, text in fields if key.lower() != name.lower()]
    return [*others, (name, ", ".join((*listed, value)))]


def redirect_to_us(value: str, upstream: SplitResult, client: Client) -> str:
    """Return the URL of a redirect within the server as one that leads here."""
    origin = f"{upstream.scheme}://{upstream.netloc}"
    is_within = value.lower().startswith(origin.lower()) and value[len(origin) : len(origin) + 1] in ("", "/", "?", "#")
    return f"{client.scheme}://{client.host}{value[len(origin) :]}" if is_within and client.host else value


def cookie_of_ours(value: str, client: Client) -> str:
    """Return a ``Set-Cookie`` that a browser takes from here: of no domain, and over HTTP not only for HTTPS."""
    cookie = _DOMAIN.sub("", value)
    return cookie if client.scheme == "https" else _SECURE.sub("", cookie)
