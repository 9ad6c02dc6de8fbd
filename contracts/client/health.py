"""Health of a server: it still copes with what it is sent, as far as its replies show."""

from collections import Counter, deque
from threading import Lock

from docdouble.schemas import Call, Reply

from .target import Failure

_WINDOW = 20
_MOST_FAILURES = 3
"""Calls in a row without a reply, after which it is asked whether the server lives."""

_GIVEN_UP = 5
"""Calls of one operation without a reply, or with refused credentials, after which it gets no more."""

_REFUSING = 3
"""Operations that refuse the credentials, none having taken them, after which they are believed to be wrong."""

_ASKED_EVERY = 20
"""Refusals of one operation after which it is asked again whether the credentials are still accepted."""

_PROOFS = 3

_HOPELESS = 10
"""Calls in a row without a reply, of more than one operation, after which the server is believed to be gone."""


class Health:
    """Record of how the calls of one run went; safe to be used by several threads at once.

    ``proofs`` are calls that only read and have worked, of several operations: sent again, they distinguish a server in
    trouble from one operation that is. Operations that are ``open``, by id, show nothing of credentials.
    """

    def __init__(self, open_operations: frozenset[str] = frozenset()) -> None:
        self._open = open_operations
        self._lock = Lock()
        self._recent: deque[bool] = deque(maxlen=_WINDOW)
        self._in_a_row = 0
        self._unanswered: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._refused_since: set[str] = set()
        self._accepted: set[str] = set()
        self._worked = False
        self._proofs: dict[str, Call] = {}
        self._operations: set[str] = set()

    @property
    def proofs(self) -> tuple[Call, ...]:
        """Calls that have worked, the latest last."""
        with self._lock:
            return tuple(self._proofs.values())

    @property
    def proofs_of_credentials(self) -> tuple[Call, ...]:
        """Calls that have worked with the credentials, and ask for them, the latest last."""
        with self._lock:
            return tuple(call for operation, call in self._proofs.items() if operation in self._accepted)

    @property
    def is_doubtful(self) -> bool:
        """Whether so many calls failed that the server should be asked whether it is in trouble."""
        with self._lock:
            full = len(self._recent) == _WINDOW
            return self._in_a_row >= _MOST_FAILURES or (full and sum(self._recent) > _WINDOW / 2)

    @property
    def has_worked(self) -> bool:
        """Whether any reply was something else than a failure of the server."""
        return self._worked

    @property
    def is_hopeless(self) -> bool:
        """Whether the server seems lost, where no call has worked that could be sent again to find out."""
        with self._lock:
            failing = not self._worked and len(self._operations) >= _REFUSING
            return self._in_a_row >= _HOPELESS or (failing and not self._in_a_row)

    @property
    def refuses_credentials(self) -> bool:
        """Whether several operations refused the credentials, and none ever took them."""
        with self._lock:
            return not self._accepted and sum(count >= _GIVEN_UP for count in self._refused.values()) >= _REFUSING

    @property
    def has_expired_unasked(self) -> bool:
        """Whether several operations refused the credentials since they were last taken, and no call can show more."""
        with self._lock:
            is_proven = any(operation in self._accepted for operation in self._proofs)
            return bool(self._accepted) and not is_proven and len(self._refused_since) >= _REFUSING

    def may_have_expired(self, operation: str, outcome: Reply | Failure) -> bool:
        """Tell whether an operation has just refused credentials that were taken before."""
        with self._lock:
            refused = isinstance(outcome, Reply) and outcome.status == 401 and self._refused[operation]
            return bool(self._accepted) and refused % _ASKED_EVERY == 1

    def is_given_up(self, operation: str) -> bool:
        """Tell whether further calls of an operation would tell nothing new."""
        if not operation or not (self._unanswered or self._refused):
            return False
        refused = 0 if self._accepted else self._refused[operation]
        return max(self._unanswered[operation], refused) >= _GIVEN_UP

    def take_note(self, outcome: Reply | Failure, call: Call, operation: str, *, signed: bool) -> None:
        """Take note of how a call went."""
        if isinstance(outcome, Failure):
            self.failed(operation)
        else:
            self.replied(operation, call, outcome, signed=signed)

    def replied(self, operation: str, call: Call, reply: Reply, *, signed: bool) -> None:
        """Take note of a reply."""
        failed = reply.status >= 500
        with self._lock:
            self._in_a_row = 0
            self._operations.add(operation)
            self._unanswered.pop(operation, None)
            self._recent.append(failed)
            self._worked = self._worked or not failed
            if signed and not failed:
                self._judge_credentials(operation, reply.status)
            if reply.status < 300 and call.method == "GET":
                self._proofs.pop(operation, None)
                self._proofs[operation] = call
                if len(self._proofs) > _PROOFS:
                    del self._proofs[next(iter(self._proofs))]

    def failed(self, operation: str) -> None:
        """Take note that no reply was received."""
        with self._lock:
            self._in_a_row += 1
            self._unanswered[operation] += 1

    def is_well(self) -> None:
        """Take note that the server was asked, and works."""
        with self._lock:
            self._in_a_row = 0
            self._recent.clear()

    def _judge_credentials(self, operation: str, status: int) -> None:
        """Take note of what the reply to a signed call says; broken calls may be refused before anybody looks."""
        if operation in self._open:
            return
        if status < 300:
            self._accepted.add(operation)
            self._refused.pop(operation, None)
            self._refused_since.clear()
        elif status == 401:
            self._refused[operation] += 1
            self._refused_since.add(operation)
