"""Workflow commands of GitHub Actions, which annotate the documentation lines of new findings."""

from collections.abc import Iterator, Mapping

from ..model.events import Run
from ..model.finding import Severity
from ..model.text import counted, plain
from .finding_text import finding_lines
from .groups import Group, groups, labels
from .summary import run_verdict

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

_MOST_SHOWN = 10
"""Annotations of one kind that GitHub shows for a step."""


def github(run: Run) -> bytes:
    """Return the commands, a line each: what is found in several operations once, and last of all the verdict."""
    new = [group for group in groups(run) if not group.known]
    names = labels(run)
    lines: list[str] = []
    left = {Severity.ERROR: _MOST_SHOWN, Severity.WARNING: _MOST_SHOWN, Severity.NOTE: _MOST_SHOWN - 1}
    for group in new:
        if left[group.first.severity] > 0:
            left[group.first.severity] -= 1
            lines.append(_annotation(group, run, names.get(group.first.operation, group.first.operation)))
    more = f"; {len(new) - len(lines)} more are in the other reports" if len(new) > len(lines) else ""
    title = f"docdouble {run.started.command}"
    lines.append(annotation("notice", {"title": title}, f"{run.started.target}: {run_verdict(run)}{more}"))
    return ("\n".join(lines) + "\n").encode(errors="replace")


def _annotation(group: Group, run: Run, label: str) -> str:
    first = group.first
    properties = {}
    if first.evidence:
        properties["file"] = first.evidence.page.partition("#/")[0]
        if first.evidence.line:
            properties["line"] = str(first.evidence.line)
    properties["title"] = f"{first.check}: {label}"
    return annotation(_COMMANDS[first.severity], properties, "\n".join(_message(group, run)))


def _message(group: Group, run: Run) -> Iterator[str]:
    problem, proof = finding_lines(group.first, run.started)
    yield from (*problem, *proof)
    if len(group.operations) > 1:
        yield f"and {counted(len(group.operations) - 1, 'more operation')}"


def annotation(kind: str, properties: Mapping[str, str], message: str) -> str:
    """Return a command of a kind (``error``, ``warning``, ``notice``), with everything in it escaped."""
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {written}::{_data(message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
