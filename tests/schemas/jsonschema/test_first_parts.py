"""What the first parts of a value break, the whole breaks, too."""

from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.first_parts import first_parts

from .test_error_tree import NODE, SCHEMAS, VALUES


def test_parts_are_counted_in_the_order_of_the_value() -> None:
    value = {"a": [1, 2, 3], "b": {"c": 1}}
    assert first_parts(value, 6) == (value, None)
    assert first_parts(value, 5) == ({"a": [1, 2, 3], "b": {}}, ("b",))
    assert first_parts(value, 3) == ({"a": [1, 2]}, ("a",))
    assert first_parts("text", 0) == ("text", None)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS, VALUES, st.integers(0, 6))
def test_an_error_that_is_shown_is_one_of_the_whole(schema: Schema, value: Any, most: int) -> None:
    validator = jsonschema.Draft202012Validator({**schema, "$defs": {"Node": NODE}})
    whole = {(tuple(error.absolute_path), error.validator) for error in validator.iter_errors(value)}
    judged = first_parts(value, most)
    for error in filter(judged.shows, validator.iter_errors(judged.value)):
        assert (tuple(error.absolute_path), error.validator) in whole


def test_a_condition_that_only_the_first_parts_meet_shows_nothing() -> None:
    schema = {"if": {"maxItems": 2}, "then": {"items": {"type": "string"}}}
    judged = first_parts([1, 2, 3], 2)
    assert not any(map(judged.shows, jsonschema.Draft202012Validator(schema).iter_errors(judged.value)))
