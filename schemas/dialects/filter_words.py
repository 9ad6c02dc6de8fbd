"""Words of filters: what a documentation family calls operators and periods, beside those of OData."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
"""The meaning of a word for a column: ``set`` that it has a value, ``caller`` that it is the id of who calls.

``before``, ``on``, ``after`` and ``between dates`` want dates.
"""

Span = Literal["this", "next", "previous", "ever before", "ever after"]
Period = Literal["day", "week", "month", "quarter", "half", "year"]


@dataclass(frozen=True, slots=True)
class PeriodFunction:
    """A function of a column and a period: the ``spans`` that it means, next to each other.

    ``counting`` tells whether a count of periods stands between column and period.
    """

    counting: Literal["counted", "uncounted", "either"]
    spans: tuple[Span, ...]

    def periods(self, count: int) -> range:
        """Return the periods that are meant of a count, the present one being number 0."""
        bounds = {
            "this": (0, 1),
            "next": (1, count + 1),
            "previous": (-count, 0),
            "ever before": (-date.max.toordinal(), 0),
            "ever after": (1, date.max.toordinal()),
        }
        return range(bounds[self.spans[0]][0], bounds[self.spans[-1]][1])


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Operators by what they mean, words for dates in certain periods, and functions of periods."""

    operators: Mapping[str, FilterOperator] = field(default_factory=dict)
    periods: Mapping[str, tuple[Period, range]] = field(default_factory=dict)
    functions: Mapping[str, PeriodFunction] = field(default_factory=dict)
