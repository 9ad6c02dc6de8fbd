"""Sources → one contract: pages, folders of pages, OpenAPI and Swagger files, and names of shipped contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .cache import key_of, load, store
from .contract import Contract, Operation
from .errors import ConfigError, PageError
from .link import link
from .memory import no_collecting
from .merge import Contradiction
from .notation import parse_document
from .openapi import from_openapi
from .page import read_text
from .pages import Outcome, Progress, find_pages, read_file, read_pages
from .reader import Reading
from .superoffice import SUPEROFFICE
from .union import unite
from .upgrade import upgrade

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest OpenAPI document that is read; the vendor files seen have up to about ten."""

_DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")
_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Extraction:
    """A contract and what was noticed on the way; nothing that was given vanishes without a line here."""

    contract: Contract
    contradictions: tuple[Contradiction, ...] = ()
    failures: tuple[PageError, ...] = ()
    """Pages that could not be read."""
    skipped: tuple[str, ...] = ()
    """Pages that describe no operation."""


def shipped() -> tuple[str, ...]:
    """Return the names of the contracts that come with docdouble."""
    return tuple(sorted(path.parent.name for path in _SHIPPED.glob("*/contract.json")))


def extract(
    sources: str | Sequence[str],
    progress: Progress | None = None,
    cache_folder: Path | None = None,
    processes: int = 1,
) -> Extraction:
    """Read one source or several, the surest first: what an earlier one states, a later one doesn't change.

    With a ``cache_folder``, a folder of pages that hasn't changed is not read again. More than one of ``processes``
    reads many pages in parallel; a script that asks for that needs a ``__main__`` guard, since they are spawned.

    Raises ``PageError``, ``ContractError`` or ``ConfigError`` when nothing comes of a source.
    """
    names = [sources] if isinstance(sources, str) else list(sources)
    extractions = [_extract(name, progress, cache_folder, processes) for name in names]
    return Extraction(
        unite(one.contract for one in extractions),
        tuple(found for one in extractions for found in one.contradictions),
        tuple(found for one in extractions for found in one.failures),
        tuple(found for one in extractions for found in one.skipped),
    )


def _extract(source: str, progress: Progress | None, cache_folder: Path | None, processes: int) -> Extraction:
    path = Path(source)
    exists = bool(source) and _exists(path)
    if source in shipped() and not exists:
        return Extraction(_document(_SHIPPED / source / "contract.json", source))
    if not exists:
        raise ConfigError("source", source, shipped(), "a page, a folder, an OpenAPI file or a shipped contract")
    if path.is_dir():
        return _cached_folder(path, progress, cache_folder, processes)
    if path.suffix.lower() in _DOCUMENT_SUFFIXES:
        return Extraction(_document(path, path.name))
    reading = read_file(path, path.name, path.parent)
    if isinstance(reading, str):
        fence = SUPEROFFICE.operation_fence
        raise PageError(reading, 0, f"no operation: no ```{fence} fence holds a request line")
    return _linked([reading])


def _exists(path: Path) -> bool:
    """Tell whether a path names anything; what can't be a path at all doesn't."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _document(path: Path, name: str) -> Contract:
    text = read_text(path, name, MAX_DOCUMENT_BYTES)
    return from_openapi(upgrade(parse_document(text, path.name), name), name)


def _claim(operation: Operation, page: str, claimed: dict[str, Operation]) -> None:
    """Raise ``PageError`` when an earlier page has the operation's label or id: a contract holds each once."""
    line = operation.evidence.line if operation.evidence else 0
    for kind, key in (("operation", operation.label), ("operation id", operation.id)):
        if earlier := claimed.get(key):
            raise PageError(page, line, f"the {kind} {key!r} is already described in {earlier.evidence}")
    claimed |= {operation.label: operation, operation.id: operation}


def _cached_folder(folder: Path, progress: Progress | None, cache_folder: Path | None, processes: int) -> Extraction:
    pages = find_pages(folder)
    if cache_folder is None:
        return _folder(folder, pages, progress, processes)
    key = key_of(pages)
    extraction = load(cache_folder, key, Extraction)
    if extraction is None:
        extraction = _folder(folder, pages, progress, processes)
        store(cache_folder, key, extraction)
    return extraction


@no_collecting()
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
    page = outcome.operation.evidence.page if outcome.operation.evidence else ""
    _claim(outcome.operation, page, claimed)
    readings.append(outcome)


def _linked(readings: list[Reading], failures: tuple[PageError, ...] = (), skipped: tuple[str, ...] = ()) -> Extraction:
    contract, among_pages = link(readings, SUPEROFFICE)
    contradictions = {one for reading in readings for one in reading.contradictions} | set(among_pages)
    ordered = sorted(contradictions, key=lambda one: (one.page, one.line, one.rule))
    return Extraction(contract, tuple(ordered), failures, skipped)
