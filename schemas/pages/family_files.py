"""Folders and files of a documentation family: read by its settings, or by guessed ones where there is no file."""

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from ..contract.model import Server
from ..dialects.dialect_registry import PAGES, SETTINGS_NAME
from ..dialects.family_settings import FamilySettings, read_settings
from ..errors import PageError
from ..extraction import Contradiction, Extraction
from ..resources.document_resources import with_document_resources
from ..text_files import read_text
from .assumed_answers import shown_answers, with_assumed_answers
from .common_paging import with_common_paging
from .documented_operations import documented_labels, read_operations
from .family_guess import GuessedFamily, guess_family, with_guessed_answers
from .family_operations import documented_servers, united, with_prefix
from .includes import relocate
from .link import link
from .mark_choice import chosen_lines
from .operation_marks import FoundMark, page_marks
from .page_includes import ParsedPages
from .page_reader import Reading
from .page_security import named_schemes, with_common_security
from .shown_requests import with_shown_requests
from .type_pages import TypePages, type_pages

_SETTINGS_BYTES = 1024 * 1024

_EMPTY = "there is no documentation: neither an OpenAPI file nor a page in Markdown, MDX, HTML or reStructuredText"


def load_settings(path: Path) -> FamilySettings:
    """Read a file of settings; raises ``PageError`` or ``ConfigError`` where it is none."""
    return read_settings(read_text(path, path.name, _SETTINGS_BYTES), path.name)


def matching(pages: Iterable[tuple[Path, str]], settings: FamilySettings) -> list[tuple[Path, str]]:
    """Return the pages that a family's settings mean."""
    patterns = [pattern.removeprefix("**/") for pattern in settings.files]
    return [(path, name) for path, name in pages if any(_fits(name, pattern) for pattern in patterns)]


def _fits(name: str, pattern: str) -> bool:
    return fnmatch.fnmatch(name if "/" in pattern else name.rpartition("/")[2], pattern)


def guessed_contract(source: Path, parsed: ParsedPages) -> tuple[GuessedFamily, Extraction]:
    """Return guessed settings and the contract of pages by them; raises ``PageError`` where there is no operation."""
    pages, failures = parsed.pages, parsed.failures
    if failures and not pages:
        raise failures[0]
    if not pages:
        raise PageError(str(source), 0, _EMPTY)
    guessed = guess_family(pages)
    if not guessed.settings.operation:
        raise PageError(str(source), 0, _no_operations(source, len(pages), guessed, failures))
    beside = _settings_folder(source)
    command = f"docdouble dialect guess {beside} -o {beside / SETTINGS_NAME}"
    note = f"{source}: read by guessed settings; `{command}` writes them down"
    read = _read_family(source, parsed, guessed.settings, (marks for _, marks in guessed.pages))
    guessed = with_guessed_answers(guessed, shown_answers(read.readings))
    return guessed, replace(_contract_of(source, read, guessed.settings, parsed), notes=(note,))


def _no_operations(source: Path, count: int, guessed: GuessedFamily, failures: Sequence[PageError]) -> str:
    """Return why nothing in a folder is taken for an operation, with what was looked for and what is there."""
    failed = f", {len(failures)} that can't be read{f'; the first: {failures[0]}' if failures else ''}"
    beside = _settings_folder(source)
    return (
        f"no operation found: {count} pages without an operation{failed}. Looked for a method and a path that recur "
        "in fences, tables, headings, components, front matter, or alone in a paragraph; "
        f"seen: {guessed.seen()}. Settings in {beside / SETTINGS_NAME} can say what an operation line looks like; "
        f"`docdouble dialect guess {beside}` prints some where one recurs"
    )


def _settings_folder(source: Path) -> Path:
    """Return the folder that holds the settings of a source: the source itself, or the folder of a single page."""
    return source.parent if source.is_file() else source


@dataclass(frozen=True)
class _ReadFamily:
    """Readings of a folder's pages, one for each operation, its servers, and the pages that describe nothing."""

    readings: list[Reading]
    servers: tuple[Server, ...]
    described: TypePages
    skipped: tuple[str, ...]


def family_contract(source: Path, parsed: ParsedPages, settings: FamilySettings) -> Extraction:
    """Return the contract of pages by a family's settings; raises ``PageError`` where they describe no operation."""
    return _contract_of(source, _read_family(source, parsed, settings, map(page_marks, parsed.pages)), settings, parsed)


def _read_family(
    source: Path, parsed: ParsedPages, settings: FamilySettings, marks: Iterable[Sequence[FoundMark]]
) -> _ReadFamily:
    """Return the readings of pages by their marks."""
    pages = parsed.pages
    lines = {page.name: chosen_lines(page, own_marks, settings) for page, own_marks in zip(pages, marks, strict=True)}
    labels = {name: frozenset(documented_labels(chosen)) for name, chosen in lines.items()}
    taken = frozenset(label for own_labels in labels.values() for label in own_labels)
    others = [page for page in pages if not labels[page.name]]
    with_lines = ((page, [line.block for line in lines[page.name]]) for page in pages if labels[page.name])
    described = type_pages(others, settings, with_lines)
    settings = described.settings
    schemes = named_schemes(others)
    readings: list[Reading] = []
    skipped: list[str] = []
    for page in pages:
        own = read_operations(page, lines[page.name], settings, taken, schemes)
        readings += own
        if not own and page.name not in described.pages | parsed.included:
            skipped.append(page.name)
    if not readings:
        raise PageError(str(source), 0, _no_operations(source, len(pages), guess_family(pages), parsed.failures))
    described_lines = (line for name, chosen in lines.items() if labels[name] for line in chosen)
    servers = documented_servers((line.path for line in described_lines), settings)
    sampled = with_common_paging(with_shown_requests(united(readings), pages, settings), pages)
    return _ReadFamily(sampled, servers, described, tuple(skipped))


def _contract_of(source: Path, read: _ReadFamily, settings: FamilySettings, parsed: ParsedPages) -> Extraction:
    answered = with_assumed_answers(read.readings) if settings.answers.writes == "resource" else read.readings
    one_each = with_common_security(read.described.completed(answered))
    one_each = with_prefix(one_each, settings.paths.prefix)
    contract, among_pages = link(one_each, PAGES)
    named = replace(contract, title=settings.title or source.resolve().name, servers=read.servers)
    contract = with_document_resources(named, PAGES.verbs)
    problems: set[Contradiction] = {problem for reading in one_each for problem in reading.contradictions}
    extraction = Extraction(contract, tuple(problems.union(among_pages)), tuple(parsed.failures), read.skipped)
    moved: Extraction = relocate(extraction, parsed.places) if parsed.places else extraction
    reported = {*moved.contradictions, *parsed.broken}
    return replace(moved, contradictions=tuple(sorted(reported, key=attrgetter("page", "line", "rule", "message"))))
