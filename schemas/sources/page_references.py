"""Pages that name an operation of an OpenAPI document in their front matter, and describe nothing themselves.

ReadMe writes ``api: {file, operationId}``, Mintlify ``openapi: "openapi.json GET /boats"``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from ..contract.model import Operation
from ..contract.paths import unnamed_template
from ..errors import PageError
from ..extraction import Access, Extraction
from ..pages.page_folder import refused_page
from ..text_files import decode_utf8, real_path
from .openapi_documents import document_source
from .packed_operations import ENDPOINT

MOST_REFERRED = 200
"""Documents that the pages of a folder may name."""

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_SIGN = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:(?!---).*\r?\n){0,100}?(?:api|openapi):")
_BEGINNING = 16 * 1024
_LABEL = re.compile(r"(?:(?P<file>\S+\.(?:json|ya?ml))\s+)?(?P<method>[A-Za-z]+)\s+(?P<path>/\S*)")
_SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class PageReference:
    """The operation that a page names: the document's file, and an id or a label."""

    page: str
    document: Path
    operation: str


def pages_with_api(pages: Sequence[tuple[Path, str]], root: Path) -> list[tuple[Path, str]]:
    """Return the pages with an entry for an API, or with a component of one; all others are opened this once."""
    return [page for page in pages if not refused_page(*page, root) and _has_sign(page[0])]


def _has_sign(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
            return bool(_SIGN.match(beginning) or ENDPOINT.search(beginning))
    except OSError:
        return False  # whoever reads the page says so


def page_references(pages: Sequence[tuple[Path, str]], root: Path) -> list[PageReference]:
    """Return the operations that pages name, of documents that lie below a folder."""
    return [reference for path, name in pages for reference in _references(path, name, root)]


def _references(path: Path, name: str, root: Path) -> Iterator[PageReference]:
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
        match = _FRONT.match(decode_utf8(beginning, name))
        front = yaml.load(match[1], Loader=yaml.BaseLoader) if match else None
    except (OSError, PageError, yaml.YAMLError, ValueError, RecursionError):
        return  # whoever reads the page says so
    for file_name, operation in _named(front) if isinstance(front, dict) else ():
        document = _document(path, file_name, root)
        if document and operation:
            yield PageReference(name, document, operation)


def _named(front: dict[str, Any]) -> Iterator[tuple[str, str]]:
    api, label = front.get("api"), front.get("openapi")
    if isinstance(api, dict) and isinstance(api.get("file"), str):
        yield api["file"], str(api.get("operationId") or "")
    if isinstance(label, str) and (match := _LABEL.fullmatch(label.strip())) and match["file"]:
        yield match["file"], f"{match['method'].upper()} {match['path']}"


def _document(page: Path, named: str, root: Path) -> Path | None:
    """Return the document of a name: beside the page, or from the folder that is read."""
    if urlsplit(named).scheme or not named.lower().endswith(_SUFFIXES):
        return None
    top = root.resolve()
    for folder in (page.resolve().parent, top):
        path = real_path(folder / named.lstrip("/"))
        if path.is_relative_to(top) and path.is_file():
            return path
    return None


def referred_extractions(references: Sequence[PageReference], root: Path, access: Access) -> list[Extraction]:
    """Return what the documents hold of the operations that pages name; an operation that isn't there is a failure."""
    top = root.resolve()
    documents = list(dict.fromkeys(reference.document for reference in references))[:MOST_REFERRED]
    return [
        _of_document(
            path,
            path.relative_to(top).as_posix(),
            [reference for reference in references if reference.document == path],
            access,
        )
        for path in documents
    ]


def _of_document(path: Path, name: str, references: Sequence[PageReference], access: Access) -> Extraction:
    extraction = document_source(path, name, access)
    kept: dict[str, Operation] = {}
    missing = []
    for reference in references:
        operation = next(filter(_is_named(reference.operation), extraction.contract.operations), None)
        if operation:
            kept[operation.id] = operation
        else:
            missing.append(
                PageError(reference.page, 0, f"names the operation {reference.operation!r}, which {name} doesn't have")
            )
    contract = replace(extraction.contract, operations=tuple(kept.values()))
    return replace(extraction, contract=contract, failures=(*extraction.failures, *missing))


def _is_named(name: str) -> Callable[[Operation], bool]:
    wanted = unnamed_template(name)
    return lambda operation: name == operation.id or wanted == unnamed_template(operation.label)
