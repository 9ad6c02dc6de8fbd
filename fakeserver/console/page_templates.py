"""Templates of the console's pages: Jinja2, in which each text is escaped."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .served import CONSOLE

FOLDER = Path(__file__).parent


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(link=page_link, root=CONSOLE)
    return environment


def page_link(page: str, **query: str) -> str:
    """Return the address of a page."""
    return f"{CONSOLE}{page}?{urlencode(query)}" if query else CONSOLE + page


def rendered(template: str, **context: Any) -> bytes:
    """Return a page as HTML."""
    return _environment().get_template(template).render(context).encode(errors="replace")
