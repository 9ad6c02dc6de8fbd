"""Choice of the marks that are operation lines among all that may be, scored over a whole folder."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..dialects.family_settings import FamilySettings, Mark, OperationMark
from .blocks import Fence, Heading, Label, Page, Paragraph
from .headed_blocks import headings_above
from .operation_marks import FoundMark
from .request_lines import METHODS, path_templates
from .section_kinds import section_kind

_PRIORS = {
    "component": 6.0,
    "markup": 6.0,
    "frontmatter": 6.0,
    "table": 5.0,
    "table-head": 5.0,
    "index": 5.0,
    "code": 5.0,
    "fields": 4.5,
    "heading": 4.0,
    "fence": 4.0,
    "prose": 1.5,
    "curl": 1.0,
}
_UNDER_HEADING = 2.0
_VARIABLE = re.compile(r"[{<(\[]|/:\w|\$\w")
_TEMPLATE = re.compile(r"/(?:\{\w|<\w|:\w)")
_USUAL_HEADING = re.compile(
    r"endpoints?|http (?:requests?|methods?)|.*\bhttp methods?|definition|(?:resource |request )?ur[il]|route"
)
_LISTS = ("table", "code", "index", "fence")
"""Marks that may list operations which stand elsewhere."""

_COVERED = 0.5
"""Part of the pages that has to have a mark where nothing but examples would look so."""

_SHORT = 40
"""Characters of a line that says what stands below it, at most."""

_TEMPLATES = 10
"""Different operations with variables in fences from which on these are no examples."""


@dataclass
class ScoredMark:
    """A kind of mark over a folder: its marks by page, the headings that it recurs under, and its score.

    ``described`` are the pages whose headings name parts of operations: parameters, bodies, responses.
    """

    mark: Mark
    word: str
    pages: dict[str, list[FoundMark]] = field(default_factory=dict)
    under: tuple[str, ...] = ()
    score: float = 0.0
    described: frozenset[str] = frozenset()

    @property
    def marks(self) -> list[FoundMark]:
        """All marks."""
        return [mark for marks in self.pages.values() for mark in marks]

    @property
    def operations(self) -> frozenset[tuple[str, str]]:
        """Methods and paths, whatever the variables are called."""
        return frozenset((mark.method, re.sub(r"[{<:][^/]*", "{}", mark.path)) for mark in self.marks)


def score_marks(pages: Sequence[tuple[Page, list[FoundMark]]], settings: FamilySettings) -> list[ScoredMark]:
    """Return all kinds of marks in a folder, the best first; one that can't be an operation line has no score."""
    kinds: dict[tuple[Mark, str], ScoredMark] = {}
    first: defaultdict[tuple[Mark, str], int] = defaultdict(int)
    described = frozenset(page.name for page, marks in pages if marks and _names_parts(page, settings))
    for page, marks in pages:
        for mark in marks:
            key = (mark.mark, mark.word)
            kind = kinds.setdefault(key, ScoredMark(*key, described=described))
            kind.pages.setdefault(page.name, []).append(mark)
        if marks:
            first[marks[0].mark, marks[0].word] += 1
    in_fences = _in_fences(kinds.values(), settings)
    for kind in kinds.values():
        kind.under = _recurring(kind, settings) if kind.mark in ("fence", "code", "heading") else ()
        kind.score = _score(kind, first[kind.mark, kind.word], len(pages), settings, in_fences)
    for kind in kinds.values():
        if _is_index(kind, kinds.values()):
            kind.score = 0.0
    only_weak = not any(kind.score for kind in kinds.values() if kind.mark not in ("curl", "prose"))
    for kind in kinds.values():
        if kind.mark == "prose" or (kind.mark == "curl" and not only_weak):
            kind.score = 0.0
    return sorted(kinds.values(), key=lambda kind: (-kind.score, -len(kind.marks), kind.mark, kind.word))


def _names_parts(page: Page, settings: FamilySettings) -> bool:
    """Tell whether headings of a page name two parts of operations: parameters, bodies, responses."""
    texts = (block.text for block in page.blocks if isinstance(block, Heading | Label))
    kinds = (section_kind(text, settings.sections) for text in texts)
    return len({kind.place for kind in kinds if kind.is_part}) > 1


def _recurring(kind: ScoredMark, settings: FamilySettings) -> tuple[str, ...]:
    """Return the headings that a kind of mark recurs under: those that name an operation line, else the commonest."""
    counts = Counter(mark.under for mark in kind.marks)
    usual = [under for under, _ in counts.most_common() if _USUAL_HEADING.fullmatch(under)]
    if sum(counts[under] for under in usual) >= 0.3 * len(kind.marks):
        return tuple(usual)
    top, count = counts.most_common(1)[0]
    named = top in settings.sections.operation or not section_kind(top, settings.sections).says_something
    return (top,) if top and named and count >= 3 and count >= 0.6 * len(kind.marks) else ()


