"""``--contract-coverage``: what the tests touch of the contract, by test, put together over all processes of a run."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import orjson
import pytest
from werkzeug.test import TestResponse

from docdouble.schemas import ConfigError, Contract

from ..config.config import project_config
from ..coverage.clients import ReadJson, plain_json, readable_response, recording_client_use
from ..coverage.count import reaches
from ..coverage.reports import read_reports, write_coverage_reports
from ..coverage.table import shortfall, table
from ..coverage.use import Use, merge_uses
from ..coverage.use_recorder import UseRecorder
from ..model.text import counted
from ..output.echo import printed, printed_remark
from .project import project_folder

NAME = "docdouble-coverage"
"""Of the plugin, where coverage is on."""

_SENT = "docdouble_use"
"""Under which a process of xdist hands over what its tests touched."""


def register(config: pytest.Config) -> None:
    """Note what the tests touch; raises ``pytest.UsageError`` for an option that means nothing."""
    try:
        config.pluginmanager.register(ContractCoverage(config), NAME)
    except ConfigError as error:
        raise pytest.UsageError(printed_remark(error)) from error


@contextmanager
def recording_of(request: pytest.FixtureRequest) -> Iterator[ReadJson]:
    """Note what a test reads of replies from its target, where coverage is on, and yield what reads them by hand."""
    if not request.config.pluginmanager.has_plugin(NAME):
        yield plain_json
        return
    contract, source, target = (request.getfixturevalue(name) for name in ("contract", "contract_source", "target"))
    try:
        recorder = observer(request.config, contract, source)
    except ConfigError as error:
        pytest.fail(f"docdouble: {printed_remark(error)}", pytrace=False)
    assert recorder  # there is a plugin
    with recording_client_use(recorder, target.url, is_fake=target.is_fake) as read_json:
        yield read_json


def observer(config: pytest.Config, contract: Contract, source: str = "") -> UseRecorder | None:
    """Return the observer of the calls to fakes of a contract, ``None`` where coverage is off.

    Raises ``ConfigError`` for an operation of ``[coverage]`` that is none.
    """
    plugin = config.pluginmanager.get_plugin(NAME)
    return cast(ContractCoverage, plugin).recorder(contract, source) if plugin else None


class ContractCoverage:
    """The plugin of a process: of a test run, or of a part of one that xdist hands its tests to."""

    def __init__(self, config: pytest.Config) -> None:
        self._is_worker = hasattr(config, "workerinput")
        option = config.option
        self._folder = project_folder(config)
        self._settings = project_config(self._folder, ("coverage",)).coverage
        least = option.contract_coverage_fail_under
        self._least = self._settings.fail_under if least is None else least
        if self._least is not None and not 0 <= self._least <= 100:
            raise ConfigError("--contract-coverage-fail-under", self._least, expected="a percentage from 0 to 100")
        folder = Path(config.invocation_params.dir)
        wanted = () if self._is_worker else option.contract_coverage_report
        self._reports = read_reports(wanted, folder, "--contract-coverage-report")
        self._recorders: list[UseRecorder] = []
        self._received: list[Use] = []
        self._problems: list[str] = []
        self._lost = 0
        self._test = ""
        self._use = Use()

    def _named(self, source: str) -> str:
        """Return a source by its path in the project: the use may be read on another machine."""
        path = Path(source)
        return path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else source

    def recorder(self, contract: Contract, source: str = "") -> UseRecorder:
        """Return the recorder of the use of a contract: the same for the same one."""
        for known in self._recorders:
            if known.contract is contract:
                return known
        only, skip = self._settings.only, self._settings.skip
        made = UseRecorder(contract, self._named(source), only=only, skip=skip)
        made.test = self._test
        self._recorders.append(made)
        return made

    def readable_response(self) -> type[TestResponse] | None:
        """Return the class of replies to ``fake_client``; ``None`` before there is a fake."""
        return readable_response(self._recorders[-1]) if self._recorders else None

    def _now(self, test: str) -> str:
        """Set the test that runs from now on, empty for none; return the one before."""
        before, self._test = self._test, test
        for recorder in self._recorders:
            recorder.test = test
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Name the test that runs."""
        self._now(item.nodeid)
        try:
            return (yield)
        finally:
            self._now("")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        """Name no test while a fixture of several tests is set up, and while it is torn down."""
        if fixturedef.scope == "function":
            return (yield)
        running: list[str] = []
        # the finalizers run in reverse order: the fixture's own one stands between these two
        fixturedef.addfinalizer(lambda: self._now(running.pop()) if running else None)
        before = self._now("")
        try:
            return (yield)
        finally:
            self._now(before)
            fixturedef.addfinalizer(lambda: running.append(self._now("")))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a process of xdist hands over."""
        sent = getattr(node, "workeroutput", {}).get(_SENT)
        if sent is None:
            self._lost += 1
            return
        received = orjson.loads(sent)
        self._received.append(Use.from_dict(received["use"]))
        self._problems += received["problems"]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was touched, or judge and write it."""
        use = merge_uses([*self._received, *(recorder.use() for recorder in self._recorders)])
        self._problems += [problem for recorder in self._recorders for problem in recorder.problems]
        if self._is_worker:
            output = orjson.dumps({"use": use.as_dict(), "problems": self._problems})
            cast(Any, session.config).workeroutput[_SENT] = output
            return
        self._use = use
        self._problems += write_coverage_reports(use, self._reports)
        if session.exitstatus == pytest.ExitCode.OK and (self._problems or self._is_short):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def _is_short(self) -> bool:
        return self._least is not None and not reaches(self._use, self._least)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was touched, and what failed."""
        if self._is_worker:
            return
        terminalreporter.section("contract coverage")
        for line in table(self._use, terminalreporter._tw.fullwidth):
            terminalreporter.write_line(printed(line))
        for kind, file in self._reports:
            with suppress(ValueError):
                file = file.relative_to(Path.cwd())
            terminalreporter.write_line(printed(f"{kind} report: {file}"))
        for line in self._complaints():
            for part in line.split("\n"):
                terminalreporter.write_line(printed(part), red=True)

    def _complaints(self) -> Iterator[str]:
        if self._lost:
            yield f"{counted(self._lost, 'worker')} ended without telling what its tests touched: that is missing here"
        if self._is_short and self._least is not None:
            yield shortfall(self._use, self._least)
        yield from self._problems
