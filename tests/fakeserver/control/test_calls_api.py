"""Calls over the control API: as they come, one with its reasons, as an archive, as a test."""

import contextvars
import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

from docdouble.fakeserver import ControlClient, FakeServer, Settings
from docdouble.fakeserver.control import calls_api
from docdouble.fakeserver.control.calls_api import CallsApi
from docdouble.fakeserver.control.departure import HAS_LEFT
from docdouble.fakeserver.control.journal import Journal
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.source import extract

BEARER = ("Authorization", "Bearer open")
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")
GET, BOOK = "v1Book_Get", "/api/v1/Book/7"
LEND = "/api/v1/Agents/Loan/LendBook"
JSON = ("Content-Type", "application/json")
Record = Callable[..., None]


@pytest.fixture
def app(library: Contract) -> FakeServer:
    return FakeServer(library, token="open")


def asked(app: FakeServer, label: str, json: Any = None, *headers: tuple[str, str]) -> Reply:
    method, _, target = label.partition(" ")
    body = b"" if json is None else orjson.dumps(json)
    return app.handle(Call((("Host", "localhost"), BEARER, *headers), body, method, f"/__docdouble__/api/{target}"))


def called(app: FakeServer, *headers: tuple[str, str], path: str = BOOK) -> Reply:
    return app.handle(Call((BASIC, *headers), target=path))


def events(reply: Reply) -> list[dict[str, Any]]:
    assert (reply.status, reply.header("Content-Type")) == (200, "text/event-stream; charset=utf-8")
    return [orjson.loads(line[6:]) for line in reply.body.decode().splitlines() if line.startswith("data: ")]


def test_a_stream_begins_behind_the_last_event(app: FakeServer) -> None:
    for _ in range(3):
        called(app)
    for label, headers in (("GET calls/stream?after=1", ()), ("GET calls/stream?after=0", (("Last-Event-ID", "1"),))):
        reply = asked(app, label, None, *headers)
        assert [event["number"] for event in events(reply)] == [2, 3]
        assert b"id: 3\ndata: {" in reply.body


def test_an_event_shows_a_call_without_its_bodies(app: FakeServer) -> None:
    called(app, ("Docdouble-World", "mine"), ("Docdouble-Test", "test_books"))
    (event,) = events(asked(app, "GET calls/stream?after=0"))
    assert {**event, "time": "", "milliseconds": 0} == {
        "number": 1,
        "time": "",
        "operation": GET,
        "method": "GET",
        "target": BOOK,
        "status": 200,
        "violations": [],
        "milliseconds": 0,
        "world": "mine",
        "test": "test_books",
        "note": "",
    }


def test_a_stream_without_news_says_behind_which_call_it_goes_on(app: FakeServer) -> None:
    called(app)
    reply = asked(app, "GET calls/stream?wait=0")
    assert reply.body == b"retry: 100\n\n: nothing new\nid: 1\n\n"
    called(app)
    assert asked(app, "GET calls/stream?after=1&path=/elsewhere&wait=0.01").body.endswith(b"id: 2\n\n")


def test_a_client_of_an_earlier_server_gets_all_calls(app: FakeServer) -> None:
    called(app)
    assert [event["number"] for event in events(asked(app, "GET calls/stream", None, ("Last-Event-ID", "500")))] == [1]


def test_a_stream_shows_what_is_wanted_alone(app: FakeServer) -> None:
    called(app)
    called(app, ("Docdouble-World", "mine"))
    called(app, path="/elsewhere")
    for query, numbers in (("world=mine", [2]), ("status=404", [3]), ("operation=v1Book_Get", [1, 2]), ("", [1, 2, 3])):
        streamed = events(asked(app, f"GET calls/stream?after=0&{query}"))
        assert [event["number"] for event in streamed] == numbers


@pytest.mark.parametrize("query", ["wait=31", "wait=-1", "wait=soon", "after=x", "last=3", "format=har"])
def test_a_stream_refuses_what_it_does_not_know(app: FakeServer, query: str) -> None:
    assert asked(app, f"GET calls/stream?{query}").status == 400


def test_a_stream_waits_for_the_next_call(journal: Journal, record: Record, library: Contract) -> None:
    api = CallsApi(journal)
    replies: list[Reply] = []
    waiting = threading.Thread(
        target=lambda: replies.append(api.stream(Call(), {"after": "0", "wait": "30", "status": "404"}, "", library))
    )
    waiting.start()
    record(GET, f"GET {BOOK}")
    record(None, "GET /nowhere", status=404)
    waiting.join(20)
    assert [event["number"] for event in events(replies[0])] == [2]


def test_nobody_waits_for_a_server_that_ends(journal: Journal, library: Contract) -> None:
    api = CallsApi(journal)
    waiting = threading.Thread(target=lambda: api.stream(Call(), {"wait": "30"}, "", library))
    waiting.start()
    journal.close()
    waiting.join(20)
    assert not waiting.is_alive()


def test_a_stream_ends_when_its_client_has_left(journal: Journal, library: Contract) -> None:
    answers = iter((False, True))
    context = contextvars.copy_context()
    context.run(HAS_LEFT.set, lambda: next(answers))
    reply = context.run(CallsApi(journal).stream, Call(), {"wait": "30"}, "", library)
    assert reply.body == b"retry: 100\n\n: nothing new\nid: 0\n\n"
    assert next(answers, None) is None


