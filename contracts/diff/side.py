"""One of the two sides of a comparison: its contract, and where its pages stand."""

import gc
import os
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docdouble.schemas import ConfigError, Contract, ContractError, Evidence, Extraction, PageError, extract
from docdouble.schemas.extraction import DEFAULT_ACCESS, Access
from docdouble.schemas.http import without_url_credentials
from docdouble.schemas.text_files import real_path

from ..config.default_contract import cache_folder
from ..model.events import Quote
from ..model.text import counted, listed
from ..output.echo import remark
from ..reports.progress_bar import progress_bar
from ..reports.quotes import quotes
from .git import PREFIX, revision_files

_MOST_NAMED = 20
"""Pages that are named in one line."""


@dataclass(frozen=True, slots=True)
class Side:
    """Contract that was read of a source, ``name`` as the user wrote it.

    ``root`` is the folder that its pages are in while they are compared, ``folder`` the path of that folder from the
    repository's top; ``None`` where there is none. ``unread`` are the pages that can't be read.
    """

    name: str
    contract: Contract
    quote: Quote = lambda _: ""
    root: Path | None = None
    folder: str = ""
    unread: frozenset[str] = frozenset()

    def file(self, evidence: Evidence) -> str:
        """Return the file of a documentation line from the repository's top, or as the source has it."""
        page = evidence.page.partition("#/")[0]
        if self.root is None or not _is_below(self.root, page):
            return page
        return posixpath.join(self.folder, page)


@contextmanager
def opened(
    source: str, *, no_cache: bool = False, quiet: bool = False, access: Access = DEFAULT_ACCESS
) -> Iterator[Side]:
    """Read a source, and keep its pages where they can be quoted until the end.

    Says on stderr what was passed over; ``quiet`` tells only what can't be read. Raises ``PageError``,
    ``ContractError`` or ``ConfigError`` when nothing comes of it.
    """
    if source.startswith(PREFIX):
        with revision_files(source) as copy:
            for reason in copy.refused:
                remark(f"{source}: {reason}")
            extraction = _extracted(source, copy.path, no_cache, access)
            yield _side(source, extraction, copy.path, copy.root, copy.folder, quiet)
        return
    path = Path(source)
    root = path if path.is_dir() else path.parent if path.is_file() else None
    folder = _from_top(root) if root else None
    extraction = _extracted(source, path, no_cache, access)
    yield _side(source, extraction, path, root if folder is not None else None, folder or "", quiet)


def _side(source: str, extraction: Extraction, path: Path, root: Path | None, folder: str, quiet: bool) -> Side:
    gc.freeze()  # what was read stays to the end: no need to look at it again and again
    for failure in extraction.failures:
        remark(f"{source}: {failure}")
    if extraction.skipped and not quiet:
        count = counted(len(extraction.skipped), "page")
        named = listed(extraction.skipped, _MOST_NAMED)
        remark(f"{source}: {count} without an operation: {named}")
    unread = frozenset(failure.path for failure in extraction.failures)
    return Side(without_url_credentials(source), extraction.contract, quotes((str(path),)), root, folder, unread)


def _extracted(source: str, path: Path, no_cache: bool, access: Access) -> Extraction:
    """Read a source; errors name it as the user did."""
    name = str(path) if source.startswith(PREFIX) else source
    try:
        with progress_bar("reading", "pages") as progress:
            cached = cache_folder((name,), no_cache)
            return extract(name, progress, cached, processes=os.cpu_count() or 1, access=access)
    except PageError as error:
        whole = error.path in (name, path.name)
        raise PageError(source if whole else f"{source}: {error.path}", error.line, error.message) from error
    except ContractError as error:
        raise ContractError(error.pointer, error.message, source) from error
    except ConfigError as error:
        meant = (f"{PREFIX}{source}",) if ":" in source else ()
        expected = "a page, a folder, an OpenAPI file, a shipped contract or git:REVISION:PATH"
        raise ConfigError(error.key, source, (*meant, *error.valid), expected) from error


def _from_top(folder: Path) -> str | None:
    """Return the path of a folder from the top of the repository around us, else from here; ``None`` outside of it."""
    here = Path.cwd().resolve()
    top = next((parent for parent in (here, *here.parents) if (parent / ".git").exists()), here)
    path = folder.resolve()
    return path.relative_to(top).as_posix().removeprefix(".") if path.is_relative_to(top) else None


def _is_below(root: Path, page: str) -> bool:
    """Tell whether a page is a file in a folder; a contract may be somebody else's, and name any file."""
    path = real_path(root / page)
    return path.is_relative_to(root.resolve()) and path.is_file()
