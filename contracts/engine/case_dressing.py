"""Header fields that clients send with any call: media types that they accept, and made-up credentials."""

from dataclasses import replace
from typing import NamedTuple

from docdouble.fakeserver.requests.made_up_credentials import MadeUp, made_up
from docdouble.schemas import Contract, Operation
from docdouble.schemas.http import is_json

from ..client.placeholder_credentials import carrying
from ..model.case import Case


class _UsualParts(NamedTuple):
    """Media types that the calls of an operation accept, and made-up credentials with the names of their fields."""

    accepted: str
    credentials: tuple[MadeUp, ...]
    names: frozenset[str]


class CaseDressing:
    """Header fields that clients add to the cases of one contract; credentials are made up where there are none."""

    def __init__(self, contract: Contract, *, has_credentials: bool) -> None:
        self._contract = contract
        self._has_credentials = has_credentials
        self._usual_parts: dict[str, _UsualParts] = {}

    def dressed(self, case: Case) -> Case:
        """Return the case with what clients send, the same where it has all of that."""
        if not case.signed:
            return case
        call, usual = case.call, self._usual(case.operation)
        if call.header("Accept") is None:
            call = call.with_headers(("Accept", usual.accepted))
        if usual.credentials and not any(call.header(name) is not None for name in usual.names):
            call = carrying(call, usual.credentials)
        return replace(case, call=call) if call is not case.call else case

    def _usual(self, operation: Operation) -> _UsualParts:
        """Return what the calls of an operation hold, once known."""
        known = self._usual_parts.get(operation.id)
        if known is None:
            credentials = () if self._has_credentials else made_up(operation, self._contract)
            names = frozenset(credential.name for credential in credentials if credential.location == "header") - {
                "Cookie"
            }
            known = self._usual_parts[operation.id] = _UsualParts(_accepted(operation), credentials, names)
        return known


def _accepted(operation: Operation) -> str:
    """Return an ``Accept`` for the documented JSON, else for anything."""
    response = operation.success()
    names = [media_type.name for media_type in response.media_types if is_json(media_type.name)] if response else []
    return names[0] if names else "*/*"
