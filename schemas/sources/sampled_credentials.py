"""Credentials of sampled requests: the security scheme that a header or query parameter is of; no value is kept."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract.model import Evidence
from ..http import SECRET_WORDS
from .exchanges import SampledParameter
from .template_variables import placeholder_name

Scheme = Mapping[str, Any]

_OF_HTTP = re.compile(
    r"accept(-.*)?|access-control-.*|cache-control|cf-.*|connection|content-.*|cookie|date|dnt|expect|forwarded|from|host"
    r"|if-.*|keep-alive|max-forwards|origin|postman-token|pragma|priority|proxy-authorization|range|referer|save-data|sec-.*"
    r"|te|trailer|transfer-encoding|upgrade(-.*)?|user-agent|via|x-forwarded-.*|x-requested-with|:.*",
    re.IGNORECASE,
)
"""Fields of HTTP and of clients, which say nothing of an API."""

_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_SECRET = re.compile(rf"{SECRET_WORDS}|\b(access|app|client|subscription)[-_]?key\b|\bjwt\b", re.IGNORECASE)
_SECRET_QUERY = re.compile(r"(api|access|app|subscription)[-_]?(key|token)|auth[-_]?token|token|appid", re.IGNORECASE)
_AUTH_SCHEME = re.compile(r"([A-Za-z][\w-]*)\s+\S")
_NO_COMPONENT_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def header_schemes(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Scheme]]:
    """Yield the names and definitions of the schemes that header fields are credentials of."""
    for name, value in headers:
        if name.lower() == "authorization":
            match = _AUTH_SCHEME.match(value.strip())
            yield http_scheme(match[1]) if match and not placeholder_name(value) else key_scheme(name, "header")
        elif _FIELD_NAME.fullmatch(name) and not _OF_HTTP.fullmatch(name) and _SECRET.search(name):
            yield key_scheme(name, "header")


def query_schemes(query: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, Scheme]]:
    """Yield the names and definitions of the schemes that query parameters are credentials of."""
    return (key_scheme(name, "query") for name, _ in query if _SECRET_QUERY.fullmatch(name))


def http_scheme(word: str) -> tuple[str, Scheme]:
    """Return the scheme of ``Authorization: WORD …``."""
    known = word.lower() if word.lower() in ("basic", "bearer", "digest") else word
    return _NO_COMPONENT_NAME.sub("_", known), {"type": "http", "scheme": known}


def key_scheme(name: str, location: str) -> tuple[str, Scheme]:
    """Return the scheme of a key that is sent as a header field or a query parameter."""
    return _NO_COMPONENT_NAME.sub("_", name), {"type": "apiKey", "in": location, "name": name}


def header_parameters(headers: Iterable[tuple[str, str]], evidence: Evidence) -> Iterator[SampledParameter]:
    """Yield the header fields that are of the API: neither of HTTP, nor of a client, nor credentials."""
    for name, value in headers:
        is_known = _OF_HTTP.fullmatch(name) or not _FIELD_NAME.fullmatch(name)
        if not is_known and name.lower() != "authorization" and not _SECRET.search(name):
            yield SampledParameter(name, "header", None if "{{" in value else value, evidence)


def query_parameters(query: Iterable[tuple[str, str | None]], evidence: Evidence) -> Iterator[SampledParameter]:
    """Yield the query parameters that are no credentials."""
    for name, value in query:
        if name and not _SECRET_QUERY.fullmatch(name):
            yield SampledParameter(name, "query", None if value is None or "{{" in value else value, evidence)
