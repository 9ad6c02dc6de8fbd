"""Folders of reference pages: which files are pages, and what is kept of a folder that hasn't changed.

Nothing that reads pages is imported before there is something to read: a server of a folder that is kept starts sooner.
"""

import os
import re
from collections.abc import Callable, Iterable
from operator import itemgetter
from pathlib import Path
from stat import S_ISREG

from ..cache import cache_key, load_cached, store_cached
from ..dialects.dialect_registry import SETTINGS_NAME, plugin_files
from ..errors import PageError
from ..extraction import Extraction
from ..text_files import real_path

HTML_SUFFIXES = (".html", ".htm")
RST_SUFFIX = ".rst"
PAGE_SUFFIXES = (".md", ".mdx", ".markdown", *HTML_SUFFIXES)

INCLUDED_SUFFIXES = (".inc", ".txt", ".json", ".yaml", ".yml")
"""Endings of files that are no pages and that pages of reStructuredText may include, or look something up in."""

_HTTPDOMAIN = re.compile(rb"^\s*\.\. +http:[a-z]+::", re.MULTILINE)
_BEGINNING = 256 * 1024

Progress = Callable[[int, int], None]
"""Function that is called with the number of pages that are read, and of all."""


def find_pages(folder: Path) -> list[tuple[Path, str]]:
    """Return the pages below a folder with their names, ordered by name.

    Files of reStructuredText are pages where none of them has directives of httpdomain, which has a reader of its own.
    """
    base = str(folder)
    paths, plain = [], []
    for root, folders, names in os.walk(base):
        folders[:] = [name for name in folders if name != "node_modules" and (root != base or not name.startswith("."))]
        paths += [os.path.join(root, name) for name in names if name.lower().endswith(PAGE_SUFFIXES)]
        plain += [os.path.join(root, name) for name in names if name.lower().endswith(RST_SUFFIX)]
    if not any(is_of_httpdomain(Path(path)) for path in plain if os.path.isfile(path)):
        paths += plain
    return sorted(((Path(path), _name(path, base)) for path in paths), key=itemgetter(1))


def is_of_httpdomain(path: Path) -> bool:
    """Tell whether a file has directives of httpdomain, which are a format of their own; no file has none."""
    try:
        with path.open("rb") as file:
            return _HTTPDOMAIN.search(file.read(_BEGINNING)) is not None
    except OSError:
        return False


def refused_page(path: Path, name: str, root: Path) -> PageError | None:
    """Return why a page of a folder is not even opened: it is no regular file, or a link that leads out."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return None  # which reading it reports
    if not S_ISREG(mode):
        return PageError(name, 0, "no regular file but a pipe, a socket or a device: it is not read")
    if os.path.islink(path) and not real_path(path).is_relative_to(root.resolve()):
        return PageError(name, 0, "a link that leads out of the folder that is read: it is not followed")
    return None


def _name(path: str, base: str) -> str:
    """Return the path below ``base`` with slashes; string work, for thousands of paths at every start."""
    return path[len(base) :].lstrip(os.sep).replace(os.sep, "/")


def settings_file(folder: Path) -> Path | None:
    """Return the file of a family's settings for a folder of pages: in it, or in the folder above it."""
    beside = (folder / SETTINGS_NAME, folder.resolve().parent / SETTINGS_NAME)
    return next((path for path in beside if path.is_file()), None)


def folder_contract(
    folder: Path,
    progress: Progress | None,
    cache_folder: Path | None,
    processes: int,
    dialect: Path | None = None,
) -> Extraction:
    """Read the pages of a folder, or take what was kept of them; raises ``PageError`` when no operation is found.

    They are read by the settings of ``dialect``, else by those beside them, else by a shipped dialect that they fit,
    else by guessed settings.
    """
    pages = find_pages(folder)
    settings = dialect or settings_file(folder)

    def read() -> Extraction:
        from .page_files import read_folder  # here because it takes 0.1 s to import, which kept pages needn't wait for

        return read_folder(folder, pages, settings, progress, processes)

    if cache_folder is None or any(refused_page(*page, folder) for page in pages):
        return read()
    beside = [*([(settings, settings.name)] if settings else []), *_included_files(folder, pages)]
    key = cache_key((*plugin_files(), *beside, *pages))
    kept = load_cached(cache_folder, key, Extraction)
    if kept is None:
        kept = read()
        store_cached(cache_folder, key, kept)
    return kept


def _included_files(folder: Path, pages: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return the files that pages of reStructuredText may include and that are no pages, with their names."""
    if not any(name.lower().endswith(RST_SUFFIX) for _, name in pages):
        return []
    files = (path for path in folder.rglob("*") if path.suffix.lower() in INCLUDED_SUFFIXES and path.is_file())
    return sorted((path, _name(str(path), str(folder))) for path in files)
