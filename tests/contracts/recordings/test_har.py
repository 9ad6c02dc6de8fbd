"""Recorded traffic: entries as browsers and proxies write them, matched to operations and judged without sending."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.checks import content_type, documented_status, response_schema, valid_request
from docdouble.contracts.model.case import Origin, Purpose
from docdouble.contracts.model.events import CallDone, Event, OperationResult, OperationStarted, RunDone, RunStarted
from docdouble.contracts.model.finding import Severity
from docdouble.contracts.recordings import har
from docdouble.contracts.recordings.har import read_har
from docdouble.contracts.recordings.judge import Unmatched, har_events
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, ContractError
from docdouble.schemas.contract.model import Server
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.sources import har_entries

HOST = "https://staging.example.com/base"
JSON = [{"name": "content-type", "value": "application/json"}]
CHECKS = (documented_status.CHECK, content_type.CHECK, response_schema.CHECK, valid_request.CHECK)
Write = Callable[..., Path]


def book(identifier: Any = 1) -> dict[str, Any]:
    return {"mimeType": "application/json; charset=utf-8", "size": 9, "text": json.dumps({"Id": identifier})}


def entry(
    label: str = f"GET {HOST}/books/1",
    status: int = 200,
    headers: list[dict[str, str]] | None = None,
    post: dict[str, Any] | None = None,
    content: dict[str, Any] | None = None,
    response_headers: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    method, url = label.split(" ", 1)
    request = {"method": method, "url": url, "headers": headers or [], **({"postData": post} if post else {})}
    response = {
        "status": status,
        "headers": JSON if response_headers is None else response_headers,
        "content": content or book(),
    }
    return {"startedDateTime": "2026-01-02T03:04:05Z", "time": 12.5, "request": request, "response": response}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*entries: dict[str, Any]) -> Path:
        path = tmp_path / "traffic.har"
        path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": list(entries)}}))
        return path

    return written


@pytest.fixture(scope="module")
def library() -> Contract:
    answer = {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}
    by_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    change = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}
    key = {"name": "key", "in": "query", "schema": {"type": "string"}}
    return from_openapi(
        {
            "openapi": "3.1.0",
            "info": {"title": "Library", "version": "1"},
            "paths": {
                "/books/{id}": {
                    "get": {
                        "operationId": "Get",
                        "parameters": [by_id, key],
                        "security": [{"Key": []}],
                        "responses": {"200": answer},
                    },
                    "put": {
                        "operationId": "Put",
                        "parameters": [by_id],
                        "requestBody": change,
                        "responses": {"200": answer},
                    },
                },
                "/{page}": {"get": {"operationId": "Page", "responses": {"200": {"description": ""}}}},
            },
            "components": {
                "schemas": {"Book": {"type": "object", "properties": {"Id": {"type": "integer"}}}},
                "securitySchemes": {"Key": {"type": "apiKey", "in": "query", "name": "key"}},
            },
        }
    )


def judged(path: Path, contract: Contract, url: str = "") -> tuple[dict[str, OperationResult], list[Event], Unmatched]:
    events: list[Event] = []
    unmatched = har_events(path, contract, CHECKS, events.append, url)
    results = {event.operation.id: event for event in events if isinstance(event, OperationResult)}
    return results, events, unmatched


def purpose_of(entry: dict[str, Any], write: Write, contract: Contract) -> Purpose:
    """Return what a recorded call was judged by: the finding about its reply tells."""
    entry["response"]["content"] = book("not a number")
    results = judged(write(entry), contract)[0]
    (finding,) = (
        finding for result in results.values() for finding in result.findings if finding.check == "response-schema"
    )
    assert finding.case
    return finding.case.purpose


def test_the_events_are_those_of_a_run(write: Write, library: Contract) -> None:
    results, events, unmatched = judged(write(entry(), entry(f"GET {HOST}/books/2")), library)
    started = events[0]
    assert isinstance(started, RunStarted)
    assert [operation.id for operation in started.operations] == ["Get"]
    assert (started.base_url, started.started) == (HOST, "2026-01-02T03:04:05Z")
    assert started.skipped == {"Put": "not in the recording", "Page": "not in the recording"}
    assert [type(event) for event in events[1:]] == [OperationStarted, CallDone, CallDone, OperationResult, RunDone]
    assert events[2] == CallDone(library.operations[0], Origin.RECORDED, 200, 0.0125)
    assert (results["Get"].calls, results["Get"].statuses, results["Get"].findings) == (2, {200: 2}, ())
    assert unmatched == Unmatched()


def test_a_broken_promise_is_found_with_its_entry(write: Write, library: Contract) -> None:
    results, _, _ = judged(write(entry(), entry(content=book("1"))), library)
    (finding,) = results["Get"].findings
    assert (finding.check, finding.pointer, finding.got) == ("response-schema", "/Id", '"1"')
    assert finding.case
    assert (finding.case.call.target, finding.case.about) == ("/books/1", "entry 1 of traffic.har")


def test_our_own_fake_breaks_nothing(contract: Contract, write: Write) -> None:
    operation = contract.operations[0]
    call = Call((("Content-Type", "application/json"), ("Authorization", "Bearer x")), b'{"AppointmentId": 5}', "POST")
    call = replace(call, target=operation.path)
    reply = FakeServer(contract, Settings(state="off")).handle(call)
    headers = [{"name": name, "value": value} for name, value in call.headers]
    content = {"mimeType": reply.media_type, "size": len(reply.body), "text": reply.body.decode()}
    response_headers = [{"name": name, "value": value} for name, value in reply.headers]
    recorded = entry(
        f"POST http://x{call.target}", 200, headers, {"text": call.body.decode()}, content, response_headers
    )
    results, _, _ = judged(write(recorded), contract)
    assert (results[operation.id].findings, results[operation.id].calls) == ((), 1)


def test_credentials_are_taken_out(write: Write, library: Contract) -> None:
    names = ("Authorization", "cookie", "X-Api-Key", ":authority", "Accept")
    headers = [{"name": name, "value": "secret"} for name in names]
    response_headers = [*JSON, {"name": "Set-Cookie", "value": "secret"}]
    results, _, _ = judged(
        write(entry(f"GET {HOST}/books/1?key=secret", 200, headers, None, book("1"), response_headers)), library
    )
    (finding,) = results["Get"].findings
    assert finding.call
    assert finding.reply
    assert finding.call == Call((("Accept", "secret"),), b"", "GET", "/books/1?key=***")
    assert "secret" not in str(finding.reply)


def test_bodies_in_all_the_ways_that_they_are_recorded(write: Write) -> None:
    form = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "å&"}, {"name": "c"}]}
    parts = {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "file", "fileName": "a.png"}]}
    octets = {
        "mimeType": "image/png",
        "size": 3,
        "encoding": "base64",
        "text": base64.b64encode(b"\x00\xff\x01").decode(),
    }
    posts = [None, form, parts, {"text": "å"}, {"text": "", "params": []}, octets]
    recorded = list(read_har(write(*(entry("PUT http://x/", post=post, content=octets) for post in posts))))
    bodies = [b"", b"a+b=%C3%A5%26&c=", b"", "å".encode(), b"", b"\x00\xff\x01"]
    assert [exchange.call.body for exchange in recorded] == bodies
    assert [exchange.call_is_whole for exchange in recorded] == [True, True, False, True, True, True]
    assert {exchange.reply.body for exchange in recorded} == {b"\x00\xff\x01"}
    assert recorded[1].call.media_type == "application/x-www-form-urlencoded"


def test_a_decoded_body_has_no_content_encoding(write: Write) -> None:
    wire = [*JSON, {"name": "Content-Encoding", "value": "gzip"}, {"name": "Content-Length", "value": "7"}]
    (exchange,) = read_har(write(entry(response_headers=wire)))
    assert exchange.reply.headers == (("content-type", "application/json"),)


def test_what_went_over_no_http_is_passed_over(write: Write) -> None:
    assert not list(read_har(write(entry("GET data:image/png;base64,x"), entry("GET wss://x/books/1"))))


def test_a_body_that_was_not_recorded_is_not_judged(
    write: Write, library: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_entries, "MAX_BODY_BYTES", 20)
    missing, large = {"mimeType": "application/json", "size": 300}, {"size": 30, "text": "x" * 30}
    results, _, unmatched = judged(write(entry(content=missing), entry(content=large), entry(status=0)), library)
    assert results == {}
    assert unmatched.reasons == {"the reply's body was not recorded": 2, "no reply was recorded": 1}


def test_calls_that_mean_no_operation_are_counted(write: Write, library: Contract) -> None:
    other = entry(f"GET {HOST}/static/app.js")
    results, _, unmatched = judged(write(entry(), other, other, entry("GET https://cdn.example.com/")), library)
    assert (list(results), unmatched.calls) == (["Get"], {"GET /base/static/app.js": 2, "GET /": 1})


def test_another_method_that_answers_is_a_warning(write: Write, library: Contract) -> None:
    refused = entry(f"DELETE {HOST}/books/1", 405)
    preflight = entry(f"OPTIONS {HOST}/books/1", 204)
    results, _, unmatched = judged(write(entry(f"DELETE {HOST}/books/1"), refused, preflight), library)
    (finding,) = results["Get"].findings
    assert (finding.check, finding.severity.value, finding.expected, finding.got) == (
        "undocumented-method",
        "warning",
        "GET, PUT at /books/{id}",
        "200 to DELETE",
    )
    assert unmatched.reasons == {"OPTIONS, as clients send it on their own": 1}


@pytest.mark.parametrize(
    ("url", "servers", "judged_calls"),
    [
        ("", (), 4),
        ("https://a.example.com/v1/", (), 1),
        ("https://a.example.com", (), 0),
        ("https://a.example.com:444/v1", (), 0),
        ("", ("https://a.example.com/v1", "https://{host}/"), 1),
        ("", ("/v1",), 2),
        ("", ("https://production.example.com",), 4),
    ],
)
def test_where_a_path_begins(
    write: Write, library: Contract, url: str, servers: tuple[str, ...], judged_calls: int
) -> None:
    places = ("a.example.com/v1", "b.example.com/v1", "b.example.com/v1x", "b.example.com")
    path = write(*(entry(f"GET https://{place}/books/1") for place in places))
    results, _, _ = judged(path, replace(library, servers=tuple(map(Server, servers))), url)
    assert sum(result.calls for result in results.values()) == judged_calls


def test_a_path_of_variables_alone_begins_nowhere_but_at_the_root(write: Write, library: Contract) -> None:
    results, _, unmatched = judged(write(entry("GET http://x/home"), entry("GET http://x/a/b/home")), library)
    assert (results["Page"].calls, unmatched.calls) == (1, {"GET /a/b/home": 1})


@pytest.mark.parametrize(
    ("recorded", "purpose"),
    [
        (entry(), Purpose.VALID),
        (entry(f"GET {HOST}/books/one"), Purpose.HOSTILE),
        (entry(f"PUT {HOST}/books/1", post={"mimeType": "application/json", "text": '{"Id": "x"}'}), Purpose.HOSTILE),
        (
            entry(f"PUT {HOST}/books/1", post={"mimeType": "multipart/form-data", "params": [{"name": "a"}]}),
            Purpose.PROBE,
        ),
    ],
)
def test_what_a_reply_is_judged_by(recorded: dict[str, Any], purpose: Purpose, write: Write, library: Contract) -> None:
    assert purpose_of(recorded, write, library) is purpose


def test_a_refusal_of_what_was_left_out_is_no_finding(write: Write, library: Contract) -> None:
    refused = entry(status=401)
    unchanged = entry(status=304, headers=[{"name": "If-None-Match", "value": "x"}], content={"size": 0})
    assert judged(write(refused, unchanged), library)[0]["Get"].findings == ()
    signed = entry(f"GET {HOST}/books/1?key=x", status=401)
    assert {finding.severity for finding in judged(write(signed), library)[0]["Get"].findings} == {Severity.NOTE}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", "not JSON"),
        ("[]", "#: expected an object, found an array"),
        ('{"log": {}}', "#/log: 'entries' is missing"),
        ('{"log": {"entries": [1]}}', "#/log/entries/0: expected an object, found a number"),
        ('{"log": {"entries": [{"request": {}}]}}', "#/log/entries/0/request: 'url' is missing"),
        (json.dumps({"log": {"entries": [entry(status="x")]}}), "/0/response: 'status' is 'x', expected a number"),  # type: ignore[arg-type]
        (
            json.dumps({"log": {"entries": [entry(content={"encoding": "base64", "text": "x"})]}}),
            "/0/response/content: 'text' is no base64",
        ),
        (
            json.dumps({"log": {"entries": [entry("GET http://[x/")]}}),
            "/0/request: 'url' is 'http://[x/', expected a URL",
        ),
    ],
)
def test_a_file_that_is_no_archive_is_reported_with_the_place(
    text: str, error: str, library: Contract, tmp_path: Path
) -> None:
    (tmp_path / "a.har").write_text(text)
    with pytest.raises((ConfigError, ContractError)) as raised:
        judged(tmp_path / "a.har", library)
    assert error in str(raised.value)
    assert str(tmp_path / "a.har") in str(raised.value)


def test_a_file_that_is_too_large_is_refused(write: Write, library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "MAX_FILE_BYTES", 10)
    with pytest.raises(ConfigError, match="a file of at most 10 bytes"):
        judged(write(entry()), library)
