"""Check of a documentation family's settings: what is read of its pages by them, and what is not understood."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..contract.model import Contract, Evidence, Grade, evidence_of, types_of
from ..contract.paths import unnamed_template
from ..dialects.family_settings import FamilySettings
from ..errors import ConfigError
from ..extraction import Extraction
from .blocks import Page, PageTable
from .family_files import family_contract, guessed_contract, load_settings, matching
from .family_guess import mark_in_words
from .includes import relocate
from .inline_text import plain_text
from .mark_choice import ScoredMark, chosen_lines, score_marks
from .named_rows import has_named_rows
from .operation_marks import FoundMark, page_marks
from .operation_sections import operation_sections
from .page_files import fits_dialect, markdown_only
from .page_folder import find_pages, settings_file
from .page_includes import parsed
from .page_samples import PageSample, UnreadableSample
from .parameter_rows import column_roles
from .request_lines import path_templates
from .section_contents import section_contents

_LISTS = ("table", "table-head", "code", "heading", "component", "frontmatter", "markup", "fields")
"""Kinds of marks of which an index of operations may consist."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Part of the pages that means nothing to the settings, how often it is there, and where first."""

    what: str
    count: int
    page: str
    line: int


@dataclass(frozen=True, slots=True)
class FamilyCheck:
    """Account of a folder's pages: what is read of them, and what is not understood.

    ``settings`` is the file that they are read by, empty for a guess. ``samples`` counts them by ``strict``, ``mended``
    and ``unreadable``. ``includes`` are those that can't be followed.
    """

    settings: str
    pages: int
    operations: int
    without_operation: tuple[str, ...]
    failures: tuple[str, ...]
    headers: tuple[NotUnderstood, ...]
    types: tuple[NotUnderstood, ...]
    parameters: int
    untyped_parameters: int
    samples: dict[str, int]
    unreadable: tuple[NotUnderstood, ...]
    only_listed: tuple[NotUnderstood, ...]
    unused_marks: tuple[str, ...]
    includes: tuple[NotUnderstood, ...] = ()


@dataclass(frozen=True)
class _MarkedPage:
    page: Page
    marks: list[FoundMark]
    lines: list[FoundMark]


def check_family(folder: Path, dialect: Path | None = None) -> FamilyCheck:
    """Check the settings of ``dialect``, of a file beside a folder's pages, or guessed ones.

    Raises ``PageError`` where the pages describe no operation, ``ConfigError`` where they are of an installed dialect.
    """
    files, file = find_pages(folder), dialect or settings_file(folder)
    if not file and fits_dialect(markdown_only(files), folder):
        raise ConfigError("FOLDER", str(folder), expected="of a family without a dialect that is installed")
    settings = load_settings(file) if file else None
    read = parsed(matching(files, settings) if settings else files, folder)
    if settings:
        extraction = family_contract(folder, read, settings)
    else:
        guessed, extraction = guessed_contract(folder, read)
        settings = guessed.settings
    pages = read.pages
    marks = map(page_marks, pages)
    marked = [_MarkedPage(page, own, chosen_lines(page, own, settings)) for page, own in zip(pages, marks, strict=True)]
    scored = score_marks([(page.page, page.marks) for page in marked], settings)
    counts, unreadable = _samples(marked, settings)
    parameters = [parameter for operation in extraction.contract.operations for parameter in operation.parameters]
    return FamilyCheck(
        settings=file.name if file else "",
        pages=len(pages),
        operations=len(extraction.contract.operations),
        without_operation=extraction.skipped,
        failures=tuple(map(str, extraction.failures)),
        headers=relocate(_counted(_unclaimed(marked, settings)), read.places),
        types=_counted(_types(extraction)),
        parameters=len(parameters),
        untyped_parameters=sum(not _is_typed(parameter.schema) for parameter in parameters),
        samples=counts,
        unreadable=relocate(unreadable, read.places),
        only_listed=relocate(_only_listed(scored, extraction.contract, settings), read.places),
        unused_marks=tuple(mark_in_words(kind) for kind in scored if not _is_chosen(kind, settings)),
        includes=tuple(
            NotUnderstood(contradiction.message, 1, contradiction.page, contradiction.line)
            for contradiction in read.broken
        ),
    )


