import threading
from datetime import UTC, datetime

import pytest

from docdouble.contracts.client.rate_limit import Pace, asked_wait, first_wait

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


class Clock(threading.Event):
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0
        return self.is_set()


def moments(pace: Pace, clock: Clock, count: int) -> list[float]:
    recorded = []
    for _ in range(count):
        pace.wait(clock)
        recorded.append(round(clock.now - 100, 6))
    return recorded


def test_calls_go_out_evenly() -> None:
    clock = Clock()
    assert moments(Pace(5, clock=clock), clock, 4) == [0, 0.2, 0.4, 0.6]


def test_without_a_rate_nobody_waits() -> None:
    clock = Clock()
    assert moments(Pace(clock=clock), clock, 4) == [0, 0, 0, 0]


def test_time_that_nobody_used_is_not_made_up_for() -> None:
    clock = Clock()
    pace = Pace(5, clock=clock)
    moments(pace, clock, 1)
    clock.now += 10
    assert moments(pace, clock, 3) == [10, 10.2, 10.4]


def test_after_a_pause_calls_go_out_half_as_often_until_all_is_well_for_a_while() -> None:
    clock = Clock()
    pace = Pace(5, clock=clock)
    moments(pace, clock, 1)
    pace.pause(3)
    assert moments(pace, clock, 3) == [3, 3.4, 3.8]
    for _ in range(20):
        pace.went_well()
    clock.now = 200
    assert moments(pace, clock, 3) == [100, 100.2, 100.4]


def test_who_waits_already_waits_for_a_pause_too() -> None:
    clock = Clock()
    pace = Pace(1, clock=clock)
    moments(pace, clock, 1)
    waited = []

    def wait(timeout: float | None = None) -> bool:
        if not waited:
            pace.pause(7)
        waited.append(timeout)
        return Clock.wait(clock, timeout)

    clock.wait = wait  # type: ignore[method-assign]
    pace.wait(clock)
    assert clock.now == 107


def test_a_stop_ends_the_waiting() -> None:
    clock = Clock()
    pace = Pace(0.001, clock=clock)
    moments(pace, clock, 1)
    clock.set()
    assert moments(pace, clock, 2) == [0, 0]


def test_threads_share_one_rate() -> None:
    pace = Pace(1000)
    counts = [0, 0, 0, 0]

    def work(index: int) -> None:
        for _ in range(10):
            pace.wait(threading.Event())
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [10, 10, 10, 10]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("9" * 30, 999_999_999),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0),
        ("Thursday, 01-Jan-26 12:01:00 GMT", 60),
        ("Thu Jan  1 12:00:05 2026", 5),
        ("soon", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_what_retry_after_asks_for(value: str | None, seconds: float | None) -> None:
    assert asked_wait(value, NOW) == seconds


def test_without_it_waits_become_longer() -> None:
    assert [first_wait(attempt) for attempt in (1, 2, 3)] == [0.5, 1, 2]
