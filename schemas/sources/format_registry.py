"""Registry of source formats: ours and those of installed packages; which of them a file is of, and its reading."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from ..contract.model import Contract
from ..errors import ContractError, PageError
from ..extraction import Access, Extraction
from ..text_files import read_text, real_path
from .api_blueprint import API_BLUEPRINT
from .curl_lists import CURL
from .har_source import HAR
from .httpdomain import HTTPDOMAIN
from .openapi_html import OPENAPI_HTML
from .postman import POSTMAN
from .request_files import REQUEST_FILE
from .rest_docs import ASCIIDOC, REST_DOCS_HTML
from .source_format import MAX_SOURCE_BYTES, SourceFormat, SourceText, UnreadFormat
from .unread_formats import UNREAD_FORMATS, unread_format

GROUP = "docdouble.sources"
"""Entry points that are a ``SourceFormat``, under its name."""

MOST_LOOKED_AT = 20_000
"""Files of a folder that are opened to see what they are."""

_BEGINNING, _END = 256 * 1024, 64 * 1024
_OPENED_IN_FOLDERS = (".json", ".yaml", ".yml", ".xml", ".html", ".htm")
"""Endings of files in a folder of which the content tells what they are."""

_SHIPPED = {
    source_format.name: source_format
    for source_format in (
        *(API_BLUEPRINT, ASCIIDOC, HAR, HTTPDOMAIN, OPENAPI_HTML, POSTMAN, REST_DOCS_HTML, REQUEST_FILE, CURL),
    )
}
"""Known without a search among the installed packages."""


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file of a folder, its name below that, and the format that it is of."""

    path: Path
    name: str
    format: SourceFormat | UnreadFormat


@cache
def source_formats() -> tuple[SourceFormat, ...]:
    """Return all formats that are read, ours first; raises ``PluginError`` for one of a package that can't be used."""
    from ..plugins import load_plugins  # here: importlib.metadata takes long to import, and our own need none of it

    return (*_SHIPPED.values(), *load_plugins(GROUP, _read))


def _read(name: str, loaded: Any) -> Iterator[SourceFormat]:
    if not isinstance(loaded, SourceFormat):
        raise TypeError(f"expected a SourceFormat, got {loaded!r}")
    if loaded.name != name:
        raise ValueError(f"the format calls itself {loaded.name!r}")
    if name not in _SHIPPED:
        yield loaded
    elif _SHIPPED[name] != loaded:
        raise ValueError("the name is that of a format of docdouble")


def format_of(path: Path) -> SourceFormat | UnreadFormat | None:
    """Return the format of a file, ``None`` for one that may be a page; may raise ``OSError``."""
    name, beginning = path.name.lower(), _edges(path)
    if by_name := next(
        (source_format for source_format in source_formats() if name.endswith(source_format.suffixes)), None
    ):
        return by_name
    recognised = (source_format for source_format in source_formats() if source_format.recognises(beginning))
    return unread_format(name, beginning) or next(recognised, None)


def format_of_page(path: Path) -> SourceFormat | None:
    """Return the format of a Markdown file that is no page: API Blueprints have names of Markdown, too."""
    return API_BLUEPRINT if API_BLUEPRINT.recognises(_edges(path)) else None


def is_of_format(path: Path) -> bool:
    """Tell whether the content of a file is that of a format that is read."""
    try:
        beginning = _edges(path)
    except OSError:
        return False
    return any(source_format.recognises(beginning) for source_format in source_formats())


def readable_suffixes() -> tuple[str, ...]:
    """Return the endings of names that files of a folder have which may be of a format."""
    kinds: tuple[SourceFormat | UnreadFormat, ...] = (*source_formats(), *UNREAD_FORMATS)
    return (*(suffix for kind in kinds for suffix in kind.suffixes), *_OPENED_IN_FOLDERS)


def recognised_files(folder: Path) -> list[RecognisedFile]:
    """Return the files below a folder that are of a format, by name; links that lead out of it are not followed."""
    recognised = []
    for number, (path, name) in enumerate(_files(folder, readable_suffixes())):
        if number == MOST_LOOKED_AT:
            break
        try:
            kind = format_of(path)
        except OSError:
            continue  # a file that vanished, or that may not be read, is of no format
        if kind and not (isinstance(kind, SourceFormat) and kind.is_part(path)):
            recognised.append(RecognisedFile(path, name, kind))
    return recognised


def read_recognised(path: Path, name: str, known: SourceFormat, access: Access, root: Path | None = None) -> Extraction:
    """Read a file of a format; raises ``PageError`` or ``ContractError`` where nothing comes of it."""
    return known.read(SourceText(read_text(path, name, MAX_SOURCE_BYTES), path, name, access, root))


def folder_formats(folder: Path, files: list[RecognisedFile], access: Access) -> list[Extraction]:
    """Read files of a folder, those first that state most; what can't be read is a failure of its extraction."""
    ordered = sorted(files, key=lambda file: file.format.order if isinstance(file.format, SourceFormat) else 0)
    return [_outcome(file, access, folder) for file in ordered]


def _outcome(file: RecognisedFile, access: Access, root: Path) -> Extraction:
    empty = Contract("", "", ())
    if isinstance(file.format, UnreadFormat):
        return Extraction(empty, failures=(PageError(file.name, 0, file.format.message()),))
    try:
        extraction = read_recognised(file.path, file.name, file.format, access, root)
    except PageError as error:
        return Extraction(empty, failures=(error,))
    except ContractError as error:
        return Extraction(empty, failures=(PageError(file.name, 0, str(error)),))
    return extraction if extraction.contract.operations else replace(extraction, skipped=(file.name,))


def _edges(path: Path) -> bytes:
    """Return the beginning of a file, and the end of a large one: scripts of a page stand there."""
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
        size = os.fstat(file.fileno()).st_size
        if size <= _BEGINNING:
            return beginning
        file.seek(max(size - _END, _BEGINNING))
        return beginning + b"\n" + file.read(_END)


def _files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Yield the regular files below a folder whose names end so, with their names, in order."""
    base, top = str(folder), folder.resolve()
    for root, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(root, name)
            is_inside = not path.is_symlink() or real_path(path).is_relative_to(top)
            if name.lower().endswith(suffixes) and is_inside and path.is_file():
                yield path, path.relative_to(folder).as_posix()
