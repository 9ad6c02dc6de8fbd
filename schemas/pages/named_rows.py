"""Tables whose rows have names as sections have (``query parameters | limit, after``), each to blocks of its own."""

import re
from collections.abc import Iterator
from dataclasses import replace

from .blocks import Block, Fence, Heading, ListItem, PageTable, Paragraph, TableRow
from .field_marks import METHOD_NAME, PATH_NAME
from .headed_blocks import LOWEST
from .html_blocks import html_blocks
from .inline_text import heading_words

_LEAD = re.compile(r"\**(?P<word>required|optional)\s*:\**\s*(?=`)", re.IGNORECASE)
_NEXT_NAME = re.compile(r"\s*(?:[,;]|,? and)\s+(?:and\s+)?(?=`[^`]+`\s*\()|\n(?=`)")
_LINE_BREAK = re.compile(r"<br ?/?>")
_SAMPLE = re.compile(r"`(?P<text>[{\[][^`]*)`")
_JSON = re.compile(r"`(?P<text>(?:\{\s*\"|\[\s*[{\"\d])[^`]*)`")
_BLOCK_TAG = re.compile(r"<(?:ul|ol|p|dl|table|div|pre)\b", re.IGNORECASE)


def has_named_rows(table: PageTable) -> bool:
    """Tell whether a table of two columns has named rows: no header, or a method and a path among the names."""
    if len(table.header) != 2:
        return False
    names = [heading_words(cells[0]) for cells in (table.header, *(row.cells for row in table.rows))]
    is_request = any(map(METHOD_NAME.fullmatch, names)) and any(map(PATH_NAME.fullmatch, names))
    return is_request or sum(bool(cell.strip()) for cell in table.header) <= 1


def row_sections(table: PageTable) -> Iterator[tuple[Heading, TableRow, tuple[Block, ...]]]:
    """Yield the rows of such a table, each with its name as a heading and its other cell as the blocks below that."""
    for row in (TableRow(table.header, table.line), *table.rows):
        name, cell = (part.strip() for part in row.cells)
        if name and cell:
            blocks = html_blocks(cell, row.line) if _BLOCK_TAG.search(cell) else (_text(cell, row.line),)
            yield Heading(LOWEST, name, row.line), row, tuple(_listed(blocks))


def described_rows(table: PageTable) -> dict[int, tuple[Block, ...]]:
    """Return the sentences of the rows of a table by their lines, JSON between them as samples, none without such."""
    said = {row.line: max(row.cells, key=len) for row in table.rows}
    if not any(map(_JSON.search, said.values())):
        return {}
    return {line: tuple(_sentences(cell, line)) for line, cell in said.items()}


def _sentences(cell: str, line: int) -> Iterator[Block]:
    for number, part in enumerate(_JSON.split(_LINE_BREAK.sub("\n", cell))):
        if text := part.strip():
            yield Fence("json", text, line) if number % 2 else Paragraph(text, line)


def _text(cell: str, line: int) -> Block:
    cell = _LINE_BREAK.sub("\n", cell)
    if sample := _SAMPLE.fullmatch(cell):
        return Fence("json", sample["text"], line)
    lead = _LEAD.match(cell)
    return ListItem(0, cell, line) if lead or cell.startswith("`") else Paragraph(cell, line)


def _listed(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks with each list of names on one line (``Required: `a` (text), `b` (number)``) as items."""
    label = ""
    for block in blocks:
        text = getattr(block, "text", "").strip()
        if isinstance(block, Paragraph) and text.rstrip(":").lower() in ("required", "optional"):
            label = text.rstrip(":").lower()
        elif isinstance(block, ListItem) and block.depth == 0:
            lead = _LEAD.match(text)
            word = lead["word"].lower() if lead else label
            for part in _NEXT_NAME.split(text[lead.end() :] if lead else text):
                yield replace(block, text=_marked(part, word))
        else:
            yield block


def _marked(text: str, word: str) -> str:
    """Return an item with the word that stands before all of its list behind its own name."""
    return re.sub(r"\A(`[^`]+`)", rf"\1 ({word})", text) if word else text
