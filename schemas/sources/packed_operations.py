"""Pages that hold an operation of OpenAPI, as generators of sites write it.

It is packed in their front matter (``api: eJzt...``), or the properties of components have its parts:
``<ParamsDetails parameters={[...]}>``, or those of a file beside the page.
"""

import binascii
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..contract.model import Contract
from ..errors import ContractError, PageError
from ..extraction import Access, Extraction
from ..openapi.files import Files
from ..text_files import real_path
from .openapi_documents import document_extraction
from .openapi_html import EmbeddedFile

MAX_OPERATION = 4 * 1024 * 1024
"""Bytes of an operation, and of the page that holds it, that are read."""

_PACKED = re.compile(
    rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:(?!---).*\r?\n)*?api:[ \t]*[\"']?(?P<packed>eJ[A-Za-z0-9+/]{20,}={0,2})"
)
ENDPOINT = re.compile(rb"<MethodEndpoint\s+method=\{\"(?P<method>[a-z]+)\"\}\s+path=\{(?P<path>\"[^\"]+\")\}")
_TITLE = re.compile(r"<Heading\s+as=\{\"h1\"\}[^>]*?\schildren=\{(?=\")")
_PARTS = (
    ("parameters", "ParamsDetails", "parameters"),
    ("requestBody", "RequestSchema", "body"),
    ("responses", "StatusCodes", "responses"),
)
"""Keys of an operation, the component that has its value, and the property there."""
_OPERATION_KEYS = (
    "operationId",
    "summary",
    "description",
    "tags",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
    "security",
)


def packed_operations(pages: Iterable[tuple[Path, str]], access: Access) -> dict[str, Extraction]:
    """Return what the operations hold that pages have packed, or in components, by the names of the pages."""
    extractions: dict[str, Extraction] = {}
    for path, name in pages:
        try:
            documents = [*_documents(path, name)]
        except PageError as error:
            extractions[name] = Extraction(Contract("", "", ()), failures=(error,))
            continue
        for document, line in documents:
            files = Files(path, name, access)
            file = EmbeddedFile(name, path.resolve().as_uri(), document, "", files, None, line)
            try:
                extractions[name] = document_extraction(file)
            except (ContractError, PageError):
                continue  # it is read as any other page is
    return extractions


def _documents(path: Path, name: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the document of the operation that a page holds, if it does, and the line of that.

    Raises ``PageError`` where a file that has a part of it can't be read.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_OPERATION)
        if match := _PACKED.match(text):
            unpacked = zlib.decompressobj().decompress(b64decode(match["packed"]), MAX_OPERATION)
            operation, has_nullable, start = json.loads(unpacked), b'"nullable"' in unpacked, match.start("packed")
        elif match := ENDPOINT.search(text):
            operation, has_nullable, start = _of_components(match, path, name), b'"nullable"' in text, match.start()
        else:
            return
    except PageError:
        raise
    except (OSError, binascii.Error, zlib.error, ValueError, RecursionError):
        return
    if isinstance(operation, dict) and isinstance(operation.get("path"), str):
        yield _document(operation, has_nullable), text.count(b"\n", 0, start) + 1


def _of_components(endpoint: re.Match[bytes], page: Path, name: str) -> dict[str, Any]:
    """Return the operation whose parts are properties of components, or those of the files that these name."""
    text, read = endpoint.string.decode(), json.JSONDecoder().raw_decode
    operation = {"method": endpoint["method"].decode(), "path": json.loads(endpoint["path"])}
    if title := _TITLE.search(text):
        operation["summary"] = read(text, title.end())[0]
    for key, component, part in _PARTS:
        properties = re.search(rf"<{component}\s+(?:\w+=\{{[^{{}}]*\}}\s+)*?{part}=\{{(?=[\[{{])", text)
        required = re.search(rf'<{component}\s+\{{\.\.\.require\("\./(?P<file>[^"/\\]+)"\)\}}', text)
        if properties:
            operation[key] = read(text, properties.end())[0]
        elif required:
            place = PageError(name, text.count("\n", 0, required.start()) + 1, required["file"])
            operation[key] = _properties(page.parent / required["file"], place).get(part)
    stated = {key: value for key, value in operation.items() if value is not None}
    return stated if any(key in stated for key, _, _ in _PARTS) else {}


def _properties(file: Path, place: PageError) -> dict[str, Any]:
    """Return the properties of a component that stand in a file beside its page."""
    try:
        if real_path(file).parent != real_path(file.parent) or not file.is_file():
            raise ValueError("no file beside the page")
        properties = json.loads(file.read_bytes()[:MAX_OPERATION])
    except (OSError, ValueError, RecursionError) as error:
        raise PageError(place.path, place.line, f"{place.message} can't be read: {error}") from error
    return properties if isinstance(properties, dict) else {}


def _document(operation: dict[str, Any], has_nullable: bool) -> dict[str, Any]:
    """Return the document of one operation, which may have the schemes and the title of the whole beside it."""
    kept = {key: operation[key] for key in _OPERATION_KEYS if key in operation}
    info = operation.get("info")
    return {
        "openapi": "3.0.3" if has_nullable else "3.1.0",
        "info": info if isinstance(info, dict) else {"title": "", "version": ""},
        "paths": {operation["path"]: {str(operation.get("method", "")).lower(): {"responses": {}, **kept}}},
        "servers": operation.get("servers") or [],
        "components": {"securitySchemes": operation.get("securitySchemes") or {}},
    }
