"""Runner of a verification: a contract is checked against a target, and events report it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import groupby
from threading import Lock

from docdouble.schemas import Contract, Operation
from docdouble.schemas.jsonschema.directions import directed, operation_of
from docdouble.schemas.resources.operation_groups import operation_groups

from ..cases import Maker
from ..cases.known_values import KnownValues, LearnedValues
from ..cases.purpose import Purposes
from ..chains import Chains
from ..checks import CHECKS, Check
from ..client.transport import Transport
from ..generation.fields import RequestField
from ..generation.schemathesis import CallStrategies
from ..model.budget import Budget
from ..model.case import Case
from ..model.events import Event, OperationResult, OperationStarted
from ..output.redacted_events import redacting
from .session import Session
from .successes import NO_CONDITIONS, Conditions, Successes

Emit = Callable[[Event], None]


class Runner:
    """Runner of the verification of a contract's operations through a transport.

    ``values`` are known ones, ``stored`` are cases of earlier runs by operation id.
    """

    def __init__(
        self,
        contract: Contract,
        transport: Transport,
        budget: Budget,
        checks: tuple[Check, ...] = CHECKS,
        *,
        values: KnownValues | None = None,
        stored: Mapping[str, tuple[Case, ...]] | None = None,
        conditions: Conditions = NO_CONDITIONS,
    ) -> None:
        self.contract = contract = directed(contract)
        self.transport = transport
        self.budget = budget
        self.checks = checks
        self.successes = Successes(conditions)
        self.purposes = Purposes(contract, are_strict=True)
        strategies = CallStrategies(contract, budget.seed)
        values = values or KnownValues(contract)
        self.maker = Maker(contract, budget, strategies, self.purposes, values, stored or {}, run=conditions.mark)
        self.chains = Chains(self.maker)

    def run(self, operations: Iterable[Operation], emit: Emit, jobs: int = 1) -> None:
        """Verify operations, ``jobs`` of them at once; raises ``StoppedError`` and ``TargetError``.

        Results are emitted at once, but for those that wait for ids to become known; one that was stopped is emitted
        with what it had.
        """
        emit = redacting(emit)
        operations = tuple(operation_of(self.contract, operation) for operation in operations)
        if reset := self.successes.conditions.reset:
            self._run_apart(operations, emit, reset)
            return
        self.maker.values.ask(operations)
        postponed = _Postponed(self, emit if jobs == 1 else _one_at_a_time(emit))
        try:
            if jobs == 1:
                for operation in operations:
                    postponed.verify(operation)
                    postponed.retry()
            else:
                self._at_once(operations, postponed, jobs)
                postponed.retry()
        finally:
            postponed.end()

    def _run_apart(self, operations: Iterable[Operation], emit: Emit, reset: Callable[[], None]) -> None:
        """Verify each group of operations on its own; in the end, what waits for ids that another group knows."""
        groups, values = operation_groups(self.contract), self.maker.values
        begun: list[_Postponed] = []
        learned: list[LearnedValues] = []
        try:
            for _, together in groupby(operations, lambda operation: groups[operation.id]):
                group = tuple(together)
                reset()
                values.begin_anew()
                values.ask(group)
                begun.append(_Postponed(self, emit))
                for operation in group:
                    begun[-1].verify(operation)
                    begun[-1].retry()
                learned.append(values.learned)
            for shown in learned:
                values.learn(shown)
            for postponed in begun:
                postponed.retry()
        finally:
            for postponed in begun:
                postponed.end()

    def _at_once(self, operations: Iterable[Operation], postponed: "_Postponed", jobs: int) -> None:
        with ThreadPoolExecutor(jobs) as pool:
            waiting = [pool.submit(postponed.verify, operation) for operation in operations]
            try:
                for future in as_completed(waiting):
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def run_first(self, operation: Operation, later: Sequence[Operation], emit: Emit) -> None:
        """Verify an operation, and with it those ``later`` ones that may show ids which it asks for in vain.

        Their results are emitted, too. Raises as ``run`` does, and emits those that were begun.
        """
        postponed = _Postponed(self, redacting(emit))
        try:
            self._verify_first(
                operation_of(self.contract, operation), [operation_of(self.contract, name) for name in later], postponed
            )
        finally:
            postponed.end()

    def _verify_first(self, operation: Operation, later: list[Operation], postponed: "_Postponed") -> None:
        """Verify an operation and those that show its ids, which are taken out of ``later``."""
        postponed.verify(operation)
        guessed = postponed.guessed(operation)
        for other in tuple(later) if guessed else ():
            if other in later and self.maker.values.names.may_tell(other, operation, guessed):
                later.remove(other)
                self._verify_first(other, later, postponed)
                postponed.retry()
                if not postponed.guessed(operation):
                    return

    def verify(self, operation: Operation) -> OperationResult:
        """Return the result of an operation's calls; raises ``StoppedError`` and ``TargetError``."""
        session = Session(self, operation_of(self.contract, operation), lambda event: None)
        session.send()
        return session.result()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Session whose operation isn't verified until its ``guessed`` ids are known, or more ``rows`` than there were."""

    session: Session
    guessed: tuple[RequestField, ...]
    rows: int | None

    def is_over(self, maker: Maker) -> bool:
        """Tell whether what it waits for is known now."""
        operation = self.session.operation
        if self.guessed:
            return all(_known(maker.values, operation, field) for field in self.guessed)
        return (maker.known_rows(operation) or 0) > (self.rows or 0)


class _Postponed:
    """Verifier of operations, and again of those that asked for ids, alone or together, which later replies show."""

    def __init__(self, runner: Runner, emit: Emit) -> None:
        self._runner = runner
        self._emit = emit
        self._waiting: list[_Waiting] = []

    def verify(self, operation: Operation) -> None:
        """Verify an operation, and emit its result, unless an id may become known."""
        self._emit(OperationStarted(operation))
        session = Session(self._runner, operation, self._emit)
        self._send(session)
        waiting = _Waiting(session, session.guessed, session.known_rows)
        if waiting.guessed or waiting.rows is not None:
            self._waiting.append(waiting)
        else:
            self._emit(session.result())

    def retry(self) -> None:
        """Send the calls of operations again whose ids are known now, and emit their results."""
        for waiting in tuple(self._waiting):
            if waiting.is_over(self._runner.maker):
                self._waiting.remove(waiting)
                self._send(waiting.session)
                self._emit(waiting.session.result())

    def guessed(self, operation: Operation) -> tuple[RequestField, ...]:
        """Return the fields of an operation's requests that have to become known, none where it doesn't wait."""
        return next((waiting.guessed for waiting in self._waiting if waiting.session.operation is operation), ())

    def end(self) -> None:
        """Emit the results of the others."""
        for waiting in self._waiting:
            self._emit(waiting.session.result())

    def _send(self, session: Session) -> None:
        try:
            session.send()
        except BaseException as error:
            self._emit(session.result(str(error) or "interrupted"))
            raise


def _known(values: KnownValues, operation: Operation, field: RequestField) -> tuple[object, ...]:
    """Return what is known that a field may hold."""
    return values.known(operation, field) or values.references(operation, field)


def _one_at_a_time(emit: Emit) -> Emit:
    lock = Lock()

    def tell(event: Event) -> None:
        with lock:
            emit(event)

    return tell
