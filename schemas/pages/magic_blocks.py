"""Magic blocks of ReadMe's Markdown: ``[block:parameters]`` and JSON for a table, samples or a heading."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .blocks import Block, Fence, Heading, PageTable, Paragraph, TableRow

MAGIC_BLOCK = re.compile(r"\s*\[block:(?P<kind>[\w-]+)\]\s*\Z")
MAGIC_BLOCK_END = re.compile(r"\s*\[/block\]\s*\Z")
_CELL = re.compile(r"(?P<row>h|\d{1,4})-(?P<column>\d{1,3})")


def magic_block(kind: str, text: str, line: int) -> Iterator[Block]:
    """Yield what a magic block of a kind holds, at the line of its beginning; nothing of pictures and the like."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        yield Paragraph(text.strip(), line)
        return
    content = content if isinstance(content, dict) else {}
    if kind == "parameters":
        yield _table(content.get("data"), line)
    elif kind == "code":
        codes = content.get("codes")
        for code in codes if isinstance(codes, list) else ():
            if isinstance(code, dict):
                info = f"{code.get('language') or ''} {code.get('name') or ''}".strip()
                yield Fence(info, f"{code.get('code') or ''}\n", line)
    elif kind == "api-header":
        yield Heading(2, str(content.get("title") or ""), line)
    elif kind == "callout":
        yield Paragraph("\n".join(str(content[key]) for key in ("title", "body") if content.get(key)), line)


def _table(content: Any, line: int) -> PageTable:
    cells = content if isinstance(content, Mapping) else {}
    known = ((match, str(cells[match[0]])) for match in map(_CELL.fullmatch, cells) if match)
    places = {(match["row"], int(match["column"])): text for match, text in known}
    width = range(max((column + 1 for _, column in places), default=0))
    rows = sorted({int(row) for row, _ in places if row != "h"})
    return PageTable(
        tuple(places.get(("h", column), "") for column in width),
        tuple(TableRow(tuple(places.get((str(row), column), "") for column in width), line) for row in rows),
        line,
    )
