"""Rules for number properties by name: the bounds within which values are believable, and how fine they are."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Figure:
    """Numbers from ``low`` to ``high`` in steps of ``step``; ``rarely`` is how many in a hundred are not ``low``.

    ``why`` says what tells so, where it isn't the name.
    """

    low: float
    high: float
    step: str = "1"
    rarely: int = 100
    why: str = ""


_FIGURES = tuple(
    (rf"(?:{pattern})s?(?: \d+)?", figure)
    for pattern, figure in (
        (r"latitude", Figure(-56, 70, "0.0001")),
        (r"longitude", Figure(-180, 180, "0.0001")),
        (r"deleted|retired|is deleted", Figure(0, 1, rarely=6)),
        (r"discount( percent)?|discount percentage", Figure(0, 30, "0.5")),
        (r"(earning|margin|profit) percent", Figure(5, 45, "0.5")),
        (r"percent(age)?|probability|score|confidence|progress", Figure(0, 100)),
        (r"vat|rate", Figure(0, 25, "0.5")),
        (r"year", Figure(2019, 2026)),
        (r"month", Figure(1, 12)),
        (r"day", Figure(1, 28)),
        (r"hour", Figure(0, 23)),
        (r"age", Figure(18, 79)),
        (r"sort order|rank|order|position|index|line no|step number", Figure(1, 40)),
        (r"level", Figure(0, 5)),
        (r"count|counter|(number|num|no) of .*|num .*|in use|free|pages?|columns?|active .*", Figure(0, 60)),
        (r"quantity|units?|in stock|stock", Figure(1, 120)),
        (r"(unit|purchase) cost", Figure(5, 400, "0.01")),
        (r"minimum price", Figure(400, 450, "0.01")),
        (r"(unit|list|unit list) price", Figure(450, 900, "0.01")),
        (
            r"amount|price|cost|earning|total|sum|balance|revenue|budget|fee|salary|.* currency",
            Figure(100, 90_000, "0.01"),
        ),
        (r"page size|limit|max items|max rows", Figure(10, 100)),
        (r"length|max length", Figure(1, 255)),
        (r"width|height|left( x)?|upper y|top|margin", Figure(0, 1200)),
        (r"size|bytes", Figure(500, 4_000_000)),
        (r"minutes|duration|lag|lead time|timeout|interval", Figure(5, 240)),
        (r"seconds", Figure(1, 600)),
        (r"version|revision", Figure(1, 12)),
        (r"port", Figure(1024, 9999)),
        (r"weight", Figure(1, 50, "0.1")),
        (r"sentiment", Figure(-100, 100)),
    )
)
"""Words at the end of a property's name → its numbers."""

_FALSE = re.compile(
    r"\b(deleted|retired|hidden|locked|conflict|failed|error|stopped?|expired|archived|disabled|blocked|private)\b"
)
_TRUE = re.compile(r"\b(active|enabled?|success|succeeded|ok|visible|valid|assigned|published|can .*)\b")
EVEN = 50
"""So many of a hundred flags are true of which nothing is known."""

MINORITY = 15
"""So many of a hundred flags are not as documented."""

SELDOM = 6
"""Flags that say something out of the ordinary are so in this many of a hundred."""


def figure_of(spoken: str, kind: str) -> Figure | None:
    """Return the numbers of a property whose name is given as words; cents are for the type ``number`` only."""
    figure = named_figure(_FIGURES, spoken)
    return Figure(figure.low, figure.high) if figure and kind == "integer" and "." in figure.step else figure


def named_figure(rules: Iterable[tuple[str, Figure]], spoken: str) -> Figure | None:
    """Return the numbers of the first rule whose words the name ends with."""
    return next((figure for words, figure in rules if _ending(words).search(spoken)), None)


@cache
def _ending(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\Z")


def share_of_true(spoken: str) -> int:
    """Return how many of a hundred flags of this name are true."""
    if _FALSE.search(spoken):
        return SELDOM
    return 100 - SELDOM if _TRUE.search(spoken) else EVEN
