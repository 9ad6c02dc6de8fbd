"""Violations are the same, and in the same order, whether jsonschema-rs or jsonschema finds them."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.error_tree import located_errors
from docdouble.schemas.jsonschema.explain_violations import explain_violations

NAMES = ["b", "a", "c", "", "0", "01", "type", "$ref", "a/b", "~"]
LEAVES: list[Schema] = [
    {"type": "string"},
    {"type": ["integer", "null"]},
    {"minimum": 3, "maximum": 1, "multipleOf": 2},
    {"maxLength": 1, "minLength": 3, "pattern": "^x"},
    {"enum": [1, "a"]},
    {"const": None},
    {"not": {"type": "integer"}},
    {"required": ["b", "a", "c"], "minProperties": 3},
    {"additionalProperties": False},
    {"maxItems": 1, "uniqueItems": True},
    {"$ref": "#/$defs/Node"},
    {"dependentRequired": {"a": ["b"]}},
    {"contains": {"type": "null"}},
    {"propertyNames": {"maxLength": 1}},
    {"unevaluatedProperties": False},
    {"format": "date"},
    {"if": {"type": "object"}, "then": {"required": ["c"]}, "else": {"type": "null"}},
]
NODE: Schema = {
    "type": "object",
    "properties": {"c": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}, "b": {"type": "integer"}},
}


def composed(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    schemas = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=4)
    return st.one_of(
        *(st.builds(lambda parts, word=word: {word: parts}, schemas) for word in ("allOf", "anyOf", "oneOf")),
        st.builds(lambda parts, rest: {"properties": parts, "additionalProperties": rest}, named, inner),
        st.builds(lambda parts: {"properties": parts, "additionalProperties": False}, named),
        st.builds(lambda part: {"patternProperties": {"^[ab]": part}}, inner),
        st.builds(lambda parts, rest: {"prefixItems": parts, "items": rest}, schemas, inner),
        st.builds(lambda first, second: {**first, **second}, inner, inner),
    )


SCHEMAS = st.recursive(st.sampled_from(LEAVES), composed, max_leaves=8)
SCALARS = st.sampled_from([None, True, 0, 1, 2, 7, 1.5, "", "x", "abc", "2024-02-30"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
)


def errors(schema: Schema, value: Any) -> list[jsonschema_rs.ValidationError]:
    return list(jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(value))


@settings(max_examples=300, deadline=None)
@given(SCHEMAS, VALUES)
def test_both_explain_the_same(schema: Schema, value: Any) -> None:
    bundled = {**schema, "$defs": {"Node": NODE}}
    causes = errors(bundled, value)
    if causes:
        assert explain_violations(bundled, value, "", None, lambda _: causes) == explain_violations(bundled, value, "")


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"properties": {"b": {"type": "string"}, "a": {"type": "string"}}}, {"a": 1, "b": 1}),
        ({"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}, {"c": {"c": {"b": "x"}}}),
        ({"items": {"required": ["b", "a"]}}, [{}, {"a": 1}, {"b": 1}]),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"a": 1, "z": 1, "b": 2}),
        ({"properties": {"01": {"type": "string"}}}, {"01": 5}),
    ],
)
def test_what_is_usual_is_explained_without_jsonschema(schema: Schema, value: Any) -> None:
    bundled = {**schema, "$defs": {"Node": NODE}}
    causes = errors(bundled, value)
    assert located_errors(bundled, value, causes)
    assert explain_violations(bundled, value, "", None, lambda _: causes) == explain_violations(bundled, value, "")


@pytest.mark.parametrize("value", [{"": 1}, {"01": 1, "1": 1}])
def test_a_path_that_tells_too_little_is_not_guessed(value: Any) -> None:
    schema = {"additionalProperties": {"type": "string"}}
    assert located_errors(schema, value, errors(schema, value)) is None
