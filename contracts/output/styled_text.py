"""Text in colour on a terminal, with secrets masked and documents' text as data."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from .echo import printed


def console_for(file: IO[str] | None = None, *, stderr: bool = False, columns: int = 0) -> Console:
    """Return a console that colours nothing by itself, and in a ``file`` nothing at all.

    Where it is no terminal it is so many ``columns`` wide.
    """
    if file:
        return Console(file=file, force_terminal=False, color_system=None, highlight=False)
    made = Console(highlight=False, stderr=stderr)
    if columns and not made.is_terminal:
        made.width = columns
    return made


def styled(text: str, style: str = "") -> Text:
    """Return a line in a style."""
    return Text(printed(text), style=style)


def joined_text(*parts: tuple[str, str]) -> Text:
    """Return a line of several texts, each with its style."""
    return Text.assemble(*(styled(text, style) for text, style in parts))


def styled_lines(text: str, style: str = "") -> Iterator[Text]:
    """Yield the lines of a text that we have laid out ourselves, such as indented JSON."""
    return (styled(line, style) for line in text.split("\n"))


def print_text(console: Console, *lines: Text | Tree) -> None:
    """Print lines, and trees of them, none broken in two."""
    for line in lines:
        console.print(line, soft_wrap=True)


def print_table(console: Console, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, with cells of several lines where it would be too wide."""
    table = Table(*headings, title=styled(title), title_justify="left", box=None)
    for row in rows:
        table.add_row(*map(_cell, row))
    console.print(table)


def _cell(text: str) -> Text:
    """Return a text in which any word may begin a line."""
    return Text(" ".join(map(printed, printed(text).split(" "))))
