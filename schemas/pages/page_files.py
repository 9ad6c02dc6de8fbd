"""Files and folders of reference pages: read in parallel, in the same order every time, and linked to one contract."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, count
from operator import attrgetter
from pathlib import Path

from ..cache import without_garbage_collection
from ..combine.unite_contracts import unite
from ..contract.model import Operation
from ..dialects.base import Dialect
from ..dialects.dialect_registry import dialects, find_dialect, page_sign
from ..errors import PageError
from ..extraction import Extraction
from ..text_files import read_text
from .blocks import Fence, Heading, Page, PageTable
from .documents import MAX_PAGE_BYTES, parse_page
from .family_files import family_contract, guessed_contract, load_settings, matching
from .family_guess import GuessedFamily, guess_family
from .includes import Expanded, expand, relocate, relocated_error
from .link import link
from .operation_page import recognised_blocks
from .page_folder import Progress, find_pages, refused_page, settings_file
from .page_includes import SUFFIXES, DialectIncluding, parsed
from .page_reader import Reading, is_operation, read_operation_page

WORTH_A_PROCESS = 100
"""Number of pages below which starting processes takes longer than reading."""

_CHUNK = 16

_TRIED = 40
"""Pages that are looked at to decide whether a folder is of a shipped dialect."""

Outcome = Reading | PageError | str
"""A page's reading, why it can't be read, or the name of a page that describes no operation."""


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
    if refused := refused_page(path, name, root):
        return refused
    try:
        return read_file(path, name, root)
    except PageError as error:
        return error


def read_file(path: Path, name: str, root: Path, operation_id: str = "") -> Reading | str:
    """Read a page with what it includes; returns its name when it describes no operation, raises ``PageError``.

    The operation has the id that is given, else that of the page.
    """
    candidates = list(_candidates(path, name, root))
    if not candidates:
        return name
    chosen = max(candidates, key=lambda candidate: recognised_blocks(candidate.page, candidate.dialect))
    page, expanded = chosen.page, chosen.expanded
    if operation_id:
        page = replace(page, front_matter={**page.front_matter, "uid": operation_id})
    if expanded is None:
        return read_operation_page(page, chosen.dialect)
    try:
        reading: Reading = relocate(read_operation_page(page, chosen.dialect), {name: expanded.places})
    except PageError as error:
        raise relocated_error(error, expanded) from error
    return replace(reading, contradictions=(*reading.contradictions, *expanded.broken))


@dataclass(frozen=True, slots=True)
class _PageInDialect:
    """A page as a dialect has it; ``expanded`` is ``None`` where it includes nothing."""

    dialect: Dialect
    page: Page
    expanded: Expanded | None


def _candidates(path: Path, name: str, root: Path) -> Iterator[_PageInDialect]:
    """Yield a page in each dialect in which it describes an operation."""
    text = read_text(path, name, MAX_PAGE_BYTES)
    parse = cache(lambda whole: parse_page(whole, name))
    for dialect in dialects():
        expanded = None
        if dialect.include and dialect.include.search(text):
            expanded = expand(text, path, name, DialectIncluding(root, dialect.include))
        page = parse(expanded.text if expanded else text)
        if is_operation(page, dialect):
            yield _PageInDialect(dialect, page, expanded)


def _knows_more(candidate: _PageInDialect) -> bool:
    """Tell whether a dialect recognises anything of a page but the fences of its operation."""
    fence = candidate.dialect.operation_fence
    fences = sum(isinstance(block, Fence) and block.info == fence for block in candidate.page.blocks)
    return recognised_blocks(candidate.page, candidate.dialect) > fences


def _has_nothing_more(candidate: _PageInDialect) -> bool:
    """Tell whether a page is about its operation and has no table, list or fence that another family may know."""
    blocks = candidate.page.blocks
    fence = next((number for number, block in enumerate(blocks) if isinstance(block, Fence)), len(blocks))
    headings = sum(isinstance(block, Heading) for block in blocks[:fence])
    return headings <= 1 and not any(isinstance(block, PageTable | Fence) for block in blocks[fence + 1 :])


def page_contract(path: Path, dialect: Path | None = None) -> Extraction:
    """Read one page; raises ``PageError`` when it can't be read, or describes no operation.

    It is read as a folder of one page is: by the settings that are given, by those beside it, by a shipped dialect, or
    by guessed settings.
    """
    settings, page = dialect or settings_file(path.parent), [(path, path.name)]
    if settings or not fits_dialect(page, path.parent):
        return _by_settings(path, page, path.parent, settings)
    reading = read_file(path, path.name, path.parent)
    if isinstance(reading, str):
        fences = " or ".join(dict.fromkeys(f"```{dialect.operation_fence}" for dialect in dialects()))
        raise PageError(reading, 0, f"no operation: no {fences} fence holds a request line")
    return _linked([reading])


@without_garbage_collection()
def read_folder(
    folder: Path, pages: list[tuple[Path, str]], settings_path: Path | None, progress: Progress | None, processes: int
) -> Extraction:
    """Read the pages of a folder; raises ``PageError`` when no operation is found."""
    markdown = markdown_only(pages)
    if not settings_path and fits_dialect(markdown, folder):
        extraction = _folder(folder, markdown, progress, processes)
        others = tuple(name for _, name in pages if not name.lower().endswith(SUFFIXES))
        return replace(extraction, skipped=(*extraction.skipped, *others)) if others else extraction
    return _by_settings(folder, pages, folder, settings_path)


def _by_settings(source: Path, pages: list[tuple[Path, str]], root: Path, settings_path: Path | None) -> Extraction:
    """Read pages by the settings of a file, or by guessed ones."""
    settings = load_settings(settings_path) if settings_path else None
    read = parsed(matching(pages, settings) if settings else pages, root)
    return family_contract(source, read, settings) if settings else guessed_contract(source, read)[1]


def guess_folder(folder: Path) -> tuple[GuessedFamily, Extraction]:
    """Return guessed settings of a folder's pages, and what is read by them; raises ``PageError`` where nothing is."""
    return guessed_contract(folder, parsed(find_pages(folder), folder))


