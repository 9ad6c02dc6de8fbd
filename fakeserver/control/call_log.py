"""Logs of the last calls and replies as they were received, which the journal shows with secrets masked."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson

from docdouble.schemas import Call, Reply

from ..http.redaction import Redaction
from ..state.worlds import world_of

CAPACITY = 1000
"""Number of calls that are kept."""

MOST_COUNTED = 10_000
"""Worlds and operations of which it is known how many calls were dropped; of others only that there were some."""

ANY_WORLD = "*"
"""Word for the worlds of which it isn't known."""


@dataclass(frozen=True, slots=True)
class KeptBody:
    """A body as the journal tells it: masked text, which ``is_json`` or not; ``note`` says what is missing of it."""

    text: str = ""
    is_json: bool = False
    note: str = ""

    @property
    def value(self) -> Any:
        """The JSON value, else the text, ``None`` for no body or one that is only described."""
        return orjson.loads(self.text) if self.is_json else self.text or None


class CapturedExchange(NamedTuple):
    """One call and its reply as they were received; a body of which only a part is kept is ``asked`` or ``answered``.

    Their ``redaction`` was made of the whole bodies then. ``note`` says what was done besides answering as documented.
    """

    seconds: float
    operation: str | None
    milliseconds: float
    call: Call
    asked: KeptBody | None
    reply: Reply
    answered: KeptBody | None
    redaction: Redaction | None
    note: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.operation})"  # the rest is not masked


Numbered = tuple[int, CapturedExchange]


class CallLog(Protocol):
    """The last calls, numbered from 1; no number is given twice. All methods may be called by several threads."""

    def append(self, exchange: CapturedExchange) -> None:
        """Keep a call, in place of the oldest one where there are as many as are kept."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the calls that are kept, the oldest first."""

    def after(self, number: int) -> Sequence[Numbered]:
        """Return the calls that are kept behind a number, the oldest first."""

    def last(self) -> int:
        """Return the number of the last call, 0 before the first one."""

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until there is a call behind a number; return whether the log is still open."""

    def close(self) -> None:
        """End every wait, also later ones."""

    def clear(self, world: str) -> None:
        """Forget the calls of a world, of all without a name, and how many were dropped."""

    def dropped(self, operation: str, world: str) -> int:
        """Return how many calls had to go for later ones, of an operation and of a world where one is named."""


class MemoryLog:
    """A ``CallLog`` of one process."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._kept: deque[Numbered] = deque(maxlen=capacity)
        self._dropped: Counter[tuple[str, str | None]] = Counter()
        self._last = 0
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        self._waiting = 0
        self._is_closed = False

    def append(self, exchange: CapturedExchange) -> None:
        """Keep a call."""
        with self._lock:
            self._last += 1
            if len(self._kept) == self._kept.maxlen:
                self._count(self._kept[0][1] if self._kept else exchange)
            self._kept.append((self._last, exchange))
            if self._waiting:
                self._news.notify_all()

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the calls that are kept."""
        with self._lock:
            return [number for number, _ in self._kept]

    def after(self, number: int) -> Sequence[Numbered]:
        """Return the calls behind a number."""
        with self._lock:
            return [numbered for numbered in self._kept if numbered[0] > number]

    def last(self) -> int:
        """Return the number of the last call."""
        return self._last

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until there is a call behind a number."""
        with self._news:
            self._waiting += 1
            try:
                self._news.wait_for(lambda: self._is_closed or self._last > number, seconds)
            finally:
                self._waiting -= 1
        return not self._is_closed

    def close(self) -> None:
        """End every wait, also later ones."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()

    def clear(self, world: str) -> None:
        """Forget calls."""
        with self._lock:
            left = [numbered for numbered in self._kept if world and world_of(numbered[1].call) != world]
            self._kept.clear()
            self._kept.extend(left)
            for key in [counted for counted in self._dropped if world in ("", counted[0])]:
                del self._dropped[key]

    def dropped(self, operation: str, world: str) -> int:
        """Return how many calls had to go."""
        with self._lock:
            return sum(
                count
                for (where, called), count in self._dropped.items()
                if (not world or where in (world, ANY_WORLD)) and operation in ("", called)
            )

    def _count(self, exchange: CapturedExchange) -> None:
        key = (world_of(exchange.call), exchange.operation)
        if key not in self._dropped and len(self._dropped) >= MOST_COUNTED:
            key = (ANY_WORLD, exchange.operation)
        self._dropped[key] += 1
