"""Process that verifies a share of a run's operations with a fake of its own; started by ``SharedRun``."""

import os
import pickle
import signal
import sys
import time
from threading import Thread
from typing import BinaryIO

from ..client.cancellation import StoppedError
from ..client.transport import Transport
from ..model.events import Event, OperationResult
from .garbage import rare_collection
from .share_messages import ShareDone, Stop, read_message, write_message
from .verification import Verification

_SECONDS_BETWEEN = 0.1
"""Between two messages of calls that are done."""


def verify_share() -> None:
    """Read a share from stdin, verify it, and write what happens to stdout."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the run that has started this process says when it ends
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may be written between the messages
    contract, (options, names) = pickle.load(sys.stdin.buffer), pickle.load(sys.stdin.buffer)
    verification = Verification.of(contract, options)
    known = {operation.id: operation for operation in verification.started.operations}
    Thread(target=_listen, args=(verification.transport,), daemon=True).start()
    outbox = _Outbox(output)
    stopped = ""
    try:
        with rare_collection():
            verification.runner.run([known[name] for name in names], outbox.add)
    except StoppedError as error:
        stopped = str(error)
    outbox.flush()
    write_message(output, _done(verification, stopped))
    os._exit(0)  # the thread that listens can't be ended otherwise


def _listen(transport: Transport) -> None:
    """Wait until the run that has started this process is over, or gone."""
    try:
        stop: Stop = read_message(sys.stdin.buffer, {})
    except EOFError:
        os._exit(1)
    transport.cancellation.cancel(stop.reason)


def _done(verification: Verification, stopped: str) -> ShareDone:
    transport, runner = verification.transport, verification.runner
    return ShareDone(
        stopped,
        transport.tear_down(),
        tuple(transport.cut_off),
        transport.refused,
        runner.maker.left_out,
        runner.successes.operations,
        runner.maker.values.learned,
    )


class _Outbox:
    """Events that are to be sent, many at once: there is one for each call."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self._waiting: list[Event] = []
        self._sent = time.monotonic()

    def add(self, event: Event) -> None:
        """Send an event, or keep it for a moment."""
        self._waiting.append(event)
        if isinstance(event, OperationResult) or time.monotonic() - self._sent > _SECONDS_BETWEEN:
            self.flush()

    def flush(self) -> None:
        """Send what is kept."""
        write_message(self._output, self._waiting)
        self._waiting.clear()
        self._sent = time.monotonic()
