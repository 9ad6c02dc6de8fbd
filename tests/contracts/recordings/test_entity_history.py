"""Writes that passing traffic shows to be lost: live and of its recording alike, and only where nobody else wrote."""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.model.events import Run, RunRecorder
from docdouble.contracts.recordings.har import in_order
from docdouble.contracts.recordings.judge import har_events
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources
from docdouble.schemas.sources.har_entries import HarEntry

from .proxied import Proxied, proxied_app

pytestmark = [pytest.mark.sockets]

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def contract() -> Contract:
    def answer(schema: Mapping[str, Any]) -> dict[str, Any]:
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    boat = {"$ref": "#/components/schemas/Boat"}
    body = {"requestBody": {"content": {"application/json": {"schema": boat}}}}
    bearer: Any = [{"user": []}]
    gone, accepted = {"404": {"description": ""}}, {"202": {"description": ""}}
    lists = answer({"type": "array", "items": boat})
    by_id = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    part = [{"name": "fields", "in": "query", "schema": {"type": "string"}}]
    item: dict[str, Any] = {
        "parameters": by_id,
        "get": {"operationId": "read", "parameters": part, "responses": {"200": answer(boat), **gone}},
        "put": {"operationId": "store", **body, "responses": {"200": answer(boat), **accepted, **gone}},
        "delete": {"operationId": "drop", "responses": {"204": {"description": ""}, **gone}},
    }
    collection: dict[str, Any] = {
        "get": {"operationId": "all", "responses": {"200": lists}},
        "post": {"operationId": "make", **body, "responses": {"201": answer(boat)}},
    }
    properties = {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}, "sail": {"type": "string"}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {
            "/boats": collection,
            "/boats/{id}": item,
            "/tides": {"post": {"operationId": "turn", "responses": {"204": {"description": ""}}}},
            "/keys": {"post": {"operationId": "lock", "security": bearer, "responses": {"204": {"description": ""}}}},
        },
        "components": {
            "securitySchemes": {"user": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Boat": {"type": "object", "required": ["name"], "properties": properties}},
        },
    }
    return with_document_resources(from_openapi(document), USUAL)


