"""Quotes of documentation lines."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from docdouble.schemas import Evidence
from docdouble.schemas.source import split_name
from docdouble.schemas.text_files import real_path

from ..model.events import Quote
from ..model.text import cut

_MOST_BYTES = 4 * 1024 * 1024
"""Larger files are not quoted."""

_LONGEST = 400
"""Characters of a quote: a whole document may stand on one line."""


def quoting(lines_of: Callable[[str], Sequence[str] | None]) -> Quote:
    """Return the function that quotes the line of an evidence; ``lines_of`` reads a page, ``None`` if it can't."""
    read = cache(lines_of)

    def quote(evidence: Evidence) -> str:
        lines = read(evidence.page) if evidence.line > 0 else None
        return cut(lines[evidence.line - 1].strip(), _LONGEST) if lines and evidence.line <= len(lines) else ""

    return quote


def quotes(sources: tuple[str, ...]) -> Quote:
    """Return the function that quotes a line of the sources' pages, and nothing of a page that is gone."""
    roots = [folder for source in sources for folder in _folders(Path(split_name(source)[1]))]

    def lines(page: str) -> list[str] | None:
        path = next((inside for root in roots if (inside := _inside(root, page))), None)
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path else None

    return quoting(lines)


def _folders(source: Path) -> tuple[Path, ...]:
    return (source,) if source.is_dir() else (source.parent,) if source.is_file() else ()


def _inside(root: Path, page: str) -> Path | None:
    """Return the file of a page below a folder; a contract may be somebody else's, and name any file."""
    try:
        path = real_path(root / page)
        is_quoted = path.is_relative_to(root.resolve()) and path.is_file() and path.stat().st_size <= _MOST_BYTES
    except (OSError, ValueError):  # what can't be a path at all
        return None
    return path if is_quoted else None
