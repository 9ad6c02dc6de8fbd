"""Validity of calls, decided as the fake decides it."""

import pytest

from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call
from docdouble.schemas.openapi.reader import from_openapi

NUMBER = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}
BODY = {"content": {"application/json": {"schema": {"type": "object", "required": ["title"]}}}}
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
