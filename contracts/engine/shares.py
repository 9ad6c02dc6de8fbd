"""Verification in several processes, each with a fake of its own and its share of the operations.

Their results are emitted in the order of the operations, whoever was faster. What belongs together stays together:
the operations of a resource, and those of a chain. An operation that is not verified since its share didn't know an id
is verified once more where all ids are known that any share knows.
"""

import contextlib
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Thread
from typing import BinaryIO, cast

from docdouble.schemas import Call, Contract, Operation

from ..client.cancellation import StoppedError
from ..client.transport import Transport
from ..model.events import Event, OperationResult, OperationStarted
from ..model.verdict import NOT_VERIFIED, OperationVerdict
from .runner import Emit, Runner
from .share_messages import ShareDone, Stop, read_message, write_message

_CODE = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from docdouble.contracts.engine.share_process import verify_share; verify_share()"
)
_SECONDS_BETWEEN = 0.1
"""Between two looks at whether the run is over."""

_Message = list[Event] | ShareDone | None
"""Message of a process; ``None`` at its end."""


class SharedRun:
    """A run in several processes; ``left`` are the calls that would remove what is left of them."""

    def __init__(self, runner: Runner, transport: Transport, emit: Emit) -> None:
        self.left: tuple[Call, ...] = ()
        self._runner = runner
        self._transport = transport
        self._emit = emit
        self._inbox = SimpleQueue[tuple[int, _Message]]()
        self._stopped = self._share_stopped = ""

    def run(
        self, contract: Contract, operations: Sequence[Operation], shares: Sequence[tuple[object, Sequence[Operation]]]
    ) -> None:
        """Verify operations of a contract in shares, each with the options of its run; raises ``StoppedError``."""
        results = _InOrder([operation.id for operation in operations], self._emit)
        known = {operation.id: operation for operation in self._runner.contract.operations}
        packed = pickle.dumps(contract, pickle.HIGHEST_PROTOCOL)
        messages = [
            packed + pickle.dumps((options, [operation.id for operation in share])) for options, share in shares
        ]
        processes = [_Process(number, message, known, self._inbox) for number, message in enumerate(messages)]
        try:
            self._follow(processes, results)
        finally:
            for process in processes:
                process.end()  # whatever happens, none outlives the run
            is_over = self._stopped or self._share_stopped
            for result in results.held():
                self._emit(result if is_over else self._with_all_known(result))
        if self._stopped:
            raise StoppedError(self._stopped)
        if self._share_stopped:
            spent = self._runner.budget.max_requests
            raise StoppedError(f"the budget of {spent} requests is spent" if spent else self._share_stopped)

    def _follow(self, processes: Sequence["_Process"], results: "_InOrder") -> None:
        working = set(range(len(processes)))
        while working and not self._transport.cancellation.is_at_once:
            if not self._stopped:
                self._stop_if_over(processes)
            try:
                number, message = self._inbox.get(timeout=_SECONDS_BETWEEN)
            except Empty:
                continue
            if isinstance(message, list):
                for event in message:
                    results.add(number, event)
                continue
            if isinstance(message, ShareDone):
                self._merge(message)
            elif number in working and not self._stopped:
                self._stopped = f"a process of the run ended with exit code {processes[number].end()}"
                raise StoppedError(self._stopped, unreachable=True)
            working.discard(number)

    def _stop_if_over(self, processes: Sequence["_Process"]) -> None:
        try:
            self._transport.cancellation.check()
        except StoppedError as error:
            self._stopped = str(error)
            for process in processes:
                process.stop(self._stopped)

    def _merge(self, share: ShareDone) -> None:
        self._share_stopped = self._share_stopped or share.stopped
        self.left += share.left
        self._transport.cut_off += share.cut_off
        self._transport.refused += share.refused
        self._runner.maker.left_out.update(share.left_out)
        self._runner.maker.values.learn(share.values)
        for name, is_secured in share.verified.items():
            self._runner.successes.operations.setdefault(name, is_secured)

    def _with_all_known(self, result: OperationResult) -> OperationResult:
        """Return the result of an operation, verified once more where other shares know the ids that it asks for."""
        operation, maker = result.operation, self._runner.maker
        if result.verdict is not OperationVerdict.NOT_VERIFIED:
            return result
        others = tuple(finding for finding in result.findings if finding.check != NOT_VERIFIED)
        if operation.id in self._runner.successes.operations:
            return replace(result, findings=others, verdict=OperationVerdict.VERIFIED, cause=None)
        maker.values.ask((operation,))
        guessed = maker.guessed(operation)
        if guessed and not all(maker.values.known(operation, field) for field in guessed):
            return result
        again = self._runner.verify(operation)
        known = {finding.fingerprint for finding in again.findings}
        return replace(
            again,
            calls=result.calls + again.calls,
            findings=(*again.findings, *(finding for finding in others if finding.fingerprint not in known)),
            checks=dict(Counter(result.checks) + Counter(again.checks)),
            statuses=dict(Counter(result.statuses) + Counter(again.statuses)),
            seconds=result.seconds + again.seconds,
        )


