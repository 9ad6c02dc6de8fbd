"""The pytest plugin: fixtures for tests against the fake, and a test per operation for ``*.contract.toml`` files.

With ``--contract-mutate``, tests that passed are run again while the fakes break one promise, and have to notice it.
Everything but pytest is imported where it is used, so that a test run which doesn't use the plugin doesn't pay for it.
"""

import json
import os
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from .plugin.rerun import MUTANT, NOTES, Rerun, Score
from .words import counted

if TYPE_CHECKING:
    from werkzeug.test import Client

    from docdouble.fakeserver import ControlClient, FakeServer, Settings
    from docdouble.schemas import Contract, Operation

    from .events import OperationResult, RunStarted
    from .plugin.contract_file import FileRun
    from .plugin.planted import Planting

_PLANTING = pytest.StashKey["Planting"]()
_SCORE = pytest.StashKey[Score]()


@dataclass(frozen=True, slots=True)
class RunningFake:
    """A fake that listens on the loopback address; ``url`` is its base URL, without a slash at the end.

    ``control`` tells what was asked of it, and prepares answers and faults.
    """

    url: str
    contract: "Contract"
    control: "ControlClient"


@pytest.fixture(scope="session")
def contract_source(pytestconfig: pytest.Config) -> str:
    """The source of the ``contract`` fixture: what docdouble.toml names. Override it in your conftest.py."""
    from .config import project_config

    return project_config(pytestconfig.rootpath).source


@pytest.fixture(scope="session")
def contract(contract_source: str, pytestconfig: pytest.Config) -> "Contract":
    """The contract that the fakes serve."""
    from docdouble.schemas import extract

    from .config import as_configured, project_config

    return as_configured(extract(contract_source).contract, project_config(pytestconfig.rootpath))


@pytest.fixture(scope="session")
def fake_settings(pytestconfig: pytest.Config) -> "Settings":
    """How the fakes answer: with the data that docdouble.toml asks for. Override it in your conftest.py."""
    from .config import project_config
    from .serving import fake_settings

    return fake_settings(project_config(pytestconfig.rootpath))


def _fake(contract: "Contract", settings: "Settings", config: pytest.Config) -> AbstractContextManager["FakeServer"]:
    """Return a fake, with the fault that this run has planted, if any."""
    from docdouble.fakeserver import FakeServer

    if MUTANT not in os.environ:
        return closing(FakeServer(contract, settings))
    return _planting(config).fake(contract, settings)


def _planting(config: pytest.Config) -> "Planting":
    from .plugin.planted import Planting

    return config.stash.setdefault(_PLANTING, Planting(os.environ[MUTANT]))


@pytest.fixture(scope="session")
def fake_api(contract: "Contract", fake_settings: "Settings", pytestconfig: pytest.Config) -> Iterator[RunningFake]:
    """A running fake on a free port, for clients that need a URL."""
    from docdouble.fakeserver import ControlClient, running

    with _fake(contract, fake_settings, pytestconfig) as app, running(app) as url:
        yield RunningFake(url, contract, ControlClient(url, app.token))


@dataclass(frozen=True, slots=True)
class FakeWorld:
    """A world of one test's own on a running fake: calls that send ``headers`` change it, and no other."""

    name: str
    control: "ControlClient"

    @property
    def headers(self) -> dict[str, str]:
        """What calls have to send."""
        from docdouble.fakeserver.worlds import HEADER

        return {HEADER: self.name}

    def save(self) -> dict[str, Any]:
        """Return what was changed, a JSON value to be compared or loaded again."""
        return self.control.save_state(self.name)

    def load(self, saved: dict[str, Any]) -> None:
        """Put what was saved in place of all changes."""
        self.control.load_state(saved, self.name)

    def reset(self) -> None:
        """Undo all changes."""
        self.control.reset_state(self.name)


@pytest.fixture
def fake_world(fake_api: RunningFake) -> Iterator[FakeWorld]:
    """A world of the test's own on ``fake_api``, as it was drawn; gone afterwards."""
    world = FakeWorld(uuid4().hex, fake_api.control)
    yield world
    world.reset()


