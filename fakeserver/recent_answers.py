"""Memory for answers to calls that are received again: in the same state, the same call has the same answer.

Prepared answers, faults, journal and coverage are not its matter: they see each call.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from docdouble.schemas import Reply
from docdouble.schemas.contract.router import Destination

from .responder import Responder
from .state.worlds import WorldView

_MOST_OCTETS = 64 * 1024
"""Octets of a body that is remembered."""

_FAILURE_OF_SERVER = 500
"""The least status of what says nothing of the call, and may be over at once."""


class AnsweredMoment(NamedTuple):
    """The second, which is the finest time that answers tell, and the usual world as it is then."""

    second: int
    world: WorldView | None


class AnswerMemory:
    """Memory for the last answer to one call, which is about the usual world."""

    def __init__(self) -> None:
        self._last: tuple[AnsweredMoment, Reply] | None = None
        self._whole: tuple[Reply, Reply] | None = None

    def respond(self, responder: Responder, destination: Destination) -> Reply:
        """Return the reply to the call: the last one, where neither the second nor the world is another."""
        last, moment = self._last, _moment(responder)
        if last and last[0] == moment:
            return last[1]
        reply = responder.respond(destination)
        is_kept = reply.status < _FAILURE_OF_SERVER and len(reply.body) <= _MOST_OCTETS
        self._last = (moment, reply) if is_kept and _moment(responder) == moment else None
        self._whole = None
        return reply

    def whole(self, reply: Reply, make: Callable[[Reply], Reply]) -> Reply:
        """Return what is made of a reply, where that is the last one the same as before."""
        last, whole = self._last, self._whole
        if whole and whole[0] is reply:
            return whole[1]
        made = make(reply)
        if last and last[1] is reply:
            self._whole = (reply, made)
        return made


def _moment(responder: Responder) -> AnsweredMoment:
    worlds = responder.worlds
    return AnsweredMoment(int(time.time()), worlds.world("").view() if worlds else None)
