"""Judgements of the replies to a load by operation: counts and findings that several workers have and one joins."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from docdouble.schemas import Operation

from ..model.events import OperationResult
from ..model.finding import Finding, Fingerprint, Severity
from ..model.verdict import OperationVerdict


@dataclass
class LoadJudgement:
    """Judgement of the replies to one operation.

    ``replies`` were received, ``judged`` of them judged; ``successes`` are replies with 2xx, judged or not. Of each
    finding there is one example, and ``occurrences`` counts the replies that show it. It ``is_verified`` if a valid
    call succeeded.
    """

    replies: int = 0
    judged: int = 0
    successes: int = 0
    seconds: float = 0.0
    is_verified: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    occurrences: Counter[Fingerprint] = field(default_factory=Counter)
    findings: dict[Fingerprint, Finding] = field(default_factory=dict)

    def count(self, status: int, seconds: float) -> None:
        """Count a reply."""
        self.replies += 1
        self.successes += 200 <= status < 300
        self.seconds += seconds
        self.statuses[status] += 1

    def keep(self, findings: Iterable[Finding]) -> None:
        """Keep the findings of one reply, or of one chain."""
        for fingerprint, finding in {finding.fingerprint: finding for finding in findings}.items():
            self.occurrences[fingerprint] += 1
            self.findings.setdefault(fingerprint, finding)

    def merge(self, other: "LoadJudgement") -> None:
        """Take over what another one has, of other replies."""
        self.replies += other.replies
        self.judged += other.judged
        self.successes += other.successes
        self.seconds += other.seconds
        self.is_verified = self.is_verified or other.is_verified
        self.statuses += other.statuses
        self.checks += other.checks
        self.occurrences += other.occurrences
        self.findings = {**other.findings, **self.findings}

    def violations(self, known: Mapping[Fingerprint, Severity]) -> int:
        """Return the number of errors and warnings that replies show, but for those that are ``known``."""
        counted = (finding for finding in self.findings.values() if finding.severity is not Severity.NOTE)
        return sum(self.occurrences[finding.fingerprint] for finding in counted if not _is_known(finding, known))

    def result(self, operation: Operation) -> OperationResult:
        """Return the judgement as the result of an operation in reports: its calls are the judged ones."""
        worst_first = tuple(sorted(self.findings.values(), key=lambda finding: finding.severity.rank))
        verdict = OperationVerdict.VERIFIED if self.is_verified else OperationVerdict.NOT_VERIFIED
        counts = dict(self.checks), dict(self.statuses)
        return OperationResult(operation, self.judged, worst_first, *counts, self.seconds, verdict=verdict)


def _is_known(finding: Finding, known: Mapping[Fingerprint, Severity]) -> bool:
    severity = known.get(finding.fingerprint)
    return severity is not None and severity.reaches(finding.severity)


class Judgements:
    """Judgements by the ids of operations.

    ``unmatched`` counts replies to calls of no operation, by the call, ``unanswered`` calls without a reply, by the
    reason.
    """

    def __init__(self) -> None:
        self.by_operation: dict[str, LoadJudgement] = {}
        self.unmatched: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()
        self._sent: set[Fingerprint] = set()

    def of(self, operation: str) -> LoadJudgement:
        """Return the judgement of an operation."""
        return self.by_operation.setdefault(operation, LoadJudgement())

    @property
    def total(self) -> LoadJudgement:
        """The sum of all of them, without findings."""
        whole = LoadJudgement()
        for judgement in self.by_operation.values():
            whole.merge(judgement)
        return whole

    def merge(self, other: "Judgements") -> None:
        """Take over what another worker has judged."""
        self.unmatched += other.unmatched
        self.unanswered += other.unanswered
        for name, judgement in other.by_operation.items():
            self.of(name).merge(judgement)

    def take(self) -> "Judgements":
        """Return what there is, and begin anew; the example of a finding is in the first that has it."""
        taken = Judgements()
        taken.by_operation, taken.unmatched, taken.unanswered = self.by_operation, self.unmatched, self.unanswered
        self.by_operation, self.unmatched, self.unanswered = {}, Counter(), Counter()
        for judgement in taken.by_operation.values():
            new = {key: finding for key, finding in judgement.findings.items() if key not in self._sent}
            judgement.findings = new
            self._sent |= new.keys()
        return taken
