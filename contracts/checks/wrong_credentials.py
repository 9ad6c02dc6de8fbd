"""Wrong credentials: those that are well formed, but nobody's, are refused (RFC 9110, section 11.6.1).

Only asked where the user gave real ones: a server that lets in everybody, as our own fake may, promises nothing here.
It isn't asked of a server that others use, which might lock an account.
"""

from collections.abc import Iterator
from dataclasses import replace

from docdouble.schemas import Call, Contract, Operation

from ..client.placeholder_credentials import placeholder, with_placeholder
from ..model.exchange import Exchange
from ..model.finding import Finding
from .check import Check, is_refused_by
from .missing_credentials import accepted

MOST = 4
"""Alternatives that are tried."""


def _run(exchange: Exchange) -> Iterator[Finding]:
    if exchange.succeeded:
        yield accepted("wrong-credentials", exchange, "wrong")


def _calls(operation: Operation, contract: Contract, call: Call) -> list[Call]:
    """Return the call with made-up credentials of each alternative; none if it was sent with such already."""
    calls: dict[Call, None] = {}
    for names in operation.security[:MOST] if () not in operation.security else ():
        asking = replace(operation, security=(names,))
        if any(call.header(name) is not None for name, _ in placeholder(asking, contract)):
            return []
        wrong = with_placeholder(call, asking, contract)
        if wrong == call:
            return []
        calls[wrong] = None
    return list(calls)


CHECK = Check(
    "wrong-credentials",
    "unknown credentials are refused",
    _run,
    lambda exchange: is_refused_by("wrong-credentials", exchange),
    refused=_calls,
    careful=False,
)
