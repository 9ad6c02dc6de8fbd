"""Pages of a dialect: strict front matter, blocks of Markdown, and the sections below headings."""

import re
from dataclasses import dataclass

import yaml

from ..errors import PageError
from ..text_files import yaml_fault
from .blocks import Block, Heading, Label, ListItem, PageTable, Paragraph
from .markdown_blocks import markdown_blocks

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""No reference page comes near; a larger file is refused before it is read."""

MAX_ROWS = 20_000
"""A page whose tables have more rows is refused."""

MAX_COLUMNS = 1_000
"""A page that has a table of more columns is refused."""


_PLAIN_ENTRY = re.compile(r"(?P<key>[A-Za-z_]\w*):(?: +(?P<value>\w(?:[\w ./()=+,-]*[\w./()=+,-])?)?)? *", re.ASCII)
"""A line of front matter that needs no YAML parser, which takes a tenth of the time in which a page is read."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name as sources name it, front matter and blocks in order."""

    name: str
    front_matter: dict[str, str]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks up to the next one; the first section of a page may have no heading."""

    heading: Heading | None
    blocks: tuple[Block, ...]

    def tables(self) -> tuple[PageTable, ...]:
        """Return the section's tables."""
        return tuple(block for block in self.blocks if isinstance(block, PageTable))

    def prose(self) -> str:
        """Return the section's running text."""
        return "\n\n".join(block.text for block in self.blocks if isinstance(block, Paragraph | ListItem | Label))


def parse_page(text: str, name: str) -> Page:
    """Split a page's text into blocks; raises ``PageError`` for front matter that is no mapping."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    refuse_large_tables(lines, name)
    front, start = _front_matter(lines, name)
    return Page(name, front, markdown_blocks("\n".join(lines[start:]), start + 1, gfm=True))


def refuse_large_tables(lines: list[str], name: str) -> None:
    """Raise ``PageError`` for tables of very many rows or columns, which take minutes to parse."""
    rows = 0
    for number, line in enumerate(lines, 1):
        rows += "|" in line
        if rows > MAX_ROWS:
            raise PageError(name, number, f"more than {MAX_ROWS:,} rows of tables, the most that is read of one page")
        if line.count("|") > MAX_COLUMNS:
            raise PageError(name, number, f"a table of more than {MAX_COLUMNS:,} columns")


def sections(page: Page) -> tuple[Section, ...]:
    """Cut a page at its headings."""
    cuts: list[tuple[Heading | None, list[Block]]] = [(None, [])]
    for block in page.blocks:
        if isinstance(block, Heading):
            cuts.append((block, []))
        else:
            cuts[-1][1].append(block)
    return tuple(Section(heading, tuple(blocks)) for heading, blocks in cuts if heading or blocks)


def _front_matter(lines: list[str], name: str) -> tuple[dict[str, str], int]:
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not end:
        return {}, 0
    entries = [_PLAIN_ENTRY.fullmatch(line) for line in lines[1:end]]
    if all(entries):
        return {entry["key"]: entry["value"] or "" for entry in entries if entry}, end + 1
    try:
        data = yaml.load("\n".join(lines[1:end]), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        line, problem = yaml_fault(error)
        raise PageError(name, line + 1 if line else 1, f"front matter: {problem}") from error
    if data in (None, ""):
        return {}, end + 1
    if not isinstance(data, dict):
        raise PageError(name, 1, "front matter is no mapping of names to values")
    return {str(key): value for key, value in data.items() if isinstance(value, str)}, end + 1
