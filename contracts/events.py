"""What a run tells while it goes on; every report is made of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from docdouble.schemas import Call, Contract, Operation

from .case import Origin
from .finding import Finding


@dataclass(frozen=True, slots=True)
class RunStarted:
    """What is verified: ``operations`` will be, ``skipped`` won't, by id with the reason.

    ``target`` names the server for people, ``base_url`` is where curl finds it; ``secret_headers`` are the names of
    header fields that hold the user's credentials. ``started`` is a moment in RFC 3339 form.
    """

    contract: Contract
    operations: tuple[Operation, ...]
    target: str
    base_url: str
    seed: int = 0
    secret_headers: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    started: str = ""


@dataclass(frozen=True, slots=True)
class OperationStarted:
    """The first call of an operation is about to be sent."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class CallDone:
    """A reply came."""

    operation: Operation
    origin: Origin
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What one operation's calls found, worst first.

    ``checks`` counts the exchanges that each check was applied to, ``statuses`` the replies. ``stopped`` says why it is
    not finished, empty when it is.
    """

    operation: Operation
    calls: int
    findings: tuple[Finding, ...]
    checks: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class RunDone:
    """The end. ``stopped`` says why it is one before everything was verified, empty when everything was.

    ``unreachable`` tells that the server no longer answered. ``left`` are calls that would remove what the run
    created, and which failed.
    """

    seconds: float
    stopped: str = ""
    unreachable: bool = False
    left: tuple[Call, ...] = ()


Event = RunStarted | OperationStarted | CallDone | OperationResult | RunDone


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run, as the reports that are written at its end need it."""

    started: RunStarted
    results: tuple[OperationResult, ...]
    done: RunDone
