"""Queue of replies that wait to be judged: as many as a worker bears beside sending, or each of a number."""

import time
from collections import deque
from collections.abc import Callable

import gevent

MOST_WAITING = 500
"""Replies that wait; of more, those that come are not judged."""

BUSY_SHARE = 0.3
"""Part of a worker's time that judging may take while the worker has other work."""

_SLICE = 0.005
"""Seconds of judging after which others have their turn."""


class JudgeQueue:
    """Judges in a greenlet of its own: whenever nothing else is to be done, and else for a part of the time.

    Every ``every``-th reply is judged at once, whatever it takes; 0: as many as the worker bears.
    """

    def __init__(self, every: int = 0) -> None:
        self._every = every
        self._number = 0
        self._waiting: deque[Callable[[], None]] = deque()
        self._filled = gevent.event.Event()
        self._greenlet = None if every else gevent.spawn(self._run)

    def add(self, judge: Callable[[], None]) -> None:
        """Judge a reply, now or later, or not at all."""
        if self._every:
            self._number += 1
            if self._number % self._every == 0:
                judge()
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(judge)
            self._filled.set()

    def drain(self) -> None:
        """Judge everything that waits."""
        while self._waiting:
            self._waiting.popleft()()

    def _run(self) -> None:
        while True:
            self._filled.wait()
            began = time.perf_counter()
            while self._waiting and time.perf_counter() - began < _SLICE:
                self._waiting.popleft()()
            if not self._waiting:
                self._filled.clear()
            spent = time.perf_counter() - began
            with gevent.Timeout(spent * (1 / BUSY_SHARE - 1), False):
                gevent.idle()
