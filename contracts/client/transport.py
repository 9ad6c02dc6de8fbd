"""Transport of all calls of a run: what the plan doesn't allow is not sent, and credentials are added here."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock
from typing import Protocol

from docdouble.schemas import Call, ConfigError, Reply, TargetError
from docdouble.schemas.http import Headers

from ..model.budget import Budget
from ..model.verdict import refused_everywhere
from ..output.known_secrets import KNOWN_SECRETS
from .cancellation import Cancellation, StoppedError
from .cleanup import PendingDeletions
from .health import Health
from .rate_limit import Backoff, Pace, first_wait
from .signer import Signer
from .target import Failure, Target

_RECONNECTING = (0.1, 0.5)
"""Seconds to wait before a connection is tried again."""

_TEAR_DOWN_SECONDS = 60.0

_IN_VAIN = 3
"""New tokens that were refused as well."""

Sent = tuple[Reply | Failure, float]
"""Outcome of a call, and the seconds it took."""


class Guarding(Protocol):
    """Guard that decides what may be sent, see ``guard.Guard``."""

    def refusal(self, call: Call, *, signed: bool = True, chained: bool = False) -> str:
        """Return why a call may not be sent, empty when it may."""

    def created(self, remove: Call, key: object) -> None:
        """Take note of what the run created."""

    def removed(self, remove: Call, key: object) -> None:
        """Take note that it is gone."""


class Transport:
    """Transport of calls to a target, within a plan, a budget and a pace; safe to be used by several threads at once.

    ``refused`` counts the calls that were not sent, by the reason; ``cut_off`` are calls of chains that a stop at once
    left without a reply: they may have created something unknown. ``open_operations`` ask for no credentials.
    """

    def __init__(
        self,
        target: Target,
        allowed: Guarding | Callable[[Call], bool],
        budget: Budget,
        credentials: Headers | Signer = (),
        pace: Pace | None = None,
        open_operations: frozenset[str] = frozenset(),
    ) -> None:
        self.target = target
        self.sent = self._in_vain = 0
        self.refused: Counter[str] = Counter()
        self.cut_off: list[Call] = []
        self._pace, self._pending = pace or Pace(), PendingDeletions()
        self.cancellation = Cancellation(target, budget.max_seconds, lambda: self._pace.takes(1 + len(self._pending)))
        self._guard: Guarding = _Plain(allowed) if callable(allowed) else allowed
        self._max_requests = budget.max_requests
        self.may_spend: Callable[[int], bool] = lambda most: self.sent < most  # other processes may share the budget
        self._signer = credentials if isinstance(credentials, Signer) else Signer.of(credentials)
        self._health = Health(open_operations)
        self._lock = Lock()
        self._backoff = Backoff(self._pace, self.cancellation)

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
        with self.cancellation.chain(chained=chained):
            try:
                sent = self._patiently(call, operation, signed=signed)
            except StoppedError:
                if chained and self.cancellation.is_at_once and call.method not in ("GET", "HEAD"):
                    self.cut_off.append(call)
                raise
        if sent is not None:
            self._judge(sent[0], call, operation, signed=signed)
        return sent

    def created(self, remove: Call, key: object) -> None:
        """Take note of what the run created, and of the call that removes it."""
        self._guard.created(remove, key)
        self._pending.created(remove, key)

    def removed(self, key: object, remove: Call | None = None) -> None:
        """Take note that it is gone; of several with this key the latest is meant, unless ``remove`` tells which."""
        call = self._pending.removed(key, remove)
        if call is not None:
            self._guard.removed(call, key)

    def tear_down(self) -> tuple[Call, ...]:
        """Remove what the run created, the latest first, also when it was stopped; return the calls that failed."""
        self.cancellation.is_cleaning_up = True
        deadline = time.monotonic() + _TEAR_DOWN_SECONDS
        for key, call in self._pending.left():
            if not self.cancellation.is_at_once and time.monotonic() <= deadline and self._is_removed_by(call):
                self.removed(key, call)
        return tuple(call for _, call in self._pending.left())

    def _is_removed_by(self, call: Call) -> bool:
        """Tell whether a call removes what the run created; it is sent again where the server is busy."""
        if self._guard.refusal(call, chained=True):
            return False
        for attempt in range(1, self._pace.repeats + 2):
            self._pace.wait(self.cancellation.at_once)  # not until the run is cancelled, which it may be
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
            elif isinstance(outcome, Reply) and self._backoff.is_due(outcome, operation, attempt):
                attempt += 1
                self._backoff.wait(outcome, attempt)
            elif signed and not renewed and isinstance(outcome, Reply) and self._is_renewed(outcome, message):
                renewed = True
            else:
                self._in_vain += renewed and isinstance(outcome, Reply) and outcome.status == 401
                return sent

    def _counted(self, message: Call) -> Sent | None:
        """Send a signed call at its turn, within the budget."""
        self.cancellation.check()
        self._pace.wait(self.cancellation.cancelled)
        self.cancellation.check()
        self._spend()
        sent = self._exchange(message)
        if sent and isinstance(sent[0], Failure):
            self.cancellation.check()
        return sent

    def _signed(self, call: Call) -> Call:
        try:
            return self._signer.signed(call)
        except ConfigError as error:
            raise self.cancellation.fail(str(error)) from None

    def _exchange(self, message: Call) -> Sent | None:
        started = time.perf_counter()
        with self.cancellation.exchange():
            outcome = self.target.send(message)
        seconds = time.perf_counter() - started
        if isinstance(outcome, Failure):
            return replace(outcome, reason=KNOWN_SECRETS.masked(outcome.reason)), seconds
        self._pace.took(seconds)
        return None if outcome is None else (outcome, seconds)

    def _is_renewed(self, reply: Reply, message: Call) -> bool:
        """Tell whether a refused token was fetched anew, which is given up when that doesn't help."""
        if reply.status != 401 or self._in_vain >= _IN_VAIN:
            return False
        try:
            return self._signer.renew(message)
        except ConfigError as error:
            raise self.cancellation.fail(str(error)) from None

    def _reconnect(self, failure: Failure, lost: int) -> None:
        """Wait before the next attempt, or give up on the target: a call that reached nothing can be sent again."""
        if not self._health.has_worked and not lost:
            raise TargetError(self.target.name, failure.reason)
        if lost >= len(_RECONNECTING):
            raise self._unreachable(failure.reason)
        self.cancellation.cancelled.wait(_RECONNECTING[lost])

    def _judge(self, outcome: Reply | Failure, call: Call, operation: str, *, signed: bool) -> None:
        """Take note of how a call went; raises ``StoppedError`` when the target turns out to be in trouble."""
        self._health.take_note(outcome, call, operation, signed=signed)
        if isinstance(outcome, Reply) and outcome.status < 500:
            self._pace.went_well()
        if self._health.refuses_credentials:
            reason = refused_everywhere("every reply was 401", has_credentials=self.has_credentials)
            raise self.cancellation.fail(reason)
        proofs = self._health.proofs_of_credentials if self._health.may_have_expired(operation, outcome) else ()
        is_expired = self._health.has_expired_unasked
        if is_expired or (signed and _are_refused(map(self._counted, map(self._signed, proofs)))):
            raise self.cancellation.fail("the credentials were accepted at first, and are refused now")
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
        raise self.cancellation.fail(f"the server is in trouble: replies are 5xx, {seen}", unreachable=False)

    def _unreachable(self, reason: str) -> StoppedError:
        answers = "no longer answers" if self._health.has_worked else "doesn't answer"
        return self.cancellation.fail(f"the server {answers}: {reason}")

    def _spend(self) -> None:
        """Take one request from the budget; raises ``StoppedError`` when it is spent."""
        with self._lock:
            if self._max_requests and not self.may_spend(self._max_requests):
                raise StoppedError(f"the budget of {self._max_requests} requests is spent")
            self.sent += 1


def _are_refused(replies: Iterable[Sent | None]) -> bool:
    """Tell whether there are replies, and all of them refuse the credentials."""
    refused = [sent is not None and isinstance(sent[0], Reply) and sent[0].status == 401 for sent in replies]
    return bool(refused) and all(refused)


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
