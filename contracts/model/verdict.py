"""OperationVerdict on an operation: whether a run has verified it, and why not."""

from dataclasses import dataclass
from enum import StrEnum

NOT_VERIFIED = "not-verified"
"""The check whose findings are operations that are not verified."""


class OperationVerdict(StrEnum):
    """Verdict of a run on an operation."""

    VERIFIED = "verified"
    """A valid call succeeded, so that its replies were judged."""
    NOT_VERIFIED = "not verified"
    """Valid calls were sent, and none succeeded."""
    NOT_SENT = "not sent"
    """No valid call was sent, or the run ended before one succeeded."""


@dataclass(frozen=True, slots=True)
class Cause:
    """The likely reason why no valid call of an operation succeeded: a name for it, and a sentence."""

    rule: str
    text: str
