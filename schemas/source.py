"""Sources of a contract: pages, folders, OpenAPI and Swagger files, other formats, and names of shipped contracts."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .combine.unite_contracts import unite
from .contract.base_paths import with_whole_paths
from .contract.model import Contract
from .errors import ConfigError, PageError, did_you_mean
from .extraction import DEFAULT_ACCESS, Access, Extraction
from .http import without_url_credentials

if TYPE_CHECKING:
    from .pages.page_folder import Progress

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest OpenAPI document that is read; the vendor files seen have up to about ten."""

DEFAULT_SOURCE = "superoffice"
"""The shipped contract that is taken where no source is named."""

_DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")
PAGE_SUFFIXES = (".md", ".mdx", ".markdown")
"""Endings of the names of pages."""

_OTHER_RST = (
    "Of reStructuredText, plain pages and directives of httpdomain and os-api-ref are read; those with other "
    "directives are read as the HTML that `sphinx-build -b html` makes of them"
)
_RST = ".rst"

_SHIPPED = Path(__file__).parent
_ROOT = re.compile(rb"""(^|[{,]\s*)["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.\d""", re.MULTILINE)
_BEGINNING = 64 * 1024
"""Bytes of a file that are searched for the version of a document."""

_HOST = re.compile(
    r"(?:localhost|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?/|localhost:\d+\Z", re.IGNORECASE
)
"""Beginning of a URL that lacks its scheme: a host, and a path below it."""

_NAMED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._~-]*)=(?=.)")


def shipped() -> tuple[str, ...]:
    """Return the names of the contracts that come with docdouble."""
    return tuple(sorted(path.parent.name for path in _SHIPPED.glob("*/contract.json")))


def extract(
    sources: str | Sequence[str],
    progress: "Progress | None" = None,
    cache_folder: Path | None = None,
    processes: int = 1,
    access: Access = DEFAULT_ACCESS,
) -> Extraction:
    """Read one source or several, the surest first: what an earlier one states, a later one doesn't change.

    With a ``cache_folder``, a folder of pages that hasn't changed is not read again. More than one of ``processes``
    reads many pages in parallel; a script that asks for that needs a ``__main__`` guard, since they are spawned.
    ``NAME=SOURCE`` puts the paths of a source below ``/NAME`` and its own base path.
    ``access`` tells whether a source may be a URL, and what else the references of a document may lead to.

    Raises ``PageError``, ``ContractError`` or ``ConfigError`` when nothing comes of a source.
    """
    names = [sources] if isinstance(sources, str) else list(sources)
    extractions = [_extract(name, progress, cache_folder, processes, access) for name in names]
    return _joined(extractions, extractions)


def split_name(source: str) -> tuple[str, str]:
    """Return the name and the source of ``NAME=SOURCE``; the name is empty where there is none."""
    match = _NAMED.match(source)
    return (match[1], source[match.end() :]) if match and not _exists(Path(source)) else ("", source)


def _extract(
    source: str, progress: "Progress | None", cache_folder: Path | None, processes: int, access: Access
) -> Extraction:
    name, unnamed = split_name(source)
    extraction = _unnamed(unnamed, progress, cache_folder, processes, access)
    if not name:
        return extraction
    return replace(extraction, contract=with_whole_paths(extraction.contract, f"/{name}"))


def _unnamed(
    source: str, progress: "Progress | None", cache_folder: Path | None, processes: int, access: Access
) -> Extraction:
    if source.startswith(("http://", "https://")):
        return _document(source, _url_name(source), access)
    path = Path(source)
    exists = bool(source) and _exists(path)
    if source in shipped() and not exists:
        return _document(_SHIPPED / source / "contract.json", source, access)
    if not exists:
        raise _missing(source)
    if path.is_dir():
        return _folder(path, progress, cache_folder, processes, access)
    if path.suffix.lower() in _DOCUMENT_SUFFIXES and _is_document(path):
        return _document(path, path.name, access)
    return _file(path, access)


