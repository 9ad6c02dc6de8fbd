"""Which media type goes out."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from defusedxml.ElementTree import fromstring

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.http.negotiate import preferred_media_type, writable_media_types
from docdouble.schemas import Contract, MediaType, Reply, Schema
from docdouble.schemas.contract.model import BEHAVIOURS, EVIDENCE

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]

PROBLEM = "application/problem+json"
OFFERED = ["application/json", "text/json", "application/merge-patch+json"]
LIBRARY = Contract("library", "1", (), {"Title": {"type": "string"}})


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
    assert preferred_media_type(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        ("application/vnd.github.v3+json", ["text/html", "application/json"], "application/json"),
        ("application/vnd.github.raw+json", ["application/json", "application/vnd.github.raw+json"], 1),
        ("application/json", ["application/vnd.api+json"], "application/vnd.api+json"),
        ("application/json, application/vnd.api+json", ["application/vnd.api+json", "application/json"], 0),
        ("application/vnd.a+json, text/html;q=0.5", ["text/html", "application/json"], "application/json"),
        ("application/vnd.a+json;q=0.4, text/html;q=0.5", ["text/html", "application/json"], "text/html"),
        ("application/vnd.a+json;q=0, text/html;q=0.5", ["application/json"], None),
        ("application/vnd.a+json, application/json;q=0", ["application/json"], None),
        ("application/vnd.a+xml", ["application/json", "application/xml"], "application/xml"),
        ("image/svg+xml,image/*,*/*;q=0.8", ["application/xml", "image/png"], "image/png"),
        ("application/vnd.a+json", ["application/vnd.b+xml", "text/plain"], None),
        ("application/vnd.a.v3+json", ["text/html", "text/plain"], "text/html"),
        ("application/vnd.a.v3+json, text/html;q=0", ["text/html", "text/plain"], "text/plain"),
        ("application/vnd.a.v3+json, application/json", ["text/html"], None),
        ("application/json;odata.metadata=none", ["application/json"], "application/json"),
        ("application/json;v=2", ["application/json;v=1", "application/json;v=2"], 1),
        ("application/json;v=3", ["application/json;v=1", "application/json;v=2"], None),
        ("application/json;v=3, */*;q=0.1", ["application/json;v=1"], "application/json;v=1"),
        ("application/json;charset=utf-8;v=1", ["application/json;v=1"], "application/json;v=1"),
        ("application/json, text/plain, */*", ["application/pdf", "application/json"], "application/json"),
        ("text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5", ["text/plain", "image/png"], "image/png"),
        ("text/csv", ["error", "text/csv"], "text/csv"),
        ("*/*", ["error"], "error"),
    ],
)
def test_the_most_specific_range_decides(accept: str, offered: list[str], chosen: str | int | None) -> None:
    expected = offered[chosen] if isinstance(chosen, int) else chosen
    assert preferred_media_type(accept, offered) == expected


def test_nothing_is_chosen_from_nothing() -> None:
    assert [preferred_media_type(accept, []) for accept in (None, "*/*", "application/json")] == [None, None, None]


@pytest.mark.parametrize(
    ("override", "offered", "chosen"),
    [
        ("json", ["application/xml", "application/json", "text/json"], "application/json"),
        ("xml", ["application/json", "application/vnd.library+xml", "text/xml"], "application/vnd.library+xml"),
        ("xml", ["application/json", "application/notxml"], None),
        ("xml", [], None),
        ("", ["application/xml", "application/json"], "application/json"),
    ],
)
def test_a_word_stands_above_accept(override: str, offered: list[str], chosen: str | None) -> None:
    assert preferred_media_type("application/json", offered, override) == chosen


TEXT: Schema = {"type": ["string", "null"]}
BOOK: Schema = {"type": "object"}


def media_types(schema: Schema | None, *names: str) -> tuple[MediaType, ...]:
    return tuple(MediaType(name, schema) for name in names)


@pytest.mark.parametrize("schema", [BOOK, TEXT, {"type": ["integer", "string"]}, None])
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["application/json", "application/xml", "text/json"], ["application/json", "application/xml", "text/json"]),
        (
            ["application/vnd.library+json", "x/y+xml", "text/xml"],
            ["application/vnd.library+json", "x/y+xml", "text/xml"],
        ),
        (["Application/JSON; charset=utf-8", "application/json"], ["application/json"]),
        (["application/x-www-form-urlencoded"], ["application/x-www-form-urlencoded"]),
        (["multipart/form-data", "multipart/*"], ["multipart/form-data"]),
        (["*/*"], ["application/json"]),
        (["application/xml", "application/json", "application/*+json"], ["application/xml", "application/json"]),
        (["*/csv", "x-*/y"], []),
        ([], []),
    ],
)
def test_what_has_a_structure_is_spoken_whatever_the_body_is(
    schema: Schema | None, names: list[str], expected: list[str]
) -> None:
    assert writable_media_types(media_types(schema, *names), LIBRARY) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["text/plain", "application/json"], ["text/plain", "application/json"]),
        (["text/csv", "text/*"], ["text/csv", "text/plain"]),
        (["image/*", "application/pdf", "csv"], ["image/png", "application/pdf", "csv"]),
        (["audio/*", "video/*"], ["audio/mpeg", "video/mp4"]),
    ],
)
def test_texts_and_octets_are_spoken_where_the_body_is_a_text(names: list[str], expected: list[str]) -> None:
    for schema in (TEXT, {"type": "string", "format": "binary"}, {"$ref": "#/components/schemas/Title"}, None):
        assert writable_media_types(media_types(schema, *names), LIBRARY) == expected
    for schema in (BOOK, {"type": "array"}, {"anyOf": [TEXT, BOOK]}):
        assert writable_media_types(media_types(schema, *names), LIBRARY) == [
            name for name in expected if name == "application/json"
        ]
    assert writable_media_types(media_types({"type": "integer"}, *names), LIBRARY) == [
        name for name in expected if name == "application/json" or name.startswith("text/")
    ]


def test_the_answer_is_written_as_accepted(lend: Send) -> None:
    reply = lend({}, ("Accept", "text/json, */*;q=0.1"))
    assert (reply.status, reply.header("Content-Type")) == (200, "text/json; charset=utf-8")


def test_the_answer_says_the_same_in_any_structure(lend: Send) -> None:
    answer = orjson.loads(lend({"CopyId": 7}).body)
    reply = lend({"CopyId": 7}, ("Accept", "application/xml"))
    assert (reply.status, reply.header("Content-Type")) == (200, "application/xml; charset=utf-8")
    root = fromstring(reply.body)
    assert (root.tag, [part.tag for part in root]) == ("LoanEntity", list(answer))
    assert [root.findtext(name) for name in ("CopyId", "Title", "Member/FullName")] == [
        "7",
        answer["Title"],
        answer["Member"]["FullName"],
    ]


def problem(reply: Reply) -> Any:
    assert reply.media_type == "application/problem+json"
    return orjson.loads(reply.body)


@pytest.mark.parametrize(
    ("accept", "detail"),
    [
        ("image/png", "nothing documented fits Accept: image/png"),
        ("text/xml", "nothing documented fits Accept: text/xml"),
        ("text/json;q=0", "nothing documented fits Accept: text/json;q=0"),
    ],
)
def test_406_tells_what_is_documented_and_what_can_be_written(lend: Send, accept: str, detail: str) -> None:
    assert problem(lend({}, ("Accept", accept))) == {
        "type": "about:blank",
        "title": "Not Acceptable",
        "status": 406,
        "detail": detail,
        "offered": ["application/json", "text/json", "application/xml"],
        "documented": ["application/json", "text/json", "application/xml"],
        "documentation": "LoanAgent_LendBook.md:52",
    }


def answering(make_contract: MakeContract, schema: Schema, *names: str) -> FakeServer:
    """Return the fake of ``GET /books``, with these media types of the answer."""
    content = {name: {"schema": schema} for name in names}
    return FakeServer(make_contract({"/books": {"get": {"responses": {"200": {"content": content}}}}}))


@pytest.mark.parametrize("names", [["application/cbor"], ["application/cbor", "csv", "*/cbor"]])
def test_406_without_accept_where_no_documented_type_can_carry_the_body(
    make_contract: MakeContract, send: Send, names: list[str]
) -> None:
    app = answering(make_contract, {"type": "object"}, *names)
    refusal = problem(send(app, "GET /books"))
    assert refusal["detail"] == (
        f"the documented body can't be written as {' or '.join(names)}, and nothing else is documented"
    )
    assert (refusal["status"], refusal["offered"], refusal["documented"]) == (406, [], names)
    assert send(app, "GET /books", ("Accept", "application/cbor")).status == 406


@pytest.mark.parametrize(
    ("names", "accept", "content_type"),
    [
        (["text/csv"], None, "text/csv; charset=utf-8"),
        (["text/csv", "text/*"], "text/plain", "text/plain; charset=utf-8"),
        (["application/json", "text/csv"], "text/csv, */*;q=0.1", "text/csv; charset=utf-8"),
        (["application/x-own"], "application/x-own", "application/x-own"),
    ],
)
def test_a_text_is_answered_as_it_is(
    make_contract: MakeContract, send: Send, names: list[str], accept: str | None, content_type: str
) -> None:
    schema = {"type": "string", "enum": ["Størst; i år"]}
    reply = send(answering(make_contract, schema, *names), "GET /books", *([("Accept", accept)] if accept else []))
    assert (reply.status, reply.header("Content-Type")) == (200, content_type)
    assert reply.body.decode() == "Størst; i år"


@pytest.mark.parametrize("name", ["image/png", "image/*"])
def test_an_image_is_answered_where_one_is_documented(make_contract: MakeContract, send: Send, name: str) -> None:
    reply = send(answering(make_contract, {"type": "string", "format": "binary"}, name), "GET /books")
    assert (reply.status, reply.header("Content-Type")) == (200, "image/png")
    assert reply.body.startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize(
    ("query", "accept", "outcome"),
    [
        ("", None, "application/json"),
        ("?$format=", "text/xml", "text/xml"),
        ("?$format=xml", None, "text/xml"),
        ("?$FORMAT=XML", "application/json", "text/xml"),
        ("?$format=json", "image/png", "application/json"),
        ("?$format=yaml", None, "expected json or xml, got 'yaml'"),
    ],
)
def test_a_documented_parameter_stands_above_accept(
    make_contract: MakeContract, send: Send, query: str, accept: str | None, outcome: str
) -> None:
    app = with_format(make_contract, "application/json", "text/xml")
    reply = send(app, f"GET /books{query}", *([("Accept", accept)] if accept else []))
    if reply.status == 400:
        (violation,) = problem(reply)["violations"]
        assert (violation["name"], violation["rule"]) == ("$format", "format-override")
        assert violation["message"] == outcome
    else:
        assert (reply.status, reply.media_type) == (200, outcome)


@pytest.mark.parametrize("headers", [(), (("Accept", "application/json"),)])
def test_406_names_the_format_that_is_not_documented(
    make_contract: MakeContract, send: Send, headers: tuple[tuple[str, str], ...]
) -> None:
    refusal = problem(send(with_format(make_contract, "application/json"), "GET /books?$format=xml", *headers))
    assert (refusal["status"], refusal["detail"]) == (406, "nothing documented fits the format xml")


def with_format(make_contract: MakeContract, *names: str) -> FakeServer:
    """Return the fake of ``GET /books``, whose parameter ``$format`` stands above ``Accept``."""
    operation = {
        "parameters": [{"name": "$format", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"content": {name: {"schema": {"type": "object"}} for name in names}}},
        BEHAVIOURS: [
            {
                "name": "format-override",
                "parameter": "$format",
                EVIDENCE: {"grade": "stated", "page": "books.md", "line": 7},
            }
        ],
    }
    return FakeServer(make_contract({"/books": {"get": operation}}))


def test_any_accept_will_do_where_nothing_is_sent(app: FakeServer, send: Send) -> None:
    assert send(app, "DELETE /api/v1/Book/7", ("Accept", "image/png")).status == 204


@pytest.mark.parametrize("documented", ["*/*", "application/*"])
def test_a_documented_range_is_answered_with_json(make_contract: MakeContract, send: Send, documented: str) -> None:
    response = {"content": {documented: {"schema": {"type": "integer"}}}}
    app = FakeServer(make_contract({"/books": {"get": {"responses": {"200": response}}}}))
    assert send(app, "GET /books").header("Content-Type") == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("documented", "schema", "accept", "content_type"),
    [
        ("image/*", {}, "image/jpeg", "image/jpeg"),
        ("image/*", {}, "image/webp;q=0.5, image/gif", "image/gif"),
        ("image/*", {"type": "string", "format": "binary"}, None, "image/png"),
        ("*/*", BOOK, "application/xml", "application/xml; charset=utf-8"),
        ("*/*", BOOK, "text/html, application/xml;q=0.9, */*;q=0.8", "application/xml; charset=utf-8"),
        ("*/*", BOOK, "text/html, */*;q=0.8", "application/json; charset=utf-8"),
        ("*/*", TEXT, "text/csv", "text/csv; charset=utf-8"),
        ("text/*", TEXT, "text/html", "text/html; charset=utf-8"),
        ("*/*", BOOK, "image/png", PROBLEM),
        ("image/*", {}, "text/plain", PROBLEM),
    ],
)
def test_a_type_of_a_documented_range_can_be_asked_for(
    make_contract: MakeContract,
    send: Send,
    documented: str,
    schema: Schema,
    accept: str | None,
    content_type: str | None,
) -> None:
    app = answering(make_contract, schema, documented)
    reply = send(app, "GET /books", *([("Accept", accept)] if accept else []))
    assert (reply.status, reply.header("Content-Type")) == (406 if content_type == PROBLEM else 200, content_type)
    assert reply.body
