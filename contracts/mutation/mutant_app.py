"""The fake with one promise broken."""

from collections.abc import Callable

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.state.worlds import HEADER
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.contract.router import Router

from ..chains.calls import Calls
from .kinds import KINDS
from .mutant import Fault, Mutant, Scope, Site, sometimes


class MutantServer(FakeServer):
    """A fake that breaks the promise of the planted mutant, and none while there isn't one.

    Raises what ``FakeServer`` does.
    """

    def __init__(self, contract: Contract, settings: Settings | None = None, mutant: Mutant | None = None) -> None:
        super().__init__(contract, settings)
        self._router = Router(contract)
        self._scope = Scope.of(contract)
        self._calls = Calls(contract)
        self._site: Site | None = None
        self._fault: Fault | None = None
        if mutant:
            self.plant(mutant)

    @property
    def wrong_replies(self) -> int:
        """The number of calls that were answered otherwise than by the right fake, since the mutant was planted."""
        return self._site.wrong_replies if self._site else 0

    @property
    def asked(self) -> int:
        """The number of calls that could have shown the difference."""
        return max(self._site.asked, self._site.wrong_replies) if self._site else 0

    def plant(self, mutant: Mutant | None) -> None:
        """Break the promise of a mutant instead of the one before, in the world as it was drawn."""
        if self.worlds:
            self.worlds.world("").replace(())
        self._site = self._fault = None
        if mutant:
            operation = self.contract.operation(mutant.operation)
            self._site = Site(operation, self._scope, self._calls, self._remember)
            self._fault = sometimes(KINDS[mutant.kind].plant(mutant.place, self._site), mutant.when)

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call, the wrong one where the mutant says so."""
        if self._fault is None or not self._is_meant(call):
            return super().handle(call)
        return self._fault(call, super().handle)

    def _is_meant(self, call: Call) -> bool:
        """Tell whether a call is of the mutant's operation, or of none but on its path."""
        route = self._router.destination(call).route
        if route is None or self._site is None:
            return False
        wanted = self._site.operation.id
        if match := route.operations.get(call.method):
            return match.operation.id == wanted
        return any(operation.id == wanted for operation, _ in route.operations.values())

    def _remember(self, call: Call) -> Callable[[], None]:
        if self.worlds is None:
            return lambda: None
        world = self.worlds.world((call.header(HEADER) or "").strip())
        rows = world.rows()
        return lambda: world.replace(rows)
