"""JSON by the letter, and soon."""

import contextlib
import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.codecs.codec import MAX_DEPTH, BodyError
from docdouble.fakeserver.codecs.json import MAX_DIGITS, loads

NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
HUGE = 16 * 2**20


@given(VALUES)
def test_what_orjson_writes_is_read_as_orjson_reads_it(value: Any) -> None:
    text = orjson.dumps(value).decode()
    assert loads(text) == orjson.loads(text)


@given(st.text() | st.text(alphabet='[]{}",:0123456789.eE+-\\u tfn'))
def test_any_other_text_is_refused_and_nothing_else_raised(text: str) -> None:
    with contextlib.suppress(BodyError):
        assert loads(text) == orjson.loads(text)


@pytest.mark.parametrize(
    ("text", "rule", "message"),
    [
        ("", "syntax", "empty"),
        ("{\n'a'}", "syntax", "line 2 column 1"),
        ("NaN", "syntax", "line 1 column 1"),
        ("[-Infinity]", "syntax", ""),
        ("1e999", "number", "infinity"),
        ("1" * 1_000_000, "number", "infinity"),
        ("0." + "1" * (MAX_DIGITS - 1), "number", f"1… has more than {MAX_DIGITS} characters"),
        ("1e-" + "0" * MAX_DIGITS, "number", "more than"),
        (r'"\ud800"', "syntax", "surrogate"),
        ('"\ud800"', "syntax", "surrogate"),
        ('{"a": 1, "b": 2, "a": 3}', "unique", 'the key "a" is given more than once in one object'),
        (r'[{"x": {"\u0061\n": 1, "a\u000a": 2}}]', "unique", r'"a\n"'),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "depth", f"deeper than {MAX_DEPTH} levels"),
        ('{"a":' * MAX_DEPTH + "[]" + "}" * MAX_DEPTH, "depth", "deeper"),
        ("[" * 100_000, "depth", "deeper"),
    ],
)
def test_refusals_say_what_and_where(text: str, rule: str, message: str) -> None:
    with pytest.raises(BodyError) as raised:
        loads(text)
    assert raised.value.rule == rule
    assert message in str(raised.value)
    assert len(str(raised.value)) < 150
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "[" * MAX_DEPTH + "]" * MAX_DEPTH,
        "[" + "[]," * 1000 + "{}]",
        "0." + "1" * (MAX_DIGITS - 2),
        '[{"a": 1}, {"a": 2, "A": 3}]',
        f'"{"1" * 5000}"',
    ],
)
def test_what_comes_near_a_limit_is_read(text: str) -> None:
    assert loads(text) == orjson.loads(text)


@pytest.mark.parametrize("piece", ["[", '{"a":', '"', "1", "0", " ", "[]", "-", '{"a":1,'])
def test_a_hostile_text_of_16_mb_is_refused_at_once(piece: str) -> None:
    text = piece * (HUGE // len(piece))
    started = time.perf_counter()
    with pytest.raises(BodyError):
        loads(text)
    assert time.perf_counter() - started < 5


def test_a_string_of_backslashes_is_read_in_one_go() -> None:
    assert len(loads('"' + "\\" * HUGE + '"')) == HUGE // 2
