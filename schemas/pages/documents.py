"""Pages of documentation in any markup that is read, as blocks."""

from collections.abc import Iterator
from dataclasses import replace

from ..errors import PageError
from ..text_files import text_lines
from .blocks import Block, Component, Fence, ListItem, PageTable
from .front_matter import split_front_matter
from .html_blocks import html_blocks
from .markdown import MAX_COLUMNS, MAX_ROWS, Page, refuse_large_tables
from .markdown_blocks import markdown_blocks
from .page_folder import HTML_SUFFIXES, RST_SUFFIX
from .rst_blocks import rst_blocks

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
