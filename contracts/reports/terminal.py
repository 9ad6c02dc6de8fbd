"""Terminal report: lines for a person about the events of a run, as they happen."""

import io
from collections import Counter

from rich.console import Console
from rich.text import Text

from ..model.events import Event, OperationResult, Run, RunDone, RunStarted
from ..model.finding import Finding, Severity
from ..model.text import counted, one_line
from ..output.styled_text import console_for, joined_text, print_text, styled
from .finding_text import (
    FindingLines,
    expected_and_got,
    finding_headline,
    finding_lines,
    got_in_short,
    remark_on,
    with_shared_proofs,
)
from .groups import Key, group_key, shape
from .summary import summary_lines

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


class LiveReport:
    """Report on the terminal: a line per operation when it is done, then its findings; at the end the verdict.

    A finding has a line alone that the baseline knows, that an earlier operation had from the same documentation line,
    or that is of one kind with an earlier one, at another place of the body. A ``quiet`` report leaves out operations
    without new findings, and all but the verdict of a run without any. Events must come one at a time.
    """

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._started: RunStarted | None = None
        self._results: list[OperationResult] = []
        self._reported: dict[Key, tuple[str, str]] = {}
        self._shapes: dict[Key, Finding] = {}

    def __call__(self, event: Event) -> None:
        """Take an event; the first one tells of the run."""
        if isinstance(event, RunStarted):
            self._started = event
        elif isinstance(event, OperationResult) and self._started:
            self._results.append(event)
            self._operation(event, self._started)
        elif isinstance(event, RunDone) and self._started:
            self._end(Run(self._started, tuple(self._results), event))

    def _operation(self, result: OperationResult, started: RunStarted) -> None:
        new = [finding.severity for finding in result.findings if not started.knows(finding)]
        if self._quiet and not new and not result.stopped:
            return
        worst = min(new, key=lambda severity: severity.rank, default=None)
        clean = "stopped" if result.stopped else "known" if result.findings else "ok"
        mark = f"{worst.value if worst else clean:7}", _STYLES[worst] if worst else "green"
        self._print(joined_text(mark, (f" {result.operation.label}  ", ""), (_summary(result), "dim")))
        texts = [self._text(finding, result.operation.label, started) for finding in result.findings]
        for finding, lines in zip(result.findings, with_shared_proofs(texts), strict=True):
            style = "dim" if started.knows(finding) else _STYLES[finding.severity]
            for line in lines:
                self._print(styled(f"  {line}", style if line[0] != " " else ""))

    def _text(self, finding: Finding, label: str, started: RunStarted) -> FindingLines:
        """Return the lines of a finding, the headline alone where that is all to be printed."""
        if (short := self._in_short(finding, label, started)) is None:
            return finding_lines(finding, started)
        return FindingLines((f"{finding_headline(finding, remark_on(finding, started))}{short}",), ())

    def _in_short(self, finding: Finding, label: str, started: RunStarted) -> str | None:
        """Return what to add to the headline where that is all to be printed, ``None`` where there is more."""
        if started.knows(finding):
            return ""
        first, got = self._reported.setdefault(group_key(finding), (label, finding.got))
        if first != label:
            other = "" if finding.got == got else f": got {got_in_short(finding)}"
            return f", as for {one_line(first)}{other}"
        is_first = self._shapes.setdefault(shape(finding), finding) is finding
        return None if is_first else f": {expected_and_got(finding)}"

    def _end(self, run: Run) -> None:
        has_new = not all(map(run.started.knows, run.findings))
        *lines, verdict = summary_lines(run)
        is_short = self._quiet and not (has_new or run.failed or run.done.stopped or run.done.left)
        for line in () if is_short else lines:
            self._print(styled(line, "bold" if line[0] != " " else ""))
        self._print(styled(verdict, "bold red" if run.failed else "bold"))

    def _print(self, line: Text) -> None:
        print_text(self._console, line)


def _summary(result: OperationResult) -> str:
    counts = Counter(finding.severity for finding in result.findings)
    severities = "".join(f", {counted(counts[severity], severity.value)}" for severity in Severity if counts[severity])
    stopped = f", not finished: {one_line(result.stopped)}" if result.stopped else ""
    return f"{counted(result.calls, 'call')}{severities}{stopped}"


def terminal(run: Run) -> bytes:
    """Return the terminal report of a run, without colours."""
    text = io.StringIO()
    report = LiveReport(console_for(text))
    events: tuple[Event, ...] = (run.started, *run.results, run.done)
    for event in events:
        report(event)
    return text.getvalue().encode(errors="replace")
