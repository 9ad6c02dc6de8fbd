"""Words of filters: what a documentation family calls operators and periods, beside those of OData."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

FilterOperator = Literal[
    "eq",
    "ne",
    "gt",
    "lt",
    "between",
    "set",
    "not contains",
    "startswith",
    "not startswith",
    "endswith",
    "not endswith",
    "in",
    "not in",
    "caller",
    "before",
    "on",
    "after",
    "between dates",
]
"""What a word says of a column: ``set`` that it has a value, ``caller`` that it is the id of who calls.

``before``, ``on``, ``after`` and ``between dates`` want dates.
"""

Period = Literal["day", "week", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class PeriodFunction:
    """A function of a column and a period: which ``periods`` it means of a count, the present one being number 0.

    ``counting`` tells whether that count stands between column and period.
    """

    counting: Literal["counted", "uncounted", "either"]
    periods: Callable[[int], range]


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Operators by what they mean, words for dates in certain periods, and functions of periods."""

    operators: Mapping[str, FilterOperator] = field(default_factory=dict)
    periods: Mapping[str, tuple[Period, range]] = field(default_factory=dict)
    functions: Mapping[str, PeriodFunction] = field(default_factory=dict)
