"""Options of commands that listen: the address, its certificate, the control API, and the log of requests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .help_pages import WholeNumber

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_OPTIONS = (
    click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option(
        "--port",
        default=4010,
        show_default=True,
        type=WholeNumber(0, 65535),
        help="Port to listen on, 0 for a free one.",
    ),
    click.option("--tls", is_flag=True, help="Speak TLS, with a certificate made on the fly."),
    click.option("--tls-cert", type=_FILE, help="Speak TLS with this certificate (PEM)."),
    click.option("--tls-key", type=_FILE, help="The key of --tls-cert (PEM)."),
    click.option("--control-token", default="", help="Token for the control API.  [default: made up, and printed]"),
    click.option(
        "--control-origin",
        multiple=True,
        metavar="ORIGIN",
        help="Pages that may call the control API; may be given again.",
    ),
    click.option(
        "--control-host",
        multiple=True,
        metavar="NAME",
        help="Name under which others call the control API; may be given again.",
    ),
    click.option("--open", "opens_console", is_flag=True, help="Open the console in a browser."),
    click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How requests are logged.",
    ),
)


def with_server(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that listens."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
