"""A page, or a folder of pages → one contract, and what was noticed on the way."""

from collections import Counter
from pathlib import Path

from ..cache import cache_key, load_cached, store_cached, without_garbage_collection
from ..combine import unite
from ..contract.model import Operation
from ..dialects.dialect_registry import dialects, find_dialect, plugin_files
from ..errors import PageError
from ..extraction import Extraction
from .link import link
from .page_files import Outcome, Progress, find_pages, read_file, read_pages
from .page_reader import Reading


def page_contract(path: Path) -> Extraction:
    """Read one page; raises ``PageError`` when it can't be read, or describes no operation."""
    reading = read_file(path, path.name, path.parent)
    if isinstance(reading, str):
        fences = " or ".join(dict.fromkeys(f"```{dialect.operation_fence}" for dialect in dialects()))
        raise PageError(reading, 0, f"no operation: no {fences} fence holds a request line")
    return _linked([reading])


def folder_contract(folder: Path, progress: Progress | None, cache_folder: Path | None, processes: int) -> Extraction:
    """Read the pages of a folder, or take what was kept of them; raises ``PageError`` when no operation is found."""
    pages = find_pages(folder)
    if cache_folder is None:
        return _folder(folder, pages, progress, processes)
    key = cache_key((*plugin_files(), *pages))
    read = load_cached(cache_folder, key, Extraction)
    if read is None:
        read = _folder(folder, pages, progress, processes)
        store_cached(cache_folder, key, read)
    return read


@without_garbage_collection()
def _folder(folder: Path, pages: list[tuple[Path, str]], progress: Progress | None, processes: int) -> Extraction:
    readings: list[Reading] = []
    failures: list[PageError] = []
    skipped: list[str] = []
    claimed: dict[str, Operation] = {}
    for outcome in read_pages(pages, folder, progress, processes):
        try:
            _sort(outcome, claimed, readings, skipped)
        except PageError as error:
            failures.append(error)
    if not readings:
        reason = f"; the first: {failures[0]}" if failures else ""
        counts = f"{len(skipped)} pages without an operation, {len(failures)} that can't be read{reason}"
        raise PageError(str(folder), 0, f"no operation found: {counts}")
    return _linked(readings, tuple(failures), tuple(skipped))


def _sort(outcome: Outcome, claimed: dict[str, Operation], readings: list[Reading], skipped: list[str]) -> None:
    """Put a page's outcome where it belongs; raises ``PageError`` for one that can't be used."""
    if isinstance(outcome, PageError):
        raise outcome
    if isinstance(outcome, str):
        skipped.append(outcome)
        return
    page = outcome.operation.page
    _claim(outcome.operation, page, claimed)
    readings.append(outcome)


def _claim(operation: Operation, page: str, claimed: dict[str, Operation]) -> None:
    """Raise ``PageError`` when an earlier page has the operation's label or id: a contract holds each once."""
    line = operation.evidence.line if operation.evidence else 0
    for kind, key in (("operation", operation.label), ("operation id", operation.id)):
        if earlier := claimed.get(key):
            raise PageError(page, line, f"the {kind} {key!r} is already described in {earlier.evidence}")
    claimed |= {operation.label: operation, operation.id: operation}


def _linked(readings: list[Reading], failures: tuple[PageError, ...] = (), skipped: tuple[str, ...] = ()) -> Extraction:
    names = Counter(reading.dialect for reading in readings)
    linked = [
        link((reading for reading in readings if reading.dialect == name), find_dialect(name))
        for name, _ in names.most_common()
    ]
    contract = unite(contract for contract, _ in linked)
    contradictions = {one for reading in readings for one in reading.contradictions}
    contradictions.update(one for _, among_pages in linked for one in among_pages)
    ordered = sorted(contradictions, key=lambda one: (one.page, one.line, one.rule))
    return Extraction(contract, tuple(ordered), failures, skipped)
