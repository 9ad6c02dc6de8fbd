"""Cancellation of a run: by its user, when its time is up, or where the target is in trouble."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Lock, Thread, Timer
from typing import Protocol, runtime_checkable

from .target import Target
from .watchdog import GRACE, InterruptedComputation, Watchdog

_WAKING = 0.05
"""Seconds after which what is still waited for is ended again."""

_LOOK = 0.25
"""Seconds between two looks at how much time the removing will take."""

_OVERTIME = GRACE + 0.5
"""Seconds after the time of a run in which it may remove what it created."""


class StoppedError(Exception):
    """The run is over: the budget is spent, or the target is in trouble. Not an error of the target's operation.

    ``unreachable`` tells that the target doesn't answer, or not us: what is left can't be verified.
    """

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


@runtime_checkable
class Interruptible(Protocol):
    """A target whose exchanges can be ended while they are waited for."""

    def interrupt(self) -> None:
        """End them; calls that are made later are sent as usual."""


class Cancellation:
    """End of the calls of a run to a target, after ``max_seconds`` at the latest; safe to be used by several threads.

    ``cancelled`` is set at the end of the run; ``at_once`` as well where not even cleaning up is to be waited for.
    The run ends earlier by the seconds that cleaning up is expected to take, but by half of its time at most.
    """

    def __init__(
        self, target: Target, max_seconds: float = 0.0, cleaning_up_takes: Callable[[], float] = lambda: 0.0
    ) -> None:
        self.cancelled = Event()
        self.at_once = Event()
        self.is_at_once = False
        self.is_cleaning_up = False
        self._target = target
        self._max_seconds = max_seconds
        self._cleaning_up_takes = cleaning_up_takes
        self._started = time.monotonic()
        self._lock = Lock()
        self._reason: StoppedError | None = None
        self._under_way = self._chained = 0
        self._watchdog = Watchdog(self.at_once, self._is_waiting)

    def share_time(self, seconds: float) -> None:
        """Let the time count from the beginning of a run that other processes began ``seconds`` ago."""
        self._started = time.monotonic() - seconds

    def cancel(self, reason: str, *, at_once: bool = False) -> None:
        """End the run for all threads, also those that wait, but for a chain that waits for its reply.

        ``at_once`` ends that, too. A signal's handler may call this.
        """
        # neither a lock nor an event here: the thread that a signal interrupts may hold that very lock
        self._reason = self._reason or StoppedError(reason)
        self.is_at_once = self.is_at_once or at_once
        self._watchdog.wake_in(0 if at_once else GRACE)
        Thread(target=self._wake, daemon=True).start()

    def fail(self, reason: str, *, unreachable: bool = True) -> StoppedError:
        """End the run for all threads, and return what to raise; the first reason counts."""
        with self._lock:
            self._reason = self._reason or StoppedError(reason, unreachable=unreachable)
        self.cancelled.set()
        return self._reason

    def check(self) -> None:
        """Raise ``StoppedError`` when the run is over."""
        if self._reason is not None:
            raise StoppedError(str(self._reason), unreachable=self._reason.unreachable)
        if self._max_seconds and self._left() <= 0:
            raise StoppedError(self._time_is_up)

    @contextmanager
    def within_time(self) -> Iterator[None]:
        """End the run when its time is up, whatever it waits for."""
        if not self._max_seconds:
            yield
            return
        self._watchdog.wake_in(max(0.0, self._left()) + GRACE)
        over = Event()
        Thread(target=self._cancel_in_time, args=[over], daemon=True).start()
        try:
            yield
        finally:
            over.set()

    @contextmanager
    def within_overtime(self) -> Iterator[None]:
        """End the removing of what was created, too, soon after the time is up."""
        if not self._max_seconds:
            yield
            return
        left = self._started + self._max_seconds + _OVERTIME - time.monotonic()
        timer = Timer(left, self.cancel, [self._time_is_up], {"at_once": True})
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def exchange(self) -> Iterator[None]:
        """Count an exchange as under way, which a cancellation interrupts."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    @contextmanager
    def chain(self, *, chained: bool) -> Iterator[None]:
        """Count a call of a chain, whose reply is waited for: what it creates has to be known to be removed."""
        with self._lock:
            self._chained += chained
        try:
            yield
        finally:
            with self._lock:
                self._chained -= chained

    def waking(self) -> AbstractContextManager[None]:
        """Let the main thread be interrupted by the timer of its process, also in a regular expression."""
        return self._watchdog.waking()

    def compute(self, function: Callable[[], None]) -> None:
        """Call a function that ends soon after the run is over: raises ``StoppedError`` then."""
        try:
            self._watchdog.compute(function)
        except InterruptedComputation:
            self.check()
            raise

    def _is_waiting(self) -> bool:
        """Tell whether there are exchanges under way that ``Interruptible.interrupt`` ends."""
        return self._under_way > 0 and isinstance(self._target, Interruptible)

    def _left(self) -> float:
        """Return the seconds that are left for calls."""
        for_calls = self._max_seconds - min(self._cleaning_up_takes(), self._max_seconds / 2)
        return self._started + for_calls - time.monotonic()

    def _cancel_in_time(self, over: Event) -> None:
        """End the run when its time is up, unless it is over before."""
        while (left := self._left()) > 0:
            if over.wait(min(left, _LOOK)):
                return
        self.cancel(self._time_is_up)

    @property
    def _time_is_up(self) -> str:
        return f"the budget of {self._max_seconds:g} seconds is spent"

    def _wake(self) -> None:
        """End what is waited for, also what is just about to be."""
        self.cancelled.set()
        if self.is_at_once:
            self.at_once.set()
        self._watchdog.watch()
        while self._under_way and isinstance(self._target, Interruptible):
            if self.is_at_once or not (self._chained or self.is_cleaning_up):
                self._target.interrupt()
            time.sleep(_WAKING)