def _is_sample(mark: FoundMark, settings: FamilySettings) -> bool:
    kind = section_kind(mark.under, settings.sections)
    return kind.is_sample or kind.place == "skip" or (kind.side == "response" and mark.is_sample)


def _in_fences(kinds: Iterable[ScoredMark], settings: FamilySettings) -> bool:
    """Tell whether so many operations with variables stand in fences that these are no examples."""
    fences = (mark for kind in kinds if kind.mark == "fence" and not kind.word.endswith("+") for mark in kind.marks)
    templates = {
        (fence.method, fence.path)
        for fence in fences
        if _TEMPLATE.search(fence.path) and not _is_sample(fence, settings)
    }
    return len(templates) >= _TEMPLATES


def _score(kind: ScoredMark, first: int, pages: int, settings: FamilySettings, in_fences: bool) -> float:
    prior = _PRIORS[kind.mark]
    marks = [mark for mark in kind.marks if mark.under in kind.under] if kind.under else kind.marks
    marks = marks if kind.under else [mark for mark in marks if not _is_sample(mark, settings)]
    if not marks:
        return 0.0
    own = {name for name, on_page in kind.pages.items() if any(mark in marks for mark in on_page)}
    variables = sum(bool(_VARIABLE.search(mark.path)) for mark in marks) / len(marks)
    usual = any(_USUAL_HEADING.fullmatch(under) for under in kind.under)
    if kind.word.endswith("+") or (kind.mark in ("fence", "curl") and not usual):
        prior = 2.0 if kind.word.endswith("+") else prior
        are_bare = all(mark.path.startswith("/") and "?" not in mark.path for mark in marks)
        covered = (are_bare and own <= kind.described) or (
            len(own) >= _COVERED * pages and (variables or len(marks) >= 3)
        )
        if not covered and not (in_fences and kind.mark == "fence" and variables and not kind.word.endswith("+")):
            return 0.0
    elif kind.word == "item":
        prior = 3.0
    elif kind.under and kind.mark in ("fence", "heading"):
        prior += _UNDER_HEADING
    operations = len({(mark.method, mark.path) for mark in marks})
    return prior * (0.35 + variables) * math.sqrt(len(own) * operations) * (0.7 + 0.3 * first / len(own))


def _is_index(kind: ScoredMark, kinds: Iterable[ScoredMark]) -> bool:
    """Tell whether a kind only lists operations that stand elsewhere, one below the other."""
    if kind.mark not in _LISTS:
        return False
    most = 2 if kind.mark == "code" else 3
    is_block = kind.mark in ("table", "fence") or (kind.mark == "code" and kind.word != "item")
    blocks = len({(mark.block if is_block else 0, page) for page, marks in kind.pages.items() for mark in marks})
    alike = {"index": ("table", "code", "index"), "fence": ("fence",)}
    unlike = ("curl", "prose", *alike.get(kind.mark, ()))
    others = [other for other in kinds if other is not kind and other.score and other.mark not in unlike]
    elsewhere = frozenset().union(*(other.operations for other in others))
    shared = len(kind.operations & elsewhere) / len(kind.operations)
    return shared >= 0.6 and (kind.mark == "index" or len(kind.marks) > most * blocks)


def choose_marks(scored: Sequence[ScoredMark]) -> tuple[OperationMark, ...]:
    """Return the marks that a family's operations stand in: the best, and others on pages that have none of it."""
    chosen: list[ScoredMark] = []
    for kind in scored:
        if not kind.score:
            break
        if not chosen or _complements(kind, chosen):
            chosen.append(kind)
    return tuple(OperationMark(kind.mark, kind.word, kind.under) for kind in chosen)


def _complements(kind: ScoredMark, chosen: list[ScoredMark]) -> bool:
    """Tell whether a kind has operations of its own on pages where no better kind has any."""
    taken = {page for other in chosen for page in other.pages}
    own = {page: marks for page, marks in kind.pages.items() if page not in taken}
    marks = [mark for on_page in own.values() for mark in on_page]
    if _PRIORS[kind.mark] < 4 or kind.word.endswith("+"):
        return False
    usual = kind.under and any(_USUAL_HEADING.fullmatch(under) for under in kind.under)
    variables = sum(bool(_VARIABLE.search(mark.path)) for mark in marks)
    if variables and kind.mark == "fence" and any(other.mark == "fence" and not other.under for other in chosen):
        return True
    if len(own) < 0.6 * len(kind.pages):
        return False
    return (
        bool(usual)
        or own.keys() <= kind.described
        or (variables >= 0.3 * len(marks) and len(marks) >= max(3, 0.05 * len(chosen[0].marks)))
    )


