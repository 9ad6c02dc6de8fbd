"""Pages of a dialect: front matter, blocks of Markdown, and the sections below headings."""

from dataclasses import dataclass

from ..errors import PageError
from ..text_files import text_lines
from .blocks import Block, Heading, Label, ListItem, PageTable, Paragraph
from .front_matter import split_front_matter
from .markdown_blocks import markdown_blocks

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Bytes of a page, which no reference page comes near; a larger file is refused before it is read."""

MAX_ROWS = 20_000
"""Rows of the tables of a page, at most; a page with more is refused."""

MAX_COLUMNS = 1_000
"""Columns of a table, at most; a page with a larger one is refused."""


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
    """Split a page's text into blocks; raises ``PageError`` for tables that are too large."""
    lines = text_lines(text)
    refuse_large_tables(lines, name)
    front, start = split_front_matter(lines)
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
