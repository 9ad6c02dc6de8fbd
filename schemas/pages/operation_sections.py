"""Sections of a page by the operations that they describe: a whole page, or a heading with all below it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from ..dialects.family_settings import FamilySettings
from .blocks import Block, Component, Heading, Label, Page, PageTable, Paragraph
from .headed_blocks import component_ends, headings_above
from .inline_text import heading_words
from .named_rows import described_rows
from .operation_marks import FoundMark, path_inside
from .request_lines import path_templates, soft_name
from .section_kinds import section_kind

_LINE_HEADING = re.compile(
    r"(?:api |http |resource |request |example )*(?:endpoints?|requests?|definition|methods?|ur[il]|path|route"
    r"|usage|syntax|specification|(?:path and )?http methods?)"
)


@dataclass(frozen=True)
class OperationSection:
    """Operation lines that share a section, the heading that names it, and its blocks from there on.

    ``ancestors`` are the numbers of headings that name what is around the section, not a part of it.
    """

    lines: tuple[FoundMark, ...]
    title: Heading | None
    blocks: tuple[Block, ...]
    named_by: frozenset[int] = frozenset()

    @cached_property
    def variables(self) -> frozenset[str]:
        """The path variables of all lines, as ``soft_name`` spells them."""
        templates = (template for line in self.lines for template in path_templates(line.path))
        return frozenset(soft_name(name) for template in templates for name in template.variables)


@dataclass
class _Group:
    """Operation lines next to each other, their heading, and whether that only says that they follow."""

    lines: list[FoundMark]
    owner: int = -1
    only_line: bool = False
    ancestors: list[int] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.lines[0].block

    @property
    def last(self) -> int:
        return self.lines[-1].block


def operation_sections(page: Page, lines: Sequence[FoundMark], settings: FamilySettings) -> list[OperationSection]:
    """Return the sections of a page's operations in order."""
    if not lines:
        return []
    groups = _groups(page, lines)
    _find_owners(page, groups, {*settings.sections.parameters, *settings.sections.response})
    merged = _merged(page, groups)
    if (len(merged) == 1 and not _holds_section(page, merged[0].first)) or settings.scope == "page":
        group = _Group([line for part in merged for line in part.lines], merged[0].owner, False, merged[0].ancestors)
        sections = [_section(page, group, 0, len(page.blocks))]
    else:
        sections = [_section(page, group, *_scope(page, merged, at, settings)) for at, group in enumerate(merged)]
    return [part for section in sections for part in _by_rows(page, section)]


def _by_rows(page: Page, section: OperationSection) -> Iterator[OperationSection]:
    """Yield a section, or one for each row where all its lines are rows of a table that show bodies themselves."""
    numbers, rows = ({getattr(line, name) for line in section.lines} for name in ("block", "line"))
    table = page.blocks[min(numbers)] if len(numbers) == 1 < len(rows) and section.lines[0].mark == "table" else None
    said = described_rows(table) if isinstance(table, PageTable) else {}
    for at in sorted(rows) if said else ():
        lines = tuple(line for line in section.lines if line.line == at)
        yield OperationSection(lines, section.title, said[at])
    if not said:
        yield section


def _block(page: Page, number: int) -> Block | None:
    return page.blocks[number] if 0 <= number < len(page.blocks) else None


def _groups(page: Page, lines: Sequence[FoundMark]) -> list[_Group]:
    groups: list[_Group] = []
    for line in lines:
        if groups and line.block - groups[-1].last <= _reach(groups[-1].lines[-1], line):
            groups[-1].lines.append(line)
        elif (
            groups
            and line.mark == "table-head"
            and (line.method, line.path) == (groups[-1].lines[-1].method, groups[-1].lines[-1].path)
        ):
            continue
        else:
            groups.append(_Group([line]))
    return groups


def _reach(line: FoundMark, following: FoundMark) -> int:
    """Return how far the next line of the same group may be: a method and its path are two blocks."""
    if following.block == line.block:
        return 0
    if following.mark in ("heading", "table-head", "component"):
        return -1
    if (following.mark, following.word) == ("fields", "table"):
        return -1
    return 0 if following.mark == "index" else 2 if line.mark in ("markup", "fields") else 1


