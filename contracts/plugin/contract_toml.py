"""Contract files of pytest: a run whose operations are verified one by one, as tests are."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from docdouble.schemas import Call, ConfigError, Contract, Operation, TargetError, extract
from docdouble.schemas.extraction import Access

from ..cases.known_values import LearnedValues
from ..cases.order import operations_in_order
from ..cli.serving import in_process_settings
from ..client.cancellation import StoppedError
from ..config.config import Config, as_configured, project_config, read_config
from ..engine.verification import Verification, VerifyOptions, plan
from ..model.events import Event, OperationResult, Run, RunDone, RunRecorder, RunStarted
from ..model.verdict import OperationOutcome, OperationVerdict
from ..safety.run_plan import Profile, RunPlan
from ..storage.failed_cases import store_cases
from .worker_ledger import WorkerLedger


class FileRun:
    """Run of a file's operations, which share its settings, the target and the values that replies showed.

    ``path`` is a ``*.contract.toml``, a ``docdouble.toml``, a ``pyproject.toml``, or the folder of a project, which
    needs to have none of these. A ``source`` and a ``url`` take the place of what it says. Nothing is sent, and no
    credentials are read, before the first operation is verified. With a ``ledger``, other processes verify other
    operations of the same run. Raises ``ConfigError`` for what the file says wrongly,
    and what ``extract`` raises.
    """

    def __init__(self, path: Path, source: str = "", url: str = "", ledger: WorkerLedger | None = None) -> None:
        self._path, self._source, self._url = path, source, url
        self._folder = path if path.is_dir() else path.parent
        self._ledger = ledger
        self._causes: dict[str, str] = {}
        self._unreachable: TargetError | None = None
        self._recorder = RunRecorder(self._keep)
        self._refused: Counter[str] = Counter()
        self._pending: dict[str, tuple[OperationResult, str]] = {}

    @cached_property
    def config(self) -> Config:
        """The configuration of the file, and what was given in its place."""
        config = self._config_of_file()
        return replace(config, source=self._source or config.source_or_shipped, url=self._url or config.url)

    def _config_of_file(self) -> Config:
        if self._path == self._folder:
            return project_config(self._folder)
        if self._path.name != "pyproject.toml":
            return read_config(self._path)
        if (self._folder / "docdouble.toml").is_file():
            raise ConfigError(self._path.name, "[tool.docdouble]", expected="read: docdouble.toml stands beside it")
        if b"tool.docdouble" not in self._path.read_bytes():
            raise ConfigError(self._path.name, "[tool.docdouble]", expected="in it, so it doesn't say what to verify")
        return project_config(self._folder)

    @cached_property
    def contract(self) -> Contract:
        """The contract of the named source."""
        access = Access(bool(self._source), dialect=self.config.dialect_of((self.config.source,)))
        return as_configured(extract(self.config.source, access=access).contract, self.config)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations: those that are verified in their order, then the others."""
        called = self._plan.operations
        if self._plan.profile is Profile.FULL:
            called = operations_in_order(called, self.contract)
        return (*called, *(verdict.operation for verdict in self._plan.verdicts if not verdict.called))

    @property
    def is_fake(self) -> bool:
        """Whether the fake in process is verified."""
        return not self.config.url

    @property
    def started(self) -> RunStarted:
        """The report of the run's start."""
        return self._verification.started

    def why_skipped(self, operation: Operation) -> str:
        """Return why an operation is not verified, empty when it is."""
        return self._plan.skipped.get(operation.id, "")

    def verify(self, operation: Operation, selected: Iterable[Operation] = ()) -> tuple[OperationResult, str]:
        """Return the result of an operation's calls, and if none was sent, why.

        Others that are ``selected`` and may tell ids which it asks for in vain are verified with it, for their own
        tests. The result says why it was stopped, if it was. Raises ``TargetError``, from then on without trying again.
        """
        if operation.id not in self._pending:
            self._verify(operation, selected)
        return self._pending.pop(operation.id)

    def _verify(self, operation: Operation, selected: Iterable[Operation]) -> None:
        if self._unreachable:
            raise self._unreachable
        begun = {result.operation.id for result in self._recorder.results} | {operation.id}
        later = [other for other in selected if other.id not in begun and not self.why_skipped(other)]
        self._learn()
        try:
            with suppress(StoppedError), self._verification.transport.cancellation.within_time():
                self._verification.runner.run_first(operation, later, self._recorder)
        except TargetError as error:
            self._unreachable = error
            raise
        self._tell()

    def _learn(self) -> None:
        """Take over what the other processes have learned of the server; a fake of their own is another one."""
        runner = self._verification.runner
        for values, verified in self._ledger.others() if self._ledger and not self.is_fake else ():
            runner.maker.values.learn(values)
            for name, is_secured in verified.items():
                runner.successes.operations.setdefault(name, is_secured)

    def _tell(self) -> None:
        if self._ledger and not self.is_fake:
            runner = self._verification.runner
            learned = LearnedValues(runner.maker.values.learned.values)  # what is sure here, others may delete
            self._ledger.tell(learned, runner.successes.operations)

    def first_of(self, cause: str, item: str) -> str:
        """Return the first item of the run that isn't verified for a cause, which may be this one."""
        return self._ledger.first(cause, item) if self._ledger else self._causes.setdefault(cause, item)

    def _keep(self, event: Event) -> None:
        """Keep a result until its test asks for it, and why no call was sent where none was."""
        if isinstance(event, OperationResult):
            refused = Counter(self._verification.transport.refused)
            why = refused - self._refused
            self._refused = refused
            reason = "" if event.calls else max(why, key=lambda name: why[name], default="")
            self._pending[event.operation.id] = event, reason

    def outcome(self, operation: Operation, result: OperationResult | None) -> OperationOutcome:
        """Return what the verdict on the run needs of an operation, ``None`` where it has no result."""
        if result:
            return self.started.outcome(result)
        return OperationOutcome(operation.label, OperationVerdict.NOT_SENT)

    @property
    def has_credentials(self) -> bool:
        """Whether the file names credentials."""
        return bool(self.config.verify.headers)

    def finish(self) -> tuple[Call, ...]:
        """Remove what was created, keep failing calls where the file says so; return the calls that failed to remove.

        Raises what ``store_cases`` does.
        """
        if "_verification" not in self.__dict__:
            return ()
        left = self._verification.transport.tear_down()
        if self._ledger:
            self._ledger.close()
        if self.config.verify.cases:
            results = tuple(self._recorder.results)
            store_cases(self.config.verify.cases, Run(self.started, results, RunDone(0.0, left=left)))
        return left

    @cached_property
    def _options(self) -> VerifyOptions:
        config = self.config
        return VerifyOptions(
            config.url,
            replace(config.budget, max_requests=config.verify.max_requests, max_seconds=config.verify.max_time),
            config.verify,
            fail_on=config.fail_on,
            fake=in_process_settings(config),
            processes=self._ledger.processes if self._ledger else 1,
            folder=self._folder,
        )

    @cached_property
    def _plan(self) -> RunPlan:
        return plan(self.contract, self._options)

    @cached_property
    def _verification(self) -> Verification:
        made = Verification.of(self.contract, self._options)
        made.runner.maker.values.ask(made.started.operations)
        if self._ledger:
            made.transport.may_spend = self._ledger.spend
            made.transport.cancellation.share_time(self._ledger.seconds_since_start())
        return made
