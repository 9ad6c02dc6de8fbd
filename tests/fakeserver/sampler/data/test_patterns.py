"""Texts made of regular expressions match them."""

import re

import pytest

from docdouble.fakeserver.sampler.data.patterns import MORE, UnsupportedPatternError, matching_text

NUMBERS = range(40)


def texts(pattern: str, least: int = 0) -> set[str]:
    return {matching_text(pattern, number, least) for number in NUMBERS}


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "shelf",
            "^shelf$",
            "",
            "a|b|",
            "a?b*c+",
            "a??b*?c+?",
            "a{3}",
            "a{2,}",
            "a{2,4}",
            "a{0}",
            "(ab){2}",
            "(?:a|b)c",
        ),
        *("[abc]", "[a-c]", "[^a-z]", "[a-c-]", "[-a]", "[\\]a]", "[\\d_]", "[^\\d]", "[a\\-c]", "[.]", "[A-Z][a-z]*"),
        *(
            "\\d",
            "\\D",
            "\\w",
            "\\W",
            "\\s",
            "\\S",
            "\\.",
            "\\^\\$",
            "\\t\\n\\r\\f\\v\\0",
            "\\x41",
            "\\u0042",
            "\\/",
            ".",
        ),
        *(
            "\\ba\\b",
            "a{",
            "a{x}",
            "{",
            "}",
            "]",
            "(a(b(c)?)+)*",
            "([ab])(c)\\1\\2",
            "^(97[89])?\\d{9}(\\d|X)$",
        ),
    ],
)
def test_every_text_matches(pattern: str) -> None:
    for text in texts(pattern):
        assert re.fullmatch(pattern, text, re.ASCII), text


@pytest.mark.parametrize("pattern", ["a{,3}", "a{", "a{x}", "a{1", "{2}"])
def test_a_brace_that_counts_nothing_is_a_brace(pattern: str) -> None:
    assert texts(pattern) == {pattern}


def test_all_branches_and_members_are_drawn() -> None:
    assert texts("a|bc|") == {"a", "bc", ""}
    assert texts("[a-c]") == {"a", "b", "c"}
    assert texts("[a-c]{0,1}") == {"", "a", "b", "c"}
    assert texts("a*") == {"a" * count for count in range(MORE + 1)}
    assert texts("a{2,}") == {"a" * count for count in range(2, MORE + 3)}


def test_repetitions_reach_the_least_length() -> None:
    assert {len(text) for text in texts("^[a-z]*$", 20)} == {20}
    assert min(len(text) for text in texts("^[A-Z]{2}-[a-z]*$", 20)) >= 20
    assert {len(text) for text in texts("^[a-z]{0,5}$", 20)} == {5}


def test_named_groups_are_groups_and_looking_around_adds_nothing() -> None:
    assert texts("(?<shelf>a)b(?=c)(?!d)(?<=e)(?<!f)") == {"ab"}


def test_a_number_always_stands_for_the_same_text() -> None:
    assert [matching_text("[a-z]{8}", number) for number in NUMBERS] == [
        matching_text("[a-z]{8}", number) for number in NUMBERS
    ]


def test_a_pattern_can_not_ask_for_a_book() -> None:
    assert len(matching_text("((a{900}){900}){900}", 1)) < 20_000


@pytest.mark.parametrize("pattern", ["(a", "a)", "[a", "\\", "\\u12", "\\p{L", "\\k<a>", "(?P<a>b)", "(?i)a", "(?<a"])
def test_what_can_not_be_read_is_reported(pattern: str) -> None:
    with pytest.raises(UnsupportedPatternError):
        matching_text(pattern, 1)
