"""Documentation lines, quoted."""

from collections.abc import Callable, Sequence
from functools import cache

from docdouble.schemas import Evidence

from ..events import Quote


def quoting(lines_of: Callable[[str], Sequence[str] | None]) -> Quote:
    """Return what quotes the line of an evidence; ``lines_of`` reads a page, ``None`` where it can't be read."""
    read = cache(lines_of)

    def quote(evidence: Evidence) -> str:
        lines = read(evidence.page) if evidence.line > 0 else None
        return lines[evidence.line - 1].strip() if lines and evidence.line <= len(lines) else ""

    return quote
