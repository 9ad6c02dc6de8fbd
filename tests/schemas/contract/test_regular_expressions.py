"""Regular expressions of documents come to an end, whatever they and the texts are."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import extract
from docdouble.schemas.contract.regular_expressions import MOST_REPETITIONS, pattern_test, repetitions


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("^(a+)+$", "a" * 5_000, True),
        ("^(a+)+$", "a" * 5_000 + "!", False),
        ("^((a+)+)+b$", "a" * 5_000, False),
        (r"^(a*)*\1b$", "a" * 5_000, False),
        ("^(?=((a+)+)+$)(b+)+$", "a" * 5_000, False),
        (r"(.*)(.*)(.*)(.*)(.*)(.*)x\1$", "a" * 5_000, False),
        ("^(a?){30}a{30}(?!b)$", "a" * 29, False),
        (r"^(?=.*[a-z])(?=.*\d)(?!.*\s).{8,}$", "x1" * 5_000, True),
    ],
)
def test_matches_end(pattern: str, text: str, matches: bool) -> None:
    assert pattern_test(pattern)(text) is matches


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("", 1),
        ("a", 1),
        ("a{3}", 3),
        ("a{2,}", 2),
        ("(a{3}b){4,7}", 21),
        ("(a){2}(b){3}", 3),
        ("((a{5}))b", 5),
        (r"(?:(?:\b){1000}){1000}", 1_000_000),
        ("[{3}(]{2}", 2),
        (r"[\]{9}]", 1),
        (r"\d{3}\{4}", 3),
        ("{", 1),
        ("a{,5}", 5),
        ("a{b}", 1),
        (")", 1),
        ("[a", 1),
    ],
)
def test_repetitions_are_counted(pattern: str, count: int) -> None:
    assert repetitions(pattern) == count


@pytest.mark.parametrize(
    "pattern", [r"^(?:\b){1000000000}$", r"^(?:(?:(?:\b){1000}){1000}){1000}$", "^(){1000000000}$"]
)
def test_what_repeats_too_much_is_not_checked(pattern: str) -> None:
    with pytest.raises(ValueError, match="repeats a part more than 1,000,000 times"):
        pattern_test(pattern)


atoms = st.sampled_from(["a", ".", r"\b", r"\d", "[ab]", "(?=a)", "(?!b)", r"\1", "^", "$", "(?:)"])
quantified = st.builds(
    lambda part, mark: f"(?:{part}){mark}",
    atoms,
    st.sampled_from(["*", "+", "?", "{9}", "{1000}", "{2,}", "{1000000}"]),
)
patterns = st.recursive(
    st.one_of(atoms, quantified),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "{30}", "{1000}"])).map(lambda pair: f"({pair[0]}){pair[1]}"),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(patterns, st.sampled_from(["", "a" * 40, "ab" * 300 + "!", "0" * 2_000]))
def test_any_pattern_is_refused_or_gives_a_verdict(pattern: str, text: str) -> None:
    try:
        is_match = pattern_test(pattern)
    except ValueError:
        assert repetitions(pattern) >= 9 or "\\1" in pattern or "(?" in pattern
        return
    assert repetitions(pattern) <= MOST_REPETITIONS
    assert is_match(text) in (True, False)


def test_a_pattern_that_repeats_too_much_is_named(tmp_path: Path) -> None:
    page = tmp_path / "api.yaml"
    page.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
        "    Boat: {type: string, pattern: '^(?:\\b){1000000000}$'}\n"
    )
    extraction = extract(str(page))
    assert "pattern" not in extraction.contract.schemas["Boat"]
    assert "repeats a part more than 1,000,000 times" in "".join(map(str, extraction.contradictions))
