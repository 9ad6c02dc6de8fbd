"""Validity of calls: each keeps to the documentation of its operation or not, decided as the fake decides it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from docdouble.fakeserver.http.refusal import Refusal
from docdouble.fakeserver.requests.request_reader import ReadRequest, Request, RequestReader
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import OperationMatch, Router
from docdouble.schemas.jsonschema.directions import directed

from ..model.case import Purpose
from .conversions import are_converted


class Purposes:
    """Purposes of calls to the operations of one contract.

    Where they ``are_strict``, a text that is only slightly off its format, such as a date-time without an offset, is no
    valid one, unless the contract is made of pages: those show how their servers write it.
    """

    def __init__(self, contract: Contract, *, are_strict: bool = False) -> None:
        contract = directed(contract)
        self._are_strict = are_strict and not contract.dialect
        self._reader = RequestReader(contract, lambda operation, media_type: None)
        self.router = Router(contract)
        self._last: tuple[Call, OperationMatch | None, ReadRequest | None] = Call(), None, None

    def of(self, operation: Operation, call: Call, mask: str = "") -> Purpose | None:
        """Tell whether a call keeps to the documentation or breaks it; ``None``: it is no call of the operation.

        What values break that hold the ``mask`` isn't counted; ``None``, too, where that is all.
        """
        match, read = self._read(call)
        if read is None or not match or match.operation.id != operation.id:
            return None
        if isinstance(read, Request):
            is_drift = self._are_strict and any(violation.is_drift for violation in read.broken)
            return Purpose.CONVERTIBLE if is_drift else Purpose.VALID
        counted = [violation for violation in read.broken if violation.counts and not _holds(mask, violation.got)]
        known = _known(read.violations, mask)
        if read.violations and not known:
            return None
        is_all = len(counted) == len(known) and bool(counted)
        return Purpose.CONVERTIBLE if is_all and are_converted(counted) else Purpose.HOSTILE

    def refusal(self, operation: Operation, call: Call) -> Refusal | None:
        """Return the refusal of a call of an operation that breaks its documentation, ``None`` where it doesn't."""
        match, read = self._read(call)
        is_call_of_it = match is not None and match.operation.id == operation.id
        return read if is_call_of_it and isinstance(read, Refusal) else None

    def broken(self, operation: Operation, call: Call) -> frozenset[str]:
        """Return the places of a call of an operation that break its documentation, each with the rule."""
        _, read = self._read(call)
        if read is None or isinstance(read, Request):
            return frozenset()
        return frozenset({str(read.status), *map(_place_and_rule, read.violations)})

    def first_broken(self, operation: Operation, call: Call, mask: str = "") -> tuple[str, str]:
        """Return the first place of a call that breaks its documentation, as fields name it, and the rule.

        Values that hold the ``mask`` are passed over.
        """
        _, read = self._read(call)
        known = [] if read is None or isinstance(read, Request) else _known(read.violations, mask)
        if not known:
            return "", ""
        violation = known[0]
        pointer = re.sub(r"/\d+(?=/|\Z)", "/*", str(violation.get("pointer", "")))
        missing = "".join(f"/{name}" for name in (violation.get("missing") or [])[:1])
        steps = filter(None, [violation["in"], violation.get("name"), (pointer + missing).strip("/")])
        return "/".join(steps), str(violation["rule"])

    def _read(self, call: Call) -> tuple[OperationMatch | None, ReadRequest | None]:
        """Return the operation that a call is one of, if any, and how it is read: once, however often it is asked."""
        last, match, read = self._last
        if read is None or last != call:
            match = self.router.match(call)
            read = self._reader.read(match.operation, call, match.variables) if match else None
            self._last = call, match, read
        return match, read


def _known(violations: Iterable[Mapping[str, Any]], mask: str) -> list[Mapping[str, Any]]:
    """Return the violations by values that aren't masked."""
    return [violation for violation in violations if not _holds(mask, str(violation.get("message")))]


def _holds(mask: str, text: str) -> bool:
    return bool(mask) and mask in text


def _place_and_rule(violation: Mapping[str, Any]) -> str:
    pointer = re.sub(r"/\d+(?=/|\Z)", "/*", str(violation.get("pointer", "")))
    return f"{violation.get('in')} {violation.get('name')}{pointer} {violation.get('rule')} {violation.get('missing')}"
