"""Examples and defaults that break the schema that they stand in are named, with their place."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import extract
from docdouble.schemas.lint import lint


def messages(tmp_path: Path, boat: dict[str, Any]) -> list[str]:
    body = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}}}}
    operation = {"responses": {"200": {"description": "", "content": body}}}
    document = {
        "openapi": "3.0.3",
        "info": {"title": "a", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": {"Boat": boat}},
    }
    (tmp_path / "a.json").write_text(json.dumps(document), "utf-8")
    return [
        contradiction.message
        for contradiction in lint(extract(str(tmp_path / "a.json")))
        if contradiction.rule == "schema-example"
    ]


ID = {"type": "integer"}


@pytest.mark.parametrize(
    ("boat", "expected"),
    [
        (
            {"type": "object", "properties": {"id": {**ID, "example": "x"}}},
            '/Boat/properties/id: the example "x" isn\'t used: expected integer',
        ),
        (
            {"type": "object", "properties": {"id": {"type": "string", "default": 5}}},
            "/Boat/properties/id: the default 5 isn't used: expected string",
        ),
        (
            {"type": "object", "required": ["id", "name"], "example": {"name": "x"}},
            '/Boat: the example {"name":"x"} isn\'t used: it lacks id',
        ),
        (
            {"type": "object", "properties": {"id": ID}, "example": {"id": "x"}},
            '/Boat: the example {"id":"x"} isn\'t used: at /id, expected integer, got "x"',
        ),
        (
            {"type": "object", "additionalProperties": False, "example": {"id": 1}},
            '/Boat: the example {"id":1} isn\'t used: expected no properties, got also ["id"]',
        ),
        (
            {"type": "array", "items": {"type": "string", "maxLength": 2, "example": "long"}},
            '/Boat/items: the example "long" isn\'t used: expected maxLength 2',
        ),
        (
            {"allOf": [{"type": "string", "enum": ["a"], "example": "b"}]},
            '/Boat/allOf/0: the example "b" isn\'t used: expected one of ["a"]',
        ),
    ],
)
def test_an_example_that_breaks_its_schema_is_named_once(tmp_path: Path, boat: dict[str, Any], expected: str) -> None:
    assert messages(tmp_path, boat) == [expected]


@pytest.mark.parametrize(
    "boat",
    [
        {"type": "integer", "example": 5, "default": None},
        {"type": "string", "example": "x", "nullable": True},
        {"oneOf": [{"type": "string"}, {"type": "integer"}], "example": None, "nullable": True},
        {"type": "object", "properties": {"example": {"type": "integer"}, "default": {"type": "string"}}},
    ],
)
def test_what_fits_is_not_named(tmp_path: Path, boat: dict[str, Any]) -> None:
    assert messages(tmp_path, boat) == []
