"""Spellings of types, and the schemas that they mean."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.pages.type_grammar import DocumentedType, read_documented_type, type_in_prose

STRINGS = {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("written", "schema"),
    [
        ("[**List**](../Models/String.md)", {"type": "array", "items": {"type": "string"}}),
        ("[Map](integer.md)", {"type": "object", "additionalProperties": {"type": "integer"}}),
        ("sail|motor", {"type": "string", "enum": ["sail", "motor"]}),
        ("Globally unique identifier", {"type": "string", "format": "uuid"}),
        ("(one of sail, motor)", {"type": "string", "enum": ["sail", "motor"]}),
        ("enum<string>", {"type": "string"}),
        ("enum", {"type": "string"}),
        ("string", {"type": "string"}),
        ("`String`", {"type": "string"}),
        ("Int64", {"type": "integer", "format": "int64"}),
        ("Boolean", {"type": "boolean"}),
        ("Float", {"type": "number", "format": "float"}),
        ("date-time", {"type": "string", "format": "date-time"}),
        ("string (url)", {"type": "string", "format": "uri"}),
        ("string <uuid>", {"type": "string", "format": "uuid"}),
        ("comma-separated list", {"type": "string"}),
        ("Byte size", {"type": "string"}),
        ("List of [string]", {"type": "array", "items": {"type": "string"}}),
        ("String*", {"type": "string"}),
        ('string ""', {"type": "string"}),
        ("int or duration format string", {"type": ["integer", "string"]}),
        ("Query DSL object", {"type": "object"}),
        ("array of strings", STRINGS),
        ("Array[string]", STRINGS),
        ("array<string>", STRINGS),
        ("[]string", STRINGS),
        ("string[]", STRINGS),
        ("String array", STRINGS),
        ("Collection(String)", STRINGS),
        ("list", {"type": "array"}),
        ("array of boat objects", {"type": "array", "items": {"type": "object"}}),
        ("map<string|string>", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("map[string][]string", {"type": "object", "additionalProperties": STRINGS}),
        ("key-value map", {"type": "object"}),
        ("integer or string", {"type": ["integer", "string"]}),
        ("integer/string", {"type": ["integer", "string"]}),
        ("string **or** array of strings", {"type": ["string", "array"], "items": {"type": "string"}}),
        ("Enum: Slim, Wide", {"type": "string", "enum": ["Slim", "Wide"]}),
        ("`sail` | `motor`", {"type": "string", "enum": ["sail", "motor"]}),
        ("N/A", {}),
    ],
)
def test_a_spelling_means_a_schema(written: str, schema: dict[str, Any]) -> None:
    assert read_documented_type(written, {}) == DocumentedType(schema)


@pytest.mark.parametrize("written", ["?string", "String / `null`", "string or null", "Nullable string"])
def test_a_type_may_be_null(written: str) -> None:
    assert read_documented_type(written, {}) == DocumentedType({"type": "string"}, nullable=True)


@pytest.mark.parametrize("written", ["[boat](boat.md)", "[**boat**][boat]", "boat", "boat resource"])
def test_a_name_is_a_reference(written: str) -> None:
    read = read_documented_type(written, {})
    assert read == DocumentedType({}, named="boat")


@pytest.mark.parametrize("written", ["1", "whole sentences that go on", "???"])
def test_what_is_no_type_states_nothing(written: str) -> None:
    assert read_documented_type(written, {}) is None


def test_a_family_has_spellings_of_its_own() -> None:
    assert read_documented_type("Knots", {"knots": {"type": "number"}}) == DocumentedType({"type": "number"})


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        ("A string value that names the boat.", {"type": "string"}),
        ("Boolean value, moors the boat.", {"type": "boolean"}),
        ("1/True/true or 0/False/false, moored.", {"type": "boolean"}),
        ("An integer value", {"type": "integer"}),
        ("A list of boats", {"type": "array"}),
        ("Number of boats", {}),
        ("String theory is no type", {}),
    ],
)
def test_a_description_may_begin_with_a_type(text: str, schema: dict[str, Any]) -> None:
    assert type_in_prose(text) == schema


@given(st.text(max_size=60))
def test_no_text_is_too_odd_for_a_type(text: str) -> None:
    read_documented_type(text, {})
    type_in_prose(text)


@given(st.integers(0, 4), st.sampled_from(["string", "integer", "boolean"]))
def test_arrays_nest(depth: int, inner: str) -> None:
    read = read_documented_type("array of " * depth + inner, {})
    assert read is not None
    schema = read.schema
    for _ in range(depth):
        assert schema["type"] == "array"
        schema = schema["items"]
    assert schema["type"] == inner
