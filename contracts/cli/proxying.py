"""``docdouble proxy``: the server before a server, from the options to the findings at its end."""

import contextlib
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult

from docdouble.fakeserver import Address, FakeServer
from docdouble.fakeserver.http.masking import secret_names
from docdouble.fakeserver.proxy.forwarding import ProxyOptions, ValidatingProxy
from docdouble.fakeserver.proxy.judging import Enforcement
from docdouble.fakeserver.proxy.upstream import Upstream, UpstreamNetwork
from docdouble.fakeserver.serving.proxy_server import running_proxy
from docdouble.schemas import ConfigError, Contract

from ..client.network import is_loopback, port_of, proxy_for, server_url, tls_context
from ..config.config import Config
from ..coverage.table import table
from ..coverage.use_recorder import UseRecorder, served_use
from ..engine.garbage import rare_collection
from ..engine.verification import VerifyOptions, configured_network, wanted_checks
from ..model.events import Quote
from ..model.finding import Severity
from ..output.echo import echo, echo_lines, remark
from ..output.request_log import LogFormat, RequestLines
from ..recordings.har_file import HarFile
from ..recordings.live_judge import LiveJudge, LiveOptions
from ..reports.registry import Wanted, check_reports
from ..storage.baseline import known_findings
from ..storage.secrets import contract_masking
from .console_link import control_lines, open_console
from .exit_codes import ExitCode
from .read_documentation import ReadDocumentation
from .run_output import RunOutput
from .serving import certificate_of, control_hosts, in_process_settings
from .verify_modes import SAME_SIGNAL, print_judged

_REACHED_WITHIN = 2.0
"""Seconds in which a server is looked for at the start."""

_PAUSE = 0.1
"""Seconds between two looks for a signal."""


@dataclass(frozen=True, slots=True)
class ProxyCommand:
    """Options of the command line, and the project's configuration."""

    config: Config = field(repr=False)
    url: str
    host: str
    port: int
    tls: bool
    tls_cert: Path | None
    tls_key: Path | None
    ca: Path | None
    certificate: Path | None
    key: Path | None
    proxy: str | None
    keep_host: bool
    enforce: Enforcement | None
    fake_missing: bool
    rewrite: tuple[str, ...]
    record: Path | None
    record_cases: Path | None
    reports: Wanted
    baseline: Path | None
    update_baseline: bool
    fail_on: str | None
    coverage: bool
    control_token: str = field(repr=False)
    control_origin: tuple[str, ...]
    control_host: tuple[str, ...]
    opens_console: bool
    log_format: LogFormat
    quiet: bool
    documentation: ReadDocumentation | None = None

    @property
    def verify_options(self) -> VerifyOptions:
        """The options by which ``verify`` would report the same: those given here, else the project's.

        Raises ``ConfigError`` for a key without its certificate.
        """
        settings = replace(
            self.config.verify,
            ca=self.ca or self.config.verify.ca,
            certificate=self.certificate or self.config.verify.certificate,
            key=self.key or self.config.verify.key,
            proxy=self.proxy or self.config.verify.proxy,
            baseline=self.baseline or self.config.verify.baseline,
        ).checked()
        fail_on = Severity(self.fail_on) if self.fail_on else self.config.fail_on
        return VerifyOptions(
            self.url, self.config.budget, settings, fail_on=fail_on, update_baseline=self.update_baseline
        )


def run_proxy(contract: Contract, name: str, command: ProxyCommand, quote: Quote) -> ExitCode:
    """Stand before the server until interrupted, print the findings, and return the exit code.

    Raises ``ConfigError`` for a URL, certificates, an address or files that can't be used.
    """
    options = command.verify_options
    url = server_url(command.url)
    _refuse_itself(url, command)
    check_reports(command.reports)
    known_findings(options.settings.baseline, update=options.update_baseline)
    record = HarFile(command.record, contract_masking(contract)) if command.record else None
    live = LiveOptions(
        wanted_checks(options.settings.skip_checks),
        command.url,
        options.fail_on,
        options.budget_with_limits.limits,
        record,
    )
    judge = LiveJudge(contract, live)
    coverage = command.config.coverage
    use = served_use(contract, name, coverage.only, coverage.skip) if command.coverage else None
    with certificate_of(command) as certificate, until_signal() as wait:
        upstream = Upstream(url, _network(url, options))
        proxy = _proxy(contract, upstream, judge, command)
        proxy.observer = use
        _warn_of_unreachable(url, options)
        with rare_collection(), running_proxy(proxy, Address(command.host, command.port, certificate)) as address:
            _announce(address, url, proxy)
            if command.opens_console:
                open_console(address, proxy.options.token)
            wait()
        if isinstance(proxy.log, RequestLines):
            proxy.log.flush()
        return _report(judge, command, options, quote, use)


