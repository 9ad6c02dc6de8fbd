"""The only way to a target: patience, stops, credentials, and what is removed at the end."""

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest

from docdouble.contracts.client.cancellation import StoppedError
from docdouble.contracts.client.rate_limit import Pace
from docdouble.contracts.client.target import Failure, HttpTarget, WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Severity
from docdouble.contracts.safety.guard import Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, Operation, Reply, TargetError
from docdouble.schemas.http import Headers

from .misbehaving import serving

Outcome = Reply | Failure | None
GET = Call(target="/cat/5")
OK, BUSY, ERROR, REFUSED = Reply(status=200), Reply(status=429), Reply(status=500), Reply(status=401)
DEAD, SILENT = Failure("Connection refused", connected=False), Failure("no whole reply after 30 s")


class Scripted:
    """A target that gives outcomes in their order, the last again and again, or by a function."""

    name = "http://staging.example"

    def __init__(self, outcomes: Iterable[Outcome] | Callable[[Call], Outcome]) -> None:
        self._outcomes = outcomes if callable(outcomes) else iter(outcomes)
        self._last: Outcome = None
        self.calls: list[Call] = []

    def send(self, call: Call) -> Outcome:
        self.calls.append(call)
        if callable(self._outcomes):
            return self._outcomes(call)
        self._last = next(self._outcomes, self._last)
        return self._last


class Patient(Pace):
    """Repeats calls, and notes pauses instead of waiting."""

    def __init__(self, repeats: int = 3) -> None:
        super().__init__(repeats=repeats)
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def transport(
    target: Scripted, headers: Headers = (), pace: Pace | None = None, budget: Budget | None = None
) -> Transport:
    return Transport(target, lambda call: call.path != "/no", budget or Budget(), headers, pace)


def outcome(sender: Transport, call: Call = GET, operation: str = "get") -> Outcome:
    sent = sender.send(call, operation=operation)
    return sent[0] if sent else None


def until_stopped(sender: Transport, operations: int = 10, calls: int = 30) -> StoppedError:
    try:
        for number in range(operations):
            for _ in range(calls):
                sender.send(GET, operation=str(number))
    except StoppedError as error:
        return error
    raise AssertionError("it went on")


def test_what_is_not_allowed_is_not_sent() -> None:
    sender = transport(target := Scripted([OK]))
    assert sender.send(Call(target="/no")) is None
    assert (target.calls, sender.sent, dict(sender.refused)) == ([], 0, {"it is not allowed": 1})


def test_the_users_header_fields_replace_all_other_credentials() -> None:
    sender = transport(target := Scripted([OK]), (("X-Key", "abc"),))
    call = Call((("Authorization", "made up"), ("X-Key", "made up"), ("Accept", "*/*")))
    outcome(sender, call)
    sender.send(call, signed=False)
    assert target.calls == [Call((("Accept", "*/*"), ("X-Key", "abc"))), call]


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(max_requests=2), "the budget of 2 requests is spent"),
        (Budget(max_seconds=1e-9), "the budget of 1e-09 seconds is spent"),
    ],
)
def test_a_budget_ends_the_run(budget: Budget, reason: str) -> None:
    target = Scripted([OK])
    assert str(until_stopped(transport(target, budget=budget))) == reason
    assert len(target.calls) <= 2


def test_threads_share_a_budget() -> None:
    sender = transport(target := Scripted([OK]), budget=Budget(max_requests=50))

    def work() -> None:
        with suppress(StoppedError):
            for _ in range(30):
                outcome(sender)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(target.calls), sender.sent) == (50, 50)


def test_a_busy_server_is_asked_again() -> None:
    asking = Reply((("Retry-After", "7"),), status=503)
    sender = transport(target := Scripted([BUSY, BUSY, asking, OK]), pace=(pace := Patient()))
    assert outcome(sender) == OK
    assert pace.pauses == [0.5, 1, 7]
    assert len(target.calls) == 4


def test_an_operation_that_is_always_unavailable_is_broken() -> None:
    sender = transport(Scripted([Reply(status=503)]), pace=(pace := Patient()))
    assert [getattr(outcome(sender), "status", None) for _ in range(3)] == [503] * 3
    assert len(pace.pauses) == 3


def test_a_server_that_stays_busy_ends_the_run() -> None:
    assert "429 also after 3 waits" in str(until_stopped(transport(Scripted([BUSY]), pace=Patient())))


def test_a_server_that_asks_for_too_long_ends_the_run() -> None:
    asking = Reply((("Retry-After", "3600"),), status=429)
    error = until_stopped(transport(Scripted([asking]), pace=Patient()))
    assert str(error) == "the server asks to come back in 3600 s; we wait 60 s at most"


