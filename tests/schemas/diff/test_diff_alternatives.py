"""Alternatives that were added or removed, where they are named types that one side alone has."""

from typing import Any

import pytest

from docdouble.schemas.contract.model import Contract
from docdouble.schemas.diff import diff
from docdouble.schemas.openapi.reader import from_openapi


def contract(keyword: str, *names: str) -> Contract:
    """An operation whose request and answer are one of the named types, each with a property of its own."""
    content = {"application/json": {"schema": {keyword: [{"$ref": f"#/components/schemas/{name}"} for name in names]}}}
    operation = {
        "operationId": "moor",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/x": {"post": operation}}}
    return from_openapi({**document, "components": {"schemas": {name: _type(name) for name in names}}})


def _type(name: str) -> dict[str, Any]:
    properties = {name.lower(): {"type": "string"}}
    return {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_a_new_alternative_is_safe_in_requests_and_may_surprise_in_responses(keyword: str) -> None:
    changes = diff(contract(keyword, "Ship", "Boat"), contract(keyword, "Ship", "Boat", "Raft"))
    assert [(change.rule, change.judgement.value) for change in changes] == [
        ("request-schema-changed", "safe"),
        ("response-schema-changed", "breaking"),
    ]
    assert changes[1].example == {"raft": "a"}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_an_alternative_that_is_gone_breaks_requests_and_is_safe_in_responses(keyword: str) -> None:
    changes = diff(contract(keyword, "Ship", "Boat", "Raft"), contract(keyword, "Ship", "Boat"))
    assert [(change.rule, change.judgement.value) for change in changes] == [
        ("request-schema-changed", "breaking"),
        ("response-schema-changed", "safe"),
    ]
    assert changes[0].example == {"raft": "a"}


def test_a_property_that_a_condition_knows_no_longer_may_be_sent_in_vain() -> None:
    wide, narrow = (
        {"then": {"properties": {name: {"type": "string"} for name in names}}} for names in (("a", "b"), ("a",))
    )
    changes = [
        (change.rule, change.judgement.value, change.summary)
        for change in diff(one_body({"if": {}, **wide}), one_body({"if": {}, **narrow}))
    ]
    assert changes == [("request-schema-changed", "risky", "no longer has b")]


def one_body(schema: dict[str, Any]) -> Contract:
    """An operation that takes values of a schema."""
    body = {"content": {"application/json": {"schema": {"type": "object", **schema}}}}
    paths = {"/x": {"post": {"operationId": "moor", "requestBody": body, "responses": {"204": {"description": ""}}}}}
    return from_openapi({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths})


def test_all_but_one_alternative_that_are_gone_are_reported_by_name() -> None:
    key = {"kind": {"type": "string"}}
    schemas = {
        name: {"type": "object", "required": ["kind"], "properties": {**key, name: {"type": "integer"}}}
        for name in ("Ship", "Boat")
    }
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in schemas]
    old, new = (_of_components({"oneOf": parts}, schemas) for parts in (refs, refs[:1]))
    changes = [(change.rule, change.judgement.value, change.summary) for change in diff(old, new)]
    assert changes == [("request-alternative-removed", "breaking", "may be Boat no longer")]


def _of_components(schema: dict[str, Any], schemas: dict[str, Any]) -> Contract:
    body = {"content": {"application/json": {"schema": schema}}}
    paths = {"/x": {"post": {"operationId": "moor", "requestBody": body, "responses": {"204": {"description": ""}}}}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    return from_openapi({**document, "components": {"schemas": schemas}})


def test_a_range_of_statuses_that_is_narrowed_breaks_nobody() -> None:
    changes = diff(one_status("2XX"), one_status("200"))
    assert [change.judgement.value for change in changes] == ["safe"]


def one_status(status: str) -> Contract:
    """An operation that answers with a status."""
    paths = {"/x": {"get": {"operationId": "moor", "responses": {status: {"description": ""}}}}}
    return from_openapi({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths})
