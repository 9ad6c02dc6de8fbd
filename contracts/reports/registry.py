"""Kinds of reports that are written at the end of a run; packages may add some."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError
from docdouble.schemas.plugins import load_plugins

from ..model.events import Run
from ..output.echo import echo_json, echo_report
from ..storage.output_files import check_writable, write_whole
from .github import github
from .html import html
from .json_report import json_report
from .junit import junit
from .pytest_file import pytest_file
from .sarif import sarif
from .terminal import terminal

GROUP = "docdouble.reports"
"""Entry points that are a ``Report``; their names are the kinds."""

STDOUT = "-"
"""Name that stands for the standard output in place of a file."""

Report = Callable[[Run], bytes]
"""Function that returns the content of the file."""

REPORTS: Mapping[str, Report] = {
    "github": github,
    "html": html,
    "json": json_report,
    "junit": junit,
    "pytest": pytest_file,
    "sarif": sarif,
    "terminal": terminal,
}
"""Ours, by kind."""

_JSON = ("json", "sarif")

Wanted = Sequence[tuple[str, str]]
"""Kinds with their files."""


@cache
def reports() -> Mapping[str, Report]:
    """Return all kinds; raises ``PluginError`` for one of a package that can't be loaded."""
    return {**REPORTS, **dict(load_plugins(GROUP, _report))}


def _report(kind: str, loaded: Any) -> tuple[tuple[str, Report]]:
    """Return the report of an entry point with its kind; raises an error for what is none."""
    if not callable(loaded):
        raise TypeError(f"expected a function from a Run to bytes, got {loaded!r}")
    if kind in REPORTS:
        raise ValueError("docdouble has a report of this name")
    return ((kind, loaded),)


def check_reports(wanted: Wanted) -> None:
    """Raise ``ConfigError`` for what could not be written at the end of a run, so that it is known at its beginning."""
    for kind, file in wanted:
        if kind not in reports():
            raise ConfigError("--report", kind, reports(), "a kind of report")
        if file != STDOUT:
            check_writable("--report", file, Path(file))
    for file in _repeated(os.path.realpath(file) if file != STDOUT else STDOUT for _, file in wanted):
        raise ConfigError("--report", file, expected="a file of its own: several reports go there")


def _repeated(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return [name for index, name in enumerate(listed) if name in listed[:index] and name != os.devnull]


def write_reports(run: Run, wanted: Wanted) -> list[str]:
    """Write reports, each as a whole or not at all, and return a line for each that could not be written."""
    problems = []
    for kind, file in wanted:
        try:
            _write(kind, file, reports()[kind](run))
        except OSError as error:
            problems.append(f"the report {kind}={file} can't be written: {error.strerror or error}")
        except Exception as error:  # noqa: BLE001 - it may be of another package, and the others are still to be written
            problems.append(f"the report {kind}={file} can't be made: {type(error).__name__}: {error}")
    return problems


def _write(kind: str, file: str, data: bytes) -> None:
    if file == STDOUT:
        (echo_json if kind in _JSON else echo_report)(data)
    else:
        write_whole(Path(file), data)
