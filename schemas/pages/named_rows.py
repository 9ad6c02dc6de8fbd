"""Tables whose rows have names as sections have (``query parameters | limit, after``), each to blocks of its own."""

import re
from collections.abc import Iterator
from dataclasses import replace

from .blocks import Block, Heading, ListItem, PageTable, Paragraph, TableRow
from .headed_blocks import LOWEST
from .html_blocks import html_blocks

_LEAD = re.compile(r"(?P<word>required|optional)\s*:\s*(?=`)", re.IGNORECASE)
_NEXT_NAME = re.compile(r"\s*(?:[,;]|,? and)\s+(?:and\s+)?(?=`[^`]+`\s*\()")
_BLOCK_TAG = re.compile(r"<(?:ul|ol|p|dl|table|div|pre)\b", re.IGNORECASE)


def has_named_rows(table: PageTable) -> bool:
    """Tell whether a table has no header but rows that are named: two columns, and at most one cell in the head."""
    return len(table.header) == 2 and sum(bool(cell.strip()) for cell in table.header) <= 1


def row_sections(table: PageTable) -> Iterator[tuple[Heading, TableRow, tuple[Block, ...]]]:
    """Yield the rows of such a table, each with its name as a heading and its other cell as the blocks below that."""
    for row in table.rows:
        name, cell = (part.strip() for part in row.cells)
        if name:
            blocks = html_blocks(cell, row.line) if _BLOCK_TAG.search(cell) else (_text(cell, row.line),)
            yield Heading(LOWEST, name, row.line), row, tuple(_listed(blocks))


def _text(cell: str, line: int) -> Block:
    lead = _LEAD.match(cell)
    return ListItem(0, cell, line) if lead or cell.startswith("`") else Paragraph(cell, line)


def _listed(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield the blocks with each list of names on one line (``Required: `a` (text), `b` (number)``) as items."""
    said = ""
    for block in blocks:
        text = getattr(block, "text", "").strip()
        if isinstance(block, Paragraph) and text.rstrip(":").lower() in ("required", "optional"):
            said = text.rstrip(":").lower()
        elif isinstance(block, ListItem) and block.depth == 0:
            lead = _LEAD.match(text)
            word = lead["word"].lower() if lead else said
            for part in _NEXT_NAME.split(text[lead.end() :] if lead else text):
                yield replace(block, text=_marked(part, word))
        else:
            yield block


def _marked(text: str, word: str) -> str:
    """Return an item with the word that stands before all of its list behind its own name."""
    return re.sub(r"\A(`[^`]+`)", rf"\1 ({word})", text) if word else text
