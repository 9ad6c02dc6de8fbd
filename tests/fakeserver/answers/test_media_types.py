"""Each media type of a body has a schema and samples of its own, in requests and in answers."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer


def record(name: str, *values: str) -> dict[str, Any]:
    part = {"type": "string", **({"enum": list(values)} if values else {})}
    return {"type": "object", "required": [name], "properties": {name: part}}


V2 = "application/vnd.library.v2+json"
ANSWERED = {
    "text/csv": {"schema": {"type": "string"}, "example": "a,b\r\n1,2\r\n"},
    "application/json": {"schema": record("a", "json")},
    V2: {"schema": {"type": "array", "minItems": 1, "items": record("b", "v2")}},
    "text/plain": {"schema": {"type": "integer", "minimum": 5, "maximum": 5}},
    "image/png": {},
}


@pytest.fixture
def app(make_contract: Any) -> FakeServer:
    taken = {"application/json": {"schema": record("a")}, V2: {"schema": record("b")}, "image/*": {"schema": {}}}
    operations = {
        "get": {"responses": {"200": {"description": "ok", "content": ANSWERED}}},
        "post": {"requestBody": {"required": True, "content": taken}, "responses": {"204": {"description": "taken"}}},
    }
    return FakeServer(make_contract({"/logs": operations}))


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", b'{"a":"json"}'),
        (f"{V2}, text/plain;q=0.5", b'[{"b":"v2"}'),
        ("text/csv", b"a,b\r\n1,2\r\n"),
        ("text/plain", b"5"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_accept_chooses_the_schema(app: FakeServer, send: Any, accept: str, expected: bytes) -> None:
    reply = send(app, "GET /logs", ("Accept", accept), ("Prefer", "example" if accept == "text/csv" else ""))
    assert (reply.status, reply.media_type) == (200, accept.partition(",")[0])
    assert reply.body.startswith(expected)


@pytest.mark.parametrize(
    ("content_type", "value", "status"),
    [
        ("application/json", {"a": "x"}, 204),
        ("Application/JSON; charset=utf-8", {"a": "x"}, 204),
        ("application/json", {"b": "x"}, 400),
        (V2, {"b": "x"}, 204),
        (V2, {"a": "x"}, 400),
        ("image/webp", "x", 204),
        ("text/plain", "x", 415),
    ],
)
def test_content_type_chooses_the_schema(
    app: FakeServer, send: Any, content_type: str, value: Any, status: int
) -> None:
    assert send(app, "POST /logs", ("Content-Type", content_type), body=orjson.dumps(value)).status == status


@pytest.mark.parametrize("name", ["text/event-stream", "application/x-ndjson", "application/xml", "application/json"])
def test_a_media_type_of_which_nothing_is_documented_is_sent_all_the_same(
    make_contract: Any, send: Any, name: str
) -> None:
    operation = {"responses": {"200": {"description": "", "content": {name: {}}}}}
    reply = send(FakeServer(make_contract({"/a": {"get": operation}})), "GET /a")
    assert (reply.status, reply.media_type) == (200, name)
    assert bool(reply.body) == (name in ("application/xml", "application/json"))


@pytest.mark.parametrize(
    ("body", "accept", "expected"),
    [
        ({"stream": True}, "application/json", "text/event-stream"),
        ({"stream": True}, "", "text/event-stream"),
        ({"stream": False}, "application/json", "application/json"),
        ({}, "*/*", "application/json"),
    ],
)
def test_a_stream_that_the_body_asks_for(
    make_contract: Any, send: Any, body: dict[str, Any], accept: str, expected: str
) -> None:
    asked = {"application/json": {"schema": {"type": "object", "properties": {"stream": {"type": "boolean"}}}}}
    content = {name: {"schema": record("word")} for name in ("application/json", "text/event-stream")}
    answered = {"200": {"description": "ok", "content": content}}
    app = FakeServer(make_contract({"/talks": {"post": {"requestBody": {"content": asked}, "responses": answered}}}))
    fields = (("Accept", accept),) if accept else ()
    reply = send(app, "POST /talks", *fields, json=body)
    assert (reply.status, reply.media_type) == (200, expected)


@pytest.mark.parametrize(("media_type", "status"), [("application/pdf", 200), ("application/json", 406)])
def test_octets_are_a_file_of_any_kind(make_contract: Any, send: Any, media_type: str, status: int) -> None:
    answered = {"200": {"description": "ok", "content": {media_type: {"schema": record("a")}}}}
    if media_type == "application/pdf":
        answered["200"]["content"] = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    app = FakeServer(make_contract({"/charts": {"get": {"responses": answered}}}))
    reply = send(app, "GET /charts", ("Accept", "application/octet-stream"))
    assert reply.status == status
    assert status != 200 or reply.media_type == media_type
