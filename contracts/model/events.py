"""Events of a run, in their order, and the whole run that every report is made of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from docdouble.schemas import Call, Contract, Evidence, Operation

from .case import Origin
from .finding import Finding, Fingerprint, Severity
from .verdict import NOT_VERIFIED, Cause, OperationOutcome, OperationVerdict, shortfall_of

Quote = Callable[[Evidence], str]
"""Function that returns the documentation line of an evidence, empty where it can't be read."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Start of a run: ``operations`` will be verified, ``skipped`` won't, by id with the reason.

    ``target`` names the server for people, ``base_url`` is where curl finds it; ``secret_headers`` are the names of
    header fields that hold the user's credentials. ``started`` is a moment in RFC 3339 form. ``checks`` are the
    promises by the ids of the checks. A finding that reaches ``fail_on`` fails the run, unless the baseline knows it:
    ``known`` are its findings, as severe as they were then, without the ``expired`` ones. A run that ``accepts`` what
    it finds, for a new baseline, doesn't fail. ``may_stay_unverified`` are operations by id; ``expecting_nothing`` are
    what the user calls others that there aren't. A run fails where less than ``fail_under`` percent are verified.
    It is one ``shard``, a number, of a count. ``digest`` is that of the contract, empty where it is to be worked out of
    it. ``order`` are the ids of all operations of the contract in the order of a run, empty for that of the contract.
    ``command`` is the one whose run it is: reports have it in their headings.
    """

    contract: Contract
    operations: tuple[Operation, ...]
    target: str
    base_url: str
    seed: int = 0
    secret_headers: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    started: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    fail_on: Severity = Severity.ERROR
    known: Mapping[Fingerprint, Severity] = field(default_factory=dict)
    expired: frozenset[Fingerprint] = frozenset()
    accepts: bool = False
    may_stay_unverified: frozenset[str] = frozenset()
    expecting_nothing: tuple[str, ...] = ()
    fail_under: float = 0.0
    shard: tuple[int, int] = (1, 1)
    digest: str = ""
    order: tuple[str, ...] = ()
    command: str = "verify"

    def knows(self, finding: Finding) -> bool:
        """Tell whether the baseline has a finding, and no milder than it is now."""
        severity = self.known.get(finding.fingerprint)
        return severity is not None and severity.reaches(finding.severity)

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding fails the run."""
        return not self.accepts and finding.severity.reaches(self.fail_on) and not self.knows(finding)

    def outcome(self, result: "OperationResult") -> OperationOutcome:
        """Return what the verdict on the run needs of an operation's result."""
        return OperationOutcome(
            result.operation.label,
            result.verdict,
            result.cause,
            result.operation.is_secured,
            result.operation.id in self.may_stay_unverified,
            any(map(self._is_unexpected, result.findings)),
        )

    def _is_unexpected(self, finding: Finding) -> bool:
        is_news = not self.accepts and not self.knows(finding)
        return finding.check == NOT_VERIFIED and finding.severity is not Severity.NOTE and is_news


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """The first call of an operation is about to be sent."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class CallDone:
    """A reply was received."""

    operation: Operation
    origin: Origin
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class OperationResult:
    """Result of one operation's calls, the worst finding first.

    ``checks`` counts the exchanges that each check was applied to, ``statuses`` the replies. ``stopped`` says why it is
    not finished, empty when it is. ``cause`` is the likely reason why it is not verified.
    """

    operation: Operation
    calls: int
    findings: tuple[Finding, ...]
    checks: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: str = ""
    verdict: OperationVerdict = OperationVerdict.VERIFIED
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class RunDone:
    """The end. ``stopped`` says why it is one before everything was verified, empty when everything was.

    ``unreachable`` tells that the server no longer answered. ``left`` are calls that would remove what the run
    created, and which failed. ``gone`` are findings of the baseline that this run could have found, and didn't.
    ``missing`` names parts of the run of which nothing is known, such as a shard whose report is not there.
    """

    seconds: float
    stopped: str = ""
    unreachable: bool = False
    left: tuple[Call, ...] = ()
    gone: tuple[Fingerprint, ...] = ()
    missing: tuple[str, ...] = ()


Event = RunStarted | OperationStarted | CallDone | OperationResult | RunDone


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run, as the reports that are written at its end need it; ``quote`` reads the documentation."""

    started: RunStarted
    results: tuple[OperationResult, ...]
    done: RunDone
    quote: Quote = lambda _: ""

    @property
    def calls(self) -> int:
        """The number of calls that were sent."""
        return sum(result.calls for result in self.results)

    @property
    def findings(self) -> Iterator[Finding]:
        """Every finding, operation by operation."""
        return (finding for result in self.results for finding in result.findings)

    @property
    def failed(self) -> bool:
        """Whether a finding fails the run, or too little was verified."""
        return any(map(self.started.fails, self.findings)) or bool(self.shortfall)

    @property
    def unreachable(self) -> bool:
        """Whether the server didn't answer, refused the credentials, or the run was over before a call."""
        return self.done.unreachable or bool(self.done.stopped and not self.calls)

    def of_verdict(self, verdict: OperationVerdict) -> tuple[str, ...]:
        """Return the ids of the operations that have a verdict; those that were never called are not sent."""
        judged = [result.operation.id for result in self.results if result.verdict is verdict]
        if verdict is not OperationVerdict.NOT_SENT:
            return tuple(judged)
        reached = {result.operation.id for result in self.results}
        return (
            *judged,
            *(operation.id for operation in self.started.operations if operation.id not in reached),
            *self.started.skipped,
        )

    @property
    def outcomes(self) -> tuple[OperationOutcome, ...]:
        """The operations whose calls are over, as the verdict on the run sees them."""
        return tuple(self.started.outcome(result) for result in self.results)

    @property
    def shortfall(self) -> str:
        """The reason why the run has verified too little, empty where it hasn't."""
        if self.done.missing:
            return f"there is no report of {' and '.join(self.done.missing)}"
        if not self.started.operations and self.started.shard[1] > 1:
            return ""  # there are more shards than resources
        return shortfall_of(self.outcomes, self.started.fail_under)

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the checks, in their order; then of those that only findings name."""
        named = dict.fromkeys(self.started.checks)
        applied = dict.fromkeys(check for result in self.results for check in result.checks)
        return tuple(named | applied | dict.fromkeys(finding.check for finding in self.findings))


class RunRecorder:
    """Recorder of the events of a run, which hands them on and keeps what the run is made of; ``results`` until now."""

    def __init__(self, emit: Callable[[Event], None] | None = None) -> None:
        self._emit = emit
        self.results: list[OperationResult] = []
        self._started: RunStarted | None = None
        self._done: RunDone | None = None
        self._reported: set[tuple[str, str]] = set()

    def __call__(self, event: Event) -> None:
        """Take an event; of its findings, those that a run reports once are taken once."""
        if isinstance(event, OperationResult):
            event = replace(event, findings=tuple(filter(self._is_news, event.findings)))
        match event:
            case RunStarted():
                self._started = event
            case OperationResult():
                self.results.append(event)
            case RunDone():
                self._done = event
        if self._emit:
            self._emit(event)

    def _is_news(self, finding: Finding) -> bool:
        key = finding.check, finding.rule
        is_news = not finding.once or key not in self._reported
        self._reported |= {key} if finding.once else set()
        return is_news

    @property
    def run(self) -> Run:
        """The whole run, when it is done: its results in the order of the operations, whatever was finished first."""
        assert self._started is not None
        assert self._done is not None
        places = {operation.id: place for place, operation in enumerate(self._started.operations)}
        results = sorted(self.results, key=lambda result: places.get(result.operation.id, len(places)))
        return Run(self._started, tuple(results), self._done)
