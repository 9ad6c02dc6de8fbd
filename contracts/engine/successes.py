"""Successes of a run, and the conditions under which an operation is expected to have one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from docdouble.schemas import Operation

from ..checks.documented_status import CHECK as DOCUMENTED_STATUS
from ..checks.not_verified import REDIRECT, Attempts, is_attempt, is_success
from ..checks.valid_request import CHECK as VALID_REQUEST
from ..model.case import Case
from ..model.exchange import Exchange
from ..model.finding import Finding
from ..model.verdict import BASE_PATH


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of a run that its runner must know.

    Where it ``is_careful``, probes are left out that a server which others use should not be sent. ``base_path`` is
    the documented one that the URL lacks, empty for none; operations ``may_stay_unverified`` by id. ``mark``
    distinguishes the texts that are written from those of other runs.

    With ``reset``, which makes the server what it was when it started, groups of operations are verified apart: what is
    found in one doesn't depend on which others are verified.
    """

    is_careful: bool = False
    base_path: str = ""
    may_stay_unverified: frozenset[str] = frozenset()
    mark: str = ""
    reset: Callable[[], None] | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether the server is there after the run, with all that was created: only then are texts marked."""
        return bool(self.mark)


NO_CONDITIONS = Conditions()


@dataclass
class Successes:
    """The operations of which a valid call succeeded, by id, each with whether it asks for credentials.

    ``staying`` has a label for each entity that was created and that nothing removes.
    """

    conditions: Conditions
    operations: dict[str, bool] = field(default_factory=dict)
    staying: list[str] = field(default_factory=list)

    def take_note(self, exchange: Exchange) -> None:
        """Take note of a reply."""
        if is_attempt(exchange.case) and is_success(exchange):
            self.operations[exchange.operation.id] = exchange.operation.is_secured

    def attempts(
        self,
        operation: Operation,
        exchanges: Sequence[Exchange],
        unanswered: Sequence[tuple[Case, str]],
        guessed: Sequence[str],
    ) -> Attempts:
        """Return the calls of an operation that had no success, with what the run knows of the cause."""
        base_path = "" if self.operations else self.conditions.base_path
        return Attempts(operation, exchanges, unanswered, guessed, base_path, any(self.operations.values()))

    def with_cause(self, findings: Sequence[Finding], finding: Finding) -> list[Finding]:
        """Return the findings with that of an operation that is not verified, without those that say the same.

        What stands at the URL where the base path is missing is another server, which nothing is reported of.
        """
        same = {VALID_REQUEST.id, *([DOCUMENTED_STATUS.id] if finding.rule == REDIRECT else [])}
        others = [other for other in findings if other.check not in same and finding.rule != BASE_PATH]
        return others if finding.operation in self.conditions.may_stay_unverified else [finding, *others]
