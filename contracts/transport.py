"""The only way to a target: what the plan doesn't allow is not sent, and credentials are added here."""

import time
from collections.abc import Callable

from docdouble.schemas import Call, Reply
from docdouble.schemas.message import Headers

from .budget import Budget
from .target import Target


class StoppedError(Exception):
    """The run is over: the budget is spent, or the target is in trouble. Not an error of the target's operation.

    ``unreachable`` tells that the target doesn't answer any more.
    """

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


class Transport:
    """Sends calls to a target, within a budget; safe to be used by several threads at once."""

    def __init__(
        self, target: Target, allowed: Callable[[Call], bool], budget: Budget, credentials: Headers = ()
    ) -> None:
        self.target = target
        self.sent = 0
        self._allowed = allowed
        self._budget = budget
        self._credentials = credentials
        self._started = time.monotonic()

    @property
    def has_credentials(self) -> bool:
        """Whether the user gave credentials."""
        return bool(self._credentials)

    def send(self, call: Call, *, signed: bool = True) -> tuple[Reply, float] | None:
        """Return the reply and the seconds it took, ``None`` for a call outside the plan.

        Raises ``StoppedError`` when nothing more may be sent, ``TargetError`` when nothing answers.
        """
        if not self._allowed(call):
            return None
        self._check_budget()
        self.sent += 1
        started = time.perf_counter()
        reply = self.target.send(call.with_headers(*self._credentials) if signed else call)
        return (reply, time.perf_counter() - started) if reply else None

    def _check_budget(self) -> None:
        budget = self._budget
        if budget.max_requests and self.sent >= budget.max_requests:
            raise StoppedError(f"the budget of {budget.max_requests} requests is spent")
        if budget.max_seconds and time.monotonic() - self._started >= budget.max_seconds:
            raise StoppedError(f"the budget of {budget.max_seconds:g} seconds is spent")
