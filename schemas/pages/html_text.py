"""Running text, tables and blocks of HTML pages as they are collected, spelled as in Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .blocks import Block, Definition, Label, ListItem, PageTable, Paragraph, TableRow, page_table

_LONGEST_QUOTED_LABEL = 80
_LONGEST_PATH = 500
_BOLD = re.compile(r"(?P<mark>\*{2,3}|_{2,3})(?P<text>(?:(?!\*\*|__).)+)(?P=mark)\s*:?")
_PATH = re.compile(r"`?(?:/|https?://)(?:\{[^{}\n]*\}|\S)*")
_METHOD = re.compile(r"(?<![\w-])(?:get|head|post|put|patch|delete|options)(?![\w-])", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class RunningText:
    """Running text and the line on which it begins."""

    pieces: list[str] = field(default_factory=list)
    line: int = 0
    marks: dict[str, int] = field(default_factory=dict)
    """Each open mark, and the place of its opening among the pieces."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be read."""
        return not any(piece.strip() for piece in self.pieces)

    @property
    def indent(self) -> str:
        """The blanks at its beginning that are no breaks, by which a cell is indented."""
        text = "".join(self.pieces).lstrip(" \t\r\n\f`*")
        return text[: len(text) - len(text.lstrip("\xa0"))]

    def add(self, text: str, line: int) -> None:
        """Add a text that begins on a line."""
        if not self.line and text.strip():
            self.line = line + text[: len(text) - len(text.lstrip())].count("\n")
        self.pieces.append(text)

    def open_mark(self, mark: str) -> str:
        """Begin a marked part, and return the mark: empty where it is set already, and inside of code."""
        if not mark or "`" in self.marks or mark in self.marks:
            return ""
        self.marks[mark] = len(self.pieces)
        self.pieces.append("[" if mark.startswith("](") else mark)
        return mark

    def close_mark(self, mark: str) -> None:
        """End a marked part; blanks at its edges are put outside, and one that holds nothing is taken back."""
        if mark not in self.marks:
            return
        place = self.marks.pop(mark)
        for later in [other for other, at in self.marks.items() if at > place]:
            self.close_mark(later)
        opening = self.pieces[place]
        inner = "".join(self.pieces[place + 1 :])
        if not inner.strip():
            self.pieces[place:] = [inner]
            return
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if mark == "`" and "`" in inner:
            opening = mark = "``"
        self.pieces[place:] = [before, opening, inner.strip(), mark, after]

    def whole(self) -> str:
        """Return the text with its marks closed; of blanks with a line break the break is left."""
        for mark in [*self.marks]:
            self.close_mark(mark)
        text = "".join(self.pieces).replace("\xa0", " ").strip()
        joined = _SPACES.sub(lambda blanks: "\n" if "\n" in blanks[0] else " ", text)
        return joined.strip()


@dataclass(slots=True)
class CollectedTable:
    """A table as its rows are read; a first row of header cells alone is its header."""

    line: int
    header: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    row_line: int = 0
    header_cells: int = 0
    in_head: bool = False

    def add_cell(self, indent: str, text: str, line: int, columns: int, *, is_header: bool) -> None:
        """Add a cell that is some columns wide."""
        self.row_line = self.row_line or line
        self.header_cells += is_header
        self.cells += [indent + " ".join(text.split()), *[""] * (columns - 1)]

    def end_row(self) -> None:
        """End the row that is open, if there is one."""
        if not self.cells:
            return
        if not self.header and (self.in_head or (not self.rows and self.header_cells == len(self.cells))):
            self.header = self.cells
        else:
            self.rows.append(TableRow(tuple(self.cells), self.row_line))
        self.cells, self.header_cells, self.row_line = [], 0, 0

    def block(self) -> PageTable | None:
        """Return the table, ``None`` for an empty one."""
        self.end_row()
        return page_table(self.header, self.rows, self.line) if self.header or self.rows else None


@dataclass(slots=True)
class CollectedBlocks:
    """Blocks as they are read, and the item or description that still waits for its text.

    ``item_line`` is the line of such an item, 0 where there is none; ``terms`` are those without a description yet.
    """

    blocks: list[Block] = field(default_factory=list)
    terms: list[tuple[str, int]] = field(default_factory=list)
    item_line: int = 0
    is_described: bool = True

    def add(self, block: Block, depth: int) -> None:
        """Add a block; an item or a description without a text of its own begins before it."""
        if self.item_line:
            self.blocks.append(ListItem(depth, "", self.item_line))
            self.item_line = 0
        self.describe("")
        self.blocks.append(block)

    def add_text(self, text: str, line: int, depth: int, *, is_quoted: bool) -> None:
        """Add running text: as that of an item or a description, as a label or a paragraph."""
        if self.item_line:
            self.blocks.append(ListItem(depth, text, self.item_line))
            self.item_line = 0
        elif not self.is_described and self.terms:
            self.describe(text)
        else:
            self.blocks.append(label_of(text, line, is_quoted) or Paragraph(text, line))

    def add_term(self, text: str, line: int) -> None:
        """Add a term that is described next."""
        if words := " ".join(text.split()):
            self.terms.append((words, line))

    def describe(self, text: str) -> None:
        """Add the description of the terms that wait for it."""
        if not self.is_described:
            self.blocks += (Definition(term, text, line) for term, line in self.terms)
            self.terms, self.is_described = [], True


def label_of(text: str, line: int, is_quoted: bool) -> Label | None:
    """Return a label for a text that is bold as a whole, or quoted and short; ``None`` for others, as a sentence."""
    is_short = "\n" not in text and len(text) <= _LONGEST_QUOTED_LABEL and "`" not in text
    bold = _BOLD.fullmatch(text)
    if (not bold and not (is_quoted and is_short)) or (bold and bold["text"].endswith(".")):
        return None
    return Label((bold["text"] if bold else text).strip().removesuffix(":").strip(), line)


def with_method(text: str, attributes: Mapping[str, str]) -> str:
    """Return a text that is nothing but a path with the method before it by which its element is called."""
    if len(text) > _LONGEST_PATH or not _PATH.fullmatch(text.strip()):
        return text
    called = (attributes.get(key, "") for key in ("data-method", "data-type", "class"))
    method = next((match[0].upper() for match in map(_METHOD.search, called) if match), "")
    return f"{method} {text.strip().strip('`')}" if method else text
