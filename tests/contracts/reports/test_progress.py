"""The bar over the operations of a run."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from docdouble.contracts.model.events import OperationStarted, Run
from docdouble.contracts.reports import progress
from docdouble.contracts.reports.progress import live_progress


@pytest.mark.parametrize("width", [60, 80, 200])
def test_how_far_the_run_is_can_be_read_at_any_width(
    width: int, make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN", -1.0)
    run = make_run(clean=("One", "Two", "A" * 100))
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    with live_progress(console) as tell:
        tell(run.started)
        tell(OperationStarted(run.started.operations[2]))
        tell(run.results[0])
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1/3" in shown
    assert all(len(line) <= width for line in shown.replace("\r", "\n").splitlines() if "\x1b" not in line)


def test_there_is_none_where_nobody_sees_it(make_run: Callable[..., Run]) -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    with live_progress(console) as tell:
        tell(make_run().started)
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]