@pytest.fixture
def fake_client(contract: "Contract", fake_settings: "Settings", pytestconfig: pytest.Config) -> Iterator["Client"]:
    """A Werkzeug test client of a fake in process: no socket, no thread."""
    from werkzeug.test import Client

    with _fake(contract, fake_settings, pytestconfig) as app:
        yield Client(app)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options for planted faults."""
    group = parser.getgroup("docdouble", "faults planted into the fakes of docdouble")
    group.addoption(
        "--contract-mutate",
        type=_count,
        default=0,
        metavar="N",
        help="When all tests pass, run them N times again, each time with another fault in fake_api and fake_client.",
    )
    group.addoption("--contract-mutate-seed", type=int, default=0, metavar="SEED", help="Chooses the faults.")
    group.addoption(
        "--contract-mutate-fail-under",
        type=float,
        metavar="PERCENT",
        help="Fail when the tests notice a smaller share of the faults.",
    )


def _count(text: str) -> int:
    count = int(text)
    if count < 0:
        raise ValueError(f"{count} is negative")
    return count


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a fault is planted, leave out contract files: they verify servers of their own, which have none."""
    left_out = [one for one in items if isinstance(one, ContractItem)] if MUTANT in os.environ else []
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if not isinstance(one, ContractItem)]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Plant faults after a run without one; in a run that has one, note what it has seen."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    limit = config.option.contract_mutate
    if MUTANT in os.environ:
        if NOTES in os.environ:
            notes = _planting(config).notes(config.option.contract_mutate_seed, limit)
            Path(os.environ[NOTES]).write_text(json.dumps(notes), encoding="utf-8")
    elif limit:
        score = _score(config) if exitstatus == 0 else Score(problem="no fault was planted: not all tests passed")
        config.stash[_SCORE] = score
        least = config.option.contract_mutate_fail_under
        if exitstatus == 0 and least is not None and not score.reaches(least):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _score(config: pytest.Config) -> Score:
    reporter = config.pluginmanager.get_plugin("terminalreporter")

    def tell(text: str) -> None:
        if reporter and reporter.isatty:
            reporter.rewrite(f"docdouble: {text}", erase=True)

    with TemporaryDirectory() as folder:
        rerun = Rerun(_arguments(config, Path(folder)), config.invocation_params.dir, Path(folder))
        return rerun.score(tell)


def _arguments(config: pytest.Config, folder: Path) -> tuple[str, ...]:
    """Return the arguments of this run, and those that keep another run from overwriting what it wrote."""
    has = config.pluginmanager.has_plugin
    return (
        *map(str, config.invocation_params.args),
        *("-x", "-q"),
        *(("-n", "0") if has("xdist") else ()),
        *(("-o", f"cache_dir={folder / 'cache'}") if has("cacheprovider") else ()),
        *(("--junit-xml", str(folder / "junit.xml")) if has("junitxml") else ()),
        *(("--no-cov",) if has("pytest_cov") else ()),
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell which planted faults were missed."""
    score = config.stash.get(_SCORE, None)
    if score is None:
        return
    terminalreporter.section("planted faults")
    for line in score.lines():
        terminalreporter.write_line(line)
    least = config.option.contract_mutate_fail_under
    if least is not None and not score.reaches(least):
        terminalreporter.write_line(f"failed: fewer than {least:g} % noticed", red=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ContractFile | None":
    """Collect ``*.contract.toml``."""
    if file_path.name.endswith(".contract.toml"):
        return ContractFile.from_parent(parent, path=file_path)
    return None


class ContractFile(pytest.File):
    """A file that names a source and a target; its items are the source's operations."""

    @cached_property
    def run(self) -> "FileRun":
        """The run that the items share."""
        from .plugin.contract_file import FileRun

        return FileRun(self.path)

    def collect(self) -> Iterator["ContractItem"]:
        """Yield an item per operation, in the order in which replies tell the values that later calls need."""
        for operation in self.run.operations:
            yield ContractItem.from_parent(self, name=operation.id, operation=operation, run=self.run)

    def teardown(self) -> None:
        """Remove what the items created, and warn of what is left."""
        for call in self.run.finish():
            left = f"could not be removed again: {call.method} {call.target}"
            warnings.warn(pytest.PytestWarning(f"{self.path.name}: {left}"), stacklevel=1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show our own errors in a line."""
        return _short(excinfo) or super().repr_failure(excinfo)


class ContractItem(pytest.Item):
    """One operation, verified."""

    def __init__(self, *, operation: "Operation", run: "FileRun", **options: Any) -> None:
        super().__init__(**options)
        self.operation = operation
        self.run = run

    def runtest(self) -> None:
        """Verify the operation; it is skipped where nothing may be sent.

        Raises ``BrokenContractError`` when a finding fails it, or when the run has to stop before its end, and
        ``TargetError`` where nothing answers.
        """
        if why := self.run.why_skipped(self.operation):
            pytest.skip(why)
        result, why = self.run.verify(self.operation)
        if result.stopped or any(map(self.run.started.fails, result.findings)):
            raise BrokenContractError(result, self.run.started)
        if result.findings:
            self.add_report_section("call", "docdouble", "\n".join(_lines(result, self.run.started)))
        elif why:
            pytest.skip(f"no call was sent: {why}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the findings, not how they were found."""
        return _short(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the item in headings."""
        return self.path, None, f"contract {self.operation.label}"


class BrokenContractError(AssertionError):
    """The target breaks what is documented of an operation, or could not be verified to the end."""

    def __init__(self, result: "OperationResult", started: "RunStarted") -> None:
        super().__init__("\n".join(_lines(result, started)))


def _lines(result: "OperationResult", started: "RunStarted") -> Iterator[str]:
    from .reports.describe import described

    for finding in result.findings:
        yield from described(finding, started)
    if result.stopped:
        yield f"not finished, after {counted(result.calls, 'call')}: {result.stopped}"


def _short(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    from docdouble.schemas import DocdoubleError

    return str(excinfo.value) if isinstance(excinfo.value, DocdoubleError | BrokenContractError) else ""
