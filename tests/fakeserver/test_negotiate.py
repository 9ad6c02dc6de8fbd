"""Which media types go out and come in."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.negotiate import choose, spoken
from docdouble.schemas import Contract, MediaType, Reply

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]

OFFERED = ["application/json", "text/json", "application/merge-patch+json"]
LEND = "POST /api/v1/Agents/Loan/LendBook"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        pytest.param(None, "application/json", id="none"),
        pytest.param("", "application/json", id="empty"),
        pytest.param("*/*", "application/json", id="anything"),
        pytest.param("text/json", "text/json", id="second"),
        pytest.param("TEXT/Json", "text/json", id="another case"),
        pytest.param("text/*", "text/json", id="subtype wildcard"),
        pytest.param("application/*", "application/json", id="first of a type"),
        pytest.param("text/json, application/json", "application/json", id="equals: as documented"),
        pytest.param("application/json;q=0.1, text/json;q=0.2", "text/json", id="better q"),
        pytest.param("application/json;q=0.1, */*;q=0.9", "text/json", id="wildcard better than the first"),
        pytest.param("text/html, text/json;q=0.3, */*;q=0.1", "text/json", id="a browser's"),
        pytest.param("application/json; charset=utf-8", "application/json", id="parameter"),
        pytest.param("text/json;odata=verbose;q=0.5", "text/json", id="parameter and q"),
        pytest.param("application/json;q=0, */*", "text/json", id="all but one"),
        pytest.param("application/json;q=0", None, id="nothing wanted"),
        pytest.param("*/*;q=0", None, id="nothing at all wanted"),
        pytest.param("image/png", None, id="something else"),
        pytest.param("application/*+json", None, id="no range of RFC 9110"),
        pytest.param("nonsense", None, id="no media type"),
    ],
)
def test_the_offered_type_that_accept_likes_best_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


def test_nothing_is_chosen_from_nothing() -> None:
    assert [choose(accept, []) for accept in (None, "*/*", "application/json")] == [None, None, None]


@pytest.mark.parametrize(
    ("documented", "names"),
    [
        (["application/json", "application/xml", "text/json"], ["application/json", "text/json"]),
        (["application/vnd.library+json"], ["application/vnd.library+json"]),
        (["Application/JSON; charset=utf-8"], ["application/json"]),
        (["*/*"], ["application/json"]),
        (["text/plain", "application/json", "application/*+json"], ["application/json"]),
        (["text/csv", "text/*"], []),
    ],
)
def test_json_is_spoken_under_any_of_its_names(documented: list[str], names: list[str]) -> None:
    assert spoken(MediaType(name) for name in documented) == names


def test_the_answer_is_written_as_accepted(lend: Send) -> None:
    reply = lend({}, ("Accept", "text/json, */*;q=0.1"))
    assert (reply.status, reply.header("Content-Type")) == (200, "text/json; charset=utf-8")


def problem(reply: Reply) -> Any:
    assert reply.media_type == "application/problem+json"
    return orjson.loads(reply.body)


@pytest.mark.parametrize(
    ("accept", "detail"),
    [
        ("image/png", "nothing documented fits Accept: image/png"),
        ("application/xml", "Accept: application/xml is documented, but this fake can't write it"),
        ("text/json;q=0", "nothing documented fits Accept: text/json;q=0"),
    ],
)
def test_406_tells_what_is_documented_and_what_can_be_written(lend: Send, accept: str, detail: str) -> None:
    assert problem(lend({}, ("Accept", accept))) == {
        "type": "about:blank",
        "title": "Not Acceptable",
        "status": 406,
        "detail": detail,
        "offered": ["application/json", "text/json"],
        "documented": ["application/json", "text/json", "application/xml"],
    }


@pytest.mark.parametrize("names", [["text/csv"], ["text/csv", "csv", "*/csv", "text/*"]])
def test_406_without_accept_where_no_documented_type_can_be_written(
    make_contract: MakeContract, send: Send, names: list[str]
) -> None:
    content = {name: {"schema": {"type": "string"}} for name in names}
    app = FakeServer(make_contract({"/books": {"get": {"responses": {"200": {"content": content}}}}}))
    told = problem(send(app, "GET /books"))
    assert told["detail"] == f"this fake can't write {' or '.join(names)}, and nothing else is documented"
    assert (told["status"], told["offered"], told["documented"]) == (406, [], names)
    assert send(app, "GET /books", ("Accept", "text/csv")).status == 406


def test_any_accept_will_do_where_nothing_is_sent(app: FakeServer, send: Send) -> None:
    assert send(app, "DELETE /api/v1/Book/7", ("Accept", "image/png")).status == 204


@pytest.mark.parametrize("documented", ["*/*", "application/*"])
def test_a_documented_range_is_answered_with_json(make_contract: MakeContract, send: Send, documented: str) -> None:
    response = {"content": {documented: {"schema": {"type": "integer"}}}}
    app = FakeServer(make_contract({"/books": {"get": {"responses": {"200": response}}}}))
    assert send(app, "GET /books").header("Content-Type") == "application/json; charset=utf-8"


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
        ("application/xml", "Content-Type: application/xml is documented, but this fake can't read it"),
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
    offered = ["application/json", "text/json", "application/merge-patch+json"]
    reply = send(app, LEND, ("Content-Type", content_type), body=b"{}")
    assert reply.header("Accept") == ", ".join(offered)
    assert problem(reply) == {
        "type": "about:blank",
        "title": "Unsupported Media Type",
        "status": 415,
        "detail": detail,
        "offered": offered,
        "documented": ["application/json", "text/json", "application/xml", "application/merge-patch+json"],
    }


@pytest.mark.parametrize(
    "parameter",
    [
        *("charset=base64", "charset=rot13", "charset=hex", "charset=zlib", "charset=undefined"),
        *('charset=""', "charset=../x", "charset*=utf-8''%00"),
    ],
)
def test_what_is_no_charset_is_not_known(app: FakeServer, send: Send, parameter: str) -> None:
    assert send(app, LEND, ("Content-Type", f"application/json; {parameter}"), body=b"{}").status == 415


def test_a_body_without_any_content_type_is_415(app: FakeServer, send: Send) -> None:
    assert problem(send(app, LEND, body=b"{}"))["detail"] == "a body needs a Content-Type"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/json", 200), ("application/vnd.shelf+json", 200), ("text/plain", 415), ("application/xml", 415)],
)
def test_a_documented_range_is_read_as_json(
    make_contract: MakeContract, send: Send, content_type: str, status: int
) -> None:
    request = {"content": {"application/*+json": {"schema": {"type": "object"}}, "application/xml": {}}}
    app = FakeServer(make_contract({"/books": {"post": {"requestBody": request, "responses": {"200": {}}}}}))
    assert send(app, "POST /books", ("Content-Type", content_type), body=b"{}").status == status


def test_the_content_type_of_a_body_that_is_not_documented_does_not_matter(app: FakeServer, send: Send) -> None:
    assert send(app, "GET /api/v1/Book/7", ("Content-Type", "text/plain"), body=b"hello").status == 200
