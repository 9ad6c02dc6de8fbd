"""Contract, target and checks → events."""

from collections.abc import Callable, Iterable

from docdouble.schemas import Contract, Operation

from .budget import Budget
from .cases import Maker
from .checks import CHECKS, Check
from .events import Event, OperationResult, OperationStarted
from .purpose import Purposes
from .session import Session
from .strategies import CallStrategies
from .transport import Transport

Emit = Callable[[Event], None]


class Runner:
    """Verifies operations of a contract through a transport."""

    def __init__(
        self, contract: Contract, transport: Transport, budget: Budget, checks: tuple[Check, ...] = CHECKS
    ) -> None:
        self.contract = contract
        self.transport = transport
        self.budget = budget
        self.checks = checks
        self.purposes = Purposes(contract)
        self.maker = Maker(contract, budget, CallStrategies(contract), self.purposes)

    def run(self, operations: Iterable[Operation], emit: Emit) -> None:
        """Verify operations; raises ``StoppedError`` and ``TargetError``."""
        for operation in operations:
            emit(OperationStarted(operation))
            emit(self.verify(operation, emit))

    def verify(self, operation: Operation, emit: Emit = lambda event: None) -> OperationResult:
        """Return what an operation's calls find; raises ``StoppedError`` and ``TargetError``."""
        return Session(self, operation, emit).result()
