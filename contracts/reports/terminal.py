"""Results of a run → lines for a person."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from docdouble.schemas import Call

from ..curl import curl
from ..events import OperationResult
from ..finding import Finding, Severity
from ..words import counted

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_MOST_SHOWN = 400
"""Characters of a body that are shown; the curl command has it whole."""


class TerminalReport:
    """Prints a line per operation, then its findings; ``base_url`` and ``secret_headers`` go into curl lines."""

    def __init__(self, console: Console, base_url: str, secret_headers: tuple[str, ...] = ()) -> None:
        self._console = console
        self._base_url = base_url
        self._secret_headers = secret_headers

    def operation(self, result: OperationResult) -> None:
        """Print what one operation's calls found."""
        worst = min((finding.severity for finding in result.findings), key=lambda one: one.rank, default=None)
        mark = Text("ok     " if worst is None else f"{worst.value:7}", style=_STYLES[worst] if worst else "green")
        self._print(mark, Text(f" {result.operation.label}  "), Text(counted(result.calls, "call"), style="dim"))
        for finding in result.findings:
            for line in describe(finding, self._base_url, self._secret_headers):
                self._print(Text(f"  {line}", style=_STYLES[finding.severity] if line[0] != " " else ""))

    def summary(self, results: Iterable[OperationResult], target: str) -> None:
        """Print the totals of a run against ``target``."""
        done = list(results)
        counts = {level: sum(one.severity is level for result in done for one in result.findings) for level in Severity}
        found = ", ".join(counted(count, level.value) for level, count in counts.items())
        calls = sum(result.calls for result in done)
        done_words = f"{counted(len(done), 'operation')} of {target}, {counted(calls, 'call')}"
        self._print(Text(f"{done_words}: {found}", style="bold"))

    def _print(self, *parts: Text) -> None:
        self._console.print(Text.assemble(*parts), soft_wrap=True)


def describe(finding: Finding, base_url: str, secret_headers: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines that tell a finding, the first flush left: where it is promised, what came, and how to see it."""
    yield f"{finding.severity.value}: {finding.check}, {finding.evidence or 'no documentation line'}"
    yield f"  promised  {finding.promised}"
    yield f"  came      {finding.came}"
    if finding.case:
        if finding.case.call.body:
            yield f"  call      {_shown(finding.case.call)}"
        yield f"  see it    {curl(finding.case.call, base_url, secret_headers if finding.case.signed else ())}"


def _shown(call: Call) -> str:
    try:
        value: Any = json.loads(call.body)
    except ValueError:
        value = None
    text = json.dumps(value, ensure_ascii=True) if value is not None else repr(call.body)[1:]
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
