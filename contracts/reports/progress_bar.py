"""A progress bar on stderr, where that is a terminal."""

import contextlib
import sys
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress_bar(description: str, unit: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function to tell how much of how much is done, ``None`` where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import (  # here because rich takes 40 ms to import, and only a terminal needs it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from ..output.echo import printed
    from ..output.styled_text import console_for

    shown = printed(description)
    rate = TextColumn(f"{{task.fields[rate]}} {unit}/s")
    columns = (
        TextColumn(shown, markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        rate,
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console_for(stderr=True), transient=True) as bar:
        task = bar.add_task(shown, total=None, rate="-")

        def tell(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.0f}" if speed else "-")

        yield tell
