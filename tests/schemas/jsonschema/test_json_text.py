"""JSON of integers of any size."""

import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.jsonschema.json_text import exact_json, has_long_integer, json_bytes


@pytest.mark.parametrize("number", [7, 2**63, -(2**63) - 1, 9007199254740993, -18446744073709551600, 10**30])
def test_an_integer_comes_and_goes_unrounded(number: int) -> None:
    value = {"n": [number, 1.5, "é"]}
    assert exact_json(json_bytes(value)) == value


def test_an_indented_text_looks_the_same_with_large_integers() -> None:
    small = json_bytes({"a": [], "b": {"c": [7]}}, orjson.OPT_INDENT_2)
    assert json_bytes({"a": [], "b": {"c": [2**70]}}, orjson.OPT_INDENT_2) == small.replace(b"7", str(2**70).encode())


def test_fragments_stand_beside_large_integers() -> None:
    assert json_bytes([orjson.Fragment(b'{"a":1}'), 2**70]) == b'[{"a":1},%d]' % 2**70


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        json_bytes({"a": object()})


@given(st.text("09.é", min_size=15, max_size=45))
def test_nineteen_digits_in_a_row_are_found(text: str) -> None:
    expected = re.search("[0-9]{19}", text) is not None
    assert [has_long_integer(text), has_long_integer(memoryview(text.encode()))] == [expected] * 2
