"""Documented header fields of answers: sent, and as their example, their meaning or their schema says."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Reply
from docdouble.schemas.resources.infer_roles import with_resources

DOCUMENTED: dict[str, Any] = {
    "X-Example": {"schema": {"type": "integer"}, "example": 7},
    "X-Named": {"schema": {"type": "string"}, "examples": {"a": {"value": "first"}, "b": {"value": "second"}}},
    "X-Broken": {"required": True, "schema": {"type": "integer", "minimum": 3, "maximum": 4}, "example": "many"},
    "X-Of-Schema": {"schema": {"type": "string", "examples": ["of the schema"]}},
    "X-Default": {"schema": {"type": "boolean", "default": True}},
    "X-List": {"schema": {"type": "array", "items": {"type": "integer"}}, "example": [1, 2]},
    "X-Object": {"explode": True, "schema": {"type": "object"}, "example": {"a": 1, "b": "c"}},
    "X-Json": {"content": {"application/json": {"schema": {"type": "object"}, "example": {"a": 1}}}},
    "X-Kind": {"schema": {"enum": ["a", "b"]}},
    "X-When": {"schema": {"type": "string", "format": "date-time"}},
    "X-Greeting": {"schema": {"type": "string"}, "example": "Grüße\r\nSet-Cookie: a=b"},
    "X-RateLimit-Remaining": {"schema": {"type": "integer"}},
    "Content-Type": {"schema": {"type": "string"}, "example": "text/plain"},
    "Content-Encoding": {"schema": {"type": "string"}, "example": "gzip"},
    "no name": {"schema": {"type": "string"}, "example": "x"},
    "ETag": {"schema": {"type": "string"}},
    "Last-Modified": {"schema": {"type": "string"}},
    "Expires": {"schema": {"type": "string", "format": "date-time"}},
    "Retry-After": {"schema": {"type": "integer"}},
    "Content-Disposition": {"schema": {"type": "string"}},
    "X-Request-Id": {"schema": {"type": "string", "format": "uuid"}},
    "Access-Control-Allow-Origin": {"schema": {"type": "string"}},
}
ITEM = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
HTTP_DATE = r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"


@pytest.fixture(scope="module")
def answer(make_contract: Any, send: Any) -> Callable[..., Reply]:
    """Return a function that sends a call to operations with documented header fields."""

    def responding(headers: dict[str, Any], schema: Any, status: str = "200") -> dict[str, Any]:
        content = {"application/json": {"schema": schema}} if schema is not None else {}
        return {"responses": {status: {"description": "", "headers": headers, "content": content}}}

    def of(*names: str) -> dict[str, Any]:
        return {name: {"schema": {"type": "string"}, "example": f"<an example of {name}>"} for name in names}

    total, many = {"schema": {"type": "integer"}, "example": 999}, {"type": "array", "items": ITEM}
    paths = {
        "/all": {"get": responding(DOCUMENTED, ITEM), "head": responding({"X-Count": DOCUMENTED["X-Kind"]}, None)},
        "/made": {"post": responding({"Location": {"schema": {"type": "string"}}}, ITEM, "201")},
        "/moved": {"get": responding(of("Location"), None, "302")},
        "/list": {"get": responding({**of("Link"), "X-Total-Count": total}, ITEM)},
        "/lists": {"get": responding({**of("Link"), "X-Total": total}, many)},
        "/busy": {"get": responding({"Retry-After": {"required": True, "schema": {"type": "string"}}}, None, "503")},
    }
    app = FakeServer(make_contract(paths), Settings(state="off"))
    return lambda label, *headers: send(app, label, *headers)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("X-Example", "7"),
        ("X-Named", "first"),
        ("X-Of-Schema", "of the schema"),
        ("X-Default", "true"),
        ("X-List", "1,2"),
        ("X-Object", "a=1,b=c"),
        ("X-Json", '{"a": 1}'),
        ("X-Greeting", "Grüße Set-Cookie: a=b".encode().decode("latin-1")),
        ("Retry-After", "30"),
        ("X-RateLimit-Remaining", "59"),
        ("Content-Disposition", 'attachment; filename="all.json"'),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Encoding", None),
        ("no name", None),
        ("Access-Control-Allow-Origin", "*"),
    ],
)
def test_a_field_has_its_example_else_its_meaning(answer: Any, name: str, text: str | None) -> None:
    assert answer("GET /all").header(name) == text


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("X-Broken", "[34]"),
        ("X-Kind", "[ab]"),
        ("X-When", r"\d{4}-\d\d-\d\dT.*"),
        ("Expires", r"\d{4}-\d\d-\d\dT.*"),
        ("Last-Modified", HTTP_DATE),
        ("ETag", '"[0-9a-f]{16}"'),
        ("X-Request-Id", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_a_field_fits_its_schema(answer: Any, name: str, pattern: str) -> None:
    for seed in range(8):
        assert re.fullmatch(pattern, answer("GET /all", ("Prefer", f"seed={seed}")).header(name))


def test_a_field_is_sent_once_and_without_a_body_too(answer: Any) -> None:
    names = [name.lower() for name, _ in answer("GET /all", ("Origin", "http://localhost:3000")).headers]
    assert names.count("access-control-allow-origin") == 1
    assert answer("HEAD /all").header("X-Count") in ("a", "b")
    assert (answer("GET /busy").status, answer("GET /busy").header("Retry-After")) == (503, "30")


def test_location_is_where_the_new_entity_is_read(answer: Any) -> None:
    reply = answer("POST /made", ("Host", "localhost:4010"))
    assert reply.header("Location").startswith("http://localhost:4010/made/")
    assert answer("GET /moved").header("Location") == "<an example of Location>"


@pytest.mark.parametrize(
    ("documented", "start"),
    [
        ({"format": "uri"}, "http://localhost:4010/v1/boats/"),
        ({"format": "uri-reference"}, "/v1/boats/"),
        ({"pattern": "^/boats/[0-9]+$"}, "/boats/"),
    ],
)
def test_location_of_what_is_kept_fits_its_schema(
    make_contract: Any, send: Any, documented: dict[str, str], start: str
) -> None:
    boat = {"$ref": "#/components/schemas/Boat"}
    boats = {"type": "array", "items": boat}
    content = {"content": {"application/json": {"schema": boat}}}
    headers = {"Location": {"schema": {"type": "string", **documented}}}
    paths = {
        "/v1/boats": {
            "get": {
                "operationId": "listBoats",
                "responses": {"200": {"content": {"application/json": {"schema": boats}}}},
            },
            "post": {
                "operationId": "createBoat",
                "requestBody": content,
                "responses": {"201": {"headers": headers, **content}},
            },
        },
        "/v1/boats/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"operationId": "getBoat", "responses": {"200": content}},
        },
    }
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    app = FakeServer(with_resources(make_contract(paths, schemas={"Boat": schema})))
    reply = send(app, "POST /v1/boats", ("Host", "localhost:4010"), json={"name": "Ida"})
    assert (reply.status, reply.header("Location").startswith(start)) == (201, True)


def test_what_tells_of_a_list_is_no_example(answer: Any) -> None:
    assert answer("GET /list").header("X-Total-Count") == "999"
    assert "an example of Link" in answer("GET /list").header("Link")
    reply = answer("GET /lists")
    assert "an example" not in (reply.header("Link") or "")
    assert reply.header("X-Total") == str(reply.body.count(b'"id"'))


def test_a_required_field_that_nothing_fits_costs_no_other(make_contract: Any, send: Any) -> None:
    schemas = {"X-Long": {"type": "string", "minLength": 10**7}, "X-Count": {"type": "integer", "minimum": 3}}
    fields = {name: {"required": True, "schema": schema} for name, schema in schemas.items()}
    paths = {"/all": {"get": {"responses": {"200": {"description": "", "headers": fields}}}}}
    reply = send(FakeServer(make_contract(paths), Settings(state="off")), "GET /all")
    assert reply.status == 200
    assert reply.header("X-Long") is None
    assert int(reply.header("X-Count")) >= 3
    assert reply.header("Docdouble-Note") == "no value was found for the header field X-Long"
