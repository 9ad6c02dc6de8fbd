"""Thresholds of a load run: ``p95>300ms``, ``violations>0``, ``getGuest: errors>1%``, and which of them fail it."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docdouble.schemas import ConfigError

COUNTS = ("errors", "violations", "requests")
"""Figures that are counted; with ``%``, errors are a share of the requests, and violations of the judged replies."""

TIMES = ("p50", "p66", "p75", "p80", "p90", "p95", "p98", "p99", "p99.9", "p99.99", "average", "min", "max")
"""Figures that are times, in ms unless ``s`` stands behind."""

RATES = ("rps",)
"""Figures that are a number in a second."""

_NAMES = (*COUNTS, *TIMES, *RATES)
_UNITS = {"count": ("", "%"), "time": ("", "ms", "s"), "rate": ("",)}
_FORM = re.compile(
    r"(?:(?P<operation>\S.*):\s+)?(?P<figure>[A-Za-z][\w.]*)\s*(?P<compared>>=|<=|>|<)\s*"
    r"(?P<limit>\d+(?:\.\d+)?)\s*(?P<unit>%|[a-z]*)"
)
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one operation, or of all: what was sent, how long it took, and what of it was judged.

    ``percentiles`` are times in milliseconds by their names, such as ``p95``.
    """

    requests: int = 0
    errors: int = 0
    judged: int = 0
    violations: int = 0
    rps: float = 0.0
    average: float = 0.0
    min: float = 0.0
    max: float = 0.0
    percentiles: Mapping[str, float] = field(default_factory=dict)

    def value(self, name: str, *, in_percent: bool = False) -> float:
        """Return a figure by the name that thresholds have for it."""
        if name in self.percentiles:
            return self.percentiles[name]
        value = float(getattr(self, name))
        if not in_percent:
            return value
        whole = self.judged if name == "violations" else self.requests
        return 100 * value / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit that fails the run where a figure is beyond it; ``operation`` is empty for all together."""

    text: str
    figure: str
    compared: str
    limit: float
    unit: str = ""
    operation: str = ""

    def broken_by(self, figures: Figures) -> str:
        """Return the figure where it is beyond the limit, empty where it isn't."""
        value = figures.value(self.figure, in_percent=self.unit == "%")
        scaled = value / 1000 if self.unit == "s" else value
        if not _OPERATORS[self.compared](scaled, self.limit):
            return ""
        shown_unit = f" {self.unit or 'ms'}" if self.figure in TIMES else f" {self.unit}".rstrip()
        return f"{self.figure} is {_rounded(scaled)}{shown_unit}"


def read_threshold(text: str, option: str = "--fail-if") -> Threshold:
    """Read one, such as ``p95>300ms``; raises ``ConfigError`` that names the nearest valid one."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ConfigError(option, text, expected="a figure, a comparison and a limit, such as p95>300ms or errors>1%")
    name, unit = match["figure"], match["unit"]
    if name not in _NAMES:
        raise ConfigError(option, name, _NAMES, "a figure")
    kind = "time" if name in TIMES else "rate" if name in RATES else "count"
    if unit not in _UNITS[kind] or (unit == "%" and name == "requests"):
        units = [valid for valid in _UNITS[kind] if valid and not (valid == "%" and name == "requests")]
        right = " or ".join(f"{name}{match['compared']}{match['limit']}{valid}" for valid in ("", *units))
        raise ConfigError(option, text, expected=f"of the form {right}")
    return Threshold(text.strip(), name, match["compared"], float(match["limit"]), unit, match["operation"] or "")


def broken_thresholds(
    thresholds: Sequence[Threshold], total: Figures, by_operation: Mapping[str, Figures], ids: Callable[[str], set[str]]
) -> list[str]:
    """Return a line for each threshold that fails the run; ``ids`` are the operations that a selector means.

    One of operations is compared with each of them that was called.
    """
    return list(_broken(thresholds, total, by_operation, ids))


def _broken(
    thresholds: Sequence[Threshold], total: Figures, by_operation: Mapping[str, Figures], ids: Callable[[str], set[str]]
) -> Iterator[str]:
    for threshold in thresholds:
        for name in sorted(ids(threshold.operation) & by_operation.keys()) if threshold.operation else [""]:
            if broken := threshold.broken_by(by_operation[name] if name else total):
                yield f"{threshold.text}: {f'{name}: ' if name else ''}{broken}"


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
