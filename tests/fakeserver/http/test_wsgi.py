"""What goes over the rim: an environment becomes a call, and a reply becomes a response."""

import io
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import EnvironHeaders
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES
from docdouble.fakeserver.http.wsgi import call_from_environ, header_fields, send
from docdouble.schemas import Reply

JSON = ("Content-Type", "application/json")


def environ(**overrides: Any) -> dict[str, Any]:
    return {**EnvironBuilder("/books", method="POST", data=b"abc").get_environ(), **overrides}


def sent(reply: Reply, method: str = "GET") -> tuple[str, list[tuple[str, str]], list[bytes]]:
    """Return the status line, the header fields and the body's parts."""
    started: list[Any] = []
    parts = send(reply, {"REQUEST_METHOD": method}, lambda *arguments: started.extend(arguments))  # type: ignore[arg-type, return-value]
    assert isinstance(parts, list)
    return started[0], started[1], parts


def test_header_fields_are_named_as_people_name_them() -> None:
    environ = {
        "HTTP_SO_LANGUAGE": "nb",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "3",
        "PATH": "/bin",
        "X_HTTP_Y": "z",
    }
    assert header_fields(environ) == (("So-Language", "nb"), ("Content-Type", "text/plain"), ("Content-Length", "3"))


@pytest.mark.parametrize("key", ["HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"])
def test_what_no_client_sent_is_no_header_field(key: str) -> None:
    assert header_fields({key: "http://proxy.example", "CONTENT_TYPE": "", "CONTENT_LENGTH": ""}) == ()


@given(st.dictionaries(st.text("ABC_", min_size=1, max_size=5).map("HTTP_{}".format), st.text(max_size=3)))
def test_header_fields_are_those_that_werkzeug_reads(fields: dict[str, str]) -> None:
    assert header_fields(fields) == tuple(EnvironHeaders(fields).items())


TEXTS = st.text(max_size=8).map(lambda text: text.encode().decode("latin-1"))


@given(TEXTS, TEXTS)
def test_a_target_tells_what_werkzeug_reads(path: str, query: str) -> None:
    asked = {"PATH_INFO": path, "QUERY_STRING": query}
    call, request = call_from_environ(environ(**asked), ()), Request(environ(**asked))
    assert call.target.isascii()
    assert unquote(call.path) == request.path
    assert Request(environ(QUERY_STRING=call.query)).args == request.args


@pytest.mark.parametrize("is_terminated", [False, True])
def test_a_body_is_read_as_far_as_its_server_lets(is_terminated: bool) -> None:
    terminated = {"wsgi.input_terminated": True} if is_terminated else {}
    asked = environ(CONTENT_LENGTH="2", **{"wsgi.input": io.BytesIO(b"abc")}, **terminated)
    assert call_from_environ(asked, ()).body == (b"abc" if is_terminated else b"ab")


def test_chunks_of_a_server_that_doesnt_end_them_are_not_read() -> None:
    asked = environ(HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert call_from_environ(asked, ()).body == b""


def test_no_more_of_a_body_is_read_than_tells_that_it_is_too_large() -> None:
    endless = io.BytesIO(bytes(MAX_BODY_BYTES + 9))
    assert (
        len(call_from_environ(environ(**{"wsgi.input": endless, "wsgi.input_terminated": True}), ()).body)
        == MAX_BODY_BYTES + 1
    )


@pytest.mark.parametrize(
    ("reply", "method", "expected"),
    [
        (Reply((JSON,), b"{}"), "GET", ("200 OK", [JSON, ("Content-Length", "2")], [b"{}"])),
        (Reply((JSON,), b"{}", 404), "POST", ("404 NOT FOUND", [JSON, ("Content-Length", "2")], [b"{}"])),
        (Reply((), b"", 299), "GET", ("299 UNKNOWN", [("Content-Length", "0")], [b""])),
        (Reply((JSON,), b"{}"), "HEAD", ("200 OK", [JSON, ("Content-Length", "2")], [])),
        (Reply((("Allow", "GET"),), status=204), "OPTIONS", ("204 NO CONTENT", [("Allow", "GET")], [])),
        (Reply((JSON, ("Vary", "Origin")), status=304), "GET", ("304 NOT MODIFIED", [("Vary", "Origin")], [])),
    ],
)
def test_a_reply_is_sent_as_http_wants_it(reply: Reply, method: str, expected: Any) -> None:
    assert sent(reply, method) == expected