def test_in_process_nobody_waits() -> None:
    assert outcome(transport(target := Scripted([BUSY]))) == BUSY
    assert len(target.calls) == 1


def test_a_server_that_was_never_there() -> None:
    with pytest.raises(TargetError, match=r"http://staging.example can't be reached: Connection refused"):
        outcome(transport(Scripted([DEAD])))


def test_a_server_that_is_away_for_a_moment_is_asked_again() -> None:
    sender = transport(target := Scripted([OK, DEAD, OK]))
    assert [outcome(sender), outcome(sender)] == [OK, OK]
    assert len(target.calls) == 3


def test_a_server_that_went_away_ends_the_run() -> None:
    error = until_stopped(transport(target := Scripted([OK, DEAD])))
    assert (str(error), error.unreachable) == ("the server no longer answers: Connection refused", True)
    assert len(target.calls) == 4


def test_a_call_without_a_reply_is_an_outcome_where_the_server_lives() -> None:
    target = Scripted(lambda call: SILENT if call.target == "/slow" else OK)
    sender = transport(target)
    outcome(sender)
    outcomes = [outcome(sender, Call(target="/slow"), "slow") for _ in range(8)]
    assert outcomes == [SILENT] * 5 + [None] * 3
    assert outcome(sender) == OK
    assert sum(call.target == "/slow" for call in target.calls) == 5


def test_a_server_that_no_longer_replies_ends_the_run() -> None:
    error = until_stopped(transport(target := Scripted([OK, SILENT])))
    assert error.unreachable
    assert len(target.calls) == 5


def test_a_server_of_which_nothing_can_be_asked_again_ends_the_run_later() -> None:
    target = Scripted([Reply(status=400), SILENT])
    assert until_stopped(transport(target)).unreachable
    assert len(target.calls) == 11


def test_a_server_in_trouble_ends_the_run() -> None:
    error = until_stopped(transport(target := Scripted([OK, ERROR])))
    assert str(error) == "the server is in trouble: replies are 5xx, also where it worked before"
    assert len(target.calls) == 21


def test_a_server_where_nothing_ever_worked_ends_the_run() -> None:
    assert "nothing has worked" in str(until_stopped(transport(Scripted([ERROR]))))


def test_one_operation_in_trouble_does_not_end_the_run() -> None:
    sender = transport(Scripted(lambda call: ERROR if call.target == "/bad" else OK))
    outcome(sender)
    assert [outcome(sender, Call(target="/bad"), "bad") for _ in range(60)] == [ERROR] * 60


def test_the_only_operation_that_is_verified_may_fail_always() -> None:
    sender = transport(Scripted([ERROR]))
    assert [outcome(sender) for _ in range(60)] == [ERROR] * 60


def test_credentials_that_are_refused_everywhere_end_the_run() -> None:
    target = Scripted([REFUSED])
    error = until_stopped(transport(target, (("Authorization", "Bearer expired"),)))
    assert str(error) == "the credentials are refused everywhere: every reply was 401"
    assert len(target.calls) == 15


def test_credentials_that_are_refused_somewhere_do_not() -> None:
    sender = transport(Scripted(lambda call: REFUSED if call.target == "/admin" else OK))
    outcomes = [outcome(sender, Call(target="/admin"), "admin") for _ in range(8)]
    assert outcomes == [REFUSED] * 5 + [None] * 3
    assert outcome(sender) == OK
    assert outcome(sender, Call(target="/admin"), "admin") == REFUSED


def test_calls_without_credentials_say_nothing_of_them() -> None:
    sender = transport(Scripted([REFUSED]))
    for number in range(60):
        assert sender.send(GET, signed=False, operation=str(number % 6)) is not None


def test_a_stop_ends_the_waiting_of_all_threads() -> None:
    pace = Pace(0.01)
    sender = transport(Scripted([OK]), pace=pace)
    outcome(sender)
    errors = []

    def work() -> None:
        with pytest.raises(StoppedError) as caught:
            outcome(sender)
        errors.append(str(caught.value))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    sender.cancellation.cancel("interrupted")
    for thread in threads:
        thread.join(5)
    assert errors == ["interrupted"] * 3


def test_a_signal_may_stop_a_thread_that_is_anywhere() -> None:
    sender = transport(Scripted([OK]))
    ending = sender.cancellation
    with sender._lock, ending._lock, ending.cancelled._cond:  # type: ignore[attr-defined]  # the thread may hold them
        sender.cancellation.cancel("interrupted")
    with pytest.raises(StoppedError, match="interrupted"):
        outcome(sender)


