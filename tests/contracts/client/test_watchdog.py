"""A run that is over ends also what it computes: in any thread, and in regular expressions."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Timer
from types import FrameType
from typing import Any

import pytest

from docdouble.contracts.cases.generate import Maker
from docdouble.contracts.client import cancellation as cancellations
from docdouble.contracts.client import watchdog
from docdouble.contracts.client.cancellation import Cancellation, StoppedError
from docdouble.contracts.client.watchdog import InterruptedComputation, Watchdog
from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.schemas import Contract


def for_ever() -> None:
    number = 0
    while True:
        number += 1


def in_a_regular_expression() -> None:
    re.fullmatch("(a+)+b", "a" * 60)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watchdog that waits no second."""
    for module in (watchdog, cancellations):
        monkeypatch.setattr(module, "GRACE", 0.05)
    monkeypatch.setattr(watchdog, "_AGAIN", 0.05)


@pytest.mark.parametrize("compute", [for_ever, in_a_regular_expression])
def test_the_main_thread_is_interrupted_when_its_time_is_up(compute: Callable[[], None]) -> None:
    cancellation = Cancellation(object(), 0.1)  # type: ignore[arg-type]  # nothing is sent
    ended = pytest.raises(StoppedError, match=r"the budget of 0.1 seconds is spent")
    with cancellation.waking(), cancellation.within_time(), ended:
        cancellation.compute(compute)


@pytest.mark.parametrize("compute", [for_ever, in_a_regular_expression])
def test_the_main_thread_is_interrupted_after_a_signal(compute: Callable[[], None]) -> None:
    cancellation = Cancellation(object())  # type: ignore[arg-type]  # nothing is sent
    before = signal.signal(signal.SIGUSR1, lambda number, frame: cancellation.cancel("interrupted by SIGUSR1"))
    killing = subprocess.Popen(["sh", "-c", f"sleep 0.1; kill -USR1 {os.getpid()}"])
    try:
        ended = pytest.raises(StoppedError, match="interrupted by SIGUSR1")
        with cancellation.waking(), ended:
            cancellation.compute(compute)
    finally:
        killing.wait()
        signal.signal(signal.SIGUSR1, before)


def test_other_threads_are_interrupted() -> None:
    cancellation = Cancellation(object())  # type: ignore[arg-type]  # nothing is sent

    def computed() -> None:
        cancellation.compute(for_ever)

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(computed) for _ in range(3)]
        cancellation.cancel("the time is up")
        for future in waiting:
            with pytest.raises(StoppedError, match="the time is up"):
                future.result(timeout=10)


def test_what_waits_for_a_reply_is_left_alone_until_the_second_signal() -> None:
    at_once = Event()
    watching = Watchdog(at_once, lambda: True)

    def waits() -> None:
        watching.watch()
        Event().wait(0.2)

    watching.compute(waits)
    Timer(0.1, at_once.set).start()
    watching.watch()
    with pytest.raises(InterruptedComputation):
        watching.compute(for_ever)


def test_what_ends_by_itself_is_not_interrupted() -> None:
    cancellation = Cancellation(object())  # type: ignore[arg-type]  # nothing is sent
    cancellation.compute(lambda: None)
    cancellation.cancel("the time is up")
    Event().wait(0.2)


@pytest.mark.parametrize("step", range(1, 40))
def test_no_interruption_comes_after_the_computation_wherever_it_is_raised(step: int) -> None:
    at_once = Event()
    watching = Watchdog(at_once, lambda: False)
    steps = iter(range(step))

    def interrupts(frame: FrameType, event: str, argument: object) -> Any:
        frame.f_trace_opcodes = True
        if frame.f_code.co_filename == watchdog.__file__ and frame.f_code.co_name == "compute":
            if event == "opcode" and next(steps, None) is None and watching.may_interrupt():
                sys.settrace(None)
                raise InterruptedComputation
            return interrupts
        return None

    sys.settrace(interrupts)
    try:
        with suppress(InterruptedComputation):
            watching.compute(lambda: None)
    finally:
        sys.settrace(None)
    assert not watching.may_interrupt()


@pytest.mark.parametrize("compute", [for_ever, in_a_regular_expression])
def test_a_run_that_computes_ends_when_its_time_is_up(
    contract: Contract, monkeypatch: pytest.MonkeyPatch, compute: Callable[[], None]
) -> None:
    verification = Verification.of(contract, VerifyOptions("", Budget(max_examples=1, max_seconds=0.2)))
    monkeypatch.setattr(Maker, "cases", lambda maker, operation: compute())
    with verification.transport.cancellation.waking():
        run = verification.run()
    assert run.done.stopped == "the budget of 0.2 seconds is spent"


def test_code_that_a_debugger_traces_runs_after_a_computation() -> None:
    code = (
        "import sys, threading\n"
        "from docdouble.contracts.client.watchdog import Watchdog\n"
        "Watchdog(threading.Event(), lambda: False).compute(lambda: None)\n"
        "sys.settrace(lambda frame, event, argument: None)\n"
        "(lambda: None)()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=20, check=False).returncode == 0
