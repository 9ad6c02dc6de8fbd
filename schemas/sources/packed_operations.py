"""Pages whose front matter holds an operation of OpenAPI, packed: ``api: eJzt...``, as generators of sites write it."""

import binascii
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..errors import ContractError, PageError
from ..extraction import Access, Extraction
from ..openapi.files import Files
from .openapi_documents import document_extraction
from .openapi_html import EmbeddedFile

MAX_OPERATION = 4 * 1024 * 1024
"""Bytes of an operation, and of the page that holds it, that are read."""

_PACKED = re.compile(
    rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:(?!---).*\r?\n)*?api:[ \t]*[\"']?(?P<packed>eJ[A-Za-z0-9+/]{20,}={0,2})"
)
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
    """Return what the operations hold that pages have packed in their front matter, by the names of the pages."""
    extractions: dict[str, Extraction] = {}
    for path, name in pages:
        for document, line in _documents(path):
            files = Files(path, name, access)
            file = EmbeddedFile(name, path.resolve().as_uri(), document, "", files, None, line)
            try:
                extractions[name] = document_extraction(file)
            except (ContractError, PageError):
                continue  # it is read as any other page is
    return extractions


def _documents(path: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the document of the operation that a page holds, if it does, and the line of that."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_OPERATION)
        if not (match := _PACKED.match(text)):
            return
        unpacked = zlib.decompressobj().decompress(b64decode(match["packed"]), MAX_OPERATION)
        operation = json.loads(unpacked)
    except (OSError, binascii.Error, zlib.error, ValueError, RecursionError):
        return
    if isinstance(operation, dict) and isinstance(operation.get("path"), str):
        yield _document(operation, b'"nullable"' in unpacked), text.count(b"\n", 0, match.start("packed")) + 1


def _document(operation: dict[str, Any], has_nullable: bool) -> dict[str, Any]:
    """Return the document of one operation, which may have the schemes and the title of the whole beside it."""
    kept = {key: operation[key] for key in _OPERATION_KEYS if key in operation}
    info = operation.get("info")
    return {
        "openapi": "3.0.3" if has_nullable else "3.1.0",
        "info": info if isinstance(info, dict) else {"title": "", "version": ""},
        "paths": {operation["path"]: {str(operation.get("method", "")).lower(): kept}},
        "servers": operation.get("servers") or [],
        "components": {"securitySchemes": operation.get("securitySchemes") or {}},
    }
