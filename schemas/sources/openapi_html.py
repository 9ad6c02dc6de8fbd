"""HTML pages that show an OpenAPI document, such as those of Swagger UI, Redoc, RapiDoc, Elements and Scalar.

The document is read, be it in the page or beside it, and nothing else of the page.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ..errors import PageError
from ..extraction import Extraction
from ..openapi.files import Files, SourceFile
from ..openapi.text_formats import LineIndex
from ..text_files import read_text, real_path
from .openapi_documents import document_extraction, document_source
from .source_format import SourceFormat, SourceText

MOST_TRIED = 200
"""Places of a script at which an object is looked for."""

_MOST_SCRIPT_BYTES = 1024 * 1024
_MOST_DEEP = 8
_VIEWERS = re.compile(
    rb"""swagger-?ui|SwaggerUIBundle|<redoc\b|Redoc\.init|__redoc_state|redoc\.standalone|<rapi-doc\b|<elements-api\b"""
    rb"""|id=["']api-reference["']|@scalar/api-reference|<openapi-explorer\b""",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(
    r"<(?:redoc|rapi-doc|elements-api|openapi-explorer|script|api-reference|div)\b([^>]*)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"""\b(spec-url|apiDescriptionUrl|data-url|data-spec-url|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE
)
_URL_IN_SCRIPT = re.compile(
    r"""(?:\b(?:url|specUrl|spec_url|configUrl)["']?\s*:|Redoc\.init\(|createApiReference\([^,]*,\s*\{\s*url\s*:)\s*["']([^"'\n]+)["']"""
)
_OBJECT = re.compile(r"\{\s*[\"']")
_ROOT_KEY = re.compile(r"""["'](?:openapi|swagger)["']\s*:\s*["'][23]\.""")


@dataclass(frozen=True)
class EmbeddedFile(SourceFile):
    """A document inside of a page, with the line on which it begins."""

    index: LineIndex | None = field(default=None, repr=False, compare=False)
    first_line: int = 1

    def line(self, pointer: str) -> int:
        """Return the 1-based line of a place in the page."""
        return self.first_line + self.index.line(pointer) - 1 if self.index else self.first_line


def _recognises(beginning: bytes) -> bool:
    is_html = re.search(rb"<(!doctype html|html|head|body|script|div|redoc)\b", beginning[:65536], re.IGNORECASE)
    return is_html is not None and _VIEWERS.search(beginning) is not None


def _read(source: SourceText) -> Extraction:
    scripts = list(_SCRIPT.finditer(source.text))
    for script in scripts:
        if embedded := _embedded(script[2]):
            data, place, text = embedded
            line = source.text.count("\n", 0, script.start(2) + place) + 1
            files = Files(source.path, source.name, source.access)
            index = LineIndex(text, "embedded.json")
            location = source.path.resolve().as_uri()
            return document_extraction(EmbeddedFile(source.name, location, data, text, files, index, line))
    links = list(dict.fromkeys(_links(source, [script[2] for script in scripts])))
    if not links:
        raise PageError(source.name, 0, "a page of a viewer of OpenAPI documents that names no document")
    return _linked(source, links)


def _embedded(script: str) -> tuple[Any, int, str] | None:
    """Return the first OpenAPI document in a script, with its place and text."""
    if not _ROOT_KEY.search(script):
        return None
    decoder = json.JSONDecoder()
    end = 0
    for number, match in enumerate(_OBJECT.finditer(script)):
        if number == MOST_TRIED:
            break
        if match.start() < end:
            continue
        try:
            value, end = decoder.raw_decode(script, match.start())
        except (ValueError, RecursionError):
            continue
        if (document := _document_in(value)) is not None:
            is_whole = document is value
            return document, match.start(), script[match.start() : end] if is_whole else ""
    return None


def _document_in(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """Return the OpenAPI document that a value is or holds."""
    if isinstance(value, dict):
        version = value.get("openapi", value.get("swagger"))
        if isinstance(version, str) and version[:1] in ("2", "3"):
            return value
        parts = (_document_in(part, depth + 1) for part in value.values()) if depth < _MOST_DEEP else iter(())
        return next((part for part in parts if part is not None), None)
    return None


def _links(source: SourceText, scripts: list[str]) -> Iterator[str]:
    """Yield the URLs of documents that a page, or a script beside it, names."""
    beside = []
    for element in _ELEMENT.finditer(source.text):
        for name, double, single in _ATTRIBUTE.findall(element[1]):
            if name.lower() == "src":
                beside.append(unescape(double or single))
            else:
                yield unescape(double or single)
    for script in scripts:
        yield from _URL_IN_SCRIPT.findall(script)
    for url in beside:
        if (path := _local(source, url)) and path.suffix == ".js" and path.stat().st_size <= _MOST_SCRIPT_BYTES:
            yield from _URL_IN_SCRIPT.findall(read_text(path, url, _MOST_SCRIPT_BYTES))


def _local(source: SourceText, url: str) -> Path | None:
    """Return the file below the page's folder that a relative URL leads to, ``None`` where there is none."""
    folder = source.path.resolve().parent
    try:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = real_path(folder / unquote(parts.path).lstrip("/"))
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError):  # it is no URL, or no name that a file can have
        return None


def _linked(source: SourceText, links: list[str]) -> Extraction:
    """Return what the first document holds that a link leads to."""
    for url in links:
        if path := _local(source, url):
            return document_source(path, path.relative_to(source.path.resolve().parent).as_posix(), source.access)
    remote = [url for url in links if url.startswith(("http://", "https://"))]
    if remote and source.access.urls:
        return document_source(remote[0], remote[0], source.access)
    hint = f"; name {remote[0]} as the source" if remote else "; there is no such file beside it"
    raise PageError(source.name, 0, f"a page that shows the OpenAPI document {links[0]!r}{hint}")


OPENAPI_HTML = SourceFormat("openapi-html", "a page of a viewer of OpenAPI documents", (), _recognises, _read, 5)