class _InOrder:
    """Events of shares, emitted in the order of the operations; results that may still change are held back."""

    def __init__(self, names: Sequence[str], emit: Emit) -> None:
        self._names = names
        self._emit = emit
        self._results: dict[str, OperationResult] = {}
        self._under_way: dict[int, str] = {}
        self._postponed: set[str] = set()
        self._next = 0

    def add(self, share: int, event: Event) -> None:
        """Take an event of a share."""
        if isinstance(event, OperationResult):
            self._results[event.operation.id] = event
            if event.verdict is OperationVerdict.NOT_VERIFIED:
                self._postponed.add(event.operation.id)
        else:
            self._emit(event)
        if isinstance(event, OperationStarted):
            before = self._under_way.get(share)
            if before and before not in self._results:  # it waits for ids to become known
                self._postponed.add(before)
            self._under_way[share] = event.operation.id
        self._emit_next()

    def _emit_next(self) -> None:
        """Emit the results whose turn it is."""
        while self._next < len(self._names):
            name = self._names[self._next]
            if name not in self._postponed and name not in self._results:
                return
            if name not in self._postponed:
                self._emit(self._results.pop(name))
            self._next += 1

    def held(self) -> Iterator[OperationResult]:
        """Yield the results that were held back."""
        return (self._results[name] for name in self._names if name in self._results)


class _Process:
    """Process of a share: a thread hands over its ``message``, and puts what it says into the ``inbox``."""

    def __init__(
        self,
        number: int,
        message: bytes,
        operations: Mapping[str, Operation],
        inbox: "SimpleQueue[tuple[int, _Message]]",
    ) -> None:
        self._number = number
        self._message = message
        self._operations = operations
        self._inbox = inbox
        self._has_begun = Signal()
        self._process = subprocess.Popen([sys.executable, "-c", _CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._input = cast(BinaryIO, self._process.stdin)
        self._output = cast(BinaryIO, self._process.stdout)
        self._thread = Thread(target=self._talk, daemon=True)
        self._thread.start()

    def _talk(self) -> None:
        with contextlib.suppress(EOFError, OSError, ValueError), self._process:  # it has ended, or was ended
            self._input.write(pickle.dumps(sys.path) + self._message)
            self._input.flush()
            while True:
                self._inbox.put((self._number, read_message(self._output, self._operations)))
                self._has_begun.set()
        self._inbox.put((self._number, None))

    def stop(self, reason: str) -> None:
        """Let it end after the call that it waits for; at once where it has not begun."""
        if not self._has_begun.is_set():
            self._process.kill()
            return
        with contextlib.suppress(OSError, ValueError):  # it has just ended
            write_message(self._input, Stop(reason))

    def end(self) -> int:
        """End it, and return its exit code."""
        if self._process.poll() is None:
            self._process.kill()
        self._thread.join()
        return self._process.wait()
