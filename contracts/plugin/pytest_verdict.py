"""Verdicts on the runs of contract files, over all processes of pytest: what was verified, and whether it is enough."""

from collections import Counter
from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from ..model.verdict import Cause, OperationOutcome, OperationVerdict, refusal_of, shortfall_of

_ATTRIBUTE = "docdouble_verdict"
"""Of the report on an item: its outcome as data, which a process of xdist hands over."""


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """The outcome of an item, the name of its file, and whether the run had credentials."""

    file: str
    outcome: OperationOutcome
    has_credentials: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        outcome = {**asdict(self.outcome), "verdict": self.outcome.verdict.value}
        return {"file": self.file, "outcome": outcome, "has_credentials": self.has_credentials}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "ItemOutcome":
        """Return the outcome that plain data stands for."""
        outcome = data["outcome"]
        cause = Cause(**outcome["cause"]) if outcome["cause"] else None
        verdict = OperationVerdict(outcome["verdict"])
        return cls(**{**data, "outcome": OperationOutcome(**{**outcome, "cause": cause, "verdict": verdict})})


class RunVerdicts:
    """A pytest plugin: ends a session not green that has verified too little of a contract file, and says so."""

    def __init__(self) -> None:
        self._outcomes: dict[str, ItemOutcome] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the outcome of an item into its report."""
        report = yield
        outcome = getattr(item, "outcome", None)
        if call.when == "call" and isinstance(outcome, ItemOutcome):
            setattr(report, _ATTRIBUTE, outcome.as_dict())
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the outcome out of the report of an item; an item that is run again has its last one."""
        if data := getattr(report, _ATTRIBUTE, None):
            self._outcomes[report.nodeid] = ItemOutcome.from_dict(data)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the session where too little was verified, though no test failed."""
        if session.exitstatus == pytest.ExitCode.OK and any(map(_failure, self._by_file().values())):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was not verified of each contract file, and why; nothing where all was that was sent."""
        telling = {file: items for file, items in self._by_file().items() if _failure(items) or _causes(items)}
        if not telling:
            return
        # here because most sessions have nothing to tell
        from ..output.echo import printed
        from ..reports.summary import counts_of, unverified_lines

        terminalreporter.ensure_newline()
        terminalreporter.section("contracts")
        for file, items in telling.items():
            for line in unverified_lines([outcome.outcome for outcome in items]):
                terminalreporter.write_line(printed(line))
            failure, counts = _failure(items), counts_of(Counter(outcome.outcome.verdict for outcome in items))
            verdict = f"failed: {failure}; {counts}" if failure else counts
            terminalreporter.write_line(printed(f"{file}: {verdict}"), red=bool(failure))

    def _by_file(self) -> dict[str, list[ItemOutcome]]:
        by_file: dict[str, list[ItemOutcome]] = {}
        for outcome in self._outcomes.values():
            by_file.setdefault(outcome.file, []).append(outcome)
        return by_file


def _failure(items: list[ItemOutcome]) -> str:
    """Return why what was verified of a file is too little, empty where it isn't."""
    outcomes = [outcome.outcome for outcome in items]
    has_credentials = any(outcome.has_credentials for outcome in items)
    return refusal_of(outcomes, has_credentials=has_credentials) or shortfall_of(outcomes)


def _causes(items: list[ItemOutcome]) -> bool:
    return any(outcome.outcome.cause for outcome in items)
