"""Event that signal handlers may set: ``threading.Event`` waits for itself where a handler interrupts it."""

from contextlib import suppress
from queue import Empty, SimpleQueue

_PAUSE = 0.5
"""Seconds after which handlers run in any case: nothing wakes a thread of a signal that the system hands to another."""


class SignalEvent:
    """A flag to wait for, in one thread; ``set`` may interrupt any of its methods, as ``SimpleQueue.put`` may."""

    def __init__(self) -> None:
        self._is_set = False
        self._sets: SimpleQueue[None] = SimpleQueue()

    def is_set(self) -> bool:
        """Tell whether it was set since it was last cleared."""
        return self._is_set

    def set(self) -> None:
        """Wake who waits."""
        self._is_set = True
        self._sets.put(None)

    def clear(self) -> None:
        """Let the next ``wait`` wait."""
        self._is_set = False

    def wait(self) -> None:
        """Return when it is set."""
        while not self._is_set:
            with suppress(Empty):
                self._sets.get(timeout=_PAUSE)
