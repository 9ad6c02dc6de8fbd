"""No pattern reaches Python's ``re`` that may keep it busy without an end."""

import re

import pytest

from docdouble.contracts.generation.plain_patterns import is_backtracking, with_plain_patterns
from docdouble.schemas.contract.regular_expressions import pattern_test

RISKY = [
    "^(a+)+$",
    "^((a+)+)+b$",
    "^(a|aa)*$",
    "^(?:a{2,}b?)+$",
    r"^(?=.*[a-z])(?=.*\d).{8,}$",
    r"^(a*)*\1b$",
    "^(?=((a+)+)+$)a+$",
    "^(.*)(.*)(.*)(.*)x$",
    r"^([a-z0-9])(([\-.]|[_]+)?([a-z0-9]+))*@[a-z0-9]+[.][a-z]{2,3}$",
]


@pytest.mark.parametrize("pattern", RISKY)
def test_risky_patterns_become_texts_that_match(pattern: str) -> None:
    assert is_backtracking(pattern)
    plain = with_plain_patterns({"type": "string", "pattern": pattern, "maxLength": 40})
    assert "pattern" not in plain
    assert plain["maxLength"] == 40
    assert all(pattern_test(pattern)(text) for text in plain.get("enum", ()))


def test_texts_are_found_for_most() -> None:
    assert sum("enum" in with_plain_patterns({"pattern": pattern}) for pattern in RISKY) >= len(RISKY) - 2


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        r"^\d{4}-\d\d-\d\d$",
        "^(ab|cd)e?$",
        "^[(+*]+$",
        r"^\(\+\)+$",
        "^(x-[a-z]+)$",
        "a{3,}b*",
    ],
)
def test_others_stay(pattern: str) -> None:
    schema = {"type": "string", "pattern": pattern}
    assert with_plain_patterns(schema) is schema
    re.compile(pattern)