def _report(
    judge: LiveJudge, command: ProxyCommand, options: VerifyOptions, quote: Quote, use: UseRecorder | None
) -> ExitCode:
    """Print and write the findings, and return the exit code."""
    output = RunOutput(command.reports, command.quiet, quote)
    code = print_judged(options, output, judge.events, command.record_cases)
    if use:
        echo_lines(table(use.use(), shutil.get_terminal_size().columns))
    if problem := judge.close():
        remark(problem)
        return max(code, ExitCode.FINDINGS)
    return code


def _proxy(contract: Contract, upstream: Upstream, judge: LiveJudge, command: ProxyCommand) -> ValidatingProxy:
    options = ProxyOptions(
        command.enforce,
        command.keep_host,
        frozenset(command.rewrite),
        command.control_token or secrets.token_urlsafe(),
        control_hosts(command.host, command.control_host, command.control_origin),
    )
    fake = None
    if command.fake_missing:
        fake = FakeServer(contract, replace(in_process_settings(command.config), auth=False))
        fake.keeps_calls = False
    proxy = ValidatingProxy(contract, upstream, judge, options, fake)
    proxy.documentation = command.documentation
    proxy.log = None if command.quiet else RequestLines(command.log_format, secret_names(contract))
    return proxy


def _network(url: SplitResult, options: VerifyOptions) -> UpstreamNetwork:
    network = configured_network(options.settings)
    between = proxy_for(url, network, loopback=is_loopback(url.geturl()))
    headers = {"Proxy-Authorization": between.authorization} if between and between.authorization else {}
    return UpstreamNetwork(
        tls_context(network) if url.scheme == "https" else None,
        f"http://{between.host}:{between.port}" if between else "",
        headers,
    )


def _refuse_itself(url: SplitResult, command: ProxyCommand) -> None:
    if command.port and port_of(url) == command.port and url.hostname in (command.host, "localhost", "127.0.0.1"):
        expected = f"another address than the proxy's own; give --port another one than {command.port}"
        raise ConfigError("--url", command.url, expected=expected)


def _warn_of_unreachable(url: SplitResult, options: VerifyOptions) -> None:
    """Report that nothing answers yet: the server may well be started later."""
    if options.settings.proxy or not url.hostname:
        return
    try:
        socket.create_connection((url.hostname, port_of(url)), _REACHED_WITHIN).close()
    except OSError as error:
        reason = error.strerror or str(error)
        remark(f"nothing answers at {options.url} ({reason}); until something does, calls get a 502")


def _announce(address: str, url: SplitResult, proxy: ValidatingProxy) -> None:
    base_url = address + url.path.rstrip("/")
    lines = [
        f"docdouble: {base_url} leads to {url.geturl()}",
        *control_lines(address, proxy.options.token),
        "docdouble: Ctrl-C ends it, and lists what was found",
    ]
    echo_lines(lines, err=True)
    echo(f"DOCDOUBLE_URL={base_url}")


@contextlib.contextmanager
def until_signal() -> Iterator[Callable[[], None]]:
    """Yield a function that waits until Ctrl-C or SIGTERM; a later one, but not at once, interrupts what follows."""
    moments: list[float] = []

    def end(number: int, frame: object) -> None:
        moments.append(time.monotonic())
        if moments[-1] - moments[0] > SAME_SIGNAL:
            raise KeyboardInterrupt

    def wait() -> None:
        while not moments:  # nothing wakes this thread of a signal that the system hands to another one
            time.sleep(_PAUSE)

    handlers = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wait
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
