"""Judgement of what passes a proxy: what a judge is handed, and what it returns."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from docdouble.schemas import Call, Operation, Reply

from ..http.refusal import Member, Refusal

Enforcement = Literal["request", "response", "both"]


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """Judgement of a request before it is sent: its operation, and what of it breaks the documentation.

    ``call`` has the documented path alone. ``refusal`` is what it gets where only what is documented may pass.
    ``basis`` is what the judge needs for the reply.
    """

    operation: Operation | None = None
    call: Call | None = None
    violations: tuple[Member, ...] = ()
    refusal: Refusal | None = None
    basis: Any = None


@dataclass(frozen=True, slots=True)
class ProxiedExchange:
    """A call as the server got it, and its reply as received; of a body that is not whole, nothing is known.

    ``judged`` is the judgement of the request. ``seconds`` is how long the reply took, ``moment`` when the call began,
    in seconds after 1970.
    """

    judged: JudgedRequest
    call: Call
    reply: Reply
    moment: float
    seconds: float
    call_is_whole: bool = True
    reply_is_whole: bool = True


@dataclass(frozen=True, slots=True)
class JudgedReply:
    """Judgement of a reply: what of it breaks the documentation; for ``failures`` it may not pass."""

    violations: tuple[Member, ...] = ()
    failures: tuple[Member, ...] = ()


class TrafficJudge(Protocol):
    """Judge of both sides of the traffic, which several threads call."""

    def request(self, call: Call, *, is_whole: bool) -> JudgedRequest:
        """Judge a call; where its body is not known, by its path and method alone."""

    def reply(self, exchange: ProxiedExchange) -> JudgedReply:
        """Judge the reply to a call, and keep what is found."""

    def ended(self, judged: JudgedRequest, unjudged: str = "") -> None:
        """Take note that a call is over; ``unjudged`` says why there was no reply to judge."""
