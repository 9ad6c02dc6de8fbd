"""Range requests, where parts are documented, and entity tags that callers know."""

from typing import Any

import pytest

from docdouble.fakeserver import FakeServer

TEXT = "0123456789"
CONTENT = {"text/plain": {"schema": {"const": TEXT, "type": "string"}}}
TAGGED = {"description": "", "headers": {"ETag": {"schema": {"type": "string"}}}, "content": CONTENT}


@pytest.fixture(scope="module")
def app(make_contract: Any) -> FakeServer:
    part = {"description": "", "headers": {"Content-Range": {"schema": {"type": "string"}}}, "content": CONTENT}
    example = {**TAGGED, "headers": {"ETag": {"schema": {"type": "string"}, "example": '"fixed"'}}}
    paths = {
        "/parts": {"get": {"responses": {"200": TAGGED, "206": part, "416": {"description": ""}}}},
        "/whole": {"get": {"responses": {"200": example, "default": part}}},
    }
    return FakeServer(make_contract(paths))


@pytest.mark.parametrize(
    ("wanted", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, "0123", "bytes 0-3/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"),
        ("bytes=8-99", 206, "89", "bytes 8-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=3-1", 200, TEXT, None),
        ("bytes=0-1,4-5", 200, TEXT, None),
        ("items=0-3", 200, TEXT, None),
        ("nonsense", 200, TEXT, None),
    ],
)
def test_a_part_is_sent(
    app: FakeServer, send: Any, wanted: str, status: int, body: str | None, content_range: str | None
) -> None:
    reply = send(app, "GET /parts", ("Range", wanted))
    assert (reply.status, reply.header("Content-Range")) == (status, content_range)
    assert body is None or reply.body.decode() == body


def test_no_part_is_sent_where_none_is_documented_or_the_tag_is_another(app: FakeServer, send: Any) -> None:
    tag = send(app, "GET /parts").header("ETag")
    assert send(app, "GET /whole", ("Range", "bytes=0-3")).status == 200
    assert send(app, "GET /parts", ("Range", "bytes=0-3"), ("If-Range", '"other"')).status == 200
    assert send(app, "GET /parts", ("Range", "bytes=0-3"), ("If-Range", tag)).status == 206


def test_what_the_caller_has_is_not_sent_again(app: FakeServer, send: Any) -> None:
    tag = send(app, "GET /parts").header("ETag")
    reply = send(app, "GET /parts", ("If-None-Match", f'"other", W/{tag}'))
    assert (reply.status, reply.body, reply.header("ETag")) == (304, b"", tag)
    assert send(app, "GET /parts", ("If-None-Match", '"other"')).status == 200
    assert send(app, "GET /whole", ("If-None-Match", '"fixed"')).status == 200
