"""An event that signals set, whatever they interrupt: itself, too."""

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from docdouble.fakeserver.serving.signal_event import SignalEvent


def interrupted(call: Callable[[], None], at: int, handler: Callable[[], None]) -> None:
    """Call a function of Python, with a signal handler that runs before its line number ``at``."""
    lines = iter(range(at))

    def trace(frame: FrameType, kind: str, argument: Any) -> Any:
        if kind == "line" and next(lines, None) is None:
            sys.settrace(None)
            handler()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("name", ["set", "wait"])
def test_a_signal_may_interrupt_it_anywhere(name: str, at: int) -> None:
    event = SignalEvent()
    interrupted(getattr(event, name), at, event.set)
    assert event.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of threads are POSIX")
def test_a_signal_that_another_thread_gets_ends_the_wait() -> None:
    event, is_over = SignalEvent(), threading.Event()
    other = threading.Thread(target=is_over.wait)
    other.start()
    before = signal.signal(signal.SIGUSR1, lambda *_: event.set())
    threading.Timer(0.05, lambda: signal.pthread_kill(other.ident or 0, signal.SIGUSR1)).start()
    try:
        event.wait()
        assert event.is_set()
    finally:
        signal.signal(signal.SIGUSR1, before)
        is_over.set()


def test_it_waits_until_another_thread_sets_it() -> None:
    event = SignalEvent()
    event.set()
    event.clear()
    threading.Timer(0.05, event.set).start()
    event.wait()
    assert event.is_set()
