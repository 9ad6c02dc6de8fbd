"""``docdouble verify``: choose the target, run, report."""

from dataclasses import dataclass, field, replace

from rich.console import Console

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.message import Headers

from .budget import Budget
from .finding import Severity
from .reports.terminal import TerminalReport
from .runner import OperationResult, Runner
from .safety import closed_world, is_loopback
from .target import HttpTarget, Target, WsgiTarget

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


def verify(contract: Contract, options: Options) -> bool:
    """Verify, print to stdout, and tell whether a finding reached ``fail_on``.

    Raises ``ConfigError`` for an unknown operation or missing credentials, ``TargetError`` when nothing answers.
    """
    operations = tuple(map(contract.operation, options.only)) or contract.operations
    target = target_of(contract, operations, options.url, options.headers, options.fake)
    report = TerminalReport(Console(highlight=False), base_url(options.url), options.headers)
    results: list[OperationResult] = []
    for result in Runner(contract, target, options.budget, options.headers).run(operations):
        results.append(result)
        if result.findings or not options.quiet:
            report.operation(result)
    if not options.quiet:
        report.summary(results, target.name)
    return any(finding.severity.reaches(options.fail_on) for result in results for finding in result.findings)
