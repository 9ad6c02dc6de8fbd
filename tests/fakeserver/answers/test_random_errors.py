"""Whatever shape a document gives its errors, a refusal has that shape, and its header names what broke."""

import json
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.sampler import Sampler
from docdouble.schemas import Call, Contract, Validator
from docdouble.schemas.openapi.reader import from_openapi

Schema = dict[str, Any]

NAMES = (
    *("message", "detail", "details", "description", "error", "error_description", "title", "reason", "issue"),
    *("status", "statusCode", "code", "errorCode", "type", "name", "kind", "apiVersion", "success", "@type"),
    *("errors", "violations", "issues", "field", "param", "pointer", "loc", "location", "in", "source", "header"),
    *("path", "method", "instance", "resource", "data", "value", "index", "cause", "request_id", "x"),
)
WORDS = ["NOT_FOUND", "invalid_request", "Unauthorized", "badRequest", "fatal", "400", ""]

short = st.tuples(st.integers(0, 3), st.integers(3, 30)).map(
    lambda lengths: {"type": "string", "minLength": lengths[0], "maxLength": lengths[1]}
)
formed = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "format": st.sampled_from(["uri", "date-time", "uuid"]),
        "description": st.sampled_from(['One of "Success" or "Failure".', "why"]),
        "default": st.sampled_from(WORDS),
    },
)
listed = st.lists(st.sampled_from(WORDS), min_size=1, unique=True).map(lambda words: {"enum": words})
numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])}, optional={"minimum": st.integers(0, 500)}
)
others = st.sampled_from([{"type": "boolean"}, {"type": ["string", "null"]}, {"const": 404}, {}, {"type": "object"}])
scalars = st.one_of(short, formed, listed, numbers, others)


def composed(schemas: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    properties = st.dictionaries(st.sampled_from(NAMES), schemas, min_size=1, max_size=6)
    objects = st.tuples(properties, st.booleans(), st.booleans()).map(
        lambda drawn: {
            "type": "object",
            "properties": drawn[0],
            **({"required": sorted(drawn[0])} if drawn[1] else {}),
            **({"additionalProperties": False} if drawn[2] else {}),
        }
    )
    arrays = st.tuples(schemas, st.integers(0, 2), st.integers(2, 4)).map(
        lambda drawn: {"type": "array", "items": drawn[0], "minItems": drawn[1], "maxItems": drawn[2]}
    )
    maps = schemas.map(lambda values: {"type": "object", "additionalProperties": values})
    alternatives = st.lists(objects, min_size=2, max_size=3).map(lambda several: {"anyOf": several})
    return st.one_of(objects, objects, arrays, maps, alternatives)


errors = composed(st.recursive(scalars, composed, max_leaves=12))


def documented(schema: Schema, *examples: Any) -> Contract:
    content = {"schema": schema, **({"example": examples[0]} if examples else {})}
    failure = {"description": "what went wrong", "content": {"application/json": content}}
    taken = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    post = {
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": taken}}},
        "responses": {"204": {"description": "done"}, "422": failure, "4XX": failure},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Errors", "version": "1"},
        "paths": {"/a": {"post": post}},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }
    return from_openapi(document, "errors.json")


@settings(max_examples=50, deadline=None)
@given(errors, st.booleans(), st.integers(0, 9))
def test_a_refusal_is_valid_and_names_what_broke(schema: Schema, has_example: bool, key: int) -> None:
    alone = Contract("Errors", "1", ())
    contract = documented(schema, *([Sampler(alone).sample(schema, key)] if has_example else ()))
    fake, validator = FakeServer(contract), Validator(schema, alone)
    for status, body, credentials, place in (
        (422, b'{"n": "x"}', "Bearer any", "/n"),
        (401, b'{"n": 1}', "", "credentials"),
        (405, b"", "", "PUT"),
    ):
        fields = (("Content-Type", "application/json"), ("Authorization", credentials))
        reply = fake.handle(Call(fields, body, "PUT" if status == 405 else "POST", "/a"))
        assert (reply.status, reply.media_type) == (status, "application/json")
        assert validator.is_valid(orjson.loads(reply.body))
        assert place in reply.header("Docdouble-Violations")
        assert isinstance(json.loads(reply.header("Docdouble-Violations") or ""), list)
