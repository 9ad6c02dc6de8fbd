"""A bar over the operations of a run, where somebody sees it."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Column

from ..model.events import CallDone, Event, OperationResult, OperationStarted, RunStarted
from ..model.text import counted, cut
from ..output.echo import printed
from ..output.styled_text import console_for

_SECONDS_BETWEEN = 0.1
"""Between two changes of what is shown: calls come faster than anybody reads."""

_BESIDE, _LEAST = 52, 10
"""Columns that the bar and its numbers need, and those that the text beside them has at least."""


@contextlib.contextmanager
def live_progress(console: Console) -> Iterator[Callable[[Event], None]]:
    """Yield a function that takes events and shows how far a run is, until the block is left.

    It is shown on stderr, or by ``console`` where that is a terminal, so that its lines stay above the bar; and not
    at all where neither is one.
    """
    shown = console if console.is_terminal else console_for(stderr=True)
    if not shown.is_terminal:
        yield lambda event: None
        return
    columns = (
        TextColumn("verifying"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[status]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
    )
    redirect = sys.stderr.isatty()  # what is written to stderr stands above the bar, and goes to a file if it is one
    with Progress(*columns, console=shown, transient=True, redirect_stdout=False, redirect_stderr=redirect) as bar:
        yield _Progress(bar)


class _Progress:
    """Counts events, and shows the counts from time to time."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID = bar.add_task("", total=None, status="")
        self._began = time.monotonic()
        self._shown = 0.0
        self._done = self._calls = self._findings = 0
        self._current = ""

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._began = time.monotonic()
            self._bar.update(self._task, total=len(event.operations))
        elif isinstance(event, OperationStarted):
            self._current = event.operation.label
        elif isinstance(event, CallDone):
            self._calls += 1
        elif isinstance(event, OperationResult):
            self._done += 1
            self._findings += len(event.findings)
        self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._shown >= _SECONDS_BETWEEN:
            self._shown = now
            self._bar.update(self._task, completed=self._done, status=self._status(now))

    def _status(self, now: float) -> str:
        rate = self._calls / max(now - self._began, _SECONDS_BETWEEN)
        counts = f"{counted(self._calls, 'call')}, {rate:.0f}/s, {counted(self._findings, 'finding')}"
        return cut(f"{counts}, {printed(self._current)}", max(self._bar.console.width - _BESIDE, _LEAST))
