"""Judgement of what passes a proxy, as of recordings: nothing on a right server, each promise of a broken one."""

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.model.events import Run, RunRecorder
from docdouble.contracts.model.finding import Severity
from docdouble.contracts.recordings import live_judge
from docdouble.contracts.recordings.judge import har_events
from docdouble.fakeserver import ControlClient, FakeServer, Settings, running
from docdouble.fakeserver.proxy.forwarding import ProxyOptions
from docdouble.fakeserver.requests.request_reader import RequestReader
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.openapi.reader import from_openapi

from .proxied import TOKEN, proxied, proxied_app

pytestmark = [pytest.mark.sockets]

BOOK = {
    "type": "object",
    "required": ["id", "title"],
    "properties": {
        "id": {"type": "integer", "format": "int32"},
        "title": {"type": "string"},
        "due": {"type": "string", "format": "date-time"},
        "password": {"type": "string", "minLength": 8},
    },
}
RIGHT = {"id": 1, "title": "Emma", "due": "2026-01-02T03:04:05Z"}
BROKEN: dict[str, tuple[int, str, Any]] = {
    "wrong-type": (200, "application/json", {**RIGHT, "title": 5}),
    "missing": (200, "application/json", {"id": 1}),
    "null": (200, "application/json", {**RIGHT, "title": None}),
    "format": (200, "application/json", {**RIGHT, "due": "yesterday"}),
    "int32": (200, "application/json", {**RIGHT, "id": 2**40}),
    "status": (202, "application/json", RIGHT),
    "type": (200, "text/html", "<p>"),
    "crash": (500, "application/json", {"error": "Traceback"}),
    "refuses": (400, "application/json", {"error": "no"}),
    "no-json": (200, "application/json", "{"),
}
CHECK_OF = {
    "wrong-type": "response-schema",
    "missing": "missing-field",
    "null": "null",
    "format": "response-format",
    "int32": "int32",
    "status": "documented-status",
    "type": "content-type",
    "crash": "server-error",
    "refuses": "valid-request",
    "no-json": "content-type",
}


def book_of(method: str = "get", **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}
    return {method: {"responses": {"200": {"description": "", "content": content}}, **more}}


@pytest.fixture(scope="module")
def contract() -> Contract:
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}
    paths: dict[str, Any] = {f"/{name}": book_of(operationId=name) for name in BROKEN}
    paths |= {"/right": book_of(operationId="right", parameters=[limit])}
    paths |= {"/books": book_of("post", operationId="add", requestBody=body)}
    info = {"title": "Library", "version": "1"}
    return from_openapi({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"Book": BOOK}}})


