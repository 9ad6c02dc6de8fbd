"""Values that several threads, or several processes, read and change."""

import threading
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Change = Callable[[T], tuple[T, R]]
"""Function that returns what a value becomes, and the result; the value itself, where nothing changes."""


class HeldValue(Protocol[T]):
    """A value that is never changed in place, only for another one."""

    @property
    def value(self) -> T:
        """The value of the moment."""

    def change(self, work: Change[T, R]) -> R:
        """Put another value in its place, with nobody else doing so meanwhile, and return what comes of that."""


class ThreadValue(Generic[T]):
    """A ``HeldValue`` of the threads of one process."""

    def __init__(self, value: T) -> None:
        self.value = value
        self._lock = threading.Lock()

    def change(self, work: Change[T, R]) -> R:
        """Put another value in its place."""
        with self._lock:
            self.value, result = work(self.value)
            return result