@dataclass
class Harbour:
    """A server that keeps boats, but for what is ``lost`` of them: the name of a broken promise."""

    lost: str = ""
    status: int = 200
    boats: dict[int, dict[str, Any]] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        text = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self.lock:
            status, value = self.answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], text and json.loads(text))
        body = b"" if value is None else json.dumps(value).encode()
        start_response(f"{status} X", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
        key = int(path.rpartition("/")[2]) if path.startswith("/boats/") else 0
        if path in ("/tides", "/keys"):
            return 204, None
        if key and key not in self.boats:
            return 404, {}
        if method == "GET":
            return 200, self.boats[key] if key else list(self.boats.values())
        if method == "POST":
            boat = {**sent, "id": len(self.boats) + 1}
            self.boats[boat["id"]] = {**boat, "sail": None} if self.lost == "field" else boat
            if self.lost == "create":
                del self.boats[boat["id"]]
            return 201, boat
        if method == "PUT":
            boat = {**sent, "id": key}
            is_second = self.boats[key] != NEW | {"id": key}
            is_lost = self.lost == "put" or (self.lost == "second put" and is_second)
            self.boats[key] = self.boats[key] if is_lost else boat
            return self.status, boat
        if self.lost != "delete":
            del self.boats[key]
        return 204, None


NEW = {"name": "Emma", "sail": "red"}


def change(ask: Ask) -> None:
    ask("POST", "/boats", json=NEW)
    ask("GET", "/boats/1")
    ask("PUT", "/boats/1", json={"name": "Ida", "sail": "red"})
    ask("GET", "/boats/1")


def change_twice(ask: Ask) -> None:
    ask("POST", "/boats", json=NEW)
    ask("PUT", "/boats/1", json={"name": "Ida", "sail": "red"})
    ask("PUT", "/boats/1", json={"name": "Ute", "sail": "red"})
    ask("GET", "/boats/1")


def change_twice_what_was_shown(ask: Ask) -> None:
    ask("POST", "/boats", json=NEW)
    ask("POST", "/tides")
    ask("GET", "/boats/1")
    ask("PUT", "/boats/1", json={"name": "Ida", "sail": "red"})
    ask("PUT", "/boats/1", json={"name": "Ute", "sail": "red"})
    ask("GET", "/boats/1")


def remove(ask: Ask) -> None:
    ask("POST", "/boats", json=NEW)
    ask("GET", "/boats/1")
    ask("DELETE", "/boats/1")
    ask("GET", "/boats/1")


def look(ask: Ask) -> None:
    ask("POST", "/boats", json=NEW)
    ask("GET", "/boats")
    ask("GET", "/boats/1")


def sequences_found(run: Run) -> set[tuple[str, str, str, str]]:
    checks = ("written-read", "deleted-gone", "created-listed")
    return {
        (finding.check, finding.operation, finding.pointer, str(finding.severity))
        for finding in run.findings
        if finding.check in checks
    }


def findings_of(
    contract: Contract, server: Any, traffic: Callable[[Ask], Any], path: Path
) -> set[tuple[str, str, str, str]]:
    """Return the findings of traffic as it passes, which those of its recording have to equal."""
    with proxied_app(contract, server, record=path) as proxy:
        traffic(proxy.ask)
        live = sequences_found(proxy.run())
    recorder = RunRecorder()
    har_events(path, contract, CHECKS, recorder, proxy.upstream)
    assert sequences_found(recorder.run) == live
    return live


@pytest.mark.parametrize(
    ("lost", "traffic", "expected"),
    [
        ("put", change, ("written-read", "read", "/name", "warning")),
        ("put", change_twice, ("written-read", "read", "/name", "warning")),
        ("put", change_twice_what_was_shown, ("written-read", "read", "/name", "warning")),
        ("second put", change_twice, ("written-read", "read", "/name", "warning")),
        ("delete", remove, ("deleted-gone", "read", "", "warning")),
        ("field", look, ("written-read", "read", "/sail", "warning")),
        ("create", look, ("created-listed", "read", "", "warning")),
    ],
)
def test_what_is_lost_is_found(
    lost: str, traffic: Callable[[Ask], None], expected: tuple[str, ...], contract: Contract, tmp_path: Path
) -> None:
    findings = findings_of(contract, Harbour(lost), traffic, tmp_path / "traffic.har")
    assert expected in findings
    assert {finding[0] for finding in findings} == {expected[0]}


@pytest.mark.parametrize("server", [Harbour, FakeServer])
@pytest.mark.parametrize("traffic", [change, change_twice, remove, look])
def test_a_right_server_has_no_finding(server: Any, traffic: Any, contract: Contract, tmp_path: Path) -> None:
    made = server() if server is Harbour else FakeServer(contract, Settings())
    assert findings_of(contract, made, traffic, tmp_path / "traffic.har") == set()


def test_a_server_may_write_a_value_in_another_way(contract: Contract, tmp_path: Path) -> None:
    class Tidy(Harbour):
        def answer(self, method: str, path: str, sent: Any) -> tuple[int, Any]:
            tidy = sent and {name: value.strip().lower() for name, value in sent.items()}
            return super().answer(method, path, tidy)

    def traffic(ask: Ask) -> None:
        ask("POST", "/boats", json={"name": " Emma", "sail": " "})
        ask("GET", "/boats/1")
        ask("PUT", "/boats/1", json={"name": "IDA", "sail": "\t"})
        ask("GET", "/boats/1")

    assert findings_of(contract, Tidy(), traffic, tmp_path / "traffic.har") == set()


def test_a_reply_tells_which_calls_were_before(contract: Contract) -> None:
    with proxied_app(contract, Harbour("put")) as proxy:
        change(proxy.ask)
        (finding,) = (finding for finding in proxy.run().findings if finding.check == "written-read")
    assert [case.call.method for case in finding.before] == ["POST", "GET", "PUT"]


@pytest.mark.parametrize(
    "between",
    [
        ("POST", "/tides", {}),
        ("POST", "/boats", {"json": NEW}),
        ("POST", "/unknown", {}),
        ("PUT", "/boats/1?trial=1", {"json": NEW}),
    ],
)
def test_nothing_is_reported_once_something_else_was_written(
    between: tuple[str, str, Any], contract: Contract, tmp_path: Path
) -> None:
    def traffic(ask: Ask) -> None:
        ask("POST", "/boats", json=NEW)
        ask("PUT", "/boats/1", json={"name": "Ida"})
        ask(between[0], between[1], **between[2])
        ask("GET", "/boats/1")

    assert findings_of(contract, Harbour("put"), traffic, tmp_path / "traffic.har") == set()


@pytest.mark.parametrize(
    ("target", "options"),
    [("/boats/1?fields=name", {}), ("/boats/1", {"headers": {"Authorization": "Bearer another"}})],
)
def test_a_part_and_what_others_are_shown_are_not_compared(
    target: str, options: Any, contract: Contract, tmp_path: Path
) -> None:
    def traffic(ask: Ask) -> None:
        ask("POST", "/boats", json=NEW, headers={"Authorization": "Bearer one-and-only"})
        ask("PUT", "/boats/1", json={"name": "Ida"}, headers={"Authorization": "Bearer one-and-only"})
        ask("GET", target, **{"headers": {"Authorization": "Bearer one-and-only"}, **options})

    assert findings_of(contract, Harbour("put"), traffic, tmp_path / "traffic.har") == set()


def test_what_is_done_later_is_not_looked_for(contract: Contract, tmp_path: Path) -> None:
    assert findings_of(contract, Harbour("put", status=202), change, tmp_path / "traffic.har") == set()


def test_writes_at_the_same_time_say_nothing_of_each_other(contract: Contract) -> None:
    entered, proceed = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT" and not entered.is_set():
            entered.set()
            proceed.wait(10)
        return harbour(environ, start_response)

    def first(proxy: Proxied) -> None:
        proxy.ask("PUT", "/boats/1", json={"name": "Ida"})

    harbour = Harbour("put", boats={1: {**NEW, "id": 1}})
    with proxied_app(contract, slow) as proxy:
        proxy.ask("GET", "/boats/1")
        thread = threading.Thread(target=first, args=[proxy])
        thread.start()
        assert entered.wait(10)
        proxy.ask("PUT", "/boats/1", json={"name": "Una"})
        proxy.ask("GET", "/boats/1")
        proceed.set()
        thread.join(10)
        proxy.ask("GET", "/boats/1")
        assert sequences_found(proxy.run()) == set()


@pytest.mark.parametrize(("headers", "expected"), [({}, {"warning"}), ({"Authorization": "Bearer a-token"}, set())])
def test_a_server_that_asks_for_no_documented_credentials_is_found(
    headers: dict[str, str], expected: set[str], contract: Contract, tmp_path: Path
) -> None:
    path = tmp_path / "traffic.har"
    with proxied_app(contract, Harbour(), record=path) as proxy:
        assert proxy.ask("POST", "/keys", headers=headers).status_code == 204
        live = proxy.run()
    recorder = RunRecorder()
    har_events(path, contract, CHECKS, recorder, proxy.upstream)
    for run in (live, recorder.run):
        assert {str(finding.severity) for finding in run.findings if finding.check == "credentials"} == expected


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([("2026-01-01T00:00:01Z", 1.0), ("2026-01-01T00:00:00Z", 1.0)], ["1 begins", "1 ends", "0 begins", "0 ends"]),
        ([("2026-01-01T00:00:00Z", 2.0), ("2026-01-01T00:00:01Z", 0.5)], ["0 begins", "1 begins", "1 ends", "0 ends"]),
        ([("", 2.0), ("2026-01-01T00:00:01Z", 0.5)], ["0 begins", "0 ends", "1 begins", "1 ends"]),
    ],
)
def test_recorded_calls_are_in_the_order_of_their_moments(
    moments: list[tuple[str, float]], expected: list[str]
) -> None:
    entries = [HarEntry(0, Any, Call(), Reply(), started=begin, seconds=seconds) for begin, seconds in moments]  # type: ignore[arg-type]
    assert [f"{index} {'ends' if is_end else 'begins'}" for index, is_end in in_order(entries)] == expected
