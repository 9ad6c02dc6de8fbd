"""Text from servers, made safe to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.model.text import cut, one_line, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("a\u202eb", "a\\u202eb"),
        ("\ud800\ufffe", "\\ud800\\ufffe"),
        ("né\n\tß 日本 😀", "né\n\tß 日本 😀"),
        ("\r", "\\x0d"),
    ],
)
def test_what_could_change_the_rest_is_escaped(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_one_line_has_no_breaks() -> None:
    assert one_line("a\nb\tc\u2028d\x85e") == "a\\nb\\tc\\u2028d\\x85e"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line.encode().decode() == line
    assert plain(line) == line


def test_what_is_cut_tells_so() -> None:
    assert (cut("abcdef", 6), cut("abcdefg", 6)) == ("abcdef", "abc...")
