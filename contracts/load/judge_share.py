"""Share of the replies that are judged: as many as a worker bears beside sending, or each of a number."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BUSY = 0.8
"""Part of a core from which on a worker counts as busy, with the time in which it waits for one."""

BUSY_SHARE = 0.25
"""Part of the processor time of a busy worker that judging may take."""

_WINDOW = 0.25
"""Seconds after which it is looked at again whether the worker is busy."""

_SCHEDULED = Path("/proc/self/schedstat")
"""Nanoseconds that this process has run, and that it was ready to and has waited for a processor; of Linux."""


def waited_for_processor() -> float:
    """Return the seconds in which this process was ready to run and others did, 0 where the system doesn't tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(_SCHEDULED.read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0


class JudgeShare:
    """Share of replies that are judged: each at once or not at all.

    Every ``every``-th reply is judged, whatever it takes; 0: all, but of a busy worker what a part of its time is
    enough for.
    """

    def __init__(
        self,
        every: int = 0,
        clock: Callable[[], float] = time.perf_counter,
        processor: Callable[[], float] = time.process_time,
        waited: Callable[[], float] = waited_for_processor,
    ) -> None:
        self._every = every
        self._number = 0
        self._clock, self._processor, self._waited = clock, processor, waited
        self._began, self._used, self._waiting = clock(), processor(), waited()
        self._spent = 0.0
        self._is_busy = False

    def add(self, judge: Callable[[], None]) -> None:
        """Judge a reply, if it is its turn, or if there is time."""
        if self._every:
            self._number += 1
            if self._number % self._every == 0:
                judge()
            return
        began = self._clock()
        if began - self._began > _WINDOW:
            self._look(began)
        if not self._is_busy or self._spent <= BUSY_SHARE * (self._processor() - self._used):
            judge()
            self._spent += self._clock() - began

    def _look(self, now: float) -> None:
        """Begin another window, in which the worker is busy if it was in the last one."""
        used, waiting = self._processor(), self._waited()
        self._is_busy = used - self._used + waiting - self._waiting > BUSY * (now - self._began)
        self._began, self._used, self._waiting, self._spent = now, used, waiting, 0.0