def _file(path: Path, access: Access) -> Extraction:
    """Read a file that is no OpenAPI document by its first words: of another format, a page, or a broken document."""
    # here, as below, because these take 0.1 s to import, which a document needn't wait for
    from .sources.format_registry import format_of, format_of_page, read_recognised
    from .sources.source_format import UnreadFormat

    of_file = format_of_page if path.name.lower().endswith(PAGE_SUFFIXES) else format_of
    known = of_file(path) if path.is_file() and not _is_plain_rst(path) else None
    if isinstance(known, UnreadFormat):
        raise PageError(path.name, 0, known.message())
    if known:
        extraction = read_recognised(path, path.name, known, access)
        if not extraction.contract.operations:
            first = (
                f"; the first that can't be read: {extraction.contradictions[0]}" if extraction.contradictions else ""
            )
            raise PageError(path.name, 0, f"no operation: {known.title} without a request{first}")
        return extraction
    if path.suffix.lower() in _DOCUMENT_SUFFIXES:
        return _document(path, path.name, access)
    from .pages.page_files import page_contract
    from .sources.packed_operations import packed_operations
    from .sources.page_references import page_references, pages_with_api, referred_extractions

    with_api = pages_with_api([(path, path.name)], path.parent)
    if references := page_references(with_api, path.parent):
        return referred_extractions(references, path.parent, access)[0]
    if packed := packed_operations(with_api, access):
        return packed[path.name]
    return page_contract(path, access.dialect)


def _is_plain_rst(path: Path) -> bool:
    """Tell whether a file is reStructuredText without directives of httpdomain, which is read as a page."""
    from .pages.page_folder import is_of_httpdomain

    return path.name.lower().endswith(_RST) and not is_of_httpdomain(path)


def _folder(
    path: Path, progress: "Progress | None", cache_folder: Path | None, processes: int, access: Access
) -> Extraction:
    """Read a folder: its one document, or its pages and the files of other formats."""
    if root := _root_document(path):
        return _document(root, root.name, access)
    from .pages.page_folder import find_pages, folder_contract
    from .sources.format_registry import folder_formats, recognised_files
    from .sources.packed_operations import packed_operations
    from .sources.page_references import page_references, pages_with_api, referred_extractions

    pages = find_pages(path)
    plain = {name for _, name in pages if name.lower().endswith(_RST)}
    files = [file for file in recognised_files(path) if file.name not in plain]
    with_api = pages_with_api(pages, path)
    references, packed = page_references(with_api, path), packed_operations(with_api, access)
    if not files and not references and not packed:
        try:
            return folder_contract(path, progress, cache_folder, processes, access.dialect)
        except PageError as error:
            raise PageError(error.path, error.line, f"{error.message}{_advice(path)}") from error
    referred = referred_extractions(references, path, access)
    extractions = [*packed.values(), *referred, *folder_formats(path, files, access)]
    try:
        if packed:
            raise PageError(str(path), 0, "its pages hold operations of OpenAPI")
        extractions.insert(0, folder_contract(path, progress, cache_folder, processes, access.dialect))
    except PageError:
        named = {*packed, *(reference.page for reference in references)}
        others = tuple(name for _, name in pages if name not in named)
        extractions.append(Extraction(Contract("", "", ()), skipped=others))
    if any(extraction.contract.operations for extraction in extractions):
        return _joined([extraction for extraction in extractions if extraction.contract.operations], extractions)
    reasons = [failure for extraction in extractions for failure in extraction.failures]
    skipped = sum(len(extraction.skipped) for extraction in extractions)
    counts = f"{skipped} files without an operation, {len(reasons)} that can't be read"
    first = f"; the first: {reasons[0]}" if reasons else ""
    raise PageError(str(path), 0, f"no operation found: {counts}{first}{_advice(path)}")


def _advice(folder: Path) -> str:
    """Return what to do about a folder in which nothing is read, where that is known."""
    return f". {_OTHER_RST}" if next(folder.rglob("*.rst"), None) else ""


