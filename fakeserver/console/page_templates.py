"""Templates of the console's pages: Jinja2, in which each text is escaped, and prose of documents as Markdown."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from .served import CONSOLE

FOLDER = Path(__file__).parent

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that aren't seen, and could change how others are."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.globals.update(link=page_link, root=CONSOLE)
    environment.filters.update(prose=_prose, line=_line)
    return environment


@cache
def _markdown() -> MarkdownIt:
    """Return what reads prose: HTML in it is text, links lead to pages only, and nothing is loaded for it."""
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    return reader.disable(["image", "heading", "lheading", "html_block", "html_inline"])


def _prose(text: str) -> Markup:
    """Return a text of several paragraphs as HTML."""
    return Markup(_markdown().render(_shown(text)))


def _line(text: str) -> Markup:
    """Return a text within a line as HTML."""
    return Markup(_markdown().renderInline(_shown(text)))


def _shown(value: Any) -> Any:
    """Return a value of a template, characters of texts that nobody would see as escapes."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", value)


def page_link(page: str, **query: str) -> str:
    """Return the address of a page."""
    return f"{CONSOLE}{page}?{urlencode(query)}" if query else CONSOLE + page


def rendered(template: str, **context: Any) -> bytes:
    """Return a page as HTML."""
    return _environment().get_template(template).render(context).encode(errors="replace")
