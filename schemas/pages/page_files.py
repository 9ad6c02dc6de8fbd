"""Many page files → readings: in parallel, in the same order every time, and none of them lost without a word."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ..dialects.base import Dialect
from ..dialects.dialect_registry import dialects
from ..errors import PageError
from ..text_files import read_text
from .includes import Expanded, Including, expand, relocate
from .markdown import MAX_PAGE_BYTES, Page, parse_page
from .operation_page import recognised_blocks
from .page_reader import Reading, is_operation, read_operation_page

WORTH_A_PROCESS = 100
"""With fewer pages, starting processes takes longer than reading."""

_CHUNK = 16

Outcome = Reading | PageError | str
"""A page's reading, why it can't be read, or the name of a page that describes no operation."""

Progress = Callable[[int, int], None]
"""Told how many pages of how many are read."""


def find_pages(folder: Path) -> list[tuple[Path, str]]:
    """Return the Markdown files below a folder with their names, ordered by name."""
    base = str(folder)
    found = (os.path.join(root, name) for root, _, names in os.walk(base) for name in names if name.endswith(".md"))
    return sorted(((Path(path), _name(path, base)) for path in found), key=lambda one: one[1])


def _name(path: str, base: str) -> str:
    """Return the path below ``base`` with slashes; string work, for thousands of paths at every start."""
    return path[len(base) :].lstrip(os.sep).replace(os.sep, "/")


def read_pages(
    pages: Iterable[tuple[Path, str]], root: Path, progress: Progress | None = None, processes: int = 1
) -> Iterator[Outcome]:
    """Yield the outcome of each page, in order; includes are followed inside ``root`` only."""
    work = [(path, name, root) for path, name in pages]
    useful = min(processes, len(work) // WORTH_A_PROCESS + 1)
    for number, outcome in enumerate(_outcomes(work, useful), 1):
        if progress:
            progress(number, len(work))
        yield outcome


def _outcomes(work: list[tuple[Path, str, Path]], processes: int) -> Iterator[Outcome]:
    if processes == 1:
        yield from map(_read, work)
        return
    from concurrent.futures import ProcessPoolExecutor  # here because a few pages, or kept ones, don't need it
    from multiprocessing import get_context

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_read, work, chunksize=_CHUNK)


def _read(work: tuple[Path, str, Path]) -> Outcome:
    path, name, root = work
    try:
        return read_file(path, name, root)
    except PageError as error:
        return error


def read_file(path: Path, name: str, root: Path) -> Reading | str:
    """Read a page with what it includes; returns its name when it describes no operation, raises ``PageError``."""
    candidates = [one for one in _candidates(path, name, root) if is_operation(one.page, one.dialect)]
    if not candidates:
        return name
    chosen = max(candidates, key=lambda one: recognised_blocks(one.page, one.dialect))
    expanded = chosen.expanded
    if expanded is None:
        return read_operation_page(chosen.page, chosen.dialect)
    try:
        reading: Reading = relocate(read_operation_page(chosen.page, chosen.dialect), name, expanded.places)
    except PageError as error:
        place = expanded.places[error.line - 1] if 0 < error.line <= len(expanded.places) else (error.path, error.line)
        raise PageError(*place, error.message) from error
    return replace(reading, contradictions=(*reading.contradictions, *expanded.broken))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A page as a dialect has it; ``expanded`` is ``None`` where it includes nothing."""

    dialect: Dialect
    page: Page
    expanded: Expanded | None


def _candidates(path: Path, name: str, root: Path) -> Iterator[_Candidate]:
    text = read_text(path, name, MAX_PAGE_BYTES)
    parse = cache(lambda whole: parse_page(whole, name))
    for dialect in dialects():
        expanded = None
        if dialect.include and dialect.include.search(text):
            files = Including(root, dialect.include, lambda file, written: read_text(file, written, MAX_PAGE_BYTES))
            expanded = expand(text, path, name, files)
        yield _Candidate(dialect, parse(expanded.text if expanded else text), expanded)
