"""Page of the contradictions of the documentation, each with its lines."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import DocdoubleError, Evidence
from docdouble.schemas.contract.evidence import Grade
from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.lint.lint_rules import RULES

from .served import Served

MOST_SHOWN = 2_000
"""Contradictions that the page shows; ``docdouble lint`` prints all."""

_PLACE = re.compile(r"([^\s:()\"']{1,300}):([0-9]{1,7})\b")
"""A page and a line, as messages name them."""


@dataclass(frozen=True, slots=True)
class ShownContradiction:
    """A contradiction with its level, and the lines that it is found in: each with its place and its text."""

    contradiction: Contradiction
    level: str
    lines: tuple[tuple[str, str], ...]


def contradictions_by_page(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the contradictions by page, those of errors first, and how many there are of each level."""
    documentation = served.documentation
    if documentation is None:
        return _page(problem="The documentation isn't at hand: docdouble lint finds what it contradicts itself in.")
    try:
        contradictions = documentation.contradictions(served.contract)
    except (DocdoubleError, OSError) as error:
        return _page(problem=f"The documentation can't be read any more: {error}")
    if contradictions is None:
        return _page(is_waiting=True)
    quote = documentation.quotes()
    pages: dict[str, list[ShownContradiction]] = {}
    for contradiction in contradictions[:MOST_SHOWN]:
        shown = ShownContradiction(contradiction, RULES[contradiction.rule].level, tuple(_lines(contradiction, quote)))
        pages.setdefault(contradiction.page, []).append(shown)
    return _page(
        pages, Counter(RULES[contradiction.rule].level for contradiction in contradictions), len(contradictions)
    )


def _lines(contradiction: Contradiction, quote: Callable[[Evidence], str]) -> Iterator[tuple[str, str]]:
    """Yield the line of a contradiction, and those that its message names."""
    own = Evidence(Grade.STATED, contradiction.page, contradiction.line)
    named = [Evidence(Grade.STATED, page, int(line)) for page, line in _PLACE.findall(contradiction.message)]
    for place in dict.fromkeys((own, *named)):
        if text := quote(place):
            yield str(place), text


def _page(
    pages: Mapping[str, list[ShownContradiction]] | None = None,
    levels: Mapping[str, int] | None = None,
    count: int = 0,
    problem: str = "",
    *,
    is_waiting: bool = False,
) -> Mapping[str, Any]:
    shown = {level: (levels or {}).get(level, 0) for level in ("error", "warning", "note")}
    finds = {name: rule.finds for name, rule in RULES.items()}
    return {
        "pages": pages or {},
        "levels": shown,
        "count": count,
        "problem": problem,
        "is_waiting": is_waiting,
        "most": MOST_SHOWN,
        "finds": finds,
    }
