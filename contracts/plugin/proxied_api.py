"""The proxy of one test, before what the test calls: the fake or a real server, judged as the test runs."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from docdouble.fakeserver import Address, ControlClient
from docdouble.fakeserver.proxy.forwarding import ProxyOptions, ValidatingProxy
from docdouble.fakeserver.proxy.upstream import Upstream, UpstreamNetwork
from docdouble.fakeserver.serving.proxy_server import running_proxy
from docdouble.schemas import Contract

from ..checks import all_checks
from ..client.network import Network, server_url, tls_context
from ..model.events import RunRecorder
from ..model.finding import Finding, Severity
from ..recordings.live_judge import LiveJudge, LiveOptions

_MOST_SHOWN = 20
"""Findings of a test that are listed."""


@dataclass(frozen=True, slots=True)
class ProxyApi:
    """A proxy at an address of one test's own; ``url`` is its base URL, without a slash at the end.

    ``control`` tells what passed, and prepares answers and faults. ``expected`` are the ids of checks whose findings
    don't fail the test, to which the test adds.
    """

    url: str
    control: ControlClient
    judge: LiveJudge = field(repr=False)
    expected: set[str] = field(default_factory=set)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings so far, of the server and of the test's own requests."""
        recorder = RunRecorder()
        self.judge.events(recorder)
        return tuple(recorder.run.findings)

    def failures(self) -> tuple[Finding, ...]:
        """Return the errors that the test doesn't expect."""
        return tuple(
            finding
            for finding in self.findings
            if finding.severity is Severity.ERROR and finding.check not in self.expected
        )


@contextmanager
def proxied_api(contract: Contract, url: str) -> Iterator[ProxyApi]:
    """Stand before a server at a base URL; raises ``ConfigError`` for one that is none."""
    parts = server_url(url)
    judge = LiveJudge(contract, LiveOptions(all_checks(), url))
    network = UpstreamNetwork(tls_context(Network()) if parts.scheme == "https" else None)
    token = secrets.token_urlsafe()
    proxy = ValidatingProxy(contract, Upstream(parts, network), judge, ProxyOptions(token=token))
    with running_proxy(proxy, Address()) as address:
        yield ProxyApi(address + urlsplit(url).path.rstrip("/"), ControlClient(address, token), judge)


def failure_lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield a line for each finding: its promise, and what the server did."""
    for finding in findings[:_MOST_SHOWN]:
        where = finding.evidence or finding.operation
        yield f"{finding.check}, {where}: expected {finding.expected}, got {finding.got}"
    if len(findings) > _MOST_SHOWN:
        yield f"and {len(findings) - _MOST_SHOWN} more"
