"""Rate of the calls, and waiting where a busy server asks for it (``Retry-After``)."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Lock

from docdouble.schemas import Reply

from .cancellation import Cancellation

CAREFUL_RATE = 5.0
"""Calls a second to a server that others use, too."""

LONGEST_WAIT = 60.0
"""Seconds: a server that asks for more has to be verified another time."""

_FIRST_WAIT = 0.5
_SLOWEST = 10.0
_CALM = 20
"""Good replies in a row after which half of a slow-down is taken back."""

_NEWS = 0.3
"""Weight of the last reply in how long one probably takes."""


class Pace:
    """Source of moments to send, in the order they are asked for; safe to be used by several threads at once.

    ``rate`` is in calls a second, 0 without a limit. A call that is answered by 429 or 503 is repeated ``repeats``
    times at most. ``clock`` returns seconds.
    """

    def __init__(self, rate: float = 0.0, repeats: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self.repeats = repeats
        self._usual = self._interval = 1 / rate if rate else 0.0
        self._clock = clock
        self._lock = Lock()
        self._next = clock()
        self._calm = 0
        self._pauses = 0
        self._seconds_of_reply = 0.0

    def took(self, seconds: float) -> None:
        """Take note of how long a reply took."""
        weight = _NEWS if self._seconds_of_reply else 1.0
        self._seconds_of_reply += weight * (seconds - self._seconds_of_reply)

    def takes(self, calls: int) -> float:
        """Return the seconds that so many calls will probably take, one after the other."""
        return calls * max(self._seconds_of_reply, self._interval)

    def wait(self, stopped: Event) -> None:
        """Wait for the next moment to send, or until ``stopped``."""
        if not self._interval and self._clock() >= self._next:
            return
        moment, pauses = 0.0, -1
        while not stopped.is_set():
            with self._lock:
                now = self._clock()
                if pauses != self._pauses:  # at first, and where a pause moved everybody's turn
                    moment, pauses = max(now, self._next), self._pauses
                    self._next = moment + self._interval
            if moment <= now:
                return
            stopped.wait(moment - now)

    def pause(self, seconds: float) -> None:
        """Let nobody send for some seconds, and send half as often from then on."""
        with self._lock:
            self._next = self._clock() + seconds
            self._pauses += 1
            self._interval = min(max(2 * self._interval, 0.05), max(_SLOWEST, self._usual))
            self._calm = 0

    def went_well(self) -> None:
        """Take note of a good reply: after some, calls go out faster again, up to the usual rate."""
        if self._interval == self._usual:
            return
        with self._lock:
            self._calm += 1
            if self._calm >= _CALM:
                slower = self._interval / 2
                self._interval = slower if slower > max(self._usual, 0.05) else self._usual
                self._calm = 0


def first_wait(attempt: int) -> float:
    """Return the seconds to wait before attempt 1, 2, … where the server states none."""
    return float(_FIRST_WAIT * 2 ** (attempt - 1))


def asked_wait(retry_after: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds of a ``Retry-After`` (RFC 9110, section 10.2.3), ``None`` where it states none."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


class Backoff:
    """Delay where a server is busy: it answers 429 or 503, and the call is sent again at the pace of the run."""

    def __init__(self, pace: Pace, cancellation: Cancellation) -> None:
        self._pace = pace
        self._cancellation = cancellation
        self._overloaded: Counter[str] = Counter()

    def is_due(self, reply: Reply, operation: str, attempt: int) -> bool:
        """Tell whether a call is to be sent again; raises ``StoppedError`` for a server that stays busy."""
        if reply.status not in (429, 503) or not self._pace.repeats:
            return False
        if attempt < self._pace.repeats and not self._overloaded[operation]:
            return True
        if reply.status == 429:
            raise self._cancellation.fail(f"the server answers 429 also after {self._pace.repeats} waits")
        # one operation that always says so is broken, and not the server busy
        self._overloaded[operation] += 1
        return False

    def wait(self, reply: Reply, attempt: int) -> None:
        """Let nobody send for as long as the server asks; raises ``StoppedError`` where that is too long."""
        asked = asked_wait(reply.header("Retry-After"))
        if asked is not None and asked > LONGEST_WAIT:
            reason = f"the server asks to come back in {asked:.0f} s; we wait {LONGEST_WAIT:.0f} s at most"
            raise self._cancellation.fail(reason)
        self._pace.pause(first_wait(attempt) if asked is None else asked)
