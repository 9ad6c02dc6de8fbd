"""``docdouble verify``: choose the target, run, report."""

from dataclasses import dataclass, field, replace

from rich.console import Console

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.message import Headers

from .budget import Budget
from .events import Event, OperationResult
from .finding import Severity
from .reports.terminal import TerminalReport
from .runner import Runner
from .safety import closed_world, is_loopback
from .target import HttpTarget, Target, WsgiTarget
from .transport import Transport

FAKE_URL = "http://127.0.0.1:4010"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for; ``url`` is empty for the fake in process, which is served as ``fake`` says."""

    url: str = ""
    only: tuple[str, ...] = ()
    budget: Budget = field(default_factory=Budget)
    headers: Headers = ()
    fail_on: Severity = Severity.ERROR
    quiet: bool = False
    fake: Settings | None = None


def base_url(url: str) -> str:
    """Return what curl lines name for a target: its URL, or where ``docdouble serve`` would put the fake."""
    return url.rstrip("/") or FAKE_URL


def target_of(
    contract: Contract,
    operations: tuple[Operation, ...],
    url: str,
    headers: Headers = (),
    fake: Settings | None = None,
) -> Target:
    """Return the server at ``url``, or a fake of the contract in process where it is empty.

    That has the settings of ``fake``, but no state, so that every id exists.
    Raises ``ConfigError`` for another machine's URL without credentials: made-up ones might lock an account there.
    """
    if not url:
        # random ids would find little among the few things that a fake with state has
        return WsgiTarget(FakeServer(contract, replace(fake or Settings(), state="off")))
    target = HttpTarget(url, closed_world(contract))
    if not headers and not is_loopback(url) and any(one.security and () not in one.security for one in operations):
        raise ConfigError(
            "url", url, expected="on this machine, so give its credentials: --header 'Authorization: ...'"
        )
    return target


def transport_of(
    contract: Contract,
    operations: tuple[Operation, ...],
    url: str,
    budget: Budget,
    headers: Headers = (),
    fake: Settings | None = None,
) -> Transport:
    """Return the way to the server at ``url``, or to a fake in process; raises ``ConfigError``."""
    target = target_of(contract, operations, url, headers, fake)
    allowed = closed_world(contract)
    return Transport(target, lambda call: allowed(call.method, call.path), budget, headers)


def verify(contract: Contract, options: Options) -> bool:
    """Verify, print to stdout, and tell whether a finding reached ``fail_on``.

    Raises ``ConfigError`` for an unknown operation or missing credentials, ``TargetError`` when nothing answers.
    """
    operations = tuple(map(contract.operation, options.only)) or contract.operations
    transport = transport_of(contract, operations, options.url, options.budget, options.headers, options.fake)
    report = TerminalReport(Console(highlight=False), base_url(options.url), tuple(name for name, _ in options.headers))
    results: list[OperationResult] = []

    def emit(event: Event) -> None:
        if isinstance(event, OperationResult):
            results.append(event)
            if event.findings or not options.quiet:
                report.operation(event)

    Runner(contract, transport, options.budget).run(operations, emit)
    if not options.quiet:
        report.summary(results, transport.target.name)
    return any(finding.severity.reaches(options.fail_on) for result in results for finding in result.findings)
