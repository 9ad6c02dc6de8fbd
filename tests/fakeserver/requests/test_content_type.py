"""Which media types and charsets come in."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract, Reply, Schema

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]

LEND = "POST /api/v1/Agents/Loan/LendBook"


def problem(reply: Reply) -> Any:
    assert reply.media_type == "application/problem+json"
    return orjson.loads(reply.body)


def taking(make_contract: MakeContract, schema: Schema, *names: str) -> FakeServer:
    """Return the fake of ``POST /books``, with these media types of the request; it answers what it is sent."""
    request = {"content": {name: {"schema": schema} for name in names}}
    answer = {"content": {"application/json": {"schema": schema}}}
    return FakeServer(make_contract({"/books": {"post": {"requestBody": request, "responses": {"200": answer}}}}))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "text/json",
        "application/merge-patch+json",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; odata=verbose",
    ],
)
def test_documented_content_types_are_read(app: FakeServer, send: Send, content_type: str) -> None:
    assert send(app, LEND, ("Content-Type", content_type), body=b'{"Days": 3}').status == 200


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_a_body_is_read_in_its_charset(app: FakeServer, send: Send, charset: str) -> None:
    body = '{"CopyId": 77, "Reason": "Størst i år"}'.encode(charset)
    reply = send(app, LEND, ("Content-Type", f"application/json; charset={charset}"), body=body)
    assert (reply.status, orjson.loads(reply.body)["CopyId"]) == (200, 77)


@pytest.mark.parametrize(
    ("content_type", "detail"),
    [
        ("text/xml", "Content-Type: text/xml is not documented"),
        ("text/plain", "Content-Type: text/plain is not documented"),
        ("application/vnd.shelf+json", "Content-Type: application/vnd.shelf+json is not documented"),
        ("", "a body needs a Content-Type"),
        (
            "application/json; charset=klingon",
            "the charset of Content-Type: application/json; charset=klingon is not known",
        ),
    ],
)
def test_415_tells_what_is_documented_and_what_can_be_read(
    app: FakeServer, send: Send, content_type: str, detail: str
) -> None:
    offered = ["application/json", "text/json", "application/xml", "application/merge-patch+json"]
    reply = send(app, LEND, ("Content-Type", content_type), body=b"{}")
    assert reply.header("Accept") == ", ".join(offered)
    assert problem(reply) == {
        "type": "about:blank",
        "title": "Unsupported Media Type",
        "status": 415,
        "detail": detail,
        "offered": offered,
        "documented": offered,
        "documentation": "LoanAgent_LendBook.md:35",
    }


def test_415_for_a_documented_type_that_can_not_carry_the_documented_body(
    make_contract: MakeContract, send: Send
) -> None:
    app = taking(make_contract, {"type": "object"}, "application/json", "application/cbor")
    reply = send(app, "POST /books", ("Content-Type", "application/cbor"), body=b"\xa0")
    refusal = problem(reply)
    assert (
        refusal["detail"] == "Content-Type: application/cbor is documented, but the documented body can't be written so"
    )
    assert (refusal["status"], refusal["offered"], refusal["documented"]) == (
        415,
        ["application/json"],
        ["application/json", "application/cbor"],
    )
    assert reply.header("Accept") == "application/json"
    assert refusal["documentation"] == "library.json#/paths/~1books/post"


@pytest.mark.parametrize(("encoding", "status"), [("identity", 200), (" Identity ", 200), ("gzip", 415), ("br", 415)])
def test_415_for_a_body_that_is_packed(app: FakeServer, send: Send, encoding: str, status: int) -> None:
    headers = (("Content-Type", "application/json"), ("Content-Encoding", encoding))
    reply = send(app, LEND, *headers, body=b'{"CopyId": 77}')
    assert reply.status == status
    if status == 415:
        assert problem(reply)["detail"] == f"Content-Encoding: {encoding} is not documented"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/xml", b"<Book><Title>fog &amp; rain</Title><Pages>212</Pages></Book>"),
        ("application/x-www-form-urlencoded", b"Title=fog+%26+rain&Pages=212"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="Title"\r\n\r\nfog & rain\r\n'
            b'--b\r\nContent-Disposition: form-data; name="Pages"\r\n\r\n212\r\n--b--\r\n',
        ),
        ("application/json", b'{"Title": "fog & rain", "Pages": 212}'),
    ],
)
def test_a_body_is_read_in_any_structure(
    make_contract: MakeContract, send: Send, content_type: str, body: bytes
) -> None:
    properties = {"Title": {"type": "string"}, "Pages": {"type": "integer"}}
    schema = {"type": "object", "properties": properties, "required": ["Title", "Pages"]}
    app = taking(make_contract, schema, content_type.partition(";")[0])
    reply = send(app, "POST /books", ("Content-Type", content_type), body=body)
    assert (reply.status, orjson.loads(reply.body)) == (200, {"Title": "fog & rain", "Pages": 212})


@pytest.mark.parametrize(
    "parameter",
    [
        *("charset=base64", "charset=rot13", "charset=hex", "charset=zlib", "charset=undefined"),
        *('charset=""', "charset=../x", "charset*=utf-8''%00"),
    ],
)
def test_what_is_no_charset_is_not_known(app: FakeServer, send: Send, parameter: str) -> None:
    assert send(app, LEND, ("Content-Type", f"application/json; {parameter}"), body=b"{}").status == 415


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 406),
        ("application/json", b'{"Days": "three"}', 400),
        ("application/json", b"{", 400),
        ("text/plain", b"{", 415),
    ],
)
def test_what_is_sent_is_judged_before_what_is_wanted(
    app: FakeServer, send: Send, content_type: str, body: bytes, status: int
) -> None:
    assert send(app, LEND, ("Content-Type", content_type), ("Accept", "image/png"), body=body).status == status


def test_a_body_without_any_content_type_is_415(app: FakeServer, send: Send) -> None:
    assert problem(send(app, LEND, body=b"{}"))["detail"] == "a body needs a Content-Type"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("application/vnd.shelf+json", 200),
        ("text/plain", 415),
        ("text/xml", 415),
        ("application/vnd.shelf+xml", 415),
    ],
)
def test_a_documented_range_is_read_as_json(
    make_contract: MakeContract, send: Send, content_type: str, status: int
) -> None:
    request = {"content": {"application/*+json": {"schema": {"type": "object"}}, "application/xml": {}}}
    app = FakeServer(make_contract({"/books": {"post": {"requestBody": request, "responses": {"200": {}}}}}))
    assert send(app, "POST /books", ("Content-Type", content_type), body=b"{}").status == status


def test_the_content_type_of_a_body_that_is_not_documented_does_not_matter(app: FakeServer, send: Send) -> None:
    assert send(app, "GET /api/v1/Book/7", ("Content-Type", "text/plain"), body=b"hello").status == 200


@pytest.mark.parametrize(("body", "status"), [(b"hello", 415), (b"", 200)])
def test_a_body_that_is_not_documented_is_refused_where_a_415_is(
    make_contract: MakeContract, send: Send, body: bytes, status: int
) -> None:
    app = FakeServer(make_contract({"/books": {"post": {"responses": {"200": {}, "415": {}}}}}))
    assert send(app, "POST /books", ("Content-Type", "text/plain"), body=body).status == status
