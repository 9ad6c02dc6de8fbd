"""Examples of media types: by name, by default, as texts, and never one that breaks its schema."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.resources.document_resources import with_document_resources

CAT, DOG = {"id": 1, "name": "Cat"}, {"id": 2, "name": "Dog"}
PET = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
NAMED = {"big cat": {"value": CAT}, "dog": {"value": DOG}, "broken": {"value": {"id": "x"}}}


def app_of(
    make_contract: Any, content: dict[str, Any], path: str = "/a", method: str = "get", **settings: Any
) -> FakeServer:
    variables = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    operation = {"responses": {"200": {"description": "", "content": content}}}
    parameters = variables if "{id}" in path else []
    body = {"requestBody": {"content": {"application/json": {"schema": PET}}}} if method == "post" else {}
    paths = {path: {"parameters": parameters, method: {**operation, **body}}}
    return FakeServer(make_contract(paths), Settings(**settings))


def value(reply: Reply) -> Any:
    assert reply.status == 200, reply.body
    return orjson.loads(reply.body)


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [("example", CAT), ('example="big cat"', CAT), ("example=dog", DOG), ("dynamic=false, example=dog", DOG)],
)
def test_a_named_example_is_sent(make_contract: Any, send: Any, prefer: str, expected: Any) -> None:
    app = app_of(make_contract, {"application/json": {"schema": PET, "examples": NAMED}})
    reply = send(app, "GET /a", ("Prefer", prefer))
    assert (value(reply), reply.header("Preference-Applied")) == (expected, prefer)
    assert value(send(app, "GET /a?__example=dog")) == DOG


@pytest.mark.parametrize(
    ("name", "message"),
    [("dgo", "did you mean 'dog'?"), ("broken", "'broken' is not sent, since it breaks its schema")],
)
def test_an_example_that_is_not_there_is_refused_with_those_that_are(
    make_contract: Any, send: Any, name: str, message: str
) -> None:
    app = app_of(make_contract, {"application/json": {"schema": PET, "examples": NAMED}})
    reply = send(app, "GET /a", ("Prefer", f"example={name}"))
    problem = orjson.loads(reply.body)
    assert (reply.status, problem["documented"]) == (400, ["big cat", "dog"])
    assert message in problem["detail"]
    assert reply.header("Preference-Applied") is None


def test_an_example_beside_examples_counts_too(make_contract: Any, send: Any) -> None:
    both = {"schema": PET, "example": DOG, "examples": {"cat": {"value": CAT}}}
    app = app_of(make_contract, {"application/json": both})
    assert value(send(app, "GET /a", ("Prefer", "example"))) == DOG
    assert value(send(app, "GET /a", ("Prefer", "example=cat"))) == CAT


def test_examples_come_first_and_vary(make_contract: Any, send: Any) -> None:
    app = app_of(make_contract, {"application/json": {"schema": PET, "examples": NAMED}})
    shown = [value(send(app, "GET /a", ("Prefer", f"seed={seed}"))) for seed in range(20)]
    assert {entity["name"] for entity in shown} == {"Cat", "Dog"}
    assert value(send(app, "GET /a")) == CAT
    assert value(send(app, "GET /a", ("Prefer", "dynamic"))) not in (CAT, DOG)


def test_other_data_are_made_up_beside_a_single_example(make_contract: Any, send: Any) -> None:
    app = app_of(make_contract, {"application/json": {"schema": PET, "example": CAT}})
    shown = [send(app, "GET /a", ("Prefer", f"seed={seed}")).body for seed in range(4)]
    assert len({*shown, send(app, "GET /a").body}) == 5


def test_the_id_that_is_asked_for_wins(make_contract: Any, send: Any) -> None:
    content = {"application/json": {"schema": PET, "example": DOG}}
    app = app_of(make_contract, content, "/a/{id}")
    assert value(send(app, "GET /a/2")) == DOG
    assert value(send(app, "GET /a/7"))["id"] == 7
    assert value(send(app, "GET /a/7"))["name"] != "Dog"
    documented = app_of(make_contract, content, "/a/{id}", answers="documented")
    assert value(send(documented, "GET /a/7")) == {**DOG, "id": 7}


def test_what_is_sent_stands_in_the_example(make_contract: Any, send: Any) -> None:
    app = app_of(make_contract, {"application/json": {"schema": PET, "example": DOG}}, method="post")
    sent = orjson.dumps({"id": 2, "name": "Rex"})
    assert value(send(app, "POST /a", ("Content-Type", "application/json"), body=sent)) == {**DOG, "name": "Rex"}


def test_a_list_that_is_searched_is_not_the_example(make_contract: Any, send: Any) -> None:
    app = app_of(make_contract, {"application/json": {"schema": {"type": "array", "items": PET}, "example": [DOG]}})
    assert value(send(app, "GET /a")) == [DOG]
    assert value(send(app, "GET /a?name=Rex")) != [DOG]


@pytest.mark.parametrize("prefer", ["example", "dynamic"])
@pytest.mark.parametrize("schema", [{}, {"schema": {}}])
def test_what_only_an_example_tells_is_always_the_example(
    make_contract: Any, send: Any, schema: dict[str, Any], prefer: str
) -> None:
    app = app_of(make_contract, {"application/json": {**schema, "example": [1, {"a": None}]}})
    assert value(send(app, "GET /a", ("Prefer", prefer))) == [1, {"a": None}]


def test_a_text_that_holds_json_is_the_value_that_the_schema_means(make_contract: Any, send: Any) -> None:
    text = '{"id": 5}'
    described = app_of(make_contract, {"application/json": {"schema": PET, "example": text}})
    assert value(send(described, "GET /a")) == {"id": 5}
    assert value(send(app_of(make_contract, {"application/json": {"example": text}}), "GET /a")) == text


XML = "<pet>\n  <id>5</id><!-- five -->\n</pet>"


@pytest.mark.parametrize(
    ("media_type", "schema", "text"),
    [
        ("application/xml", PET, XML),
        ("application/xml", None, XML),
        ("application/xml", {"type": "string"}, XML),
        ("text/csv", {"type": "array", "items": PET}, "id\r\n5\r\n"),
        ("text/csv", None, "id\r\n5\r\n"),
        ("application/x-ndjson", {"type": "array", "items": PET}, '{"id": 5}\n{"id":  6}\n'),
        ("application/x-www-form-urlencoded", PET, "id=5&name=a+b"),
        ("text/html", {"type": "string"}, "<p>Hello</p>"),
    ],
)
def test_a_text_is_sent_as_it_stands(
    make_contract: Any, send: Any, media_type: str, schema: dict[str, Any] | None, text: str
) -> None:
    described = {"schema": schema} if schema else {}
    reply = send(app_of(make_contract, {media_type: {**described, "example": text}}), "GET /a")
    assert (reply.status, reply.media_type, reply.body.decode()) == (200, media_type, text)


def test_an_example_that_breaks_its_schema_is_not_sent(make_contract: Any, send: Any) -> None:
    for example in ({"name": "without an id"}, "<pet>", [1]):
        app = app_of(make_contract, {"application/json": {"schema": PET, "example": example}}, answers="documented")
        assert isinstance(value(send(app, "GET /a"))["id"], int)


def test_texts_that_break_the_schema_of_an_object_without_type_are_not_sent(make_contract: Any, send: Any) -> None:
    described = {"schema": {"properties": {"id": {"type": "integer"}}}}
    for text in (XML, XML.replace("5", "<number>5</number>")):
        reply = send(app_of(make_contract, {"application/xml": {**described, "example": text}}), "GET /a")
        assert (reply.body.decode() == text) == (text == XML)
    for text, fits in (('{"id": 5}', True), ('{"id": "five"}', False), ("five", False)):
        reply = send(app_of(make_contract, {"application/json": {**described, "example": text}}), "GET /a")
        assert (value(reply) == {"id": 5}) == fits
        assert isinstance(value(reply)["id"], int)


def test_what_answers_an_example_without_a_schema_is_done_all_the_same(make_contract: Any, send: Any) -> None:
    done = {"responses": {"200": {"description": "", "content": {"application/json": {"example": {"done": True}}}}}}
    shown = {"responses": {"200": {"description": "", "content": {"application/json": {"schema": PET}}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    contract = make_contract({"/pets/{id}": {"parameters": [key], "get": shown, "delete": done}})
    app = FakeServer(with_document_resources(contract, USUAL))
    assert value(send(app, "GET /pets/1"))["id"] == 1
    assert value(send(app, "DELETE /pets/1")) == {"done": True}
    assert send(app, "GET /pets/1").status == 404
