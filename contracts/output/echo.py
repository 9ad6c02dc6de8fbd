"""Printing: every line that the commands print goes through here, with secrets masked and documents' text as data."""

import re
import sys
from collections.abc import Iterable
from types import TracebackType

import click

from docdouble.schemas.http import without_url_credentials

from ..model.text import COMMAND_MARK, json_escapes, one_line
from .known_secrets import KNOWN_SECRETS

_COMMAND = re.compile(rf"\A(?P<before>\s*):(?=:)|{COMMAND_MARK}", re.IGNORECASE)
"""Beginnings of what GitHub, Azure and TeamCity take for commands to themselves in the output of a step."""


def printed(text: str) -> str:
    """Return a text as it may stand in a line of output: without secrets, control characters and commands."""
    return _COMMAND.sub(_harmless, one_line(KNOWN_SECRETS.masked(text)))


def echo(text: str = "") -> None:
    """Print a line of the result."""
    click.echo(printed(text))


def remark(text: str) -> None:
    """Print a line on stderr that says who says it."""
    click.echo(f"docdouble: {printed_remark(text)}", err=True)


def printed_remark(text: object) -> str:
    """Return a text or an error as ``printed`` does, in which URLs have no credentials."""
    return printed(without_url_credentials(str(text)))


def echo_lines(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines at once: thousands of writes would keep whoever waits for the last one waiting.

    On stderr, URLs in them have no credentials.
    """
    if shown := [printed_remark(line) if err else printed(line) for line in lines]:
        click.echo("\n".join(shown), err=err)


def print_lines(text: str) -> None:
    """Print lines that end in a line break on stderr, for what else would write to it."""
    echo_lines(text.removesuffix("\n").split("\n"), err=True)


def print_error(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """Print the traceback of an error that nobody expected, as Python does, on stderr."""
    import traceback  # here because it takes 3 ms to import, and no command needs it as a rule

    print_lines("".join(traceback.format_exception(kind, error, trace)))


def echo_json(document: str | bytes) -> None:
    """Print a JSON document; characters that could change how the rest is shown are escapes in it."""
    text = document.decode() if isinstance(document, bytes) else document
    click.echo(json_escapes(text), nl=not text.endswith("\n"))


def echo_report(report: str | bytes) -> None:
    """Print a report as it is: its writer has masked and escaped what stands in it."""
    if isinstance(report, str):
        click.echo(report)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(report)
    sys.stdout.buffer.flush()


def _harmless(match: re.Match[str]) -> str:
    return f"{match['before'] or ''}\\x{ord(match[0][-1]):02x}"
