"""The files that tell what a run touched: ``KIND=FILE``."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import orjson

from docdouble.schemas import ConfigError

from ..storage.output_files import check_writable, write_whole
from .html_page import coverage_page
from .use import Use

Report = tuple[str, Path]
"""A kind, and its file."""


def _json(use: Use) -> bytes:
    """Return the JSON with a line for each fact, so that two of them can be compared."""
    document = use.as_dict()
    for operation in document["operations"].values():
        for name in operation.keys() & {"facts", "untouched"}:
            operation[name] = [orjson.Fragment(orjson.dumps(fact)) for fact in operation[name]]
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


KINDS: Mapping[str, Callable[[Use], bytes]] = {"json": _json, "html": coverage_page}
"""Writers of the report, by kind."""


def read_reports(wanted: Iterable[str], folder: Path, option: str) -> tuple[Report, ...]:
    """Read ``KIND=FILE``, files from ``folder`` on; raises ``ConfigError`` for what could not be written in the end."""
    reports: list[Report] = []
    for text in wanted:
        kind, equals, name = text.partition("=")
        if not equals or not name:
            raise ConfigError(option, text, expected="of the form KIND=FILE, such as json=use.json")
        if kind not in KINDS:
            raise ConfigError(option, kind, KINDS, "a kind of report")
        file = folder / name
        check_writable(option, name, file)
        if file in (other for _, other in reports):
            raise ConfigError(option, name, expected="a file of its own: several reports go there")
        reports.append((kind, file))
    return tuple(reports)


def write_coverage_reports(use: Use, reports: Iterable[Report]) -> list[str]:
    """Write the files, each as a whole or not at all; return a line for each that could not be written."""
    problems = []
    for kind, file in reports:
        try:
            write_whole(file, KINDS[kind](use))
        except OSError as error:
            problems.append(f"the report {kind}={file} can't be written: {error.strerror or error}")
    return problems
