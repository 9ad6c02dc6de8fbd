"""Pages of documentation in any markup that is read, as blocks."""

from .front_matter import split_front_matter
from .html_blocks import html_blocks
from .markdown import Page, refuse_large_tables
from .markdown_blocks import markdown_blocks

HTML_SUFFIXES = (".html", ".htm")
PAGE_SUFFIXES = (".md", ".mdx", ".markdown", *HTML_SUFFIXES)


def parsed_page(text: str, name: str) -> Page:
    """Return a page of a name, marked up as its ending says; raises ``PageError`` for tables that are too large."""
    if name.lower().endswith(HTML_SUFFIXES):
        return Page(name, {}, html_blocks(text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    refuse_large_tables(lines, name)
    front, start = split_front_matter(lines)
    return Page(name, front, markdown_blocks("\n".join(lines[start:]), start + 1))