def _joined(with_operations: Sequence[Extraction], extractions: Sequence[Extraction]) -> Extraction:
    """Return the union of extractions, with what was noticed in all of them."""
    return Extraction(
        unite(extraction.contract for extraction in with_operations),
        tuple(chain.from_iterable(extraction.contradictions for extraction in extractions)),
        tuple(chain.from_iterable(extraction.failures for extraction in extractions)),
        tuple(chain.from_iterable(extraction.skipped for extraction in extractions)),
        tuple(chain.from_iterable(extraction.documents for extraction in extractions)),
        tuple(chain.from_iterable(extraction.notes for extraction in extractions)),
    )


def _is_document(path: Path) -> bool:
    """Tell whether the beginning of a file states a version of OpenAPI or Swagger."""
    with path.open("rb") as file:
        return bool(_ROOT.search(file.read(_BEGINNING)))


def _url_name(url: str) -> str:
    """Return what a URL is called in messages and contracts; raises ``ConfigError`` for one with a user in it."""
    name = without_url_credentials(url)
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise ConfigError("source", name, expected="a URL without a user: download the document, and name the file")
    return name


def _root_document(folder: Path) -> Path | None:
    """Return the one OpenAPI document at the top of a folder without pages; raises ``ConfigError`` for several."""
    paths = (path for path in sorted(folder.iterdir()) if path.suffix.lower() in _DOCUMENT_SUFFIXES and path.is_file())
    roots = [path for path in paths if _ROOT.search(path.read_bytes()[:_BEGINNING])]
    if roots and _holds_pages(folder):
        return None
    if len(roots) > 1:
        expected = f"a folder with one OpenAPI document; name one of {', '.join(path.name for path in roots)}"
        raise ConfigError("source", str(folder), expected=expected)
    return roots[0] if roots else None


def _holds_pages(folder: Path) -> bool:
    """Tell whether a Markdown file below a folder describes an operation; a README doesn't."""
    from .dialects.dialect_registry import page_sign  # here because only a folder with a document asks

    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
        pages = (Path(root, name) for name in names if name.endswith(".md"))
        if any(page_sign().search(page.read_bytes()) for page in pages if page.is_file()):
            return True
    return False


def _missing(source: str) -> ConfigError:
    """Return the error of a source that isn't there: a URL that is written otherwise, or no name of anything."""
    if "://" in source:
        return ConfigError("source", _url_name(source), expected="a URL that is read: only http:// and https:// are")
    if _HOST.match(source):
        url = f"a file or a folder that is there; a URL is written with its scheme: https://{source}"
        return ConfigError("source", source, expected=url)
    if source.isdecimal():
        return ConfigError(
            "source", source, expected=f"there: no file has this name; a port is named by --port {source}"
        )
    path = Path(source)
    if folder := next((parent for parent in reversed(path.parents) if not _exists(parent)), None):
        folders = [str(sibling) for sibling in _siblings(folder) if sibling.is_dir()]
        return ConfigError("source", source, expected=f"there: no folder {folder}{did_you_mean(str(folder), folders)}")
    return ConfigError("source", source, _beside(path), "there: no file, folder or shipped contract has this name")


def _beside(path: Path) -> tuple[str, ...]:
    """Return what a path that isn't there may have meant: what may be a source beside it, and what is shipped."""
    suffixes = (*_DOCUMENT_SUFFIXES, *PAGE_SUFFIXES)
    near = (str(sibling) for sibling in _siblings(path) if sibling.suffix.lower() in suffixes or sibling.is_dir())
    return (*near, *shipped())


def _siblings(path: Path) -> list[Path]:
    """Return what stands beside a path, without what is hidden."""
    try:
        return sorted(path.with_name(entry.name) for entry in path.parent.iterdir() if not entry.name.startswith("."))
    except (OSError, ValueError):
        return []


def _exists(path: Path) -> bool:
    """Tell whether a path names anything; what can't be a path at all doesn't."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _document(path: Path | str, name: str, access: Access) -> Extraction:
    # here, as below, because what reads no such document, such as --help, needn't wait for it
    from .openapi.contract_file import read_stored

    stored = read_stored(path, name, MAX_DOCUMENT_BYTES) if isinstance(path, Path) else None
    if stored:
        return Extraction(stored)
    from .cache import without_garbage_collection
    from .sources.openapi_documents import document_source

    with without_garbage_collection():
        return document_source(path, name, access)