def test_too_many_streams_are_asked_to_retry(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_api, "MOST_WAITING", 0)
    reply = CallsApi(Journal()).stream(Call(), {}, "", library)
    assert reply.body == b"retry: 2000\n\n: nothing new\nid: 0\n\n"


def test_a_long_stream_goes_on_in_the_next_reply(app: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls_api, "MOST_EVENTS", 2)
    for _ in range(3):
        called(app)
    assert [event["number"] for event in events(asked(app, "GET calls/stream?after=0"))] == [1, 2]


def explained(app: FakeServer, number: int = 1) -> dict[str, Any]:
    value: dict[str, Any] = orjson.loads(asked(app, f"GET calls/{number}").body)
    return value


def test_a_call_is_found_by_its_number(app: FakeServer) -> None:
    called(app)
    (listed,) = orjson.loads(asked(app, "GET calls").body)["calls"]
    assert explained(app)["call"] == listed
    for number in ("2", "x", "1.0"):
        assert asked(app, f"GET calls/{number}").status == 404


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call((BASIC,), target=BOOK), ["state"]),
        (Call((BASIC,), target="/nowhere"), ["path"]),
        (Call((BASIC, ("Prefer", "code=404")), target=BOOK), ["preference", "state"]),
        (Call((JSON,), b"{}", "POST", LEND), ["credentials"]),
        (Call((BASIC, JSON), b'{"CopyId": "x"}', "POST", LEND), ["refusal"]),
        (Call((BASIC, JSON), b"{}", "POST", LEND), ["sample"]),
    ],
)
def test_the_reason_of_an_answer(app: FakeServer, call: Call, expected: list[str]) -> None:
    app.handle(call)
    assert [reason["by"] for reason in explained(app)["why"]] == expected


def test_prepared_answers_and_faults_are_reasons(app: FakeServer) -> None:
    asked(app, "POST answers", {"operation": GET, "status": 409, "times": 1})
    called(app)
    assert [reason["by"] for reason in explained(app)["why"]] == ["prepared"]
    asked(app, "POST faults", {"status": 503, "latency": "1"})
    asked(app, "DELETE calls")
    called(app)
    (call,) = orjson.loads(asked(app, "GET calls").body)["calls"]
    assert call["note"] == "fault latency, fault status"
    assert [reason["by"] for reason in orjson.loads(asked(app, f"GET calls/{call['number']}").body)["why"]] == [
        "fault",
        "fault",
        "state",
    ]


def test_a_call_prepares_its_own_answer(app: FakeServer, library: Contract) -> None:
    first = called(app)
    prepared = explained(app)["prepared"]
    other = FakeServer(library, Settings(seed=5), token="open")
    assert called(other).body != first.body
    assert asked(other, "POST answers", prepared).status == 201
    again = called(other)
    assert (again.status, orjson.loads(again.body)) == (first.status, orjson.loads(first.body))


CALLS = (
        Call((BASIC,), target=BOOK),
        Call((BASIC, ("Accept", "application/json")), target=f"{BOOK}?x=%22it's%22"),
        Call((BASIC, JSON), b'{"CopyId": 7, "Days": null}', "POST",
             LEND),
        Call((BASIC, JSON), b'{"CopyId": "\\"\'\\\\"}', "POST",
             LEND),
        Call((BASIC, ("Content-Type", "text/plain")), "\u00fc\n'''".encode(), "POST", LEND),
        Call((BASIC,), method="HEAD", target=BOOK),
        Call((BASIC,), target="/nowhere/%3Cscript%3E"),
        Call(target=BOOK),
    )  # fmt: skip


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_the_test_of_a_call_passes(app: FakeServer, library: Contract, number: int) -> None:
    app.handle(CALLS[number])
    namespace: dict[str, Any] = {}
    exec(explained(app)["test"], namespace)
    test = next(value for name, value in namespace.items() if name.startswith("test_"))
    fresh = FakeServer(library, Settings(seed=9), token="open")
    client: Any = Client(fresh)
    client.control = ControlClient("http://localhost", "open", fresh.handle)
    test(client)
    fresh.handle(CALLS[number])
    with pytest.raises(AssertionError):  # now it is called twice
        test(client)


def test_an_archive_is_read_as_any_other(app: FakeServer, tmp_path: Any) -> None:
    called(app)
    app.handle(CALLS[2])
    reply = asked(app, "GET calls?format=har&last=2")
    assert reply.header("Content-Disposition") == 'attachment; filename="docdouble.har"'
    file = tmp_path / "calls.har"
    file.write_bytes(reply.body)
    paths = {operation.path for operation in extract(str(file)).contract.operations}
    assert len(paths) == 2
    assert LEND in paths
    assert BASIC[1].split()[1] not in reply.body.decode()
    assert asked(app, "GET calls?format=xml").status == 400


def test_one_fault_is_ended(app: FakeServer) -> None:
    asked(app, "POST faults", {"status": 503})
    asked(app, "POST faults", {"operation": GET, "content-type": "text/plain; a=b", "drop": False})
    faults = orjson.loads(asked(app, "GET faults").body)["faults"]
    assert [(fault["id"], fault["option"]) for fault in faults] == [
        (1, "--fault status=503"),
        (2, f"--fault 'operation={GET},content-type=text/plain; a=b'"),
    ]
    assert asked(app, "DELETE faults/1").status == 204
    assert asked(app, "DELETE faults/1").status == 404
    assert called(app).status == 200
    asked(app, "POST faults", {"status": 500})
    assert [fault["id"] for fault in orjson.loads(asked(app, "GET faults").body)["faults"]] == [2, 3]
