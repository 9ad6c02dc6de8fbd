"""Sequences of values: lines, records and events."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.http.codecs import BodyError, Content, codec_of
from docdouble.schemas import Contract, Schema

POINT: Schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
EVENT: Schema = {"type": "object", "properties": {"data": {"type": "string"}, "event": {"type": "string"}}}
POINTS = [{"a": 1}, {"a": 2}]


def content(items: Schema) -> Content:
    return Content({"type": "array", "items": items}, Contract("", "", ()))


@pytest.mark.parametrize(
    ("name", "items", "value", "octets"),
    [
        ("application/x-ndjson", POINT, POINTS, b'{"a":1}\n{"a":2}\n'),
        ("application/jsonl", {}, [1, "x\ny"], b'1\n"x\\ny"\n'),
        ("application/json-seq", POINT, POINTS, b'\x1e{"a":1}\n\x1e{"a":2}\n'),
        ("text/event-stream", POINT, POINTS, b'data: {"a":1}\n\ndata: {"a":2}\n\n'),
        ("text/event-stream", EVENT, [{"event": "e", "data": "x\ny"}], b"event: e\ndata: x\ndata: y\n\n"),
    ],
)
def test_a_sequence_comes_back(name: str, items: Schema, value: Any, octets: bytes) -> None:
    assert codec_of(name).encode(value, content(items)) == octets
    assert codec_of(name).decode(octets, content(items)) == value


def test_a_stream_is_read_as_far_as_it_is_data() -> None:
    stream = b': hello\r\n\r\ndata: {"a": 1}\r\nid: 4\r\n\r\ndata: [DONE]\r\n\r\n'
    assert codec_of("text/event-stream").decode(stream, content(POINT)) == [{"a": 1}]


def test_a_line_that_is_no_json_is_refused() -> None:
    with pytest.raises(BodyError):
        codec_of("application/jsonl").decode(b'{"a": 1}\n{', content(POINT))


@pytest.mark.parametrize(
    "documented", [{"schema": POINT}, {"itemSchema": POINT}, {"schema": {"type": "array", "items": POINT}}]
)
@pytest.mark.parametrize("name", ["application/x-ndjson", "text/event-stream"])
def test_a_sequence_is_asked_for_and_answered(make_contract: Any, send: Any, name: str, documented: Any) -> None:
    operation = {
        "requestBody": {"required": True, "content": {name: documented}},
        "responses": {"200": {"description": "ok", "content": {name: documented}}},
    }
    app = FakeServer(make_contract({"/points": {"post": operation}}))
    sent = codec_of(name).encode(POINTS, content(POINT))
    reply = send(app, "POST /points", ("Content-Type", name), body=sent)
    assert (reply.status, reply.media_type) == (200, name)
    answered = codec_of(name).decode(reply.body, content(POINT))
    assert answered
    assert all(isinstance(point["a"], int) for point in answered)
    broken = codec_of(name).encode([{"a": 1}, {"a": "x"}], content(POINT))
    reply = send(app, "POST /points", ("Content-Type", name), body=broken)
    assert (reply.status, orjson.loads(reply.body)["violations"][0]["pointer"]) == (400, "/1/a")
