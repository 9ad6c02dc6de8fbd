"""Requests that break the documentation: refused, answered with a warning, or answered without a word."""

import json
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.requests.valid_parts import valid_part
from docdouble.fakeserver.settings import Settings
from docdouble.schemas import Call, Contract, Reply, Validator
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.resources.infer_roles import with_resources

TEXT, INTEGER = {"type": "string"}, {"type": "integer"}
ENTITY = {
    "type": "object",
    "required": ["id", "size"],
    "properties": {
        "id": INTEGER,
        "name": {"type": "string", "maxLength": 20},
        "size": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": TEXT},
    },
}


def body(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


@pytest.fixture(scope="module")
def contract(make_contract: Any) -> Contract:
    reference = {"$ref": "#/components/schemas/Thing"}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}
    paths = {
        "/things": {
            "get": {
                "parameters": [limit],
                "responses": {"200": {"description": "all", "content": body({"type": "array", "items": reference})}},
            },
            "post": {
                "requestBody": {"required": True, "content": body(reference)},
                "responses": {"201": {"description": "made", "content": body(reference)}},
            },
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": INTEGER}],
            "get": {"responses": {"200": {"description": "one", "content": body(reference)}}},
        },
    }
    made: Contract = make_contract(paths, schemas={"Thing": ENTITY})
    return with_resources(made, dialect_of(made).verbs)


def post(fake: FakeServer, value: Any, content_type: str = "application/json") -> Reply:
    sent = value if isinstance(value, bytes) else orjson.dumps(value)
    return fake.handle(Call((("Content-Type", content_type),), sent, "POST", "/things"))


INVALID = {"name": "x" * 30, "size": "large", "tags": ["a", 1, "b"]}


def test_on_refuses(contract: Contract) -> None:
    assert post(FakeServer(contract, Settings(validate="on")), INVALID).status == 400


@pytest.mark.parametrize("validate", ["warn", "off"])
def test_what_is_valid_is_kept_and_nothing_else(contract: Contract, validate: Any) -> None:
    fake = FakeServer(contract, Settings(validate=validate))
    made = post(fake, INVALID)
    assert made.status == 201
    shown = orjson.loads(made.body)
    assert shown["tags"] == ["a", "b"]
    read = fake.handle(Call(target=f"/things/{shown['id']}"))
    assert orjson.loads(read.body) == shown
    assert Validator(ENTITY, contract).is_valid(shown)


def test_warn_says_what_broke_and_off_does_not(contract: Contract) -> None:
    header = post(FakeServer(contract, Settings(validate="warn")), INVALID).header("Docdouble-Violations")
    assert {violation["pointer"] for violation in json.loads(header or "")} == {"", "/name", "/size", "/tags/1"}
    assert post(FakeServer(contract, Settings(validate="off")), INVALID).header("Docdouble-Violations") is None


@pytest.mark.parametrize(
    ("sent", "content_type"),
    [(b"{", "application/json"), (b"", "application/json"), (b"[1]", "application/json"), (b"<a/>", "text/xml")],
)
def test_what_can_not_be_read_is_taken_as_nothing(contract: Contract, sent: bytes, content_type: str) -> None:
    made = post(FakeServer(contract, Settings(validate="warn")), sent, content_type)
    assert made.status == 201
    assert Validator(ENTITY, contract).is_valid(orjson.loads(made.body))
    assert len(json.loads(made.header("Docdouble-Violations") or "[]")) == 1


def test_a_parameter_that_breaks_the_documentation_is_taken_as_not_sent(contract: Contract) -> None:
    fake = FakeServer(contract, Settings(validate="warn"))
    for query in ("limit=0", "limit=many"):
        listed = fake.handle(Call(target=f"/things?{query}"))
        assert listed.status == 200
        assert "limit" in (listed.header("Docdouble-Violations") or "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "a", "size": 1, "id": 1}, {"name": "a", "size": 1, "id": 1}),
        ({"name": 1}, {}),
        ({"tags": [1, 2, "c", 3]}, {"tags": ["c"]}),
        ([], None),
        ("text", None),
    ],
)
def test_valid_part(value: Any, expected: Any) -> None:
    assert valid_part(value, Validator(ENTITY, Contract("things", "1", ()))) == expected


def test_a_part_that_only_one_alternative_forbids_is_taken_out_with_the_rest() -> None:
    schema = {"oneOf": [{"required": ["a"], "properties": {"a": TEXT}}, {"required": ["b"], "properties": {"b": TEXT}}]}
    assert valid_part({"a": "x", "b": "y"}, Validator(schema, Contract("things", "1", ()))) is None
