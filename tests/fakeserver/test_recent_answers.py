"""Answers to the same call again: worked out once, and what may change them is seen at once."""

from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, LoggedRequest, Settings
from docdouble.fakeserver.app import FAULT, Arrival
from docdouble.fakeserver.control.client import ControlClient
from docdouble.fakeserver.responder import Responder
from docdouble.schemas import Call, Contract, Reply

from .conftest import MakeContract

GUEST = "/guests/1"


class Clock:
    """A clock whose seconds we count, and the number of answers that were worked out."""

    def __init__(self) -> None:
        self.seconds = 1000.5
        self.worked = 0

    def time(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made, respond = Clock(), Responder.respond

    def counted(responder: Responder, destination: Any) -> Reply:
        made.worked += 1
        return respond(responder, destination)

    monkeypatch.setattr(Responder, "respond", counted)
    monkeypatch.setattr("docdouble.fakeserver.recent_answers.time", SimpleNamespace(time=made.time))
    return made


@pytest.fixture
def app(hotel: Contract) -> FakeServer:
    return FakeServer(hotel, Settings(nulls="never"))


@pytest.fixture
def control(app: FakeServer) -> ControlClient:
    return ControlClient("http://localhost", app.token, app.handle)


def kept(app: FakeServer, label: str = f"GET {GUEST}", *headers: tuple[str, str], body: Any = None) -> Arrival:
    """Return a call that is kept for the same call again."""
    method, target = label.split(" ")
    sent = b"" if body is None else orjson.dumps(body)
    fields = (("Host", "here"), *([("Content-Type", "application/json")] if sent else ()), *headers)
    return app.arrival(Call(fields, sent, method, target), is_decoded=True, is_kept=True)


def name(reply: Reply) -> Any:
    return orjson.loads(reply.body)["Name"]


def test_the_same_call_is_worked_out_once_and_noted_each_time(hotel: Contract, clock: Clock) -> None:
    logged: list[LoggedRequest] = []
    observed: list[str] = []
    again, anew = (
        FakeServer(hotel, observer=lambda operation, call, reply: observed.append(operation.id)) for _ in range(2)
    )
    again.log = anew.log = logged.append
    for label in (f"GET {GUEST}", "GET /guests", "GET /guests/999"):
        arrival, before = kept(again, label), clock.worked
        replies = [again.answer(arrival) for _ in range(3)]
        assert clock.worked == before + 1
        assert replies == [anew.handle(arrival.call)] * 3
        anew.handle(arrival.call)
        anew.handle(arrival.call)

    def noted(app: FakeServer) -> list[Any]:
        return [{**entry.as_dict(), "time": 0, "milliseconds": 0} for entry in app.journal.entries()]

    assert noted(again) == noted(anew)
    assert len(logged) == len(noted(again)) * 2
    assert observed


def test_times_are_those_of_the_second(make_contract: MakeContract, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Expires": {"schema": {"type": "string"}}}
    answer = {"description": "OK", "headers": headers, "content": {"application/json": {"schema": {"type": "object"}}}}
    app = FakeServer(make_contract({"/loans": {"get": {"responses": {"200": answer}}}}))
    clock = Clock()
    monkeypatch.setattr("docdouble.fakeserver.recent_answers.time", SimpleNamespace(time=clock.time))
    arrival = kept(app, "GET /loans")
    first = app.answer(arrival)
    assert first.header("Expires")
    assert app.answer(arrival) is first
    clock.seconds += 1
    assert app.answer(arrival) is not first


def test_prepared_answers_are_seen_at_once(app: FakeServer, control: ControlClient, clock: Clock) -> None:
    arrival = kept(app)
    documented = app.answer(arrival)
    control.set_answer("GuestEntity_Get", answer={"GuestId": 99}, status=203, times=1)
    assert (app.answer(arrival).status, app.answer(arrival)) == (203, documented)
    assert clock.worked == 1


def test_faults_are_seen_at_once(app: FakeServer, control: ControlClient) -> None:
    arrival = kept(app)
    documented = app.answer(arrival)
    for fault, status, end in (({"status": 503}, 503, None), ({"drop": True}, 200, (FAULT, "drop"))):
        control.add_fault(**fault)
        reply = app.answer(arrival)
        assert reply.status == status
        assert end in (None, reply.headers[-1])
        control.clear_faults()
        assert app.answer(arrival) == documented


def test_changes_and_their_end_are_seen_at_once(app: FakeServer, control: ControlClient) -> None:
    arrival = kept(app)
    documented = app.answer(arrival)
    app.answer(kept(app, f"PUT {GUEST}", body={"Name": "Ada"}))
    assert name(app.answer(arrival)) == "Ada"
    app.answer(kept(app, f"DELETE {GUEST}"))
    assert app.answer(arrival).status == 404
    control.reset_state()
    assert app.answer(arrival) == documented


def test_a_write_is_done_each_time(app: FakeServer, clock: Clock) -> None:
    create = kept(app, "POST /guests", body={"Name": "Ada"})
    ids = {orjson.loads(app.answer(create).body)["GuestId"] for _ in range(3)}
    assert (len(ids), clock.worked) == (3, 3)
    delete = kept(app, f"DELETE {GUEST}")
    assert [app.answer(delete).status for _ in range(3)] == [204, 404, 404]


def test_worlds_are_kept_apart(app: FakeServer) -> None:
    ours, usual = kept(app, f"GET {GUEST}", ("Docdouble-World", "ours")), kept(app)
    documented = app.answer(ours)
    app.answer(kept(app, f"PUT {GUEST}", ("Docdouble-World", "ours"), body={"Name": "Ada"}))
    assert (name(app.answer(ours)), app.answer(usual)) == ("Ada", documented)
    assert (ours.memory, usual.memory is None) == (None, False)


def test_nothing_is_kept_of_what_may_be_over_or_is_large(app: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [Reply(status=507), Reply(body=b"x" * 70_000), Reply(status=404), Reply(status=200)]
    monkeypatch.setattr(Responder, "respond", lambda *_: replies.pop(0))
    monkeypatch.setattr("docdouble.fakeserver.recent_answers.time", Clock())
    arrival = kept(app)
    assert [app.answer(arrival).status for _ in range(4)] == [507, 200, 404, 404]


@pytest.mark.parametrize("added", [True, False])
def test_what_a_package_adds_is_asked_each_time(
    hotel: Contract, monkeypatch: pytest.MonkeyPatch, *, added: bool
) -> None:
    monkeypatch.setattr("docdouble.fakeserver.app.added_behaviours", lambda: {"counted": str} if added else {})
    assert (kept(FakeServer(hotel)).memory is None) == added


def test_of_a_shared_state_nothing_is_kept(hotel: Contract, tmp_path: Any) -> None:
    app = FakeServer(hotel, Settings(state=str(tmp_path / "state.db")))
    assert kept(app).memory is None
    app.close()