def test_what_was_created_is_removed_the_latest_first_also_after_a_stop() -> None:
    first, second, third = (Call(method="DELETE", target=f"/cat/{number}") for number in (1, 2, 3))
    sender = transport(target := Scripted([Reply(status=404), Reply(status=204)]))
    for key, remove in enumerate((first, second, third), 1):
        sender.created(remove, key)
    sender.removed(2)
    sender.cancellation.cancel("interrupted")
    assert sender.tear_down() == ()
    assert target.calls == [third, first]
    assert sender.tear_down() == ()
    assert len(target.calls) == 2


@pytest.mark.parametrize("bad", [ERROR, DEAD, SILENT, None, Reply(status=403), BUSY])
def test_what_could_not_be_removed_is_reported(bad: Outcome) -> None:
    first, second = (Call(method="DELETE", target=f"/cat/{number}") for number in (1, 2))
    sender = transport(Scripted(lambda call: bad if call is first else OK), pace=Patient(1))
    sender.created(first, 1)
    sender.created(second, 2)
    assert sender.tear_down() == (first,)


def test_what_has_one_key_with_another_entity_is_distinguished_by_its_call() -> None:
    cat, dog = Call(method="DELETE", target="/cat/1"), Call(method="DELETE", target="/dog/1")
    sender = transport(target := Scripted([OK]))
    sender.created(cat, 1)
    sender.created(dog, 1)
    sender.removed(1, cat)
    sender.tear_down()
    assert target.calls == [dog]


def test_the_guard_of_a_plan_decides() -> None:
    contract = Contract("cats", "1", (Operation("get", "GET", "/cat/{id}"), Operation("save", "POST", "/cat")))
    guard = Guard(plan_of(contract, Profile.CAREFUL), contract)
    sender = Transport(target := Scripted([OK]), guard, Budget())
    assert outcome(sender) == OK
    assert sender.send(Call(method="POST", target="/cat")) is None
    assert sender.send(Call((("Authorization", "wrong"),), target="/cat/5"), signed=False) is None
    assert len(target.calls) == 1


def test_a_call_that_gets_no_reply_is_one_finding(contract: Contract) -> None:
    fake = WsgiTarget(FakeServer(contract))

    class Hanging(Scripted):
        def send(self, call: Call) -> Outcome:
            return SILENT if call.body == b"null" else fake.send(call)

    budget = Budget(max_examples=1, boundaries=5)
    runner = Runner(contract, Transport(Hanging([]), lambda call: True, budget), budget)
    findings = [finding for finding in runner.verify(contract.operations[0]).findings if finding.rule == "no-reply"]
    assert [(finding.check, finding.severity, finding.got) for finding in findings] == [
        ("server-error", Severity.ERROR, SILENT.reason)
    ]
    assert findings[0].evidence == contract.operations[0].evidence
    assert findings[0].call
    assert findings[0].call.body == b"null"


class Clock:
    """The seconds that replies of a target took, and no others."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    perf_counter = monotonic


@pytest.mark.parametrize(("pending", "calls"), [(0, 19), (3, 16), (7, 12), (99, 10)])
def test_time_is_left_for_the_removing_of_what_was_created_but_half_of_it_at_most(
    pending: int, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    for module in ("cancellation", "transport"):
        monkeypatch.setattr(f"docdouble.contracts.client.{module}.time", clock)

    def answer(call: Call) -> Outcome:
        clock.now += 1
        return OK

    sender = transport(target := Scripted(answer), budget=Budget(max_seconds=20))
    for number in range(pending):
        sender.created(Call(method="DELETE", target=f"/cat/{number}"), number)
    assert "20 seconds" in str(until_stopped(sender))
    assert len(target.calls) == calls


def test_removing_that_takes_too_long_ends_soon_after_the_time_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docdouble.contracts.client.cancellation._OVERTIME", 0.1)
    over = threading.Event()

    def remove(connection: socket.socket, head: bytes) -> None:
        over.wait(20)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with serving(remove) as url:
        sender = Transport(HttpTarget(url), lambda call: True, Budget(max_seconds=0.01))
        sender.created(GET, 5)
        sender.created(GET, 6)
        with sender.cancellation.within_overtime():
            assert sender.tear_down() == (GET, GET)
        over.set()


def test_at_once_leaves_what_is_not_removed() -> None:
    sender = transport(target := Scripted([OK]))
    sender.created(GET, 5)
    sender.cancellation.cancel("interrupted", at_once=True)
    assert sender.tear_down() == (GET,)
    assert target.calls == []


def test_what_a_stop_at_once_cuts_off_is_known() -> None:
    def answer(call: Call) -> Outcome:
        sender.cancellation.cancel("interrupted", at_once=call.method == "POST")
        return SILENT

    for method, known in (("GET", []), ("POST", ["POST"])):
        sender = transport(Scripted(answer))
        with pytest.raises(StoppedError):
            sender.send(Call(method=method, target="/cat"), chained=True)
        assert [call.method for call in sender.cut_off] == known
