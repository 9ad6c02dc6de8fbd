"""Refusals have the status, the media type and the shape that the document states, else are problem details."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.settings import Settings
from docdouble.schemas import Call, Reply
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.resources.infer_roles import with_resources

PROBLEM = "application/problem+json"
ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
}
NEW = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "password": {"minLength": 9}}}

Refused = Callable[..., Reply]


def documented(*media_types: str, schema: Any = ERROR, **members: Any) -> dict[str, Any]:
    content = {name: {"schema": schema, **members} for name in media_types or ("application/json",)}
    return {"description": "what went wrong", "content": content}


@pytest.fixture
def app(make_contract: Any) -> Callable[..., FakeServer]:
    """Return a function from documented failures, by their status, to a fake of one operation (and those beside it)."""

    def make(failures: dict[str, Any], settings: Settings | None = None, **beside: Any) -> FakeServer:
        post = {
            "security": [{"key": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": NEW}}},
            "responses": {"204": {"description": "done"}, **failures},
        }
        schemes = {"key": {"type": "http", "scheme": "bearer"}}
        return FakeServer(make_contract({"/a": {"post": post, **beside}}, securitySchemes=schemes), settings)

    return make


def call(
    app: FakeServer, body: bytes, *headers: tuple[str, str], method: str = "POST", credentials: str = "Bearer any"
) -> Reply:
    fields = (("Content-Type", "application/json"), ("Authorization", credentials), *headers)
    return app.handle(Call(fields, body, method, "/a"))


def violations(reply: Reply) -> Any:
    return json.loads(reply.header("Docdouble-Violations") or "null")


@pytest.mark.parametrize(
    ("documented_statuses", "malformed", "invalid"),
    [
        (("400",), 400, 400),
        (("422",), 422, 422),
        (("400", "422"), 400, 422),
        (("4XX", "default"), 400, 400),
        (("default",), 400, 400),
        (("422", "default"), 422, 422),
        (("404",), 400, 400),
    ],
)
def test_status_of_an_invalid_request(
    app: Any, documented_statuses: tuple[str, ...], malformed: int, invalid: int
) -> None:
    fake = app(dict.fromkeys(documented_statuses, documented()))
    for body, status in ((b"{", malformed), (b'{"n": "x"}', invalid)):
        reply = call(fake, body)
        assert reply.status == status
        is_stated = documented_statuses != ("404",)
        assert reply.media_type == ("application/json" if is_stated else PROBLEM)
        assert not is_stated or orjson.loads(reply.body)["code"] == status


@pytest.mark.parametrize("stated", ["exact", "4XX", "default"])
@pytest.mark.parametrize(
    ("status", "headers", "sent"),
    [
        (401, (), {"credentials": ""}),
        (415, (("Content-Type", "text/csv"),), {}),
        (405, (), {"method": "PUT"}),
    ],
)
def test_each_refusal_has_the_documented_shape(
    app: Any, stated: str, status: int, headers: Any, sent: dict[str, str]
) -> None:
    fake = app({str(status) if stated == "exact" else stated: documented()})
    fields = tuple(headers) or (("Content-Type", "application/json"),)
    credentials = (("Authorization", sent.get("credentials", "Bearer any")),)
    reply = fake.handle(Call((*fields, *credentials), b'{"n": 1}', sent.get("method", "POST"), "/a"))
    assert (reply.status, reply.media_type) == (status, "application/json")
    body = orjson.loads(reply.body)
    assert body["code"] == status
    assert body["message"] == violations(reply)[0]["message"]


def test_a_status_that_is_not_documented_is_not_reported_as_another(app: Any) -> None:
    reply = call(app({"400": documented()}), b'{"n": 1}', credentials="")
    assert (reply.status, reply.media_type) == (401, PROBLEM)
    assert reply.header("WWW-Authenticate")


def test_the_caller_chooses_among_the_documented_media_types(app: Any) -> None:
    fake = app({"400": documented("application/json", "application/vnd.error+json")})
    accepted = {
        "": "application/json",
        "application/vnd.error+json": "application/vnd.error+json",
        "text/csv": "application/json",
        "application/json, application/problem+json": "application/json",
        "application/problem+json": PROBLEM,
        "application/json;q=0.5, application/problem+json": PROBLEM,
    }
    for accept, media_type in accepted.items():
        reply = call(fake, b'{"n": "x"}', ("Accept", accept))
        assert (reply.status, reply.media_type) == (400, media_type), accept


def test_documented_problem_details_have_the_documented_members(app: Any) -> None:
    schema = {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}}
    reply = call(app({"400": documented(PROBLEM, schema=schema)}), b'{"n": "x"}')
    assert reply.media_type == PROBLEM
    assert orjson.loads(reply.body).keys() == {"title", "status"}


def test_problem_details_of_which_nothing_is_documented_tell_all(app: Any) -> None:
    described = {"description": "refused", "content": {PROBLEM: {}}}
    for failure in (described, {"description": "refused"}):
        body = orjson.loads(call(app({"400": failure}), b'{"n": "x"}').body)
        assert body["violations"][0]["pointer"] == "/n"


def test_an_example_without_a_schema_is_filled_in(app: Any) -> None:
    content = {"application/json": {"example": {"error": {"code": 500, "message": "oops"}, "trace": "t-1"}}}
    reply = call(app({"default": {"description": "refused", "content": content}}), b'{"n": "x"}')
    body = orjson.loads(reply.body)
    assert body["error"]["code"] == 400
    assert "/n in the body" in body["error"]["message"]
    assert body["trace"] == "t-1"


def test_xml_is_sent_where_it_is_documented(app: Any) -> None:
    reply = call(app({"400": documented("application/xml")}), b'{"n": "x"}')
    assert reply.media_type == "application/xml"
    assert b"<code>400</code>" in reply.body


def test_a_shape_of_which_no_value_is_known_is_reported_as_a_problem(app: Any) -> None:
    impossible = {"allOf": [{"type": "string"}, {"type": "integer"}]}
    reply = call(app({"400": documented(schema=impossible)}), b'{"n": "x"}')
    assert (reply.status, reply.media_type) == (400, PROBLEM)


def test_the_header_and_the_journal_tell_what_broke(app: Any) -> None:
    fake = app({"400": documented(schema={"type": "object", "properties": {"code": {"type": "integer"}}})})
    reply = call(fake, b'{"n": "x"}')
    assert orjson.loads(reply.body) == {"code": 400}
    assert violations(reply)[0]["pointer"] == "/n"
    entry = fake.journal.entries()[-1].as_dict()
    assert entry["violations"] == violations(reply)


def test_secrets_are_masked_in_header_and_documented_body(app: Any) -> None:
    reply = call(app({"400": documented()}), b'{"n": 1, "password": "hunter2"}')
    assert reply.status == 400
    assert "hunter2" not in f"{reply.body!r}{reply.headers}"


def test_a_method_is_refused_as_the_other_operations_of_the_path_say(app: Any) -> None:
    get = {"responses": {"200": {"description": "ok"}, "405": documented(schema={"type": "string"})}}
    reply = call(app({"default": documented()}, get=get), b"", method="PUT")
    assert (reply.status, orjson.loads(reply.body)) == (405, "PUT is not documented here; GET, HEAD, OPTIONS, POST are")
    assert reply.header("Allow") == "GET, HEAD, OPTIONS, POST"


def test_a_failure_that_is_asked_for_looks_like_one_that_came(app: Any) -> None:
    fake = app({"401": documented(), "422": documented()})
    for status, refused in ((401, call(fake, b"{}", credentials="")), (422, call(fake, b"{}"))):
        asked = call(fake, b'{"n": 1}', ("Prefer", f"code={status}"))
        assert (asked.status, asked.media_type) == (refused.status, refused.media_type)
        assert orjson.loads(asked.body) == {"code": status, "message": "what went wrong"}
        assert orjson.loads(refused.body).keys() == orjson.loads(asked.body).keys()


@pytest.mark.parametrize(
    ("stated", "status", "media_type"),
    [("404", 404, "application/json"), ("410", 410, "application/json"), ("500", 404, PROBLEM)],
)
def test_what_is_not_there_any_more(make_contract: Any, stated: str, status: int, media_type: str) -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    listed = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}}
    ok, failure = {"description": "ok"}, {stated: documented()}
    item = {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {"responses": {"200": {**ok, "content": content}, **failure}},
        "delete": {"responses": {"204": ok, **failure}},
    }
    paths = {"/things/{id}": item, "/things": {"get": {"responses": {"200": {**ok, "content": listed}}}}}
    contract = make_contract(paths, schemas={"Thing": schema})
    fake = FakeServer(with_resources(contract, dialect_of(contract).verbs))
    assert fake.handle(Call(method="DELETE", target="/things/3")).status == 204
    reply = fake.handle(Call(method="GET", target="/things/3"))
    assert (reply.status, reply.media_type) == (status, media_type)
    assert b"there is no" in reply.body


def test_a_missing_property_is_named_as_the_field(app: Any) -> None:
    items = {"type": "array", "items": {"type": "object", "properties": {"field": {"type": "string"}}}}
    reply = call(app({"400": documented(schema={"type": "object", "properties": {"errors": items}})}), b"{}")
    assert orjson.loads(reply.body) == {"errors": [{"field": "n"}]}
    assert violations(reply)[0]["missing"] == ["n"]


def test_documented_header_fields_are_sent_with_a_refusal(app: Any) -> None:
    request_id = {"schema": {"type": "string", "pattern": "^r-[0-9]+$"}, "required": True}
    reply = call(app({"400": {**documented(), "headers": {"X-Request-Id": request_id}}}), b"{}")
    assert (reply.header("X-Request-Id") or "").startswith("r-")


def test_a_status_without_a_body_has_that_of_the_default(app: Any) -> None:
    bare = {"description": "refused"}
    fake = app({"401": bare, "422": bare, "default": documented()})
    for status, reply in ((401, call(fake, b"{}", credentials="")), (422, call(fake, b"{}"))):
        assert (reply.status, orjson.loads(reply.body)["code"]) == (status, status)


def test_a_status_without_a_body_does_not_get_that_of_another(app: Any) -> None:
    fake = app({"400": {"description": "unreadable"}, "422": documented()})
    assert [call(fake, body).media_type for body in (b"{", b"{}")] == [PROBLEM, "application/json"]


@pytest.mark.parametrize(
    ("elsewhere", "shape"),
    [
        ({"401": documented()}, "message"),
        ({"4XX": documented()}, "message"),
        ({"default": documented()}, "message"),
        ({"404": documented(), "409": documented()}, "message"),
        ({"404": documented()}, "detail"),
        ({"404": {"description": "not there"}}, "detail"),
    ],
)
def test_a_failure_that_an_operation_does_not_state_looks_as_elsewhere(
    make_contract: Any, elsewhere: dict[str, Any], shape: str
) -> None:
    ok = {"200": {"description": "ok"}}
    schemes = {"key": {"type": "http", "scheme": "bearer"}}
    bare = {"get": {"security": [{"key": []}], "responses": ok}}
    paths = {"/a": bare, "/b": {"get": {"responses": {**ok, **elsewhere}}}}
    reply = FakeServer(make_contract(paths, securitySchemes=schemes)).handle(Call(target="/a"))
    assert reply.status == 401
    assert "credentials" in orjson.loads(reply.body)[shape]


def test_the_most_usual_shape_elsewhere_counts(make_contract: Any) -> None:
    usual, other = documented(), documented(schema={"type": "string"})
    failures = {f"/{number}": other if number == 1 else usual for number in range(5)}
    paths = {
        path: {"get": {"responses": {"200": {"description": "ok"}, "405": response}}}
        for path, response in failures.items()
    }
    paths["/a"] = {"get": {"responses": {"200": {"description": "ok"}}}}
    reply = FakeServer(make_contract(paths)).handle(Call(method="PUT", target="/a"))
    assert (reply.status, orjson.loads(reply.body)["code"]) == (405, 405)


def test_a_failure_that_is_asked_for_repeats_nothing_of_the_request(app: Any) -> None:
    reply = call(app({"404": documented()}), b'{"n": 7, "message": "mine", "code": 1}', ("Prefer", "code=404"))
    assert orjson.loads(reply.body) == {"code": 404, "message": "what went wrong"}
