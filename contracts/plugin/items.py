"""Items that pytest collects: a test per operation, of a contract file or of the ready-made suite."""

import os
import shlex
import warnings
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import DocdoubleError, Operation

from ..model.events import OperationResult, RunStarted
from ..model.finding import Finding
from ..model.text import counted
from ..model.verdict import NOT_VERIFIED, OperationOutcome, OperationVerdict
from ..output.echo import printed, printed_remark
from ..reports.finding_text import FindingLines, finding_lines, with_shared_proofs
from ..reports.groups import group_key
from .contract_toml import FileRun
from .project import project_folder, source_option, url_option
from .pytest_verdict import ItemOutcome
from .worker_ledger import ledger_of

SUITE = Path(__file__).parent.parent / "suite.py"
"""The module that stands for the ready-made suite, and its name for ``--pyargs``."""

SUITE_NAME = "docdouble.contracts.suite"

_MOST_FINDINGS = 5
"""Findings of one operation that are shown; more would hide the line to paste."""


class BrokenContractError(AssertionError):
    """The target breaks what is documented of an operation, or could not be verified to the end."""


class ContractFile(pytest.File):
    """A file that names a source and a target; its items are the source's operations."""

    @cached_property
    def run(self) -> FileRun:
        """The run that the items share."""
        return self.run_of(self.path)

    def run_of(self, path: Path) -> FileRun:
        """Return the run of a file, with what the options say in place of it."""
        ledger = ledger_of(self.config, self.nodeid)
        return FileRun(path, source_option(self.config), url_option(self.config), ledger)

    def collect(self) -> Iterator["ContractItem"]:
        """Yield an item per operation, in the order in which replies tell the values that later calls need."""
        for operation in self.run.operations:
            yield ContractItem.from_parent(self, name=printed(operation.id), operation=operation, run=self.run)

    def teardown(self) -> None:
        """Remove what the items created, and warn of what is left."""
        for call in self.run.finish():
            left = f"{self.name}: could not be removed again: {call.method} {call.target}"
            warnings.warn(pytest.PytestWarning(printed(left)), stacklevel=1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show our own errors in a line."""
        return in_a_line(excinfo.value) or super().repr_failure(excinfo)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that name the file on a command line, the last one to be followed by an item's name."""
        return (os.path.relpath(self.path, self.config.invocation_params.dir),)


class Suite(ContractFile):
    """The ready-made suite: what the project's configuration and the options say."""

    @cached_property
    def run(self) -> FileRun:
        """The run that the items share."""
        return self.run_of(project_folder(self.config))

    @property
    def words(self) -> tuple[str, ...]:
        """The words that name the suite on a command line."""
        return "--pyargs", SUITE_NAME


class ContractItem(pytest.Item):
    """Test item of one operation, which is verified."""

    def __init__(self, *, operation: Operation, run: FileRun, **options: Any) -> None:
        super().__init__(**options)
        self.operation = operation
        self.run = run
        self.outcome: ItemOutcome | None = None
        self.add_marker(pytest.mark.contract(operation=operation.id))

    def runtest(self) -> None:
        """Verify the operation; it passes where that was done, and is skipped where nothing may be sent.

        One that nothing verified is skipped, too, where that is no finding that fails it, and an expected failure
        where it may stay so. Raises ``BrokenContractError`` when a finding fails it, or when the run has to stop
        before its end, and ``TargetError`` where nothing answers.
        """
        self.user_properties += about(self.operation)
        self._take(self.run.outcome(self.operation, None))
        if why := self.run.why_skipped(self.operation):
            pytest.skip(printed(why))
        items = (item for item in self.session.items if isinstance(item, ContractItem) and item.run is self.run)
        result, why = self.run.verify(self.operation, (contract_item.operation for contract_item in items))
        self._take(self.run.outcome(self.operation, result))
        self.user_properties += [
            *(("calls", result.calls), ("findings", len(result.findings)), ("verdict", result.verdict.value)),
            *([("cause", result.cause.text)] if result.cause else []),
        ]
        printed_text = "\n".join(map(printed, self._lines(result)))
        if result.stopped or any(map(self.run.started.fails, result.findings)):
            raise BrokenContractError(printed_text)
        if result.findings:
            self.add_report_section("call", "docdouble", printed_text)
        self._be_no_pass(result, why)

    def _take(self, outcome: OperationOutcome) -> None:
        assert isinstance(self.parent, ContractFile)
        self.outcome = ItemOutcome(self.parent.words[-1], outcome, self.run.has_credentials)

    def _be_no_pass(self, result: OperationResult, why: str) -> None:
        """End the test as skipped, or as an expected failure, where nothing is verified."""
        if result.cause and self.operation.id in self.run.started.may_stay_unverified:
            pytest.xfail(printed(f"not verified: {result.cause.text}"))
        if result.cause:
            pytest.skip(printed(f"not verified: {result.cause.text}"))
        if result.verdict is OperationVerdict.NOT_SENT:
            pytest.skip(printed(f"no {'valid ' * bool(result.calls)}call was sent{why and f': {why}'}"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the findings, not how they were found."""
        return in_a_line(excinfo.value) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path | str, None, str]:
        """Name the item in headings."""
        is_suite = isinstance(self.parent, Suite)
        return SUITE_NAME if is_suite else self.path, None, printed(f"contract {self.operation.label}")

    def _lines(self, result: OperationResult) -> Iterator[str]:
        """Yield what was found, the worst first, and at the end what shows it again."""
        started = self.run.started
        if result.stopped:
            yield f"not finished, after {counted(result.calls, 'call')}: {result.stopped}"
        if (count := len(result.findings)) > _MOST_FINDINGS:
            yield f"{count} findings, the worst {_MOST_FINDINGS} of them:"
        worst = _worst_first(result.findings, started)[:_MOST_FINDINGS]
        for lines in with_shared_proofs(list(map(self._finding_lines, worst))):
            yield from lines
        if self.run.is_fake:
            yield f"run again: {self._command()}"

    def _finding_lines(self, finding: Finding) -> FindingLines:
        """Return the lines of a finding, the headline alone where a cause was reported for an earlier item."""
        assert isinstance(self.parent, ContractFile)
        lines = finding_lines(finding, self.run.started)
        is_shared = finding.check == NOT_VERIFIED
        first = self.run.first_of(repr(group_key(finding)), self.name) if is_shared else self.name
        return lines if first == self.name else FindingLines((f"{lines.problem[0]}, as for {first}",), ())

    def _command(self) -> str:
        assert isinstance(self.parent, ContractFile)
        *words, name = self.parent.words
        option = self.config.option
        given = {"--contract-source": option.contract_source, "--contract-url": option.contract_url}
        options = [word for pair in given.items() if pair[1] for word in pair]
        return shlex.join(["pytest", *words, f"{name}::{self.name}", *options])


def _worst_first(findings: tuple[Finding, ...], started: RunStarted) -> list[Finding]:
    return sorted(findings, key=lambda finding: (not started.fails(finding), finding.severity.rank))


def about(operation: Operation) -> list[tuple[str, object]]:
    """Return the properties that a report tells of an operation: its id, and where it is documented."""
    where = operation.evidence
    return [("operation", operation.id), *([("documentation", str(where))] if where else [])]


def in_a_line(error: BaseException) -> str:
    """Return the line that is shown of an error of ours, empty for another's."""
    if isinstance(error, BrokenContractError):
        return str(error)  # its lines are as they are printed
    return printed_remark(error) if isinstance(error, DocdoubleError) else ""
