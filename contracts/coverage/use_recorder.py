"""Recorder of what a run touches, call by call and read by read, from any thread."""

import threading
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from docdouble.fakeserver.control.journal import TEST
from docdouble.schemas import Call, Contract, Operation, Reply
from docdouble.schemas.contract.facts import FactKind, Facts, Key
from docdouble.schemas.http import media_type as bare
from docdouble.schemas.http import without_url_credentials

from ..output.echo import print_lines
from ..safety.selection import select_operations
from .exchange_use import answered, is_of_response, use_of_call
from .reading import reading
from .use import How, Use, UsedFact, UsedOperation

TestOf = Callable[[Call], str]
"""Function that returns the id of the test that sent a call, empty for none."""

_LONGEST_NAME = 500
"""Characters of a test's name that are kept."""

_MOST_PROBLEMS = 10
"""Faults of ours that are kept: one that each call shows would fill the memory."""


class UseRecorder:
    """An ``Observer`` of fakes of one contract: what they are asked and answer is noted as touched by a test.

    ``test`` is the id of the test that runs, empty between tests; ``test_of`` asks the call instead. With ``only``, the
    operations count that it selects, without it those that were called; those of ``skip`` don't. Where a call can't be
    looked through because of a fault of ours, its answer stays as it is, and ``problems`` has the fault, of
    which ``say`` is called. Raises ``ConfigError`` for a selector that means no operation.
    """

    def __init__(
        self,
        contract: Contract,
        source: str = "",
        *,
        only: tuple[str, ...] = (),
        skip: tuple[str, ...] = (),
        test_of: TestOf | None = None,
        say: Callable[[str], object] | None = None,
    ) -> None:
        self.source = without_url_credentials(source)
        self.test = ""
        self.problems: list[str] = []
        self._only, self._skip = only, skip
        self._test_of, self._say = test_of, say
        self._lock = threading.Lock()
        self.replace(contract)
        self.clear()

    def replace(self, contract: Contract) -> None:
        """Observe calls as another contract documents them, from the next one on; raises ``ConfigError``."""
        counting = {operation.id: operation for operation in select_operations(contract, self._only, self._skip)[0]}
        with self._lock:
            self.contract, self._counting, self._facts = contract, counting, Facts(contract)

    def clear(self) -> None:
        """Forget all that was noted."""
        with self._lock:
            self._calls: Counter[str] = Counter()
            self._used: dict[str, dict[Key, _Noted]] = {}
            self._undocumented: dict[str, set[str]] = {}

    def saved(self) -> Any:
        """Return the notes, a value that can be pickled."""
        with self._lock:
            return self._calls, self._used, self._undocumented

    def restore(self, saved: Any) -> None:
        """Put what was saved in place of what is noted."""
        with self._lock:
            self._calls, self._used, self._undocumented = saved

    def __call__(self, operation: Operation, call: Call, reply: Reply) -> None:
        """Note a call and its reply."""
        if operation.id not in self._counting:
            return
        try:
            self._note(operation, call, reply)
        except Exception:  # noqa: BLE001 - no answer may depend on whether it could be noted
            self.add_problem()

    def add_problem(self) -> None:
        """Keep the fault of ours that is being handled."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(traceback.format_exc())
            if self._say:
                self._say(f"docdouble: a call could not be noted, a fault of docdouble:\n{self.problems[-1]}")

    def _note(self, operation: Operation, call: Call, reply: Reply) -> None:
        keys = use_of_call(operation, self._facts, call, reply)
        test = self._test_of(call) if self._test_of else self.test
        with self._lock:
            self._calls[operation.id] += 1
            if operation.response(reply.status) is None:
                self._undocumented.setdefault(operation.id, set()).add(str(reply.status))
            used = self._used.setdefault(operation.id, {})
            for key in keys:
                noted = used.get(key)
                if noted is None:
                    noted = used[key] = _Noted()
                noted.add(How.RECEIVED if is_of_response(key[0]) else How.SENT, test)

    def readable(self, operation: Operation, status: int, media_type: str, value: Any) -> Any:
        """Return the JSON value of an answer as one that notes which of its documented places are read.

        ``media_type`` is its Content-Type. What nothing documents stays as it is.
        """
        answer = answered(operation, self._facts, status, bare(media_type))
        if answer is None or operation.id not in self._counting:
            return value
        documented, whole = answer
        return reading(value, whole, lambda pointer: self._read(operation.id, documented + pointer))

    def _read(self, operation: str, name: str) -> None:
        with self._lock:
            noted = self._used.setdefault(operation, {}).setdefault((FactKind.RESPONSE, name), _Noted())
            noted.add(How.READ, self.test)

    def use(self) -> Use:
        """Return the use so far."""
        with self._lock:
            counting = [operation for name, operation in self._counting.items() if self._only or name in self._used]
            return Use(self.source, {operation.id: self._operation(operation) for operation in counting})

    def as_dict(self) -> dict[str, Any]:
        """Return the same as JSON."""
        return self.use().as_dict()

    def _operation(self, operation: Operation) -> UsedOperation:
        documented = self._facts.keys(operation)
        noted = self._used.get(operation.id, {})
        used = {key: entry.fact for key, entry in noted.items() if key in documented}  # others are of a former contract
        return UsedOperation(
            operation.label,
            self._calls[operation.id],
            len(documented),
            used,
            documented - used.keys() if used else frozenset(),
            frozenset(self._undocumented.get(operation.id, ())),
        )


def served_use(contract: Contract, source: str, only: tuple[str, ...], skip: tuple[str, ...]) -> UseRecorder:
    """Return an observer for a server that callers of any kind use; they name their tests in the header ``TEST``."""
    return UseRecorder(contract, source, only=only, skip=skip, test_of=_named_test, say=print_lines)


def _named_test(call: Call) -> str:
    return (call.header(TEST) or "").strip()[:_LONGEST_NAME]


class _Noted:
    """Use of a fact: how it was touched, and by which tests."""

    __slots__ = ("_read", "_touched", "how")

    def __init__(self) -> None:
        self.how = How.RECEIVED
        self._touched: set[str] = set()
        self._read: set[str] = set()

    def add(self, how: How, test: str) -> None:
        """Note that a test touched it, empty for none."""
        if self.how is not How.READ:
            self.how = how
        tests = self._read if how is How.READ else self._touched
        if test:
            tests.add(test)

    @property
    def fact(self) -> UsedFact:
        """The same as a value."""
        return UsedFact(self.how, frozenset(self._read if self.how is How.READ else self._touched))