def _find_owners(page: Page, groups: list[_Group], parts: Set[str]) -> None:
    """Find the headings that name the sections of groups.

    One that only says that a line follows does not, nor one of a part (``parts``) of the only operation of its section.
    """
    paths = {group.first + 1 for group in groups if group.lines[0].mark == "markup"}
    above = [[*dict(headings_above(page.blocks, group.first, paths)), -1, -1] for group in groups]
    words = Counter(_words(page, nearest) for nearest, *_ in above)
    parents = Counter(parent for _, parent, *_ in above)
    around = Counter(number for numbers in above for number in set(numbers))
    for group, (owner, parent, *outer) in zip(groups, above, strict=True):
        text = _words(page, owner)
        often = bool(text) and words[text] >= 3 and words[text] >= 0.3 * len(groups)
        recurs = often and parents[parent] == 1
        is_part = text in parts and around[parent] == 1
        only_line = (is_part or bool(_LINE_HEADING.fullmatch(text))) and parent >= 0
        if owner >= 0 and group.lines[0].mark not in ("heading", "index") and (only_line or recurs):
            group.only_line, group.owner, group.ancestors = True, parent, [parent, *outer]
        else:
            group.owner, group.ancestors = owner, [owner, parent, *outer]


def _words(page: Page, number: int) -> str:
    block = _block(page, number)
    return heading_words(block.text) if isinstance(block, Heading) else ""


def _merged(page: Page, groups: list[_Group]) -> list[_Group]:
    """Return the groups with those made one that stand under line headings of one parent with only text between."""
    merged: list[_Group] = []
    for group in groups:
        last = merged[-1] if merged else None
        if (
            last
            and last.owner == group.owner >= 0
            and last.only_line
            and group.only_line
            and _follows(page, last, group)
        ):
            last.lines += group.lines
        else:
            merged.append(group)
    return merged


def _follows(page: Page, group: _Group, other: _Group) -> bool:
    between = page.blocks[group.last + 1 : other.first]
    return all(isinstance(block, Heading | Label | Paragraph) for block in between)


def _scope(page: Page, groups: list[_Group], number: int, settings: FamilySettings) -> tuple[int, int]:
    """Return where the section of a group begins and ends."""
    group = groups[number]
    if _holds_section(page, group.first):
        return group.first, component_ends(page.blocks).get(group.first, len(page.blocks) - 1) + 1
    before = groups[number - 1] if number else None
    start = max(group.owner, 0) if before is None or before.last < group.owner else max(group.first, 0)
    following = groups[number + 1] if number + 1 < len(groups) else None
    limit = len(page.blocks)
    if following:
        limit = following.owner if following.owner > group.last else following.first
    owner = _block(page, group.owner)
    level = owner.level if isinstance(owner, Heading) and start == group.owner else 7
    for position in range(max(group.last + 1, start + 1), limit):
        block = page.blocks[position]
        if (
            not isinstance(block, Heading)
            or block.level > level
            or (position == group.last + 1 and group.lines[-1].mark == "markup")
        ):
            continue
        kind = section_kind(block.text, settings.sections)
        part = kind.is_part or kind.is_sample or bool(kind.status)
        is_own = following or kind.status or _recurs(page, block)
        if not part or (block.level < level and not is_own):
            return start, position
    return start, limit


def _recurs(page: Page, heading: Heading) -> bool:
    """Tell whether a page has a heading more than once, as it has those of each operation's parts."""
    words = heading_words(heading.text)
    return sum(isinstance(block, Heading) and heading_words(block.text) == words for block in page.blocks) > 1


def _holds_section(page: Page, number: int) -> bool:
    """Tell whether a block is a component that holds all documentation of its operation, not its path alone."""
    block = _block(page, number)
    return isinstance(block, Component) and block.kind == "opening" and not path_inside(page.blocks, number)


def _section(page: Page, group: _Group, start: int, end: int) -> OperationSection:
    owner = _block(page, group.owner)
    marks = {line.block for line in group.lines} | {line.block + 1 for line in group.lines if line.mark == "markup"}
    whole = {line.block for line in group.lines if line.keeps_block}
    kept = [number for number in range(start, end) if number not in marks or number in whole]
    named = {position for position, number in enumerate(kept) if number in group.ancestors}
    blocks = tuple(page.blocks[number] for number in kept)
    return OperationSection(tuple(group.lines), owner if isinstance(owner, Heading) else None, blocks, frozenset(named))
