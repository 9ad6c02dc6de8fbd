"""A ``*.contract.toml`` as a run whose operations are verified one by one, as tests are."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from docdouble.schemas import Call, Contract, Operation, TargetError, extract

from ..cases.order import operations_in_order
from ..config import Config, as_configured, read_config
from ..events import Event, OperationResult, Run, RunDone, RunStarted
from ..keeping.stored_cases import store
from ..safety import Plan, Profile
from ..sending.transport import StoppedError
from ..serving import fake_settings
from ..verify import Options, Verification, plan


class FileRun:
    """What a file says, and the run of its operations, which share the target and the values that replies told.

    Nothing is sent, and no credentials are read, before the first operation is verified. Raises ``ConfigError`` for
    what the file says wrongly, and what ``extract`` raises.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unreachable: TargetError | None = None
        self._results: list[OperationResult] = []

    @cached_property
    def config(self) -> Config:
        """What the file says."""
        return read_config(self._path)

    @cached_property
    def contract(self) -> Contract:
        """The contract of the named source."""
        return as_configured(extract(self.config.source).contract, self.config)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations: those that are verified in their order, then the others."""
        called = self._plan.operations
        if self._plan.profile is Profile.FULL:
            called = operations_in_order(called, self.contract)
        return (*called, *(one.operation for one in self._plan.verdicts if not one.called))

    @property
    def started(self) -> RunStarted:
        """What is told at the start of the run."""
        return self._verification.started

    def why_skipped(self, operation: Operation) -> str:
        """Return why an operation is not verified, empty when it is."""
        return self._plan.skipped.get(operation.id, "")

    def verify(self, operation: Operation) -> tuple[OperationResult, str]:
        """Return what an operation's calls found, and if none was sent, why.

        The result says why it was stopped, if it was. Raises ``TargetError``, from then on without trying again.
        """
        if self._unreachable:
            raise self._unreachable
        found: list[OperationResult] = []

        def keep(event: Event) -> None:
            if isinstance(event, OperationResult):
                found.append(event)

        refused = Counter(self._verification.transport.refused)
        try:
            with suppress(StoppedError), self._verification.transport.within_time():
                self._verification.runner.run((operation,), keep)
        except TargetError as error:
            self._unreachable = error
            raise
        self._results += found
        why = self._verification.transport.refused - refused
        return found[0], max(why, key=lambda one: why[one], default="") if not found[0].calls else ""

    def finish(self) -> tuple[Call, ...]:
        """Remove what was created, keep failing calls where the file says so; return the calls that failed to remove.

        Raises what ``stored_cases.store`` does.
        """
        if "_verification" not in self.__dict__:
            return ()
        left = self._verification.transport.tear_down()
        if self.config.verify.cases:
            store(self.config.verify.cases, Run(self.started, tuple(self._results), RunDone(0.0, left=left)))
        return left

    @cached_property
    def _options(self) -> Options:
        said = self.config
        return Options(
            said.url,
            replace(said.budget, max_requests=said.verify.max_requests, max_seconds=said.verify.max_time),
            said.verify,
            fail_on=said.fail_on,
            fake=fake_settings(said),
            folder=self._path.parent,
        )

    @cached_property
    def _plan(self) -> Plan:
        return plan(self.contract, self._options)

    @cached_property
    def _verification(self) -> Verification:
        made = Verification.of(self.contract, self._options)
        made.runner.maker.values.ask(made.started.operations)
        return made
