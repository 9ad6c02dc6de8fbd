"""reStructuredText to blocks: what Markdown has, too, is rewritten as such, and tables and definitions are read here.

Nothing is run: no file is included, raw content is left out, and what a directive doesn't know is read as text.
"""

import re
from dataclasses import dataclass, field

from ..text_files import text_lines
from .blocks import Block, Definition, TableRow, page_table
from .markdown_blocks import markdown_blocks
from .rst_tables import GRID, SIMPLE, RstTable, csv_table, grid_table, list_table, simple_table

_DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\. +(?P<name>[\w+.-]+(?::[\w+.-]+)*)::(?:\s+(?P<argument>.*))?")
_COMMENT = re.compile(r"\s*\.\.(?:\s|\Z)")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|\Z)")
_FIELD = re.compile(r"(?P<indent>\s*):(?P<name>[^:`]+):(?:\s+(?P<text>.*))?")
_ADORNMENT = re.compile(r"([^\w\s])\1{2,}\s*")
_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+]|\d{1,4}[.)]|#\.)\s+\S")
_ROLE = re.compile(r":[\w:.-]+:`(?P<text>[^`<]+?)(?:\s*<[^`>]*>)?`")
_LINK = re.compile(r"(?<!`)`(?P<text>[^`<]+?)\s*<(?P<url>[^`>]+)>`__?")
_CODE = ("code-block", "code", "sourcecode", "highlight-block", "parsed-literal")
_DEEPEST = 30
_DROPPED = ("raw", "include", "literalinclude", "toctree", "image", "figure", "contents", "index", "meta", "highlight")


