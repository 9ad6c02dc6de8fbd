"""Validity of calls, decided as the fake decides it."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call
from docdouble.schemas.openapi.reader import from_openapi

NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
TAGS = {"type": "array", "items": {"type": "string"}}
BODY = {
    "content": {"application/json": {"schema": {"type": "object", "required": ["title"], "properties": {"tags": TAGS}}}}
}
PATHS = {"/books/{number}": {"parameters": [NUMBER], "put": {"requestBody": BODY, "responses": {"204": {}}}}}
CONTRACT = from_openapi({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": PATHS}, "books.json")
JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("call", "purpose"),
    [
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/books/7"), Purpose.VALID),
        (Call(JSON, b"{}", "PUT", "/books/7"), Purpose.HOSTILE),
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/books/seven"), Purpose.HOSTILE),
        (Call((("Content-Type", "text/csv"),), b"title", "PUT", "/books/7"), Purpose.HOSTILE),
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/shelves/7"), None),
        (Call(JSON, b'{"title": "Emma"}', "POST", "/books/7"), None),
    ],
)
def test_the_purpose_of_a_call(call: Call, purpose: Purpose | None) -> None:
    assert Purposes(CONTRACT).of(CONTRACT.operations[0], call) == purpose


@pytest.mark.parametrize(
    ("call", "place", "rule"),
    [
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/books/7"), "", ""),
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/books/seven"), "path/number", "type"),
        (Call(JSON, b"{}", "PUT", "/books/7"), "body/title", "required"),
        (Call(JSON, b'{"title": "Emma", "tags": ["a", 5]}', "PUT", "/books/7"), "body/tags/*", "type"),
        (Call(JSON, b"[]", "PUT", "/books/7"), "body", "type"),
        (Call(JSON, b'{"title": "Emma"}', "PUT", "/shelves/7"), "", ""),
    ],
)
def test_the_first_place_that_breaks_the_documentation(call: Call, place: str, rule: str) -> None:
    assert Purposes(CONTRACT).first_broken(CONTRACT.operations[0], call) == (place, rule)


SLOT = {
    "type": "object",
    "properties": {
        "n": {"type": "integer"},
        "maybe": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "name": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "shown": {"type": "string", "format": "date-time", "example": "2024-01-01T00:00:00"},
    },
}
AFTER = {"name": "after", "in": "query", "schema": {"type": "string", "format": "date-time"}}
POST = {
    "parameters": [AFTER],
    "requestBody": {"content": {"application/json": {"schema": SLOT}}},
    "responses": {"201": {}},
}
SLOTS = from_openapi(
    {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/s": {"post": POST}}}, "s.json"
)


@pytest.mark.parametrize(
    ("body", "query", "purpose"),
    [
        ({"n": "5", "maybe": True, "name": 12}, "", Purpose.CONVERTIBLE),
        ({"n": "5", "name": []}, "", Purpose.HOSTILE),
        ({"n": 1.5}, "", Purpose.HOSTILE),
        ({"at": "2024-05-01T12:00:00Z"}, "after=2024-05-01T12:00:00Z", Purpose.VALID),
        ({"at": "2024-05-01T12:00:00"}, "", Purpose.CONVERTIBLE),
        ({}, "after=2024-05-01T12:00:00", Purpose.CONVERTIBLE),
        ({"at": "never"}, "", Purpose.HOSTILE),
        ({"shown": "2024-01-01T00:00:00"}, "", Purpose.VALID),
        ({"shown": "2024-01-02T00:00:00"}, "", Purpose.CONVERTIBLE),
    ],
)
def test_what_frameworks_convert_is_neither_valid_nor_plainly_wrong(body: Any, query: str, purpose: Purpose) -> None:
    call = Call(JSON, json.dumps(body).encode(), "POST", f"/s?{query}")
    assert Purposes(SLOTS, are_strict=True).of(SLOTS.operations[0], call) is purpose
    if purpose is not Purpose.HOSTILE and "n" not in body:
        assert Purposes(SLOTS).of(SLOTS.operations[0], call) is Purpose.VALID


def test_what_a_call_breaks_is_reported_by_place_and_rule() -> None:
    purposes, (operation,) = Purposes(CONTRACT), CONTRACT.operations
    assert purposes.broken(operation, Call(JSON, b'{"title": "Emma"}', "PUT", "/books/7")) == frozenset()
    assert purposes.broken(operation, Call(JSON, b"{}", "PUT", "/shelves/7")) == frozenset()
    wrong_path = purposes.broken(operation, Call(JSON, b'{"title": "Emma"}', "PUT", "/books/seven"))
    wrong_body = purposes.broken(operation, Call(JSON, b"{}", "PUT", "/books/7"))
    assert not wrong_path <= wrong_body
    assert not wrong_body <= wrong_path
