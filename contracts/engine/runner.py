"""Contract, target and checks → events."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Lock

from docdouble.schemas import Contract, Operation
from docdouble.schemas.jsonschema.directions import directed, operation_of

from ..cases import Maker
from ..cases.known_values import KnownValues
from ..cases.purpose import Purposes
from ..chains import Chains
from ..checks import CHECKS, Check
from ..client.transport import Transport
from ..generation.schemathesis import CallStrategies
from ..model.budget import Budget
from ..model.case import Case
from ..model.events import Event, OperationResult, OperationStarted
from .session import Session

Emit = Callable[[Event], None]


class Runner:
    """Verifies operations of a contract through a transport.

    ``values`` are known ones, ``stored`` are cases of earlier runs by operation id. Where the run ``is_careful``,
    probes are left out that a server which others use should not be sent.
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
        is_careful: bool = False,
    ) -> None:
        self.contract = contract = directed(contract)
        self.transport = transport
        self.budget = budget
        self.checks = checks
        self.is_careful = is_careful
        self.purposes = Purposes(contract, are_strict=True)
        strategies = CallStrategies(contract, budget.seed)
        self.maker = Maker(contract, budget, strategies, self.purposes, values or KnownValues(contract), stored or {})
        self.chains = Chains(contract, budget.seed, self.purposes, self.maker.values.paths)

    def run(self, operations: Iterable[Operation], emit: Emit, jobs: int = 1) -> None:
        """Verify operations, ``jobs`` of them at once; raises ``StoppedError`` and ``TargetError``.

        Results are told as they come; one that was stopped is told with what it had.
        """
        operations = tuple(operation_of(self.contract, operation) for operation in operations)
        self.maker.values.ask(operations)
        if jobs == 1:
            for operation in operations:
                self._tell(operation, emit)
            return
        tell = _one_at_a_time(emit)
        with ThreadPoolExecutor(jobs) as pool:
            waiting = [pool.submit(self._tell, operation, tell) for operation in operations]
            try:
                for one in as_completed(waiting):
                    one.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def verify(self, operation: Operation) -> OperationResult:
        """Return what an operation's calls find; raises ``StoppedError`` and ``TargetError``."""
        session = Session(self, operation_of(self.contract, operation), lambda event: None)
        session.send()
        return session.result()

    def _tell(self, operation: Operation, emit: Emit) -> None:
        emit(OperationStarted(operation))
        session = Session(self, operation, emit)
        try:
            session.send()
        except BaseException as error:
            emit(session.result(str(error) or "interrupted"))
            raise
        emit(session.result())


def _one_at_a_time(emit: Emit) -> Emit:
    lock = Lock()

    def tell(event: Event) -> None:
        with lock:
            emit(event)

    return tell