def rst_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a reStructuredText; no text is refused."""
    lines = text_lines(text.expandtabs(8))
    reader = _Reader(lines)
    reader.read(0, len(lines))
    reader.flush()
    return tuple(reader.blocks)


@dataclass
class _Reader:
    """The lines of a text, the blocks made of them so far, and the Markdown that is pending, from a line on."""

    lines: list[str]
    blocks: list[Block] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)
    start: int = 0
    depth: int = 0

    def put(self, position: int, line: str) -> None:
        """Add a line of Markdown that stands at a position; lines that were left out before are empty."""
        if not self.pending:
            self.start = position
        self.pending += [""] * (position - self.start - len(self.pending))
        if position - self.start < len(self.pending):
            self.flush()
            self.start = position
        self.pending.append(line)

    def flush(self, *blocks: Block) -> None:
        """Turn what is pending into blocks, and add others behind them."""
        if self.pending:
            self.blocks += markdown_blocks("\n".join(self.pending), self.start + 1)
            self.pending = []
        self.blocks += blocks

    def read(self, position: int, end: int) -> None:
        """Read the lines between two positions; what is too deep inside of others is left out."""
        self.depth += 1
        while position < end and self.depth < _DEEPEST:
            position = self.block(position, end)
        self.depth -= 1

    def block(self, position: int, end: int) -> int:
        """Read what begins at a position, and return the one behind it."""
        line = self.lines[position]
        if not line.strip():
            return position + 1
        if directive := _DIRECTIVE.fullmatch(line):
            return self.directive(directive, position, end)
        if _COMMENT.match(line):
            return self.indented(position, end)
        if GRID.fullmatch(line):
            return self.table(grid_table(self.lines, position, end), position)
        if SIMPLE.fullmatch(line):
            return self.table(simple_table(self.lines, position, end), position)
        if behind := self.heading(position, end):
            return behind
        if behind := self.definition(position, end):
            return behind
        return self.text(position, end)

    def at(self, position: int, end: int) -> str:
        return self.lines[position] if position < end else ""

    def heading(self, position: int, end: int) -> int:
        line, below = self.lines[position], self.at(position + 1, end)
        over = bool(_ADORNMENT.fullmatch(line))
        if over and below.strip() and self.at(position + 2, end).rstrip() == line.rstrip():
            title, behind = position + 1, position + 3
        elif not over and _ADORNMENT.fullmatch(below) and not line[0].isspace():
            title, behind = position, position + 2
        else:
            return position + 1 if over else 0
        kind = self.lines[behind - 1][0] + ("over" if over else "")
        if kind not in self.levels:
            self.levels.append(kind)
        level = min(self.levels.index(kind) + 1, 6)
        self.flush()
        self.put(title, f"{'#' * level} {_inline(self.lines[title].strip())}")
        self.flush()
        return behind

    def definition(self, position: int, end: int) -> int:
        line, below = self.lines[position], self.at(position + 1, end)
        if line.rstrip().endswith("::") or _ITEM.match(line) or _FIELD.match(line):
            return 0
        if not below.strip() or _indent(below) <= _indent(line):
            return 0
        behind = position + 1
        while behind < end and self.lines[behind].strip() and not _DIRECTIVE.match(self.lines[behind]):
            behind += 1
        term, _, classifier = line.strip().partition(" : ")
        text = _inline(" ".join(option.strip() for option in self.lines[position + 1 : behind]))
        text = f"({classifier.strip()}) {text}" if classifier else text
        self.flush(Definition(_inline(term), text, position + 1))
        inner = self.indented(position, end)
        self.read(behind, inner)
        return inner

    def text(self, position: int, end: int) -> int:
        """Read a line of a paragraph or an item, and the literal block that follows where it ends in two colons."""
        line = self.lines[position]
        if line.rstrip().endswith("::") and not self.at(position + 1, end).strip():
            if lead := line.rstrip()[:-1].rstrip(": "):
                self.put(position, _indented(line, _inline(f"{lead}:")))
            behind = self.indented(position, end)
            self.fence("", position + 1, behind)
            return behind
        if named := _FIELD.fullmatch(line):
            line = f"{named['indent']}- `{named['name'].strip('`* ')}`: {named['text'] or ''}"
        self.put(position, _indented(line, _inline(line)))
        return position + 1

    def indented(self, position: int, end: int) -> int:
        """Return the position behind the lines that are further to the right than a line, empty ones among them."""
        margin, behind = _indent(self.lines[position]), position + 1
        while behind < end and (not self.lines[behind].strip() or _indent(self.lines[behind]) > margin):
            behind += 1
        return behind

    def fence(self, info: str, position: int, end: int) -> None:
        """Read code between two positions, without the empty lines around it."""
        while position < end and not self.lines[position].strip():
            position += 1
        texts = self.lines[position:end]
        while texts and not texts[-1].strip():
            texts.pop()
        if not texts:
            return
        margin = min(_indent(line) for line in texts if line.strip())
        self.flush()
        self.blocks += markdown_blocks(
            "\n".join((f"``````{info}", *(line[margin:] for line in texts), "``````")), position
        )

    def directive(self, match: re.Match[str], position: int, end: int) -> int:
        behind, name = self.indented(position, end), match["name"].rpartition(":")[2]
        argument, inner = (match["argument"] or "").strip(), position + 1
        options = []
        while inner < behind and _OPTION.match(self.lines[inner]):
            options.append(self.lines[inner].strip())
            inner += 1
        header = next((option.partition(":header:")[2] for option in options if option.startswith(":header:")), "")
        if name in _CODE:
            self.fence(argument, inner, behind)
        elif name == "list-table":
            has_header = any(option.startswith(":header-rows: 1") for option in options)
            self.table(list_table(self.lines, inner, behind, has_header), inner)
        elif name == "csv-table":
            self.table(csv_table(self.lines, inner, behind, header), inner)
        elif name == "rest_method":
            self.put(position, f"`{argument}`")
        elif name not in _DROPPED:
            if name == "rest_status_code":
                self.put(position, "**Status codes**")
            if name == "rubric":
                self.put(position, f"**{_inline(argument)}**")
            self.read(inner, behind)
        return behind

    def table(self, table: RstTable, position: int) -> int:
        """Add a table that begins at a position, and return the one behind it."""
        read = [TableRow(tuple(map(_inline, cells)), line) for line, cells in table.rows]
        if read:
            header = read.pop(0).cells if table.has_header else ()
            self.flush(page_table(header, read, position + 1))
        return table.end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _indented(line: str, text: str) -> str:
    """Return a text at the margin of a line, which is no code however far to the right it is."""
    return text.rstrip() if _ITEM.match(line) else text.strip()


def _inline(text: str) -> str:
    """Return a text with code and links as Markdown has them."""
    text = _LINK.sub(r"[\g<text>](\g<url>)", _ROLE.sub(r"`\g<text>`", text))
    return text.replace("``", "`")