def _is_chosen(kind: ScoredMark, settings: FamilySettings) -> bool:
    return any((kind.mark, kind.word) == (mark.mark, mark.word) for mark in settings.operation)


def _is_typed(schema: dict[str, object]) -> bool:
    evidence = evidence_of(schema)
    return bool(types_of(schema)) and (evidence is None or evidence.grade is not Grade.ASSUMED)


def _counted(places: Iterator[tuple[str, str, int]]) -> tuple[NotUnderstood, ...]:
    """Return what stands at places, the commonest first, each with its first place."""
    listed = list(places)
    counts = Counter(what for what, _, _ in listed)
    first = {what: (page, line) for what, page, line in reversed(listed)}
    return tuple(NotUnderstood(what, count, *first[what]) for what, count in counts.most_common())


def _unclaimed(marked: Sequence[_MarkedPage], settings: FamilySettings) -> Iterator[tuple[str, str, int]]:
    """Yield the headers of tables of which no row is read, and the columns of others that have no role."""
    for page in marked:
        own = {mark.block for mark in page.marks if mark.mark in ("table", "table-head")}
        for number, block in enumerate(page.page.blocks if page.lines else ()):
            if not isinstance(block, PageTable) or number in own or not any(block.header) or has_named_rows(block):
                continue
            columns = column_roles(block.header, settings.columns).columns
            words = list(map(plain_text, block.header))
            if "name" in columns or "status" in columns:
                words = [word for at, word in enumerate(words) if at not in columns.values()]
            if any(words):
                yield " | ".join(filter(None, words)), page.page.name, block.line


def _types(extraction: Extraction) -> Iterator[tuple[str, str, int]]:
    """Yield the spellings of types that mean nothing."""
    for problem in extraction.contradictions:
        if problem.rule == "unreadable-type":
            yield problem.message.partition(" of ")[0].removeprefix("type "), problem.page, problem.line


def _samples(
    marked: Sequence[_MarkedPage], settings: FamilySettings
) -> tuple[dict[str, int], tuple[NotUnderstood, ...]]:
    """Return how many samples are read strictly, after mending and not at all, and those that aren't."""
    seen: dict[tuple[str, int], PageSample | UnreadableSample] = {}
    for marked_page in marked:
        for section in operation_sections(marked_page.page, marked_page.lines, settings):
            contents = section_contents(section, marked_page.page.name, settings)
            for sample in contents.samples:
                if sample.lines is not None:
                    seen.setdefault((marked_page.page.name, sample.line), sample)
            for broken in contents.unreadable:
                seen.setdefault((marked_page.page.name, broken.line), broken)
    counts = {"strict": 0, "mended": 0, "unreadable": 0}
    unreadable: list[NotUnderstood] = []
    for (page, line), read in sorted(seen.items(), key=lambda pair: pair[0]):
        if isinstance(read, UnreadableSample):
            counts["unreadable"] += 1
            unreadable.append(NotUnderstood(read.message, 1, page, line))
        else:
            counts["strict" if read.how == "strict" else "mended"] += 1
    return counts, tuple(unreadable)


def _only_listed(
    scored: Sequence[ScoredMark], contract: Contract, settings: FamilySettings
) -> tuple[NotUnderstood, ...]:
    """Return the operations that stand in marks which aren't used, and are described nowhere."""
    known = {(operation.method, unnamed_template(operation.path)) for operation in contract.operations}
    paths = {path for _, path in known}
    listed: dict[tuple[str, str], tuple[str, Evidence]] = {}
    for kind in scored:
        if kind.mark not in _LISTS or _is_chosen(kind, settings):
            continue
        for page, marks in kind.pages.items():
            for mark in marks:
                for template in path_templates(mark.path):
                    key = mark.method, unnamed_template(template.path)
                    is_known = key in known or (mark.method in settings.methods and key[1] in paths)
                    if not is_known and not any(path.endswith(key[1]) for path in paths):
                        place = Evidence(Grade.STATED, page, mark.line)
                        listed.setdefault(key, (f"{mark.method} {template.path}", place))
    return tuple(NotUnderstood(label, 1, place.page, place.line) for label, place in listed.values())
