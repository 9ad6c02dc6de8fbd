"""The record that a check is, and the steps of a chain that it may judge."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.resources import Role

from ..model.exchange import Exchange
from ..model.finding import Finding

Send = Callable[[Call, bool], Exchange | None]
"""Function that sends a call of a probe, with the user's credentials or without, and returns the exchange.

``None``: it may not be sent. What comes back is judged by the other checks as well.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """An exchange of a chain of calls about one entity, what its operation does to it, and its key as far as known."""

    role: Role
    exchange: Exchange
    key: Any = None


def always(exchange: Exchange) -> bool:
    """Hold for every exchange."""
    return True


def never(exchange: Exchange) -> bool:
    """Hold for no exchange: of checks that only probe, or only judge chains."""
    return False


def is_refused_by(check_id: str, exchange: Exchange) -> bool:
    """Tell whether a call is one that a check made to be refused."""
    return exchange.case.about == check_id and not exchange.case.signed


@dataclass(frozen=True, slots=True)
class Check:
    """A named promise. Each function yields a finding for each place where the promise is broken.

    ``run`` judges an exchange that it ``applies`` to. ``probe`` is given one valid exchange of an operation, that
    succeeded, and sends calls of its own. ``refused`` makes calls of a valid one that have to be refused, and ``run``
    judges them; those of a write are sent before it, since nothing can be removed or created twice. ``chain`` judges a
    chain of calls about one entity, in their order. ``end`` judges all valid exchanges of an operation together.
    ``careful`` tells that its calls may be sent to a server that others use, too.
    """

    id: str
    promise: str
    run: Callable[[Exchange], Iterable[Finding]] = lambda exchange: ()
    applies: Callable[[Exchange], bool] = always
    probe: Callable[[Exchange, Send], Iterable[Finding]] | None = None
    refused: Callable[[Operation, Contract, Call], Iterable[Call]] | None = None
    chain: Callable[[Sequence[Step]], Iterable[Finding]] | None = None
    end: Callable[[Sequence[Exchange]], Iterable[Finding]] | None = None
    careful: bool = True
