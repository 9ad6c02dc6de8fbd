"""Types of schemas in words."""

from typing import Any

import pytest

from docdouble.schemas.contract.model import reference
from docdouble.schemas.contract.types_in_words import type_in_words


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({}, "anything"),
        ({"type": "null"}, "null"),
        ({"type": "integer", "format": "int32"}, "integer (int32)"),
        ({"type": ["integer", "null"], "format": "int32"}, "integer (int32) or null"),
        ({"type": ["integer", "string"]}, "integer or string"),
        ({"type": "array"}, "array"),
        ({"type": "array", "items": {}}, "array of anything"),
        ({"type": "array", "items": reference("Book")}, "array of Book"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "array of string or null"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "dictionary of string"),
        ({"type": "object", "additionalProperties": False}, "object"),
        (reference("Book"), "Book"),
        ({"anyOf": [reference("Book"), {"type": "null"}]}, "Book or null"),
    ],
)
def test_types_are_named_in_words(schema: dict[str, Any], name: str) -> None:
    assert type_in_words(schema) == name
