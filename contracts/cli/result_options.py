"""Options that say what fails a run, and where its result is written: those of ``verify`` and ``merge-reports``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from docdouble.schemas import ConfigError

from ..model.finding import Severity
from .help_pages import Number

_FILE = click.Path(dir_okay=False, path_type=Path)
_REPORTS = (
    "Write a report: github, html, json, junit, pytest, sarif or terminal; FILE may be - for stdout, and the option "
    "given again."
)

_OPTIONS = (
    click.option("--report", "reports", multiple=True, metavar="KIND=FILE", help=_REPORTS),
    click.option("--baseline", type=_FILE, help="Findings that are known: only others fail."),
    click.option("--update-baseline", is_flag=True, help="Write what was found into the baseline."),
    click.option(
        "--cases", type=click.Path(file_okay=False, path_type=Path), help="Keep failing calls in this folder."
    ),
    click.option(
        "--fail-on", type=click.Choice(list(map(str, Severity))), help="Exit 1 from this severity on.  [default: error]"
    ),
    click.option(
        "--fail-under",
        type=Number(0, 100),
        metavar="PERCENT",
        help="Exit 1 when a smaller share of the operations that were sent is verified.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print operations with findings only, and the verdict."),
)


def with_result_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; their values are ``reports``, ``fail_on`` and so on."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def report_option(text: str) -> tuple[str, str]:
    """Read the value of ``--report``: the kind and the file; raises ``ConfigError``."""
    kind, equals, file = text.partition("=")
    if not equals or not file:
        raise ConfigError("--report", text, expected="of the form KIND=FILE, such as html=report.html")
    return kind, file
