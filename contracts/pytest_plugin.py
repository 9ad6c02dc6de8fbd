"""The pytest plugin: fixtures for tests against the fake, and a test per operation for ``*.contract.toml`` files.

Everything but pytest is imported where it is used, so that a test run which doesn't use the plugin doesn't pay for it.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from werkzeug.test import Client

    from docdouble.fakeserver import ControlClient, Settings
    from docdouble.schemas import Contract, Operation

    from .config import Config
    from .events import OperationResult
    from .runner import Runner


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


@pytest.fixture(scope="session")
def fake_api(contract: "Contract", fake_settings: "Settings") -> Iterator[RunningFake]:
    """A running fake on a free port, for clients that need a URL."""
    from docdouble.fakeserver import ControlClient, FakeServer, running

    with closing(FakeServer(contract, fake_settings)) as app, running(app) as url:
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
def fake_client(contract: "Contract", fake_settings: "Settings") -> Iterator["Client"]:
    """A Werkzeug test client of a fake in process: no socket, no thread."""
    from werkzeug.test import Client

    from docdouble.fakeserver import FakeServer

    with closing(FakeServer(contract, fake_settings)) as app:
        yield Client(app)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ContractFile | None":
    """Collect ``*.contract.toml``."""
    if file_path.name.endswith(".contract.toml"):
        return ContractFile.from_parent(parent, path=file_path)
    return None


class ContractFile(pytest.File):
    """A file that names a source and a target; its items are the source's operations."""

    @cached_property
    def settings(self) -> "Config":
        """What the file says."""
        from .config import read_config

        return read_config(self.path)

    @cached_property
    def runner(self) -> "Runner":
        """The runner that the items share, made when the first of them runs."""
        from .serving import fake_settings
        from .verify import Options, Verification

        said = self.settings
        options = Options(
            said.url,
            replace(said.budget, max_requests=said.verify.max_requests, max_seconds=said.verify.max_time),
            said.verify,
            fake=fake_settings(said),
            folder=self.path.parent,
        )
        return Verification.of(self.contract, options).runner

    @cached_property
    def contract(self) -> "Contract":
        """The contract of the named source."""
        from docdouble.schemas import extract

        from .config import as_configured

        return as_configured(extract(self.settings.source).contract, self.settings)

    def collect(self) -> Iterator["ContractItem"]:
        """Yield an item per operation."""
        for operation in self.contract.operations:
            yield ContractItem.from_parent(self, name=operation.id, operation=operation)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show our own errors in a line."""
        return _short(excinfo) or super().repr_failure(excinfo)


class ContractItem(pytest.Item):
    """One operation, verified."""

    def __init__(self, *, operation: "Operation", **options: Any) -> None:
        super().__init__(**options)
        self.operation = operation

    def runtest(self) -> None:
        """Verify the operation; raises ``BrokenContractError`` when a finding is as bad as ``fail-on``."""
        assert isinstance(self.parent, ContractFile)
        result = self.parent.runner.verify(self.operation)
        if any(finding.severity.reaches(self.parent.settings.fail_on) for finding in result.findings):
            raise BrokenContractError(result, self.parent.settings.url)
        if result.findings:
            self.add_report_section("call", "docdouble", "\n".join(_lines(result, self.parent.settings.url)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the findings, not how they were found."""
        return _short(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the item in headings."""
        return self.path, None, f"contract {self.operation.label}"


class BrokenContractError(AssertionError):
    """The target breaks what is documented of an operation."""

    def __init__(self, result: "OperationResult", url: str) -> None:
        super().__init__("\n".join(_lines(result, url)))


def _lines(result: "OperationResult", url: str) -> Iterator[str]:
    from .reports.terminal import describe
    from .verify import base_url

    for finding in result.findings:
        yield from describe(finding, base_url(url))


def _short(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    from docdouble.schemas import DocdoubleError

    return str(excinfo.value) if isinstance(excinfo.value, DocdoubleError | BrokenContractError) else ""
