"""What is asked of, prepared for and reported of one world concerns no other."""

import pytest

from docdouble.fakeserver import ControlClient, FakeServer
from docdouble.fakeserver.control import call_log
from docdouble.fakeserver.control.call_log import MemoryLog
from docdouble.fakeserver.control.journal import Journal
from docdouble.fakeserver.state.worlds import HEADER
from docdouble.schemas import Call, ConfigError, Contract, Reply

GET = "v1Book_Get"
BOOK = "/api/v1/Book/3"


@pytest.fixture
def app(library: Contract) -> FakeServer:
    return FakeServer(library)


def client(app: FakeServer, world: str = "") -> ControlClient:
    return ControlClient("http://localhost", app.token, app.handle, world=world)


def call(world: str = "") -> Call:
    return Call(((HEADER, world),) if world else (), target=BOOK)


def status(app: FakeServer, world: str = "") -> int:
    return app.handle(call(world)).status


def test_calls_are_reported_for_their_world(app: FakeServer) -> None:
    for world in ("", "one", "one", "two"):
        app.handle(call(world))
    assert [len(client(app, world).calls()) for world in ("", "one", "two", "three")] == [4, 2, 1, 0]
    client(app, "one").assert_called(GET, times=2)
    client(app, "three").assert_called(GET, times=0)
    client(app, "one").reset()
    assert [len(client(app, world).calls()) for world in ("", "one", "two")] == [2, 0, 1]


def test_answers_are_given_in_their_world(app: FakeServer) -> None:
    client(app, "one").set_answer(GET, status=410, times=1)
    usual = status(app)
    assert (status(app, "two"), status(app, "one"), status(app, "one")) == (usual, 410, usual)
    client(app, "one").set_answer(GET, status=410)
    client(app, "two").clear_answers()
    assert status(app, "one") == 410
    client(app).clear_answers()
    assert status(app, "one") == usual


def test_an_answer_without_a_world_is_for_all(app: FakeServer) -> None:
    client(app).set_answer(GET, status=418)
    client(app, "one").set_answer(GET, status=410)
    assert [status(app, world) for world in ("", "one", "two")] == [418, 410, 418]


def test_faults_apply_in_their_world_as_if_they_were_alone(app: FakeServer) -> None:
    def statuses(world: str) -> list[int]:
        return [status(app, world) for _ in range(20)]

    client(app, "one").add_fault(operation=GET, status=503, share=0.5)
    client(app, "two").add_fault(operation=GET, status=503, share=0.5)
    assert 0 < statuses("").count(503) + statuses("one").count(503) < 20
    client(app, "one").clear_faults()
    client(app, "one").add_fault(operation=GET, status=503, share=0.5)
    assert statuses("one") == statuses("two")
    assert 503 not in statuses("three")


def test_an_answer_of_another_world_is_not_removed(app: FakeServer) -> None:
    number = client(app, "one").set_answer(GET, status=410)
    target = f"/__docdouble__/answers/{number}"
    headers = (("Host", "localhost"), ("Authorization", f"Bearer {app.token}"))
    assert app.handle(Call(headers, b"", "DELETE", f"{target}?world=two")).status == 404
    assert app.handle(Call(headers, b"", "DELETE", f"{target}?world=one")).status == 204


def test_a_world_is_forgotten(app: FakeServer) -> None:
    world = client(app, "one")
    world.set_answer(GET, status=410)
    world.add_fault(operation=GET, status=503)
    app.handle(call("one"))
    app.handle(call("two"))
    app.forget("one")
    assert (world.calls(), len(client(app, "two").calls())) == ([], 1)
    assert status(app, "one") == status(app)


def test_a_name_that_no_world_has_is_refused(app: FakeServer) -> None:
    with pytest.raises(ConfigError, match="1 to 64 letters"):
        client(app, "no spaces").calls()


def test_dropped_calls_are_counted_for_their_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_log, "MOST_COUNTED", 2)
    journal = Journal(MemoryLog(1))
    for world in ("one", "one", "two", "three", "four", "one"):
        journal.record(call(world), Reply(), GET, 1)
    assert [journal.dropped(GET, world) for world in ("", "one", "two")] == [5, 4, 3], "those unknown may be anybody's"
    journal.clear("one")
    assert [journal.dropped(world=world) for world in ("", "one")] == [3, 2]
