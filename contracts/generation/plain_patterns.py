"""Patterns that keep Python's ``re`` busy: Schemathesis and Hypothesis get texts that match in their place."""

import re

from docdouble.fakeserver import Sampler
from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.regular_expressions import repetitions

MOST_UNBOUNDED = 3
"""More quantifiers without an end, one behind the other, take too long on long texts."""

_TEXTS = 12
_LOOKING = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]|\\k<")
_MOST_REPETITIONS = 10_000


def with_plain_patterns(schema: Schema) -> Schema:
    """Return the schema itself, or one of a few texts where its pattern is none for Python."""
    pattern = schema.get("pattern")
    if not isinstance(pattern, str) or not is_backtracking(pattern):
        return schema
    sampler, bare = Sampler(Contract("", "", ())), {word: part for word, part in schema.items() if word != "pattern"}
    drawn = (sampler.sample_if_any({"type": "string", **schema}, key) for key in range(_TEXTS))
    texts = list(dict.fromkeys(text for text in drawn if isinstance(text, str)))
    return {**bare, "enum": texts} if texts else bare


def is_backtracking(pattern: str) -> bool:
    """Tell whether a search may take time without an end: it looks around or back, or repeats what repeats."""
    if _LOOKING.search(pattern) or repetitions(pattern) > _MOST_REPETITIONS:
        return True
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "c", pattern, flags=re.DOTALL)
    without = plain
    while (inner := re.sub(r"\((?:\?:|\?<\w+>)?([^()]*)\)", _flat, without)) != without:
        without = inner
    return "!" in without or len(re.findall(r"[*+~]|\{\d+,\}", without)) > MOST_UNBOUNDED


def _flat(group: re.Match[str]) -> str:
    """Return what stands for a group: ``~`` where it repeats without an end, ``!`` where such a one is repeated."""
    inside, behind = group[1], group.string[group.end() : group.end() + 1]
    repeats = any(mark in inside for mark in "*+~!") or ",}" in inside
    if "!" in inside or (behind and behind in "*+{" and (repeats or "|" in inside)):
        return "!"
    return "~" if repeats else "c"