def broken_server(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    name = environ["PATH_INFO"].strip("/")
    status, media_type, value = BROKEN.get(name, (200, "application/json", RIGHT))
    body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    start_response(f"{status} X", [("Content-Type", media_type), ("Content-Length", str(len(body)))])
    return [body]


def violations(response: Any) -> list[dict[str, Any]]:
    return list(json.loads(response.headers.get("Docdouble-Violations", "[]")))


def test_each_of_ten_broken_promises_is_found_and_reported_with_its_reply(contract: Contract) -> None:
    with proxied_app(contract, broken_server) as proxy:
        rules_by_name = {
            name: {violation["rule"] for violation in violations(proxy.ask("GET", f"/{name}"))} for name in BROKEN
        }
        assert proxy.ask("GET", "/right").headers.get("Docdouble-Violations") is None
        failed = proxy.failed_checks()
    assert {name: CHECK_OF[name] in rules for name, rules in rules_by_name.items()} == dict.fromkeys(BROKEN, True)
    assert {(name, CHECK_OF[name]) for name in BROKEN} <= failed
    assert not {name for name, _ in failed} - BROKEN.keys()


def test_the_fake_breaks_nothing(contract: Contract) -> None:
    with proxied_app(contract, FakeServer(contract, Settings())) as proxy:
        for target in ("/right", "/right?limit=3", "/missing", "/format"):
            assert proxy.ask("GET", target).status_code == 200
        assert proxy.ask("POST", "/books", json=RIGHT).status_code == 200
        assert proxy.ask("HEAD", "/right").status_code == 200
        run = proxy.run()
    assert list(run.findings) == []
    assert not run.failed
    assert run.calls == 5
    assert run.started.command == "proxy"


def test_what_a_client_breaks_is_reported_and_noted_and_where_it_is_accepted_an_error(contract: Contract) -> None:
    with proxied_app(contract, FakeServer(contract, Settings())) as proxy:
        (violation,) = violations(proxy.ask("GET", "/right?limit=0"))
        assert (violation["in"], violation["name"], violation["rule"]) == ("query", "limit", "minimum")
        assert {(finding.check, finding.severity.value) for finding in proxy.run().findings} == {
            ("client-request", "note")
        }
    with proxied_app(contract, broken_server) as proxy:
        proxy.ask("GET", "/right?limit=0")
        assert proxy.failed_checks() == {("right", "invalid-request")}


def test_a_compressed_body_is_judged_by_what_it_holds(contract: Contract) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with proxied_app(contract, broken_server, options=enforcing("request")) as proxy:
        right, wrong = (gzip.compress(json.dumps(body).encode()) for body in (RIGHT, {**RIGHT, "title": 5}))
        assert proxy.ask("POST", "/books", data=right, headers=headers).status_code == 200
        refused = proxy.ask("POST", "/books", data=wrong, headers=headers)
        assert (refused.status_code, refused.json()["violations"][0]["pointer"]) == (400, "/title")


def test_a_request_is_read_once(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Call] = []
    read = RequestReader.read

    def counted(self: RequestReader, operation: Operation, call: Call, *arguments: Any) -> Any:
        reads.append(call)
        return read(self, operation, call, *arguments)

    monkeypatch.setattr(RequestReader, "read", counted)
    with proxied_app(contract, broken_server) as proxy:
        assert proxy.ask("POST", "/books", json=RIGHT).status_code == 200
    assert len(reads) == 1


@pytest.mark.parametrize("app", ["fake", "broken"])
def test_the_recording_is_judged_as_the_traffic_was(app: str, contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    server = FakeServer(contract, Settings()) if app == "fake" else broken_server
    with proxied_app(contract, server, record=path) as proxy:
        for name in (*BROKEN, "right", "right?limit=0", "right?limit=x&token=abc", "nothing", "books"):
            proxy.ask("GET", f"/{name}", headers={"Authorization": "Bearer verysecret"})
        proxy.ask("POST", "/books", json={**RIGHT, "password": "long enough, and secret"})
        proxy.ask("POST", "/books", json={"id": "x"})
        live = proxy.run()
    recorder = RunRecorder()
    har_events(path, contract, CHECKS, recorder, proxy.upstream)
    assert {finding.fingerprint for finding in recorder.run.findings} == {
        finding.fingerprint for finding in live.findings
    }
    assert {result.operation.id: result.statuses for result in recorder.run.results} == {
        result.operation.id: result.statuses for result in live.results
    }
    text = path.read_text()
    assert not [secret for secret in ("verysecret", "long enough", "token=abc") if secret in text]


@pytest.mark.parametrize(
    ("replied", "check"),
    [
        ({"password": {"type": "string", "writeOnly": True}}, "response-schema"),
        ({}, "undocumented-field"),
    ],
)
def test_a_secret_that_leaks_is_found_in_its_recording_where_it_is_masked(
    replied: dict[str, Any], check: str, tmp_path: Path
) -> None:
    def content(**properties: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": {"name": {"type": "string"}, **properties}}
        return {"content": {"application/json": {"schema": schema}}}

    body, reply = content(password={"type": "string"}), {"description": "", **content(**replied)}
    operation = {"operationId": "join", "requestBody": body, "responses": {"200": reply}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/users": {"post": operation}}}
    contract, path = from_openapi(document), tmp_path / "traffic.har"

    def leaking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    with proxied_app(contract, leaking, record=path) as proxy:
        proxy.ask("POST", "/users", json={"name": "Emma", "password": "long enough, and secret"})
        live = proxy.run()
    recorder = RunRecorder()
    har_events(path, contract, CHECKS, recorder, proxy.upstream)
    findings = [(finding.check, finding.pointer, finding.severity) for finding in live.findings]
    assert findings == [(check, "/password", Severity.ERROR)]
    assert [(finding.check, finding.pointer, finding.severity) for finding in recorder.run.findings] == findings
    assert "long enough" not in path.read_text()


def registering(**properties: Any) -> Contract:
    """Return a contract of an operation to which a name and a long password are sent."""
    sent = {"password": {"type": "string", "minLength": 8}, **properties}
    schema = {"type": "object", "required": [*sent], "properties": sent}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "join", "requestBody": body, "responses": {"204": {"description": ""}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/users": {"post": operation}}}
    return from_openapi(document)


def rules_found(run: Run) -> set[tuple[str, str, Severity]]:
    return {(finding.check, finding.rule, finding.severity) for finding in run.findings}


def test_a_value_that_is_recorded_masked_breaks_nothing_beside_others_that_do(tmp_path: Path) -> None:
    contract, path = registering(name={"type": "string"}), tmp_path / "traffic.har"
    with proxied_app(contract, accepting_server, record=path) as proxy:
        proxy.ask("POST", "/users", json={"name": True, "password": "a-Long-One"})
        live = rules_found(proxy.run())
    recorder = RunRecorder()
    har_events(path, contract, CHECKS, recorder, proxy.upstream)
    assert live == {("invalid-request", "converted", Severity.NOTE)}
    assert rules_found(recorder.run) == live


def accepting_server(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("204 No Content", [])
    return []


def refusing_server(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    words = "Accepted passwords have eight characters."
    body = json.dumps({"errors": {"password": [words], "name": [words]}}).encode()
    start_response("422 Refused", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def test_what_a_refusal_says_of_a_password_is_no_secret_of_others(tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    with proxied_app(registering(), refusing_server, record=path) as proxy:
        proxy.ask("POST", "/users", json={"password": "a-Long-One"})
        (finding, *_) = proxy.run().findings
    assert finding.reply is not None
    assert b'"name": ["Accepted passwords have eight characters."]' in finding.reply.body
    assert '\\"name\\":[\\"Accepted passwords' in path.read_text()


def test_a_recording_is_whole_while_traffic_passes(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    with proxied_app(contract, broken_server, record=path) as proxy:
        assert json.loads(path.read_bytes())["log"]["entries"] == []
        for count in (1, 2):
            proxy.ask("GET", "/right")
            assert len(json.loads(path.read_bytes())["log"]["entries"]) == count


def test_a_call_that_gets_no_reply_is_counted_and_recorded(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    with proxied(contract, "http://127.0.0.1:1", record=path) as proxy:
        assert proxy.ask("GET", "/right").status_code == 502
        unmatched = proxy.judge.events(RunRecorder())
    assert dict(unmatched.reasons) == {"no reply was recorded": 1}
    (entry,) = json.loads(path.read_bytes())["log"]["entries"]
    assert entry["response"]["status"] == 0
    assert har_events(path, contract, CHECKS, RunRecorder()).reasons == unmatched.reasons


def test_pages_that_may_read_a_reply_may_read_what_is_wrong_with_it(contract: Contract) -> None:
    def shared(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return broken_server(environ, lambda status, headers: start_response(status, [*headers, origin]))

    origin = ("Access-Control-Allow-Origin", "http://localhost:5173")
    with proxied_app(contract, shared) as proxy:
        assert proxy.ask("GET", "/missing").headers["Access-Control-Expose-Headers"] == "Docdouble-Violations"
        assert "Access-Control-Expose-Headers" not in proxy.ask("GET", "/right").headers


def enforcing(side: Any) -> ProxyOptions:
    return ProxyOptions(side, token=TOKEN)


def test_what_is_enforced_does_not_pass(contract: Contract) -> None:
    with proxied_app(contract, broken_server, options=enforcing("request")) as proxy:
        refused = proxy.ask("GET", "/right?limit=0")
        assert (refused.status_code, refused.json()["violations"][0]["name"]) == (400, "limit")
        assert proxy.ask("GET", "/nothing").status_code == 404
        assert proxy.ask("DELETE", "/right").status_code == 405
        assert proxy.ask("GET", "/wrong-type").status_code == 200
        assert [entry.note for entry in proxy.logged] == ["refused", "refused", "refused", ""]
    with proxied_app(contract, broken_server, options=enforcing("both")) as proxy:
        refused = proxy.ask("GET", "/wrong-type")
        assert (refused.status_code, refused.json()["violations"][0]["pointer"]) == (502, "/title")
        assert proxy.ask("GET", "/right").status_code == 200
        assert ("wrong-type", "response-schema") in proxy.failed_checks()


def compressing_server(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body, coding = json.dumps(RIGHT).encode(), []
    if environ.get("HTTP_ACCEPT_ENCODING"):
        body, coding = gzip.compress(body), [("Content-Encoding", "gzip")]
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *coding])
    return [body]


@pytest.mark.parametrize("accepted", ["gzip", None])
def test_a_reply_that_a_fault_changes_is_whole(contract: Contract, accepted: str | None) -> None:
    effects = ({"status": 503}, {"violate": "wrong-type:/title"}, {"content-type": "application/json"})
    changed = []
    with proxied_app(contract, compressing_server) as proxy:
        for effect in effects:
            ControlClient(proxy.url, TOKEN).add_fault(times=1, **effect)
            changed.append(proxy.ask("GET", "/right", headers={"Accept-Encoding": accepted}))
        assert [entry.note for entry in proxy.logged] == ["fault status", "fault violate", "fault content-type"]
    assert [reply.status_code for reply in changed] == [503, 200, 200]
    shown = [reply.json() for reply in changed]
    assert (shown[0]["status"], shown[2]) == (503, RIGHT)
    assert shown[1].pop("title") != shown[2]["title"]
    assert shown[1] == {name: value for name, value in RIGHT.items() if name != "title"}


def test_journal_and_log_hold_what_passed(contract: Contract) -> None:
    with proxied_app(contract, broken_server) as proxy:
        proxy.ask("POST", "/books?a=b", json={"id": "x", "password": "hidden from all"})
        (call,) = proxy.control("calls")["calls"]
        (logged,) = proxy.logged
    assert (call["operation"], call["status"], call["target"]) == ("add", 200, "/books?a=b")
    assert call["body"] == {"id": "x", "password": "***"}
    assert {violation["rule"] for violation in call["violations"]} >= {"type", "required"}
    assert (logged.operation, logged.reply.status) == ("add", 200)
    assert json.loads(logged.violations)[0]["in"] == "body"


def test_the_fake_answers_what_the_server_lacks(contract: Contract) -> None:
    def half_built(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/missing" or environ["QUERY_STRING"] == "limit=9":
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        return broken_server(environ, start_response)

    fake = FakeServer(contract, Settings(auth=False))
    with proxied_app(contract, half_built, fake=fake) as proxy:
        faked = proxy.ask("GET", "/missing")
        assert (faked.status_code, faked.headers["Docdouble-Answered-By"]) == (200, "fake")
        assert set(faked.json()) >= {"id", "title"}
        assert "Docdouble-Answered-By" not in proxy.ask("GET", "/right").headers
        assert proxy.ask("GET", "/right?limit=9").status_code == 404  # it has the operation, so the 404 is its own
        assert proxy.ask("GET", "/nothing").status_code == 200
        assert {name for name, _ in proxy.failed_checks()} <= {"right"}


def test_calls_below_the_base_path_mean_the_same_wherever_that_is(contract: Contract) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "servers": [{"url": "https://api.example.com/v1"}],
        "paths": {"/right": book_of(operationId="right")},
        "components": {"schemas": {"Book": BOOK}},
    }
    below = from_openapi(document)
    paths: list[str] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        paths.append(environ["PATH_INFO"])
        return broken_server(environ, start_response)

    with proxied_app(below, app) as proxy:
        proxy.ask("GET", "/v1/right")
        assert [entry.operation for entry in proxy.logged] == ["right"]
    with running(app) as upstream, proxied(below, f"{upstream}/v2") as proxy:
        for path in ("/v1/right", "/right", "/v2/right"):
            proxy.ask("GET", path)
        assert [entry.operation for entry in proxy.logged] == ["right"] * 3
    assert paths == ["/v1/right", *["/v2/right"] * 3]


def test_the_fake_answers_nothing_that_the_server_broke_off(contract: Contract) -> None:
    dropping = FakeServer(contract, Settings(auth=False), faults=[{"drop": True}])
    with proxied_app(contract, dropping, fake=FakeServer(contract, Settings(auth=False))) as proxy:
        reply = proxy.ask("GET", "/right")
    assert (reply.status_code, reply.headers.get("Docdouble-Answered-By")) == (502, None)


def test_calls_without_a_reply_of_the_server_are_counted_by_the_reason(contract: Contract) -> None:
    server = FakeServer(contract, Settings(auth=False), faults=[{"truncate": True, "operation": "right"}])
    with proxied_app(contract, server, options=enforcing("request")) as proxy:
        broken_off = proxy.ask("GET", "/right")
        proxy.ask("POST", "/books", data="{")
    unmatched = proxy.judge.events(RunRecorder())
    assert "message:" not in broken_off.json()["detail"]
    assert "the reply broke off: Not enough data" in broken_off.json()["detail"]
    assert unmatched.reasons == {"the reply broke off": 1, "refused": 1}


def test_what_a_server_repeats_of_credentials_is_nowhere(contract: Contract, tmp_path: Path) -> None:
    def repeating(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = json.dumps({"id": environ["HTTP_AUTHORIZATION"], "title": environ["HTTP_AUTHORIZATION"]}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    path = tmp_path / "traffic.har"
    with proxied_app(contract, repeating, record=path) as proxy:
        proxy.ask("GET", "/right", headers={"Authorization": "Bearer repeated-by-a-server"})
        findings = list(proxy.run().findings)
    assert [finding.pointer for finding in findings] == ["/id"]
    assert "repeated-by-a-server" not in str(findings) + path.read_text()


def test_a_password_of_another_call_is_not_in_findings(contract: Contract) -> None:
    password = "sent once, shown later"

    def repeating(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = json.dumps({**RIGHT, "id": password if environ["REQUEST_METHOD"] == "GET" else "x"}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    with proxied_app(contract, repeating) as proxy:
        proxy.ask("POST", "/books", json={**RIGHT, "password": password})
        proxy.ask("GET", "/right")
        findings = list(proxy.run().findings)
    assert [(finding.operation, finding.pointer) for finding in findings] == [("right", "/id"), ("add", "/id")]
    assert password not in str(findings)


def test_violations_of_a_fake_behind_give_way_to_ours(contract: Contract) -> None:
    def saying(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return broken_server(environ, lambda status, fields: start_response(status, [*fields, own]))

    own = ("Docdouble-Violations", '[{"rule": "of another"}]')
    with proxied_app(contract, saying) as proxy:
        assert {violation["rule"] for violation in violations(proxy.ask("GET", "/missing"))} == {"missing-field"}
        assert violations(proxy.ask("GET", "/right")) == []


def test_a_form_with_a_secret_and_a_file_is_not_recorded(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "traffic.har"
    fields = {"password": (None, b"hidden"), "file": ("a.bin", b"\xff\xfe")}
    with proxied_app(contract, broken_server, record=path) as proxy:
        proxy.ask("POST", "/books", files=fields)
    (entry,) = json.loads(path.read_bytes())["log"]["entries"]
    assert entry["request"]["postData"].get("text") is None


def test_of_very_many_undocumented_paths_the_first_are_named(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_judge, "_MOST_NAMED", 2)
    with proxied_app(contract, broken_server) as proxy:
        for name in ("a", "b", "c", "d", "a"):
            proxy.ask("GET", f"/{name}")
        unmatched = proxy.judge.events(RunRecorder())
    assert dict(unmatched.calls) == {"GET /a": 2, "GET /b": 1, "others": 2}
