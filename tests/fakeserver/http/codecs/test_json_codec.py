"""JSON by the letter, and soon."""

import contextlib
import json
import time
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.http.codecs.codec import MAX_DEPTH, BodyError
from docdouble.fakeserver.http.codecs.json_codec import MAX_DIGITS, loads

NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
HUGE = 16 * 2**20


@pytest.mark.slow
@given(VALUES)
def test_what_orjson_writes_is_read_as_orjson_reads_it(value: Any) -> None:
    text = orjson.dumps(value).decode()
    assert loads(text) == orjson.loads(text)


SPACES = st.text(" \n", max_size=2)
KEYS = st.sampled_from(["a", "b", "a:b", ":", "\\\\", '\\"', "\\u003a", "\\u0061"])
ITEMS = st.sampled_from(["1", "-0.5e3", "1e15", '":"', '"12:30:00"', '"\\\\\\":"', '"\\u003a"', "null", "[]", "{}"])


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Draw objects as people and programs write them, keys may be equal."""
    member = st.tuples(SPACES, KEYS, SPACES, values).map(lambda parts: '{}"{}"{}:{}'.format(*parts))
    return st.lists(member, max_size=4).map(lambda members: f"{{{','.join(members)}}}")


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda items: f"[{', '.join(items)}]")


@given(st.recursive(ITEMS, lambda values: objects(values) | arrays(values), max_leaves=8))
def test_equal_keys_are_found_wherever_they_hide(text: str) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise KeyError
        return dict(pairs)

    try:
        expected = json.loads(text, object_pairs_hook=unique)
    except KeyError:
        with pytest.raises(BodyError, match="more than once"):
            loads(text)
    else:
        assert loads(text) == expected


@given(st.integers(0, 100), st.sampled_from(["1.", "-0.", "0.0e-", "1.1e-"]), st.integers(0, 60), st.integers(0, 90))
def test_a_number_that_is_too_long_is_found_wherever_it_stands(
    before: int, start: str, missing: int, after: int
) -> None:
    number = start + "0" * (MAX_DIGITS + 1 - missing - len(start))
    text = f"[{' ' * before}{number},{' ' * after}1]"
    if missing:
        assert loads(text) == [float(number), 1]
    else:
        with pytest.raises(BodyError, match="characters"):
            loads(text)


@given(st.text() | st.text(alphabet='[]{}",:0123456789.eE+-\\u tfn'))
def test_any_other_text_is_refused_and_nothing_else_raised(text: str) -> None:
    with contextlib.suppress(BodyError):
        assert loads(text) == json.loads(text)


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
    assert loads(text) == json.loads(text)


@pytest.mark.parametrize("piece", ["[", '{"a":', '"', "1", "0", " ", "[]", "-", '{"a":1,'])
def test_a_hostile_text_of_16_mb_is_refused_at_once(piece: str) -> None:
    text = piece * (HUGE // len(piece))
    started = time.process_time()
    with pytest.raises(BodyError):
        loads(text)
    assert time.process_time() - started < 20  # seconds; quadratic would be hours


def test_a_string_of_backslashes_is_read_in_one_go() -> None:
    assert len(loads('"' + "\\" * HUGE + '"')) == HUGE // 2
