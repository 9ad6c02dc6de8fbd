"""Variables in requests of collections: ``{{name}}`` with what it stands for, and URLs that begin with one."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from ..contract.paths import path_variables

MOST_STEPS = 10
"""Variables whose values name other variables are followed so far."""

MOST_EXPANDED = 100_000
"""Characters of a text with its variables replaced: values that hold each other would grow without an end."""

_NAME = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_IN_STRING_OR_PLACEHOLDER = re.compile(r'"(?:[^"\\]|\\.)*"|\{\{[^{}]*\}\}')
_VERSION = re.compile(r"v?\d+(\.\d+)*|v\d+\w*|\d{4}-\d\d(-\d\d)?", re.IGNORECASE)
_NO_NAME = re.compile(r"[^\w.$-]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_OTHER_SPELLING = re.compile(r"\$\{(\w+)\}|<([A-Za-z][\w.-]*)>")
_WELL_FORMED = re.compile(r"[^{}]*(\{[^{}]+\}[^{}]*)*")
_ENCODED_BRACES = str.maketrans({"{": "%7B", "}": "%7D"})


class RequestTarget(NamedTuple):
    """Target of a request: the server before its path, the path with ``{name}`` for each variable, and their values."""

    server: str
    path: str
    query: str
    values: Mapping[str, str]

    @property
    def variables(self) -> list[str]:
        """The names of the variables of the path."""
        return path_variables(self.path)


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with the values of the variables that have one."""
    for _ in range(MOST_STEPS):
        grown = _NAME.sub(lambda match: variables.get(match[1], match[0]), text)
        if grown == text or len(grown) > MOST_EXPANDED:
            break
        text = grown
    return text


def without_placeholders(text: str) -> str:
    """Return a JSON text with null in place of variables without a value that stand outside of texts."""
    return _IN_STRING_OR_PLACEHOLDER.sub(lambda match: match[0] if match[0][0] == '"' else "null", text)


def variable_name(text: str) -> str:
    """Return the name of a variable as a path template has it; of ``$guid`` or ``login.response.id`` the last word."""
    return _NO_NAME.sub("_", text.rpartition(".")[2].lstrip("$")).strip("_") or "id"


def request_target(url: str, variables: Mapping[str, str], own: Mapping[str, str]) -> RequestTarget:
    """Return the target of a request; raises ``ValueError`` for a URL that is none.

    ``own`` are the values of the variables that the path itself names, as in ``/boats/:boatId``.
    """
    prefix, rest = _beginning(url.strip(), variables)
    path, _, query = rest.partition("#")[0].partition("?")
    server = _server(prefix)
    values: dict[str, str] = {}
    segments = [_segment(segment, variables, own, values) for segment in path.split("/")]
    whole = "/".join(segments)
    if not whole.startswith("/"):
        whole = f"/{whole}"
    return RequestTarget(server, re.sub("//+", "/", whole), query, values)


def _beginning(url: str, variables: Mapping[str, str]) -> tuple[str, str]:
    """Return what stands before the path, expanded, and the rest as it is written."""
    if match := _NAME.match(url):
        value = expanded(match[0], variables)
        known = value if value != match[0] else ""
        if known and not _SCHEME.match(known) and not known.startswith("/"):
            known = f"https://{known}" if "." in known or known.startswith("localhost") else ""
        rest = url[match.end() :]
        if rest[:1] in ("", "/", "?", "#"):
            return known, rest
        url = (known or "https://unknown") + rest
    if scheme := _SCHEME.match(url):
        end = next((place for place in range(scheme.end(), len(url)) if url[place] in "/?#"), len(url))
        return expanded(url[:end], variables), url[end:]
    if url.startswith(("/", "?")):
        return "", url
    host, slash, rest = url.partition("/")
    return (f"https://{expanded(host, variables)}", slash + rest) if "." in host or ":" in host else ("", f"/{url}")


def _server(prefix: str) -> str:
    """Return the URL before a path without a user and a slash at its end, empty where variables are left in it."""
    if "{{" in prefix or not prefix:
        return ""
    parts = urlsplit(prefix)
    if not parts.netloc:
        return parts.path.rstrip("/")
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/") if host != "unknown" else ""


def _segment(segment: str, variables: Mapping[str, str], own: Mapping[str, str], values: dict[str, str]) -> str:
    """Return a segment as a template has it; the values of its variables are added to ``values``."""
    if segment.startswith(":") and len(segment) > 1:
        name, dot, ending = segment[1:].partition(".")
        key = variable_name(name)
        if value := expanded(own.get(name, ""), variables):
            values[key] = value
        return f"{{{key}}}{dot}{ending}"

    def template(match: re.Match[str]) -> str:
        value = expanded(match[0], variables)
        known = "" if "{{" in value else value
        if known and (_VERSION.fullmatch(known) or "/" in known):
            return known
        name = variable_name(match[1])
        if known:
            values[name] = known
        return f"{{{name}}}"

    replaced = _OTHER_SPELLING.sub(lambda match: f"{{{match[1] or match[2]}}}", _NAME.sub(template, segment))
    return replaced if _WELL_FORMED.fullmatch(replaced) else replaced.translate(_ENCODED_BRACES)
