"""Watchdog of a run: it ends what threads compute when the run is over, in Python and in its regular expressions."""

import contextlib
import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread

GRACE = 1.0
"""Seconds in which a run that is over may come to its end by itself; none after the second signal."""

_AGAIN = 0.5
"""Seconds after which a thread that goes on is interrupted again."""


class InterruptedComputation(BaseException):
    """End of what a thread computes, since its run is over; no ``except Exception`` on its way holds it up."""


class Watchdog:
    """Interrupter of threads that go on computing; ``is_waiting`` tells that they wait for a reply, which others end.

    The main thread is interrupted by the system's timer, where ``waking`` allows that: a regular expression of Python
    lets no other thread run, but looks for signals. Other threads are interrupted at their next step in Python.
    """

    def __init__(self, at_once: Event, is_waiting: Callable[[], bool]) -> None:
        self._at_once = at_once
        self._is_waiting = is_waiting
        self._threads: set[int] = set()
        self._lock = Lock()
        self._is_watching = self._has_timer = False

    def compute(self, function: Callable[[], None]) -> None:
        """Call a function that may be interrupted; raises ``InterruptedComputation`` then.

        No context manager: one that is interrupted where it is left would leave the thread to the next interruption.
        """
        ident = threading.get_ident()
        try:
            try:
                self._threads.add(ident)
                function()
            finally:
                self._leave(ident)
        except InterruptedComputation:
            self._leave(ident)  # it may have been interrupted on its way out; the next one comes a while later
            raise

    def _leave(self, ident: int) -> None:
        while not self._has_left(ident):
            pass

    def _has_left(self, ident: int) -> bool:
        try:
            with self._lock:
                self._threads.discard(ident)
            for _ in range(2):
                pass  # an exception that waits is raised at a jump, such as the one of this loop
        except InterruptedComputation:
            return False
        return True

    @contextlib.contextmanager
    def waking(self) -> Iterator[None]:
        """Let the main thread, which runs this, be interrupted by the timer of its process, where that has one."""
        if not hasattr(signal, "setitimer"):
            yield
            return
        before = signal.signal(signal.SIGALRM, self._wake)
        self._has_timer = True
        try:
            yield
        finally:
            self._has_timer = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _wake(self, number: int, frame: object) -> None:
        if self.may_interrupt() and self._is_due():
            raise InterruptedComputation

    def may_interrupt(self) -> bool:
        """Tell whether this thread computes something that may be interrupted."""
        return threading.get_ident() in self._threads

    def _is_due(self) -> bool:
        return self._at_once.is_set() or not self._is_waiting()

    def wake_in(self, seconds: float) -> None:
        """Interrupt the main thread after a while, if it is computing then; a signal's handler may call this."""
        if self._has_timer:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), _AGAIN)

    def watch(self) -> None:
        """Interrupt what other threads still compute after a while, and again until nothing does."""
        with self._lock:
            if self._is_watching:
                return
            self._is_watching = True
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        self._at_once.wait(GRACE)
        while True:
            with self._lock:
                others = self._threads - ({threading.main_thread().ident} if self._has_timer else set())
                if not others:
                    self._is_watching = False
                    return
                for ident in others if self._is_due() else ():
                    _raise_in(ident, InterruptedComputation)
            time.sleep(_AGAIN)


def _raise_in(ident: int, error: type[BaseException]) -> None:
    """Have a thread raise an exception at its next step in Python.

    There is no call that takes it back: CPython 3.11 would go on looking for it, and hang where a debugger traces.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))
