"""The part of the pytest plugin that plants faults into the fakes of a run whose tests pass, and keeps the score."""

import json
import os
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract

from ..output.echo import printed
from . import MUTANT
from .items import ContractItem
from .planted_fakes import Planting
from .rerun import NOTES, Rerun, Score

NAME = "docdouble-faults"
"""The name that it is registered by."""


class Faults:
    """A pytest plugin: plants faults after a run without one; in a run that has one, notes what it has seen."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_planted = MUTANT in os.environ
        self._planting = Planting(os.environ.get(MUTANT, ""))
        self._score: Score | None = None

    def fake(self, contract: Contract, settings: Settings) -> AbstractContextManager[FakeServer] | None:
        """Return the fake of a run that has a fault planted, or could have; ``None`` in any other run."""
        return self._planting.fake(contract, settings) if self._is_planted else None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out contract files where a fault is planted: they verify servers of their own, which have none."""
        left_out = [item for item in items if isinstance(item, ContractItem)] if self._is_planted else []
        if left_out:
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if not isinstance(item, ContractItem)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Plant faults, or note what was seen, once all tests have run."""
        limit, least = self._config.option.contract_mutate, self._config.option.contract_mutate_fail_under
        if hasattr(self._config, "workerinput"):
            return
        if self._is_planted:
            if NOTES in os.environ:
                notes = self._planting.notes(self._config.option.contract_mutate_seed, limit)
                Path(os.environ[NOTES]).write_text(json.dumps(notes), encoding="utf-8")
        elif limit:
            self._score = self._scored() if exitstatus == 0 else Score(problem=_NOT_PASSED)
            if exitstatus == 0 and least is not None and not self._score.reaches(least):
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell which planted faults were missed."""
        if self._score is None:
            return
        terminalreporter.section("planted faults")
        for remark in self._score.lines():
            for line in remark.splitlines():  # what a run of pytest printed has several
                terminalreporter.write_line(printed(line))
        least = self._config.option.contract_mutate_fail_under
        if least is not None and not self._score.reaches(least):
            terminalreporter.write_line(f"failed: fewer than {least:g} % noticed", red=True)

    def _scored(self) -> Score:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")

        def tell(text: str) -> None:
            if reporter and reporter.isatty:
                reporter.rewrite(f"docdouble: {printed(text)}", erase=True)

        with TemporaryDirectory() as folder:
            rerun = Rerun(_arguments(self._config, Path(folder)), self._config.invocation_params.dir, Path(folder))
            return rerun.score(tell)


_NOT_PASSED = "no fault was planted: not all tests passed"


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
