"""What one call and its reply touch."""

from typing import Any

import pytest

from docdouble.contracts.coverage.exchange_use import use_of_call
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.contract.facts import FactKind, Facts
from docdouble.schemas.openapi.reader import from_openapi

BOOK = {"type": "object", "properties": {"Title": {"type": "string"}, "Tags": {"items": {"type": "string"}}}}
JSON = ("Content-Type", "application/json")
SENT_AS = ["application/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "text/*"]


@pytest.fixture(scope="module")
def books() -> Contract:
    parameters = [
        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
        {"name": "$select", "in": "query", "schema": {"type": "string"}},
        {"name": "X-Tenant", "in": "header", "schema": {"type": "string"}},
        {"name": "session", "in": "cookie", "schema": {"type": "string"}},
    ]
    operation = {
        "operationId": "Put",
        "parameters": parameters,
        "requestBody": {"content": {name: {"schema": BOOK} for name in SENT_AS}},
        "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": BOOK}}},
            "4XX": {
                "description": "",
                "content": {"application/problem+json": {"schema": {"properties": {"title": {}}}}},
            },
        },
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {"/books/{id}": {"put": operation}},
    }
    return from_openapi(document, "books.json")


def touched(books: Contract, part: FactKind, call: Call | None = None, reply: Reply | None = None) -> set[str]:
    put = books.operation("Put")
    keys = use_of_call(put, Facts(books), call or Call((), b"", "PUT", "/books/1"), reply or Reply())
    return {name for kind, name in keys if kind is part}


def put(body: bytes = b"", *headers: tuple[str, str], query: str = "") -> Call:
    return Call(headers, body, "PUT", f"/books/1{query}")


def test_a_call_touches_its_operation_and_what_stands_in_the_path(books: Contract) -> None:
    assert touched(books, FactKind.OPERATION) == {""}
    assert touched(books, FactKind.PARAMETER) == {"path/id"}


def test_parameters_that_are_there(books: Contract) -> None:
    call = put(b"", ("x-tenant", "a"), ("Cookie", "session=1; other=2"), query="?$SELECT=Title&other=1")
    assert touched(books, FactKind.PARAMETER, call) == {"path/id", "query/$select", "header/X-Tenant", "cookie/session"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"title": "a", "Tags": ["b"], "More": 1}'),
        ("application/xml; charset=utf-8", b"<Book><Title>a</Title><Tags><string>b</string></Tags></Book>"),
        ("application/x-www-form-urlencoded", b"Title=a&Tags[0]=b"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="Title"\r\n\r\na\r\n'
            b'--x\r\nContent-Disposition: form-data; name="Tags[0]"\r\n\r\nb\r\n--x--\r\n',
        ),
    ],
)
def test_places_in_a_body_of_each_media_type(books: Contract, content_type: str, body: bytes) -> None:
    call = put(body, ("Content-Type", content_type))
    assert touched(books, FactKind.REQUEST, call) == {"", "/Title", "/Tags", "/Tags/*"}
    assert touched(books, FactKind.REQUEST_MEDIA_TYPE, call) == {content_type.partition(";")[0]}


def test_a_range_of_media_types_is_touched_by_one_in_it(books: Contract) -> None:
    assert touched(books, FactKind.REQUEST_MEDIA_TYPE, put(b"a", ("Content-Type", "text/plain"))) == {"text/*"}


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[1]", b"null", b"<a/>"])
@pytest.mark.parametrize("content_type", SENT_AS[:4])
def test_a_body_that_cant_be_read_touches_no_place_inside(books: Contract, content_type: str, body: bytes) -> None:
    assert touched(books, FactKind.REQUEST, put(body, ("Content-Type", content_type))) <= {""}


@pytest.mark.parametrize("headers", [(), (("Content-Type", "image/png"),), (("Content-Type", "a; charset=nope"),)])
def test_another_media_type_touches_nothing(books: Contract, headers: Any) -> None:
    assert touched(books, FactKind.REQUEST, put(b"{}", *headers)) == set()


def test_what_came(books: Contract) -> None:
    reply = Reply((JSON,), b'{"Title": "a", "Other": 1}')
    assert touched(books, FactKind.STATUS, reply=reply) == {"200"}
    assert touched(books, FactKind.RESPONSE_MEDIA_TYPE, reply=reply) == {"200 application/json"}
    assert touched(books, FactKind.RESPONSE, reply=reply) == {"200", "200/Title"}


def test_a_status_of_a_documented_range(books: Contract) -> None:
    reply = Reply((("Content-Type", "application/problem+json"),), b'{"title": "no"}', 404)
    assert touched(books, FactKind.STATUS, reply=reply) == {"4XX"}
    assert touched(books, FactKind.RESPONSE, reply=reply) == {"4XX", "4XX/title"}


def test_an_undocumented_status_touches_nothing(books: Contract) -> None:
    reply = Reply((JSON,), b'{"Title": "a"}', 503)
    assert touched(books, FactKind.STATUS, reply=reply) == touched(books, FactKind.RESPONSE, reply=reply) == set()


def test_a_reply_to_head_has_no_body(books: Contract) -> None:
    reply = Reply((JSON,), b'{"Title": "a"}')
    assert touched(books, FactKind.RESPONSE, Call((), b"", "HEAD", "/books/1"), reply) == set()


def test_parameters_and_fields_in_their_documented_styles() -> None:
    box = {"type": "object", "properties": {"width": {"type": "integer"}}}
    parameters = [
        {"name": "box", "in": "query", "style": "deepObject", "schema": box},
        {"name": "page", "in": "query", "schema": {"type": "object", "properties": {"limit": {"type": "integer"}}}},
        {"name": "more", "in": "query", "schema": {"type": "integer"}},
    ]
    form = {"schema": {"type": "object", "properties": {"box": box}}, "encoding": {"box": {"style": "deepObject"}}}
    operation = {
        "parameters": parameters,
        "requestBody": {"content": {"application/x-www-form-urlencoded": form}},
        "responses": {},
    }
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"post": operation}}}
    contract = from_openapi(document, "books.json")
    content_type = ("Content-Type", "application/x-www-form-urlencoded")
    call = Call((content_type,), b"box[width]=5", "POST", "/a?box[width]=5&limit=3")
    used = use_of_call(contract.operations[0], Facts(contract), call, Reply())
    assert {name for kind, name in used if kind is FactKind.PARAMETER} == {"query/box", "query/page"}
    assert "/box/width" in {name for kind, name in used if kind is FactKind.REQUEST}


def test_a_query_that_is_one_value_is_there() -> None:
    whole = {"name": "q", "in": "querystring", "content": {"application/json": {"schema": {}}}}
    operation = {"parameters": [whole], "responses": {}}
    document = {"openapi": "3.2.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"get": operation}}}
    contract = from_openapi(document, "books.json")
    used = use_of_call(contract.operations[0], Facts(contract), Call(target="/a?%7B%7D"), Reply())
    assert (FactKind.PARAMETER, "querystring/q") in used