def chosen_lines(page: Page, marks: Sequence[FoundMark], settings: FamilySettings) -> list[FoundMark]:
    """Return the marks of a page that are operation lines by the settings of its family.

    Beside those under the headings that count, a request line with a variable is one where its heading names no sample
    or other part, and so is a bare one whose heading is a sibling of theirs; any other bare one is an example, and so
    is a special case of one under the headings that count. These count in fences of any word.
    """
    known = {*METHODS, *settings.methods}
    marks = [mark for mark in marks if mark.method in known]
    for wanted in settings.operation:
        own = [mark for mark in marks if mark.mark == wanted.mark and _has_word(mark, wanted, settings)]
        own = [mark for mark in own if not _in_sample(page, mark, settings)] or own
        lines = own
        if wanted.under:
            whole = [
                mark
                for mark in marks
                if mark.mark == wanted.mark and mark.word == f"{wanted.word}+" and _USUAL_HEADING.fullmatch(mark.under)
            ]
            under = [mark for mark in own if mark.under in wanted.under]
            lines = _with_siblings(page, own, under or whole, settings)
        elif wanted.mark in ("fence", "curl"):
            lines = [mark for mark in own if not _is_sample(mark, settings)]
        if lines:
            return lines
    return []


def _has_word(mark: FoundMark, wanted: OperationMark, settings: FamilySettings) -> bool:
    """Tell whether a mark has the word that is wanted, or that of another of the same kind below the same headings."""
    of_any_word = wanted.mark == "fence" and mark.under in wanted.under and not mark.word.endswith("+")
    like = (
        operation_mark.word
        for operation_mark in settings.operation
        if (operation_mark.mark, operation_mark.under) == (wanted.mark, wanted.under)
    )
    return of_any_word or mark.word in like


def _with_siblings(
    page: Page, own: list[FoundMark], lines: list[FoundMark], settings: FamilySettings
) -> list[FoundMark]:
    plain = [
        mark
        for mark in own
        if mark not in lines
        and not section_kind(mark.under, settings.sections).says_something
        and not any(_is_case(mark, line) for line in lines)
    ]
    kinds = [section_kind(block.text, settings.sections) for block in page.blocks if isinstance(block, Heading | Label)]
    if not lines and not any(
        kind.place in ("path", "query", "header", "body", "response") or kind.side for kind in kinds
    ):
        return []
    counted = [*lines, *(mark for mark in plain if _VARIABLE.search(mark.path.partition("?")[0]))]
    levels = {_level(page, mark) for mark in counted}
    own = own if all(mark in own for mark in lines) else [*lines, *own]
    return [
        mark
        for mark in own
        if mark in counted
        or (mark in plain and _level(page, mark) in levels and "?" not in mark.path and _begins_section(page, mark))
    ]


def _is_case(mark: FoundMark, line: FoundMark) -> bool:
    """Tell whether a mark is a special case of an operation line: it has a value in place of a variable."""
    for case in path_templates(mark.path):
        parts = case.path.split("/")
        for template in path_templates(line.path):
            pairs = list(zip(parts, template.path.split("/"), strict=False))
            if (
                mark.method == line.method
                and len(parts) == template.path.count("/") + 1
                and any(part != own for part, own in pairs)
                and all(part == own or ("{" in own and "{" not in part) for part, own in pairs)
            ):
                return True
    return False


def _begins_section(page: Page, mark: FoundMark) -> bool:
    """Tell whether no other code stands between a mark and the heading above it."""
    heading = next((number for number, _ in headings_above(page.blocks, mark.block - 1)), -1)
    return not any(isinstance(block, Fence) for block in page.blocks[heading + 1 : max(mark.block, 0)])


def _in_sample(page: Page, mark: FoundMark, settings: FamilySettings) -> bool:
    """Tell whether a mark stands below the heading of a sample, however deep, or just below a line that says so."""
    above = page.blocks[mark.block - 1] if mark.block > 0 else None
    if isinstance(above, Paragraph) and above.text.endswith(":") and len(above.text) <= _SHORT:
        return section_kind(above.text, settings.sections).is_sample
    headings = headings_above(page.blocks, mark.block - 1)
    return any(heading.level > 1 and section_kind(heading.text, settings.sections).is_sample for _, heading in headings)


def _level(page: Page, mark: FoundMark) -> int:
    """Return the level of the heading above a mark, 0 for none."""
    return next((heading.level for _, heading in headings_above(page.blocks, mark.block - 1)), 0)


_ALIAS = re.compile(r"`?GET`?[^.]{0,80}`\??(?P<query>[\w-]+=[\w-]+)`", re.IGNORECASE)


def method_aliases(pages: Sequence[tuple[Page, list[FoundMark]]]) -> dict[str, str]:
    """Return the methods of a folder that HTTP doesn't know, each with the request that its pages say it stands for."""
    names = Counter(mark.method for _, marks in pages for mark in marks if mark.method not in METHODS)
    used = {method: {page.name for page, marks in pages for mark in marks if mark.method == method} for method in names}
    aliases: dict[str, str] = {}
    for method in names:
        mentions = re.compile(rf"`{method}`")
        texts = (
            block.text
            for page, _ in pages
            for block in page.blocks
            if isinstance(block, Paragraph) and mentions.search(block.text)
        )
        alias = next((match for match in map(_ALIAS.search, texts) if match), None)
        if alias or len(used[method]) > 1:
            aliases[method] = f"GET ?{alias['query']}" if alias else method
    return aliases
