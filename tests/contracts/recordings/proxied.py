"""A proxy before a server of a test, in this process."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.model.events import Run, RunRecorder
from docdouble.contracts.recordings.har_file import HarFile
from docdouble.contracts.recordings.live_judge import LiveJudge, LiveOptions
from docdouble.contracts.storage.secrets import contract_masking
from docdouble.fakeserver import FakeServer, LoggedRequest, running
from docdouble.fakeserver.proxy.forwarding import ProxyOptions, ValidatingProxy
from docdouble.fakeserver.proxy.upstream import Upstream, UpstreamNetwork
from docdouble.fakeserver.serving.proxy_server import running_proxy
from docdouble.fakeserver.serving.servers import Address
from docdouble.schemas import Contract

TOKEN = "open"


@dataclass
class Proxied:
    """A running proxy, what it logged, and the findings at its end."""

    url: str
    upstream: str
    judge: LiveJudge
    logged: list[LoggedRequest]
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, target: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + target, allow_redirects=False, timeout=20, **options)

    def control(self, resource: str) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return self.ask("GET", f"/__docdouble__/{resource}", headers=headers).json()

    def run(self) -> Run:
        recorder = RunRecorder()
        self.judge.events(recorder)
        return recorder.run

    def failed_checks(self) -> set[tuple[str, str]]:
        """Operations and their checks with findings."""
        return {(finding.operation, finding.check) for finding in self.run().findings}


@contextlib.contextmanager
def proxied(
    contract: Contract,
    upstream: str,
    options: ProxyOptions | None = None,
    fake: FakeServer | None = None,
    record: Path | None = None,
) -> Iterator[Proxied]:
    """Stand before a server at a URL."""
    recording = HarFile(record, contract_masking(contract)) if record else None
    judge = LiveJudge(contract, LiveOptions(CHECKS, upstream, record=recording))
    options = options or ProxyOptions(token=TOKEN)
    proxy = ValidatingProxy(contract, Upstream(urlsplit(upstream), UpstreamNetwork()), judge, options, fake)
    logged: list[LoggedRequest] = []
    proxy.log = logged.append
    with running_proxy(proxy, Address()) as url, requests.Session() as session:
        session.trust_env = False
        yield Proxied(url, upstream, judge, logged, session)
    judge.close()


@contextlib.contextmanager
def proxied_app(contract: Contract, app: Any, **options: Any) -> Iterator[Proxied]:
    """Stand before a WSGI application."""
    with running(app) as upstream, proxied(contract, upstream, **options) as proxy:
        yield proxy
