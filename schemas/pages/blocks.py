"""Blocks of a documentation page: headings, tables, lists, fences, components and paragraphs, each with its line.

Every markup comes to these, so that what reads operations knows of none. Inline text is spelled as in Markdown
whatever the page is written in: `` `code` ``, ``**bold**``, ``[text](link)``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Label:
    """A line that stands for a heading below all others: bold, or quoted, and nothing else (``**Query parameters**:``).

    The text is without its marks and without a colon at its end.
    """

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table row: its cells' texts, entities decoded."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table: header cells and rows. A table without a header has empty cells for one."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    line: int


def page_table(header: Sequence[str], rows: Sequence[TableRow], line: int) -> PageTable:
    """Return a table, header and rows filled up to the widest of them."""
    width = max(len(header), *(len(row.cells) for row in rows), 0)
    filled = (TableRow((*row.cells, *[""] * (width - len(row.cells))), row.line) for row in rows)
    return PageTable((*header, *[""] * (width - len(header))), tuple(filled), line)


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list with its own text; ``depth`` is 0 for a list that stands in no other.

    Blocks inside an item follow it: nested items one deeper, fences and tables as they are.
    """

    depth: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of a definition list and its description."""

    term: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code; ``line`` is that of the text's first line, not of the fence.

    ``info`` is all that stands behind the opening fence, as written; empty for indented code.
    """

    info: str
    text: str
    line: int

    @property
    def word(self) -> str:
        """The word that the info begins with, in lower case: a language."""
        return re.split(r"[\s{!_,:]", self.info.lower() + " ")[0]

    def line_of(self, place: int) -> int:
        """Return the line of a place in the text."""
        return self.line + self.text.count("\n", 0, place)


@dataclass(frozen=True, slots=True)
class Component:
    """A tag of a component (MDX, shortcode, liquid) or of HTML that groups others: opening, closing or whole.

    A whole one holds nothing. Attribute values are texts without quotes, and without the braces of an expression
    that is a text, a number or a word; one without a value is ``"true"``.
    """

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["opening", "closing", "whole"] = "whole"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    line: int


Block = Heading | Label | PageTable | ListItem | Definition | Fence | Component | Paragraph


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name as sources name it, front matter and blocks in order."""

    name: str
    front_matter: dict[str, str]
    blocks: tuple[Block, ...]
