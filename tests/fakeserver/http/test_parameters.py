"""Path, query, header and cookie parameters: how they are answered, and what is refused."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.http import FORM

MakeContract = Callable[..., Contract]
Send = Callable[..., Reply]


@pytest.fixture
def shelf(make_contract: MakeContract) -> Callable[..., FakeServer]:
    """Return a function from parameters to the fake of ``GET /shelf/{number}``, which answers what it was asked."""

    def make(*parameters: dict[str, Any]) -> FakeServer:
        number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
        schema = {
            "type": "object",
            "properties": {parameter["name"]: parameter["schema"] for parameter in (number, *parameters)},
        }
        response = {"content": {"application/json": {"schema": schema}}}
        operation = {"parameters": [number, *parameters], "responses": {"200": response}}
        return FakeServer(make_contract({"/shelf/{number}": {"get": operation}}))

    return make


def query(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind}, **more}


def test_parameters_are_decoded_and_answered(shelf: Callable[..., FakeServer], send: Send) -> None:
    app = shelf(
        query("limit", "integer"), query("weight", "number"), query("lent", "boolean"), query("title", "string")
    )
    reply = send(app, "GET /shelf/7?LIMIT=3&weight=2.5&lent=true&title=fog%20%26+rain")
    expected = {"number": 7, "limit": 3, "weight": 2.5, "lent": True, "title": "fog & rain"}
    assert orjson.loads(reply.body) == expected


@pytest.mark.parametrize("target", ["/shelf/99999999999999999999", "/shelf/7?limit=99999999999999999999"])
def test_numbers_beyond_64_bits_are_answered(shelf: Callable[..., FakeServer], send: Send, target: str) -> None:
    assert send(shelf(query("limit", "integer")), f"GET {target}").status == 200


def violations(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 400
    broken: list[dict[str, Any]] = orjson.loads(reply.body)["violations"]
    return broken


@pytest.mark.parametrize("text", ["1_000", "%201", "nan", "seven", "1.5"])
def test_a_path_variable_of_another_type_is_refused(shelf: Callable[..., FakeServer], send: Send, text: str) -> None:
    (violation,) = violations(send(shelf(), f"GET /shelf/{text}"))
    message = violation.pop("message")
    assert message.startswith("expected integer, got ")
    assert violation == {
        "in": "path",
        "name": "number",
        "pointer": "",
        "rule": "type",
        "documentation": "library.json#/paths/~1shelf~1{number}/get",
    }


def test_each_wrong_item_of_an_array_is_pointed_at(shelf: Callable[..., FakeServer], send: Send) -> None:
    numbers = query("numbers", "array", explode=False) | {"schema": {"type": "array", "items": {"type": "integer"}}}
    broken = violations(send(shelf(numbers), "GET /shelf/7?numbers=1,x,3,y"))
    assert [(violation["name"], violation["pointer"]) for violation in broken] == [("numbers", "/1"), ("numbers", "/3")]


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_required_parameter_that_is_missing_is_refused(
    shelf: Callable[..., FakeServer], send: Send, location: str
) -> None:
    parameter = {"name": "branch", "in": location, "required": True, "schema": {"type": "string"}}
    (violation,) = violations(send(shelf(parameter), "GET /shelf/7"))
    assert violation == {
        "in": location,
        "name": "branch",
        "rule": "required",
        "message": "missing",
        "documentation": "library.json#/paths/~1shelf~1{number}/get",
    }


@pytest.mark.parametrize(
    ("location", "target", "header"),
    [
        ("query", "?Branch=7", ("X-Nothing", "")),
        ("header", "", ("BRANCH", "7")),
        ("cookie", "", ("Cookie", "other=é; branch=7")),
    ],
)
def test_a_required_parameter_is_found_where_it_is_documented(
    shelf: Callable[..., FakeServer], send: Send, location: str, target: str, header: tuple[str, str]
) -> None:
    parameter = {"name": "branch", "in": location, "required": True, "schema": {"type": "integer"}}
    assert send(shelf(parameter), f"GET /shelf/7{target}", header).status == 200


def test_an_optional_parameter_that_is_wrong_is_refused(shelf: Callable[..., FakeServer], send: Send) -> None:
    header = {"name": "X-Days", "in": "header", "schema": {"type": "integer"}}
    assert send(shelf(header), "GET /shelf/7").status == 200
    (violation,) = violations(send(shelf(header), "GET /shelf/7", ("x-days", "soon")))
    assert (violation["in"], violation["name"], violation["rule"]) == ("header", "X-Days", "type")


def test_a_parameter_of_a_page_is_refused_with_its_line(app: FakeServer) -> None:
    reply = app.handle(Call(target="/api/v1/Book?limit=many&kind=Poem"))
    assert [(violation["name"], violation["rule"], violation["documentation"]) for violation in violations(reply)] == [
        ("title", "required", "Book_Find.md:18"),
        ("limit", "type", "Book_Find.md:19"),
        ("kind", "enum", "Book_Find.md:22"),
    ]
    assert "sample" not in orjson.loads(reply.body)


def test_path_variables_are_named_without_regard_to_case(make_contract: MakeContract, send: Send) -> None:
    number = {"name": "Number", "in": "path", "required": True, "schema": {"type": "integer"}}
    operation = {"parameters": [number], "responses": {"200": {}}}
    assert send(FakeServer(make_contract({"/shelf/{number}": {"get": operation}})), "GET /shelf/7").status == 200


def test_an_empty_query_value_is_a_value(shelf: Callable[..., FakeServer], send: Send) -> None:
    app = shelf(query("title", "string", required=True))
    assert orjson.loads(send(app, "GET /shelf/7?title=").body)["title"] == ""


def test_lists_of_an_openapi_document_are_repeated(shelf: Callable[..., FakeServer], send: Send) -> None:
    numbers = query("numbers", "array") | {"schema": {"type": "array", "items": {"type": "integer"}}}
    assert send(shelf(numbers), "GET /shelf/7?numbers=1&numbers=2").status == 200
    (violation,) = violations(send(shelf(numbers), "GET /shelf/7?numbers=1,2"))
    assert (violation["name"], violation["pointer"], violation["rule"]) == ("numbers", "/0", "type")


def test_what_is_not_in_its_style_is_refused_with_the_reason(shelf: Callable[..., FakeServer], send: Send) -> None:
    app = shelf(query("numbers", "array", explode=False))
    (violation,) = violations(send(app, "GET /shelf/7?numbers=1&numbers=2"))
    assert (violation["name"], violation["rule"]) == ("numbers", "syntax")
    assert "more than once" in violation["message"]


def test_an_empty_value_is_taken_where_it_is_allowed(shelf: Callable[..., FakeServer], send: Send) -> None:
    assert send(shelf(query("limit", "integer", allowEmptyValue=True)), "GET /shelf/7?limit=").status == 200
    assert send(shelf(query("limit", "integer")), "GET /shelf/7?limit=").status == 400


def test_an_object_without_properties_is_sent_as_nothing(shelf: Callable[..., FakeServer], send: Send) -> None:
    assert send(shelf(query("page", "object", required=True)), "GET /shelf/7").status == 200
    page = query("page", "object", required=True) | {"schema": {"type": "object", "required": ["limit"]}}
    assert send(shelf(page), "GET /shelf/7").status == 400


def test_a_boolean_in_other_letters_is_noted(shelf: Callable[..., FakeServer], send: Send) -> None:
    app = shelf(query("lent", "boolean"))
    assert "lent" in (send(app, "GET /shelf/7?lent=1").header("Docdouble-Note") or "")
    assert send(app, "GET /shelf/7?lent=true").header("Docdouble-Note") is None


def test_items_with_brackets_are_noted(shelf: Callable[..., FakeServer], send: Send) -> None:
    codes = query("codes", "array", required=True, explode=False)
    app = shelf({**codes, "schema": {"type": "array", "items": {"type": "string"}}})
    reply = send(app, "GET /shelf/7?codes[]=a&codes[]=b")
    assert reply.status == 200
    assert reply.header("Docdouble-Note") == "the items of codes are sent as codes[]"
    assert send(app, "GET /shelf/7?codes=a,b").header("Docdouble-Note") is None


def test_a_header_field_with_underscores_is_found(shelf: Callable[..., FakeServer], send: Send) -> None:
    header = {"name": "shelf_no", "in": "header", "required": True, "schema": {"type": "integer"}}
    assert send(shelf(header), "GET /shelf/7", ("Shelf-No", "5")).status == 200


def test_a_boolean_of_a_form_in_other_letters_is_noted(make_contract: MakeContract, send: Send) -> None:
    content = {FORM: {"schema": {"type": "object", "properties": {"lent": {"type": "boolean"}}}}}
    operation = {"requestBody": {"content": content}, "responses": {"204": {}}}
    app = FakeServer(make_contract({"/shelf": {"post": operation}}))
    notes = [
        app.handle(Call((("Content-Type", FORM),), body, "POST", "/shelf")) for body in (b"lent=TRUE", b"lent=true")
    ]
    assert [reply.header("Docdouble-Note") is None for reply in notes] == [False, True]
