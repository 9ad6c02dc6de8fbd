"""Budget of a run, and limits that its replies must keep."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReplyLimits:
    """The longest time a reply may take, and the most octets its body may have; 0: any."""

    max_response_seconds: float = 0.0
    max_reply_bytes: int = 0


NO_REPLY_LIMITS = ReplyLimits()


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls per operation, and of the whole run.

    ``max_examples`` random ones of each kind, valid and hostile, and ``boundaries`` of each kind that are the same in
    every run; ``seed`` chooses them. ``max_requests`` and ``max_seconds`` end the run, 0: they don't. ``shrinking`` is
    how many calls may be spent on making the call of one finding small; ``limits`` must be kept by every reply.
    """

    max_examples: int = 10
    boundaries: int = 15
    seed: int = 0
    max_requests: int = 0
    max_seconds: float = 0.0
    shrinking: int = 100
    limits: ReplyLimits = NO_REPLY_LIMITS
