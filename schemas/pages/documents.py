"""Pages of documentation in any markup that is read, as front matter and blocks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..errors import PageError
from ..text_files import text_lines
from .blocks import Block, Component, Fence, ListItem, Page, PageTable
from .html_blocks import html_blocks
from .markdown_blocks import markdown_blocks
from .page_folder import HTML_SUFFIXES, RST_SUFFIX
from .rst_blocks import rst_blocks

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Bytes of a page, which no reference page comes near; a larger file is refused before it is read."""

MAX_ROWS = 20_000
"""Rows of the tables of a page, at most; a page with more is refused."""

MAX_COLUMNS = 1_000
"""Columns of a table, at most; a page with a larger one is refused."""

MAX_BLOCKS = 20_000
"""Headings, items, samples and so on of a page, at most; a page with more is refused."""

MAX_SAMPLE = 1_000_000
"""Characters of a sample, at most; a page with a larger one is refused."""

MAX_DEPTH = 30
"""Lists inside of each other that are distinguished."""

MAX_COMPONENTS = 100
"""Components inside of each other that are distinguished."""

MAX_TEXT = 10_000
"""Characters of a heading, a cell, an item or a paragraph that are read: a picture may be written into one."""

_ENTRY = re.compile(r"(?P<indent>[ \t]*)(?P<key>[A-Za-z_][\w .-]*?)\s*:(?:\s+(?P<value>.*?))?(?:\s+#.*)?\s*\Z")


def parsed_page(text: str, name: str) -> Page:
    """Return a page of a name, marked up as its ending says; raises ``PageError`` for tables that are too large."""
    if name.lower().endswith(HTML_SUFFIXES):
        if text.lower().count("<tr") > MAX_ROWS:
            raise PageError(name, 0, f"more than {MAX_ROWS:,} rows of tables, the most that is read of one page")
        return Page(name, {}, tuple(_bounded(html_blocks(_with_complete_tags(text)), name)))
    lines = text_lines(text)
    refuse_large_tables(lines, name)
    if name.lower().endswith(RST_SUFFIX):
        return Page(name, {}, tuple(_bounded(rst_blocks(text), name)))
    front, start = split_front_matter(lines)
    return Page(name, front, tuple(_bounded(markdown_blocks("\n".join(lines[start:]), start + 1), name)))


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


def split_front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the texts of a page's front matter by their keys, nested ones dotted, and how many lines it has."""
    if not lines or lines[0].rstrip().lstrip("\ufeff") != "---":
        return {}, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if not end:
        return {}, 0
    texts: dict[str, str] = {}
    parents: list[tuple[int, str]] = []
    for line in lines[1:end]:
        if match := _ENTRY.match(line):
            indent = len(match["indent"].expandtabs(4))
            while parents and parents[-1][0] >= indent:
                parents.pop()
            key = ".".join([*(name for _, name in parents), match["key"]])
            if value := _unquoted(match["value"] or ""):
                texts.setdefault(key, value)
            else:
                parents.append((indent, match["key"]))
    return texts, end + 1


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return "" if value in ("|", ">", "|-", ">-") else value


def _bounded(blocks: tuple[Block, ...], name: str) -> Iterator[Block]:
    """Yield the blocks of a page, each with the beginning of its texts; raises ``PageError`` for what is too large."""
    if len(blocks) > MAX_BLOCKS:
        line = blocks[MAX_BLOCKS].line
        raise PageError(name, line, f"more than {MAX_BLOCKS:,} headings, items, samples and paragraphs")
    for block in _without_deep_components(blocks):
        match block:
            case Fence():
                if len(block.text) > MAX_SAMPLE:
                    raise PageError(name, block.line, f"a sample of more than {MAX_SAMPLE:,} characters")
                yield block
            case Component():
                yield block
            case PageTable():
                if any(len(cells) > MAX_COLUMNS for cells in (block.header, *(row.cells for row in block.rows))):
                    raise PageError(name, block.line, f"a table of more than {MAX_COLUMNS:,} columns")
                rows = tuple(replace(row, cells=_beginnings(row.cells)) for row in block.rows)
                yield replace(block, header=_beginnings(block.header), rows=rows)
            case ListItem():
                yield replace(block, text=block.text[:MAX_TEXT], depth=min(block.depth, MAX_DEPTH))
            case _:
                yield replace(block, text=block.text[:MAX_TEXT]) if len(block.text) > MAX_TEXT else block


def _without_deep_components(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks without the components that stand in too many others; what stands inside of them stays."""
    opened: list[str] = []
    for block in blocks:
        if not isinstance(block, Component) or block.kind == "whole":
            yield block
        elif block.kind == "opening":
            if len(opened) < MAX_COMPONENTS:
                yield block
            opened.append(block.name)
        else:
            if block.name in opened:
                while opened.pop() != block.name:
                    pass
            if len(opened) < MAX_COMPONENTS:
                yield block


def _beginnings(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell[:MAX_TEXT] for cell in cells)


def _with_complete_tags(text: str) -> str:
    """Return HTML in which what begins as a tag, a comment or a section and never ends is text.

    Python's reader would look for the end of each of them up to the end of the page.
    """
    for beginning, ending in (("<", ">"), ("<!--", "-->"), ("<![", "]")):
        last = text.rfind(ending) + 1
        text = text[:last] + text[last:].replace(beginning, "&lt;" + beginning[1:])
    return text
