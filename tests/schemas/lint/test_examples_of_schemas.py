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
    return [found.message for found in lint(extract(str(tmp_path / "a.json"))) if found.rule == "schema-example"]


@pytest.mark.parametrize(
    ("boat", "place"),
    [
        ({"type": "object", "properties": {"id": {"type": "integer", "example": "x"}}}, "/Boat/properties/id"),
        ({"type": "object", "properties": {"id": {"type": "string", "default": 5}}}, "/Boat/properties/id"),
        ({"type": "object", "required": ["id"], "example": {"name": "x"}}, "/Boat"),
        ({"type": "array", "items": {"type": "string", "maxLength": 2, "example": "long"}}, "/Boat/items"),
        ({"allOf": [{"type": "string", "enum": ["a"], "example": "b"}]}, "/Boat/allOf/0"),
    ],
)
def test_an_example_that_breaks_its_schema_is_named_once(tmp_path: Path, boat: dict[str, Any], place: str) -> None:
    (message,) = messages(tmp_path, boat)
    assert message.startswith(f"{place}: the example or default")


@pytest.mark.parametrize(
    "boat",
    [
        {"type": "integer", "example": 5, "default": None},
        {"type": "string", "example": "x", "nullable": True},
        {"type": "object", "properties": {"example": {"type": "integer"}, "default": {"type": "string"}}},
    ],
)
def test_what_fits_is_not_named(tmp_path: Path, boat: dict[str, Any]) -> None:
    assert messages(tmp_path, boat) == []
