"""The only way to a target: what the plan doesn't allow is not sent, and credentials are added here."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread, Timer
from typing import Protocol, runtime_checkable

from docdouble.schemas import Call, ConfigError, Reply, TargetError
from docdouble.schemas.http import Headers

from ..model.budget import Budget
from .cleanup import PendingDeletions
from .health import Health
from .rate_limit import LONGEST_WAIT, Pace, asked_wait, first_wait
from .signer import Signer
from .target import Failure, Target

_RECONNECTING = (0.1, 0.5)
"""Seconds to wait before a connection is tried again."""

_TEAR_DOWN_SECONDS = 60.0

_WAKING = 0.05
"""Seconds after which what is still waited for is ended again."""

_IN_VAIN = 3
"""New tokens that were refused as well."""

Sent = tuple[Reply | Failure, float]
"""What came of a call, and the seconds it took."""


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


class Guarding(Protocol):
    """Decides what may be sent, see ``guard.Guard``."""

    def refusal(self, call: Call, *, signed: bool = True, chained: bool = False) -> str:
        """Return why a call may not be sent, empty when it may."""

    def created(self, remove: Call, key: object) -> None:
        """Take note of what the run created."""

    def removed(self, remove: Call, key: object) -> None:
        """Take note that it is gone."""


class Transport:
    """Sends calls to a target, within a plan, a budget and a pace; safe to be used by several threads at once.

    ``refused`` counts the calls that were not sent, by the reason; ``cut_off`` are calls of chains that a stop at once
    left without a reply: they may have created something that nobody knows of.
    """

    def __init__(
        self,
        target: Target,
        allowed: Guarding | Callable[[Call], bool],
        budget: Budget,
        credentials: Headers | Signer = (),
        pace: Pace | None = None,
    ) -> None:
        self.target = target
        self.sent = 0
        self.refused: Counter[str] = Counter()
        self.cut_off: list[Call] = []
        self._guard: Guarding = _Plain(allowed) if callable(allowed) else allowed
        self._budget = budget
        self._signer = credentials if isinstance(credentials, Signer) else Signer.of(credentials)
        self._pace = pace or Pace()
        self._health = Health()
        self._ledger = PendingDeletions()
        self._started = time.monotonic()
        self._lock = Lock()
        self._stop = Event()
        self._reason: StoppedError | None = None
        self._overloaded: Counter[str] = Counter()
        self._in_vain = 0
        self._under_way = self._chained = 0
        self._is_ending = False
        self._at_once = False
        self._hurry = Event()

    @property
    def has_credentials(self) -> bool:
        """Whether the user gave credentials."""
        return bool(self._signer.names)

    def send(self, call: Call, *, signed: bool = True, operation: str = "", chained: bool = False) -> Sent | None:
        """Return the reply, or why there is none, and the seconds it took; ``None`` for a call that may not be sent.

        ``operation`` is the id of the one that is verified, ``chained`` tells a call of a chain. Raises
        ``StoppedError`` when nothing more may be sent, ``TargetError`` when nothing ever answered.
        """
        why = self._guard.refusal(call, signed=signed, chained=chained)
        if not why and self._health.is_given_up(operation):
            why = "its operation doesn't answer, or refuses the credentials"
        if why:
            with self._lock:
                self.refused[why] += 1
            return None
        with self._lock:
            self._chained += chained
        try:
            sent = self._patiently(call, operation, signed=signed)
        except StoppedError:
            if chained and self._at_once and call.method not in ("GET", "HEAD"):
                self.cut_off.append(call)
            raise
        finally:
            with self._lock:
                self._chained -= chained
        if sent is not None:
            self._judge(sent[0], call, operation, signed=signed)
        return sent

    def stop(self, reason: str, *, at_once: bool = False) -> None:
        """End the run: every later call raises ``StoppedError``, and so does every one that is waited for.

        Where a chain waits for a reply, it still gets it: what it creates has to be known to be removed. ``at_once``
        ends that, too, and leaves what is not yet removed. A signal's handler may call this.
        """
        # neither a lock nor an event here: the thread that a signal interrupts may hold that very lock
        self._reason = self._reason or StoppedError(reason)
        self._at_once = self._at_once or at_once
        Thread(target=self._wake, daemon=True).start()

    @contextmanager
    def within_time(self) -> Iterator[None]:
        """End the run when its time is up, whatever it waits for."""
        seconds = self._budget.max_seconds
        if not seconds:
            yield
            return
        left = max(0.0, seconds - (time.monotonic() - self._started))
        timer = Timer(left, self.stop, [_time_is_up(seconds)])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _wake(self) -> None:
        """End what is waited for, also what is just about to be."""
        self._stop.set()
        if self._at_once:
            self._hurry.set()
        while self._under_way and isinstance(self.target, Interruptible):
            if self._at_once or not (self._chained or self._is_ending):
                self.target.interrupt()
            time.sleep(_WAKING)

    def created(self, remove: Call, key: object) -> None:
        """Take note of what the run created, and of the call that removes it."""
        self._guard.created(remove, key)
        self._ledger.created(remove, key)

    def removed(self, key: object, remove: Call | None = None) -> None:
        """Take note that it is gone; of several with this key the latest is meant, unless ``remove`` tells which."""
        call = self._ledger.removed(key, remove)
        if call is not None:
            self._guard.removed(call, key)

    def tear_down(self) -> tuple[Call, ...]:
        """Remove what the run created, the latest first, also when it was stopped; return the calls that failed."""
        self._is_ending = True
        deadline = time.monotonic() + _TEAR_DOWN_SECONDS
        failed: list[Call] = []
        for key, call in self._ledger.left():
            if self._at_once or time.monotonic() > deadline or not self._is_removed_by(call):
                failed.append(call)
            else:
                self.removed(key, call)
        return tuple(failed)

    def _is_removed_by(self, call: Call) -> bool:
        if self._guard.refusal(call, chained=True):
            return False
        for attempt in range(1, self._pace.repeats + 2):
            self._pace.wait(self._hurry)  # not the event of the run, which may be stopped
            try:
                sent = self._exchange(self._signer.signed(call))
            except ConfigError:  # a token that can't be renewed
                return False
            if sent is None or isinstance(sent[0], Failure):
                return False
            if sent[0].status not in (429, 503):
                return sent[0].status < 300 or sent[0].status in (404, 410)
            self._pace.pause(first_wait(attempt))
        return False

    def _patiently(self, call: Call, operation: str, *, signed: bool) -> Sent | None:
        """Send a call, again where the server is busy, refuses an old token, or was not there for a moment."""
        attempt = lost = 0
        renewed = False
        while True:
            message = self._signed(call) if signed else call
            sent = self._counted(message)
            outcome = sent[0] if sent else None
            if isinstance(outcome, Failure) and not outcome.connected:
                self._reconnect(outcome, lost)
                lost += 1
            elif isinstance(outcome, Reply) and self._is_busy(outcome, operation, attempt):
                attempt += 1
                self._back_off(outcome, attempt)
            elif signed and not renewed and isinstance(outcome, Reply) and self._is_renewed(outcome, message):
                renewed = True
            else:
                self._in_vain += renewed and isinstance(outcome, Reply) and outcome.status == 401
                return sent

    def _counted(self, message: Call) -> Sent | None:
        """Send a signed call at its turn, within the budget."""
        self._check()
        self._pace.wait(self._stop)
        self._check(spend=True)
        sent = self._exchange(message)
        if sent and isinstance(sent[0], Failure):
            self._check()
        return sent

    def _signed(self, call: Call) -> Call:
        try:
            return self._signer.signed(call)
        except ConfigError as error:
            raise self._stop_by(_trouble(str(error))) from None

    def _exchange(self, message: Call) -> Sent | None:
        started = time.perf_counter()
        with self._lock:
            self._under_way += 1
        try:
            outcome = self.target.send(message)
        finally:
            with self._lock:
                self._under_way -= 1
        seconds = time.perf_counter() - started
        match outcome:
            case None:
                return None
            case Failure():
                return Failure(self._signer.text_without_secrets(outcome.reason), outcome.connected), seconds
        return self._signer.without_secrets(outcome), seconds

    def _is_renewed(self, reply: Reply, message: Call) -> bool:
        """Tell whether a refused token was fetched anew, which is given up when that doesn't help."""
        if reply.status != 401 or self._in_vain >= _IN_VAIN:
            return False
        try:
            return self._signer.renew(message)
        except ConfigError as error:
            raise self._stop_by(_trouble(str(error))) from None

    def _reconnect(self, failure: Failure, lost: int) -> None:
        """Wait before the next attempt, or give up on the target: a call that reached nothing can be sent again."""
        if not self._health.has_worked and not lost:
            raise TargetError(self.target.name, failure.reason)
        if lost >= len(_RECONNECTING):
            raise self._unreachable(failure.reason)
        self._stop.wait(_RECONNECTING[lost])

    def _is_busy(self, reply: Reply, operation: str, attempt: int) -> bool:
        if reply.status not in (429, 503) or not self._pace.repeats:
            return False
        if attempt < self._pace.repeats and not self._overloaded[operation]:
            return True
        if reply.status == 429:
            raise self._stop_by(_trouble(f"the server answers 429 also after {self._pace.repeats} waits"))
        # one operation that always says so is broken, and not the server busy
        self._overloaded[operation] += 1
        return False

    def _back_off(self, reply: Reply, attempt: int) -> None:
        asked = asked_wait(reply.header("Retry-After"))
        if asked is not None and asked > LONGEST_WAIT:
            raise self._stop_by(
                _trouble(f"the server asks to come back in {asked:.0f} s; we wait {LONGEST_WAIT:.0f} s at most")
            )
        self._pace.pause(first_wait(attempt) if asked is None else asked)

    def _judge(self, outcome: Reply | Failure, call: Call, operation: str, *, signed: bool) -> None:
        """Take note of how a call went; raises ``StoppedError`` when the target turns out to be in trouble."""
        if isinstance(outcome, Failure):
            self._health.failed(operation)
        else:
            self._health.replied(operation, call, outcome, signed=signed)
            if outcome.status < 500:
                self._pace.went_well()
        if self._health.refuses_credentials:
            raise self._stop_by(_trouble(f"{self._whose} are refused everywhere: every reply was 401"))
        if self._health.is_doubtful:
            self._ask_whether_well(outcome)

    def _ask_whether_well(self, outcome: Reply | Failure) -> None:
        """Send calls again that have worked: if none does now, the server is in trouble, and not an operation."""
        proofs = self._health.proofs
        for call in reversed(proofs):
            sent = self._counted(self._signed(call))
            if sent and isinstance(sent[0], Reply) and sent[0].status < 500:
                self._health.is_well()
                return
        if not proofs and not self._health.is_hopeless:
            return
        if isinstance(outcome, Failure):
            raise self._unreachable(outcome.reason)
        seen = "also where it worked before" if proofs else "and nothing has worked"
        raise self._stop_by(StoppedError(f"the server is in trouble: replies are 5xx, {seen}"))

    @property
    def _whose(self) -> str:
        return "the credentials" if self.has_credentials else "made-up credentials"

    def _unreachable(self, reason: str) -> StoppedError:
        answers = "no longer answers" if self._health.has_worked else "doesn't answer"
        return self._stop_by(_trouble(f"the server {answers}: {reason}"))

    def _stop_by(self, error: StoppedError) -> StoppedError:
        """End the run for all threads, and return what to raise; the first reason counts."""
        with self._lock:
            self._reason = self._reason or error
        self._stop.set()
        return self._reason

    def _check(self, *, spend: bool = False) -> None:
        """Raise ``StoppedError`` when nothing more may be sent; else ``spend`` one request."""
        if self._reason is not None:
            raise StoppedError(str(self._reason), unreachable=self._reason.unreachable)
        budget = self._budget
        if budget.max_seconds and time.monotonic() - self._started >= budget.max_seconds:
            raise StoppedError(_time_is_up(budget.max_seconds))
        if spend:
            with self._lock:
                if budget.max_requests and self.sent >= budget.max_requests:
                    raise StoppedError(f"the budget of {budget.max_requests} requests is spent")
                self.sent += 1


def _time_is_up(seconds: float) -> str:
    return f"the budget of {seconds:g} seconds is spent"


def _trouble(reason: str) -> StoppedError:
    return StoppedError(reason, unreachable=True)


class _Plain:
    """A guard that asks a function, and knows of nothing created."""

    def __init__(self, allowed: Callable[[Call], bool]) -> None:
        self._allowed = allowed

    def refusal(self, call: Call, *, signed: bool = True, chained: bool = False) -> str:
        """Return why a call may not be sent, empty when it may."""
        return "" if self._allowed(call) else "it is not allowed"

    def created(self, remove: Call, key: object) -> None:
        """Take no note of it."""

    def removed(self, remove: Call, key: object) -> None:
        """Take no note of it."""
