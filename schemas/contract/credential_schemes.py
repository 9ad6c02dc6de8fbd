"""Security schemes by the header fields and query parameters that credentials are sent in; no value is kept."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..http import SECRET_WORDS

Scheme = Mapping[str, Any]

OF_HTTP = re.compile(
    r"accept(-.*)?|access-control-.*|cache-control|cf-.*|connection|content-.*|cookie|date|dnt|expect|forwarded|from|host"
    r"|if-.*|keep-alive|max-forwards|origin|postman-token|pragma|priority|proxy-authorization|range|referer|save-data|sec-.*"
    r"|te|trailer|transfer-encoding|upgrade(-.*)?|user-agent|via|x-forwarded-.*|x-requested-with|:.*",
    re.IGNORECASE,
)
"""Fields of HTTP and of clients, which say nothing of an API."""

FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_SECRET = re.compile(rf"{SECRET_WORDS}|\b(access|app|client|subscription)[-_]?key\b|\bjwt\b", re.IGNORECASE)
_SECRET_QUERY = re.compile(r"(api|access|app|subscription)[-_]?(key|token)|auth[-_]?token|token|appid", re.IGNORECASE)
_AUTH_SCHEME = re.compile(r"([A-Za-z][\w-]*)\s+\S")
_NO_COMPONENT_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def header_schemes(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Scheme]]:
    """Yield the names and definitions of the schemes that header fields are credentials of."""
    for name, value in headers:
        if name.lower() == "authorization":
            match = _AUTH_SCHEME.match(value.strip())
            yield http_scheme(match[1]) if match else key_scheme(name, "header")
        elif FIELD_NAME.fullmatch(name) and not OF_HTTP.fullmatch(name) and is_secret_field(name):
            yield key_scheme(name, "header")


def query_schemes(query: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, Scheme]]:
    """Yield the names and definitions of the schemes that query parameters are credentials of."""
    return (key_scheme(name, "query") for name, _ in query if is_secret_query(name))


def is_secret_field(name: str) -> bool:
    """Tell whether the name of a header field says that it holds credentials."""
    return name.lower() == "authorization" or bool(_SECRET.search(name))


def is_secret_query(name: str) -> bool:
    """Tell whether the name of a query parameter says that it holds credentials."""
    return bool(_SECRET_QUERY.fullmatch(name))


def http_scheme(word: str) -> tuple[str, Scheme]:
    """Return the scheme of ``Authorization: WORD …``."""
    known = word.lower() if word.lower() in ("basic", "bearer", "digest") else word
    return _NO_COMPONENT_NAME.sub("_", known), {"type": "http", "scheme": known}


def key_scheme(name: str, location: str) -> tuple[str, Scheme]:
    """Return the scheme of a key that is sent as a header field or a query parameter."""
    return _NO_COMPONENT_NAME.sub("_", name), {"type": "apiKey", "in": location, "name": name}
