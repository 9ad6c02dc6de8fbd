"""Validity of calls: each keeps to the documentation of its operation or not, decided as the fake decides it."""

from docdouble.fakeserver.requests.request_reader import Request, RequestReader
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import Router
from docdouble.schemas.jsonschema.directions import directed

from ..model.case import Purpose


class Purposes:
    """Tells the purposes of calls to the operations of one contract."""

    def __init__(self, contract: Contract) -> None:
        contract = directed(contract)
        self._reader = RequestReader(contract, lambda operation, media_type: None)
        self.router = Router(contract)

    def of(self, operation: Operation, call: Call) -> Purpose | None:
        """Tell whether a call keeps to the documentation or breaks it; ``None``: it is no call of the operation."""
        match = self.router.match(call)
        if not match or match.operation.id != operation.id:
            return None
        is_read = isinstance(self._reader.read(match.operation, call, match.variables), Request)
        return Purpose.VALID if is_read else Purpose.HOSTILE
