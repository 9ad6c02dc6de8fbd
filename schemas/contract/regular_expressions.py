"""Regular expressions of documents (ECMA-262), by an engine that comes to an end.

They run on the engine of jsonschema-rs: what has neither look-around nor back-references takes time in proportion to
the text, and the rest ends after ``MOST_STEPS`` steps of backtracking, as no match. Python's ``re`` could do neither.
"""

from collections.abc import Callable
from functools import lru_cache

import jsonschema_rs

MOST_STEPS = 100_000
"""Steps of backtracking, after which a text doesn't match; each match takes a few hundredths of a second at most."""

MOST_REPETITIONS = 1_000_000
"""So often, all nested quantifiers together, may a part of an expression be repeated."""

_KEPT = 4096

PATTERN_OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=MOST_STEPS)
"""The engine of every validator whose schema comes from a document."""


@lru_cache(_KEPT)
def pattern_test(pattern: str) -> Callable[[str], bool]:
    """Return the test that a text matches a pattern; raises ``ValueError`` for one that can't be checked."""
    if repetitions(pattern) > MOST_REPETITIONS:
        raise ValueError(f"it repeats a part more than {MOST_REPETITIONS:,} times")
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=PATTERN_OPTIONS).is_valid


def repetitions(pattern: str) -> int:
    """Return how often the part that the quantifiers of a pattern repeat the most has to be there, and may be."""
    waiting, most, last, at = [1], 1, 1, 0
    while at < len(pattern):
        character, at = pattern[at], at + 1
        if character == "\\":
            at, last = at + 1, 1
        elif character == "[":
            at, last = _class_end(pattern, at), 1
        elif character == "(":
            waiting.append(1)
        elif character == ")" and len(waiting) > 1:
            last = waiting.pop()
            waiting[-1] = max(waiting[-1], last)
        elif character == "{" and (count := _count(pattern, at)):
            last *= count
            waiting[-1] = max(waiting[-1], last)
        elif character not in "?}":
            last = 1
        most = max(most, last)
    return most


def _class_end(pattern: str, at: int) -> int:
    """Return the place behind a class of characters that begins before a place."""
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _count(pattern: str, at: int) -> int:
    """Return the greater bound of a quantifier in braces, 0 where it is none."""
    bounds = pattern[at : pattern.find("}", at)].split(",")
    return max((int(bound) for bound in bounds if bound), default=0) if all(map(_is_count, bounds)) else 0


def _is_count(bound: str) -> bool:
    return not bound or (bound.isascii() and bound.isdecimal() and len(bound) < 20)
