"""Whether a call keeps to the documentation of its operation, decided as the fake decides it."""

from urllib.parse import unquote

from docdouble.fakeserver.requests.request_reader import RequestReader
from docdouble.fakeserver.requests.routes import Router
from docdouble.schemas import Call, Contract, Operation, Reply

from ..model.case import Purpose


class Purposes:
    """Tells the purposes of calls to the operations of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._reader = RequestReader(contract, lambda operation: None)
        self._router = Router(contract)

    def of(self, operation: Operation, call: Call) -> Purpose | None:
        """Tell whether a call keeps to the documentation or breaks it; ``None``: it is no call of the operation."""
        route = self._router.find(unquote(call.path))
        found = route.operations.get(call.method) if route else None
        if not found or found[0].id != operation.id:
            return None
        broken = isinstance(self._reader.read(operation, call, found[1]), Reply)
        return Purpose.HOSTILE if broken else Purpose.VALID
