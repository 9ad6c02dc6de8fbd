"""The calls that an operation is verified with, in their order; made one by one, so that earlier replies can help."""

from collections.abc import Iterator
from dataclasses import dataclass

from docdouble.schemas import Call, Contract, Operation

from ..budget import Budget
from ..case import Case, Origin, Purpose
from ..purpose import Purposes
from ..strategies import CallStrategies, selecting
from .documented import documented


@dataclass(frozen=True)
class Maker:
    """Makes the cases of a contract's operations."""

    contract: Contract
    budget: Budget
    strategies: CallStrategies
    purposes: Purposes

    def cases(self, operation: Operation) -> Iterator[Case]:
        """Yield the cases of an operation."""
        for call in documented(operation):
            yield from self._case(operation, call, Origin.SAMPLE)
        for call in self._selecting(operation):
            yield from self._case(operation, call, Origin.BOUNDARY)
        for hostile in (False, True):
            origin = Origin.HOSTILE if hostile else Origin.BOUNDARY
            for call in self.strategies.boundaries(operation, self.budget.boundaries, hostile=hostile):
                yield from self._case(operation, call, origin)
        for hostile in (False, True):
            for call in self.strategies.drawn(operation, self.budget, hostile=hostile):
                yield from self._case(operation, call, Origin.RANDOM)

    def _selecting(self, operation: Operation) -> Iterator[Call]:
        names = self.strategies.selectable(operation)
        for call in documented(operation) if names else ():
            if self.purposes.of(operation, call) is Purpose.VALID:
                yield selecting(call, names[:1])
                return

    def _case(self, operation: Operation, call: Call, origin: Origin) -> Iterator[Case]:
        purpose = self.purposes.of(operation, call)
        if purpose is not None:
            yield Case(operation, call, purpose, origin)
