"""Guessed settings of a documentation family: what its operation lines stand in, with how often each was seen."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from ..dialects.family_settings import AnswerSettings, FamilySettings, base_settings
from .assumed_answers import ShownAnswers
from .blocks import Page, PageTable
from .family_operations import documented_servers, stated_servers
from .inline_text import plain_text
from .mark_choice import ScoredMark, choose_marks, chosen_lines, method_aliases, score_marks
from .operation_marks import FoundMark, page_marks
from .parameter_rows import column_roles, required_in
from .request_lines import path_templates, soft_name

_MOST_SEEN = 3
_FEWEST = 3
"""Rows of each kind that show how a family marks what is required."""
_MARKS = {
    "component": "components <{word}>",
    "markup": "methods and paths that stand alone, one below the other",
    "frontmatter": "front matter {word}",
    "table": "rows of tables {word}",
    "table-head": "heads of tables",
    "index": "rows of tables that link to a heading",
    "code": "lines with nothing but a request",
    "heading": "headings",
    "fields": "named methods and paths",
    "fence": "fences ```{word}",
    "prose": "requests in running text",
    "curl": "curl commands",
}


@dataclass(frozen=True)
class GuessedFamily:
    """Settings that were guessed of pages, and all kinds of marks that were seen there, the best first."""

    settings: FamilySettings
    scored: tuple[ScoredMark, ...]
    pages: tuple[tuple[Page, tuple[FoundMark, ...]], ...]
    answers: ShownAnswers = field(default_factory=lambda: ShownAnswers(0, 0))

    @cached_property
    def lines(self) -> dict[str, list[FoundMark]]:
        """The operation lines of the pages that have any, by the names of these."""
        chosen = ((page.name, chosen_lines(page, marks, self.settings)) for page, marks in self.pages)
        return {name: lines for name, lines in chosen if lines}

    def seen(self) -> str:
        """Return the commonest kinds of marks in words, with an example each."""
        commonest = sorted(self.scored, key=lambda kind: -len(kind.marks))[:_MOST_SEEN]
        return "; ".join(mark_in_words(kind) for kind in commonest) or "nothing that looks like a request"


def guess_family(pages: Sequence[Page]) -> GuessedFamily:
    """Return the settings that fit pages best; they name no mark where nothing there is an operation line."""
    base = base_settings()
    marks = [(page, page_marks(page)) for page in pages]
    scored = score_marks(marks, base)
    operation = choose_marks(scored)
    methods = method_aliases(marks) if operation else {}
    settings = replace(base, extends="base", operation=operation, methods=methods)
    guessed = GuessedFamily(settings, tuple(scored), tuple((page, tuple(own)) for page, own in marks))
    lines = list(chain.from_iterable(guessed.lines.values()))
    servers = [server.url for server in documented_servers((line.path for line in lines), settings)]
    paths = replace(settings.paths, servers=tuple(servers or stated_servers(pages, lines) if lines else ()))
    required = settings.required
    described = [page for page in pages if page.name in guessed.lines]
    if _marks_only_what_is_optional(described, lines):
        required = replace(required, unmarked="required")
    return replace(guessed, settings=replace(settings, paths=paths, required=required))


def _marks_only_what_is_optional(pages: Sequence[Page], lines: Sequence[FoundMark]) -> bool:
    """Tell whether columns of notes mark what is optional, nothing that is required, and no path variable ever."""
    names = (name for line in lines for template in path_templates(line.path) for name in template.variables)
    variables = {soft_name(name) for name in names}
    words = base_settings().columns
    tables = (block for page in pages for block in page.blocks if isinstance(block, PageTable))
    counts: Counter[tuple[bool, bool | None]] = Counter()
    for table in tables:
        roles = column_roles(table.header, words)
        if {"name", "notes"} <= roles.columns.keys() and "required" not in roles.columns:
            for row in table.rows:
                is_variable = soft_name(plain_text(roles.cell(row, "name"))) in variables
                counts[is_variable, required_in(roles.cell(row, "notes"))] += 1
    marked = counts[False, False]
    otherwise = counts[True, False] + counts[True, True] + counts[False, True]
    return min(marked, counts[True, None]) >= _FEWEST and not otherwise


def with_guessed_answers(guessed: GuessedFamily, answers: ShownAnswers) -> GuessedFamily:
    """Return guessed settings with what writes answer with where most that show it do so."""
    settings = replace(guessed.settings, answers=AnswerSettings("resource" if answers.is_habit else ""))
    return replace(guessed, settings=settings, answers=answers)


def mark_in_words(kind: ScoredMark) -> str:
    """Return how many marks of a kind there are, and the first of them."""
    page, marks = next(iter(kind.pages.items()))
    first = marks[0]
    name = _MARKS[kind.mark].format(word=kind.word.removesuffix("+")).strip()
    return f"{len(kind.marks)} {name} ({first.method} {first.path}, {page}:{first.line})"


def settings_text(guessed: GuessedFamily) -> str:
    """Return guessed settings as a file, each line with a comment that says on how many pages it was seen."""
    settings = guessed.settings
    lines = [
        f"# Settings of a documentation family, guessed from {_pages(len(guessed.pages))}; correct what is wrong.",
        'extends = "base"',
        "",
    ]
    for mark in settings.operation:
        named_lines = ((name, line) for name, own in guessed.lines.items() for line in own)
        marked = [(name, line) for name, line in named_lines if (line.mark, line.word) == (mark.mark, mark.word)]
        operations, on = {(line.method, line.path) for _, line in marked}, _pages(len({name for name, _ in marked}))
        lines += ["[[operation]]", f"mark = {_toml(mark.mark)} # {len(operations)} operations on {on}"]
        if mark.word:
            lines.append(f"word = {_toml(mark.word)} # on {on}")
        if mark.under:
            under = {page.name for page, marks in guessed.pages for line in marks if line.under in mark.under}
            lines.append(f"under = {_toml(list(mark.under))} # on {_pages(len(under))}")
        lines.append("")
    if settings.methods:
        lines += ["[methods]", *(_method(name, guessed) for name in settings.methods), ""]
    if settings.paths.servers:
        paths = (line.path for own in guessed.lines.values() for line in own)
        where = "operation lines" if any(path.startswith("http") for path in paths) else "texts"
        lines += ["[paths]", f"servers = {_toml(list(settings.paths.servers))} # in {where}", ""]
    if settings.required.unmarked != "unknown":
        lines += ["[required]", 'unmarked = "required" # notes mark what is optional, and path variables never', ""]
    if settings.answers.writes:
        seen = f"{guessed.answers.with_resource} of {guessed.answers.all} writes that show an answer"
        lines += ["[answers]", f"writes = {_toml(settings.answers.writes)} # {seen}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _method(name: str, guessed: GuessedFamily) -> str:
    pages = sum(any(mark.method == name for mark in marks) for _, marks in guessed.pages)
    return f"{name} = {_toml(guessed.settings.methods[name])} # on {_pages(pages)}"


def _toml(value: object) -> str:
    """Return a text or a list of texts as TOML, whose basic strings are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