def describes_operations(folder: Path) -> bool:
    """Tell whether a folder's pages describe operations, by the settings beside them or as far as can be guessed."""
    if settings_file(folder):
        return True
    pages = parsed(find_pages(folder), folder).pages
    return bool(guess_family(pages).settings.operation)


def markdown_only(pages: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Return the pages that a shipped dialect may be of."""
    return [page for page in pages if page[1].lower().endswith(SUFFIXES)]


def fits_dialect(pages: list[tuple[Path, str]], folder: Path) -> bool:
    """Tell whether a shipped dialect knows more of a folder's pages than the fence of their operations."""
    known = unknown = 0
    for path, name in pages:
        if known + unknown == _TRIED:
            break
        fits = None if refused_page(path, name, folder) else _fits(path, name, folder)
        known, unknown = known + (fits is True), unknown + (fits is False)
    return known > unknown


def _fits(path: Path, name: str, folder: Path) -> bool | None:
    """Tell whether a page is of a shipped dialect, ``None`` where it describes no operation in any of them."""
    try:
        text = read_text(path, name, MAX_PAGE_BYTES)
    except PageError:
        return None  # which reading it reports
    includes = any(dialect.include and dialect.include.search(text) for dialect in dialects())
    if not includes and not page_sign().search(text.replace("\r", "\n").encode()):
        return None
    try:
        candidates = list(_candidates(path, name, folder))
    except PageError:
        return True  # it is meant as an operation, and reading it reports what is wrong
    return (
        any(_knows_more(candidate) or _has_nothing_more(candidate) for candidate in candidates) if candidates else None
    )


def _folder(folder: Path, pages: list[tuple[Path, str]], progress: Progress | None, processes: int) -> Extraction:
    readings: list[Reading] = []
    failures: list[PageError] = []
    skipped: list[str] = []
    claimed: dict[str, Operation] = {}
    for (path, name), read in zip(pages, read_pages(pages, folder, progress, processes), strict=True):
        outcome = read
        if isinstance(read, Reading) and read.operation.id in claimed and read.operation.label not in claimed:
            outcome = read_file(path, name, folder, _free_id(read.operation.id, name, claimed))
        if isinstance(outcome, str):
            skipped.append(outcome)
        elif isinstance(outcome, PageError):
            failures.append(outcome)
        elif earlier := claimed.get(outcome.operation.label):
            failures.append(_described_twice(outcome.operation, earlier))
        else:
            claimed |= {outcome.operation.label: outcome.operation, outcome.operation.id: outcome.operation}
            readings.append(outcome)
    if not readings:
        reason = f"; the first: {failures[0]}" if failures else ""
        counts = f"{len(skipped)} pages without an operation, {len(failures)} that can't be read{reason}"
        raise PageError(str(folder), 0, f"no operation found: {counts}")
    return _linked(readings, tuple(failures), tuple(skipped))


def _free_id(wanted: str, name: str, claimed: Container[str]) -> str:
    """Return an id that no operation has: the path of its page, else the wanted one with a number."""
    path = name.removesuffix(Path(name).suffix).replace("/", "_")
    return next(
        candidate
        for candidate in chain((path,), (f"{wanted}_{number}" for number in count(2)))
        if candidate not in claimed
    )


def _described_twice(operation: Operation, earlier: Operation) -> PageError:
    """Return the error where an earlier page describes the operation, which a contract holds once."""
    line = operation.evidence.line if operation.evidence else 0
    message = f"the operation {operation.label!r} is already described in {earlier.evidence}"
    return PageError(operation.page, line, message)


def _linked(readings: list[Reading], failures: tuple[PageError, ...] = (), skipped: tuple[str, ...] = ()) -> Extraction:
    names = Counter(reading.dialect for reading in readings)
    linked = [
        link((reading for reading in readings if reading.dialect == name), find_dialect(name))
        for name, _ in names.most_common()
    ]
    contract = unite(contract for contract, _ in linked)
    of_pages = {contradiction for reading in readings for contradiction in reading.contradictions}
    contradictions = of_pages.union(*(among_pages for _, among_pages in linked))
    ordered = sorted(contradictions, key=attrgetter("page", "line", "rule"))
    return Extraction(contract, tuple(ordered), failures, skipped)
