"""A broken promise, as a value."""

import re
from dataclasses import dataclass
from enum import StrEnum

from docdouble.schemas import Call, Evidence, Grade, Reply

from .case import Case

_INDEX = re.compile(r"/\d+(?=/|\Z)")

Fingerprint = tuple[str, str, str, str]
"""Operation, check, pointer with array indices folded, rule: findings that share it are one."""


class Severity(StrEnum):
    """Severity of a finding; it follows how sure the broken fact is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)

    def reaches(self, threshold: "Severity") -> bool:
        """Tell whether this is at least as bad as ``threshold``."""
        return self.rank <= threshold.rank


_OF_GRADE = {
    Grade.STATED: Severity.ERROR,
    Grade.SHARED: Severity.ERROR,
    Grade.SAMPLED: Severity.WARNING,
    Grade.ASSUMED: Severity.NOTE,
}


def severity_of(grade: Grade | None) -> Severity:
    """Return the severity of breaking a fact of this grade; a fact without evidence counts as stated."""
    return _OF_GRADE[grade] if grade else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Finding:
    """Violation that a check found in one exchange.

    ``pointer`` (RFC 6901) leads into the reply's body, empty for the reply as a whole. ``expected`` and ``got``
    are noun phrases; ``evidence`` is the documentation line of the promise. ``before`` are the calls of a chain that
    have to be sent first. ``sent_again`` is what the same call was answered later, where that shows nothing any more.
    What is a habit of the whole server, and of no operation, is reported ``once`` a run: the first finding of its check
    and rule.
    """

    check: str
    severity: Severity
    operation: str
    expected: str
    got: str
    pointer: str = ""
    rule: str = ""
    evidence: Evidence | None = None
    case: Case | None = None
    reply: Reply | None = None
    before: tuple[Case, ...] = ()
    once: bool = False
    sent_again: str = ""

    @property
    def call(self) -> Call | None:
        """The call that shows it, without the user's credentials."""
        return self.case.call if self.case else None

    @property
    def fingerprint(self) -> Fingerprint:
        """The values that make two findings the same."""
        return self.operation, self.check, _INDEX.sub("/*", self.pointer), self.rule
