"""Share of the replies that are judged, by a clock of our own."""

from docdouble.contracts.load.judge_share import BUSY_SHARE, JudgeShare, waited_for_processor


class Worker:
    """A worker that spends ``sending`` seconds of its processor on each reply, and ``judging`` on judging it.

    For each it waits ``idle`` seconds for the server, and ``waiting`` for a processor.
    """

    def __init__(self, sending: float, judging: float, idle: float, waiting: float = 0.0) -> None:
        self.now = self.used = self.waited = 0.0
        self._waiting = waiting
        self.judged = self.replies = 0
        self.time_of_judging = 0.0
        self._sending, self._judging, self._idle = sending, judging, idle

    def work(self, seconds: float, every: int = 0) -> None:
        share = JudgeShare(every, lambda: self.now, lambda: self.used, lambda: self.waited)
        while self.now < seconds:
            self._spend(self._sending)
            self.now += self._idle + self._waiting
            self.waited += self._waiting
            self.replies += 1
            share.add(self._judge)

    def _judge(self) -> None:
        self.judged += 1
        self.time_of_judging += self._judging
        self._spend(self._judging)

    def _spend(self, seconds: float) -> None:
        self.now += seconds
        self.used += seconds


def test_a_worker_with_time_judges_all() -> None:
    worker = Worker(sending=0.001, judging=0.001, idle=0.002)
    worker.work(10)
    assert worker.judged == worker.replies


def test_a_busy_worker_judges_a_part_of_its_time() -> None:
    worker = Worker(sending=0.001, judging=0.004, idle=0.0)
    worker.work(20)
    assert 0.8 * BUSY_SHARE < worker.time_of_judging / worker.used < 1.2 * BUSY_SHARE
    assert 0 < worker.judged < worker.replies


def test_a_worker_that_waits_for_a_processor_is_busy() -> None:
    worker = Worker(sending=0.001, judging=0.004, idle=0.0, waiting=0.004)
    worker.work(20)
    assert 0.8 * BUSY_SHARE < worker.time_of_judging / worker.used < 1.2 * BUSY_SHARE
    assert waited_for_processor() >= 0.0


def test_every_nth_is_judged_whatever_it_takes() -> None:
    worker = Worker(sending=0.001, judging=0.1, idle=0.0)
    worker.work(10, every=3)
    assert worker.judged == worker.replies // 3
