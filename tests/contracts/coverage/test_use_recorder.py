"""What an observer of a fake notes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import orjson
import pytest

from docdouble.contracts.coverage import use_recorder as module
from docdouble.contracts.coverage.use import How, Use
from docdouble.contracts.coverage.use_recorder import TEST, UseRecorder, served_use
from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.control.admission import PREFIX
from docdouble.schemas import Call, ConfigError, Contract, Reply
from docdouble.schemas.contract.facts import Fact, FactKind

GUEST, LIST = "GuestEntity_Get", "GuestEntity_List"
NAME = Fact(GUEST, FactKind.RESPONSE, "200/Name")


def get(target: str = "/guests/1", *headers: tuple[str, str]) -> Call:
    return Call(headers, b"", "GET", target)


@pytest.fixture
def recorder(hotel: Contract) -> UseRecorder:
    return UseRecorder(hotel, "hotel.yaml")


@pytest.fixture
def fake(hotel: Contract, recorder: UseRecorder) -> FakeServer:
    return FakeServer(hotel, Settings(nulls="never"), observer=recorder)


def test_calls_belong_to_the_test_that_runs(fake: FakeServer, recorder: UseRecorder) -> None:
    fake.handle(get())
    recorder.test = "test_a"
    fake.handle(get())
    recorder.test = "test_b"
    fake.handle(get("/guests/999999"))
    use = recorder.use()
    assert use.source == "hotel.yaml"
    assert list(use.operations) == [GUEST]
    assert use.operations[GUEST].calls == 3
    assert use.tests_of(Fact(GUEST)) == ("test_a", "test_b")
    assert use.tests_of(Fact(GUEST, FactKind.STATUS, "200")) == use.tests_of(NAME) == ("test_a",)
    assert use.tests_of(Fact(GUEST, FactKind.STATUS, "404")) == ("test_b",)
    assert (FactKind.STATUS, "304") in use.operations[GUEST].untouched


def test_callers_that_go_wrong_are_no_problem(fake: FakeServer, recorder: UseRecorder) -> None:
    json = ("Content-Type", "application/json")
    calls = [
        get("/nothing"),
        Call((), b"", "BREW", "/guests"),
        get("/guests/none"),
        Call((json,), b"{", "POST", "/guests"),
        Call((json,), b'{"Name": {"a": [[]]}}', "POST", "/guests"),
        Call((("Content-Type", "text/html"),), b"<p>", "POST", "/guests"),
        Call((("Content-Type", "application/json; charset=nope"),), b"{}", "POST", "/guests"),
        Call((), b"", "OPTIONS", "/guests"),
        Call((), b"", "HEAD", "/guests"),
    ]
    statuses = [fake.handle(call).status for call in calls]
    assert statuses[:4] == [404, 405, 400, 400]
    assert not recorder.problems
    use = recorder.use()
    assert set(use.operations) == {GUEST, LIST, "GuestEntity_Create"}
    assert "400" in use.operations["GuestEntity_Create"].undocumented


def test_what_is_read_counts_for_those_who_read(fake: FakeServer, recorder: UseRecorder, hotel: Contract) -> None:
    recorder.test = "test_came"
    fake.handle(get())
    recorder.test = "test_read"
    reply = fake.handle(get())
    value = recorder.readable(hotel.operation(GUEST), 200, "application/json; charset=utf-8", orjson.loads(reply.body))
    assert value["Name"]
    facts = recorder.use().operations[GUEST].facts
    assert facts[NAME.part, NAME.name].how is How.READ
    assert facts[NAME.part, NAME.name].tests == {"test_read"}
    assert facts[FactKind.RESPONSE, "200/GuestId"].how is How.RECEIVED


def test_a_fault_of_ours_changes_no_answer_and_is_kept(
    fake: FakeServer, recorder: UseRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    printed: list[str] = []
    monkeypatch.setattr(module, "use_of_call", broken)
    monkeypatch.setattr(recorder, "_say", printed.append)
    for _ in range(100):
        assert fake.handle(get()).status == 200
    assert len(recorder.problems) == len(printed) == 10, "not one for each call"
    assert "ZeroDivisionError: on purpose" in recorder.problems[0]


def test_calls_from_many_threads(fake: FakeServer, recorder: UseRecorder) -> None:
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: fake.handle(get()), range(200)))
    assert all(reply.status == 200 for reply in replies)
    assert recorder.use().operations[GUEST].calls == 200


def test_with_only_what_it_selects_counts_called_or_not(hotel: Contract) -> None:
    recorder = UseRecorder(hotel, only=("GuestEntity_*",), skip=(LIST,))
    fake = FakeServer(hotel, observer=recorder)
    fake.handle(get("/guests"))
    fake.handle(get("/rooms"))
    fake.handle(get())
    use = recorder.use()
    assert GUEST in use.operations
    assert not {LIST, "Room_List"} & use.operations.keys()
    never = use.operations["GuestEntity_Delete"]
    assert (never.calls, never.facts, never.untouched) == (0, {}, frozenset())
    assert never.documented == 4


def test_a_selector_that_means_nothing_is_reported(hotel: Contract) -> None:
    with pytest.raises(ConfigError, match="GuestEntity_Get"):
        UseRecorder(hotel, only=("GuestEntity_Gte",))


def test_another_contract_is_looked_at_from_then_on(fake: FakeServer, recorder: UseRecorder, hotel: Contract) -> None:
    fake.handle(get())
    fake.handle(get("/guests"))
    operations = [
        replace(operation, responses=()) if operation.id == GUEST else operation
        for operation in hotel.operations
        if operation.id != LIST
    ]
    fake.replace(replace(hotel, operations=tuple(operations)))
    fake.handle(get())
    use = recorder.use()
    assert set(use.operations) == {GUEST}
    assert use.operations[GUEST].calls == 2
    assert set(use.operations[GUEST].facts) == {(FactKind.OPERATION, ""), (FactKind.PARAMETER, "path/id")}


def control(fake: FakeServer, method: str) -> Reply:
    headers = (("Host", "localhost"), ("Authorization", f"Bearer {fake.token}"))
    return fake.handle(Call(headers, b"", method, f"{PREFIX}use"))


def test_the_control_api_tells_what_callers_name_their_tests(hotel: Contract) -> None:
    fake = FakeServer(hotel, observer=served_use(hotel, "hotel.yaml", (), ()))
    fake.handle(get("/guests/1", (TEST, "guest.spec.ts > shows a guest")))
    fake.handle(get("/guests/1"))
    use = Use.from_dict(orjson.loads(control(fake, "GET").body))
    assert use.tests_of(Fact(GUEST)) == ("guest.spec.ts > shows a guest",)
    assert control(fake, "DELETE").status == 204
    assert not Use.from_dict(orjson.loads(control(fake, "GET").body)).operations


def test_the_control_api_says_when_nothing_is_noted(hotel: Contract) -> None:
    reply = control(FakeServer(hotel), "GET")
    assert reply.status == 409
    assert b"docdouble serve --coverage" in reply.body
