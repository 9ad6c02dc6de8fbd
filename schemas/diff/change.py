"""Change of a contract, and its judgement: whom it breaks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ..contract.evidence import Evidence
from ..contract.facts import Fact

NO_VALUE: Final = object()
"""The mark that there is no example: null is one."""


class Judgement(StrEnum):
    """Effect of a change on callers that relied on the old contract; from bad to good."""

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

    ``fact`` is what changed, named as in the old contract, or in the new one for what was added; its operation is
    always the old contract's, unless it is new. ``concerned`` is what callers touch who are hit by it: the operation
    itself for a new required parameter, the object around it for a new required property. ``old`` and ``new`` are the
    documentation lines of both sides, ``None`` for a side that doesn't have it or doesn't say where.

    ``example`` is a value of the place, or of the object around it where the change is whether a property is there. It
    was allowed and isn't any more (in requests), or wasn't and is (in responses). ``NO_VALUE`` where there is none.

    ``type_name`` is the named type whose change this is, as the old contract calls it, and ``place`` the pointer inside
    it; empty for what stands in the operation itself. A change of a type is reported for each operation and place
    that has the type: those are equal in ``rule``, ``type_name``, ``place`` and ``summary``.

    ``message`` is one sentence that names the place, ``summary`` the same without the place.
    """

    rule: str
    judgement: Judgement
    fact: Fact
    concerned: Fact
    message: str
    old: Evidence | None = None
    new: Evidence | None = None
    example: Any = NO_VALUE
    type_name: str = ""
    place: str = ""
    summary: str = ""
