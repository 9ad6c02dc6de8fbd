"""One difference of two contracts, and whom it breaks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .evidence import Evidence
from .fact import Fact

NO_VALUE: Final = object()
"""Stands for "there is no example": null is one."""


class Judgement(StrEnum):
    """What a change does to callers that relied on the old contract; from bad to good."""

    BREAKING = "breaking"
    RISKY = "risky"
    SAFE = "safe"

    def reaches(self, other: "Judgement") -> bool:
        """Tell whether this is as bad as the other, or worse."""
        order = list(Judgement)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``rule`` is a key of ``diff.RULES``.

    ``fact`` is what changed, named as in the old contract, or in the new one for what was added. ``concerned`` is what
    callers touch who are hit by it: the operation itself for a new required parameter. ``old`` and ``new`` are the
    documentation lines of both sides. ``example`` is a value that was allowed and isn't any more (in requests), or
    wasn't and is (in responses); ``NO_VALUE`` where there is none.
    """

    rule: str
    judgement: Judgement
    fact: Fact
    concerned: Fact
    message: str
    old: Evidence | None = None
    new: Evidence | None = None
    example: Any = NO_VALUE
