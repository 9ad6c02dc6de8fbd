"""Filters of lists: parameters that ask for rows by the value of a property, by a range of it, or by a text."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from docdouble.schemas.resources.list_parameters import QueryValue, name_set, squeezed
from docdouble.schemas.words import singulars, words_of

from ..behaviours.odata_filter import FilterError, compare_values, parse_filter
from .row_properties import RowProperty, identifying_values

Comparison = Literal["is", "is not", "contains", "begins", "above", "from", "below", "to"]
"""Comparisons of a property with what is asked for: ``above`` and ``below`` leave the bound itself out."""

RowTest = Callable[[Any], bool]

COMPARISONS: tuple[tuple[Comparison, frozenset[str]], ...] = (
    ("from", name_set("gte ge min minimum from since start starting begin onorafter")),
    ("above", name_set("gt after greaterthan above over")),
    ("to", name_set("lte le max maximum to until till end ending onorbefore")),
    ("below", name_set("lt before lessthan below under")),
    ("is not", name_set("ne neq not exclude")),
    ("contains", name_set("contains like ilike icontains search match")),
    ("begins", name_set("startswith prefix beginswith")),
    ("is", name_set("eq in is equals exact")),
)
"""Words of a parameter's name before or after that of a property."""

RANGES: tuple[tuple[Comparison, frozenset[str]], ...] = (
    ("from", name_set("since from start startdate fromdate datefrom mindate starttime fromtime startat")),
    ("above", name_set("after")),
    ("to", name_set("until to till end enddate todate dateto maxdate endtime totime endat")),
    ("below", name_set("before")),
)
"""Names of parameters that are bounds of the date of a row."""

_EXPRESSION = "$filter"
_DATE_ENDINGS = ("", "at", "on", "date", "time", "datetime", "timestamp")
_DATES = ("date", "createdat", "created", "createddate", "creationdate", "timestamp", "time", "updatedat", "updated")
"""Properties that are the date of a row, the likeliest first."""

_OUTER = name_set("filter filters where criteria")
_BRACKETS = re.compile(r"[\[\].]+")
_PARTIAL = re.compile(r"\b(?:contain|partial|substring|like|fuzzy|part of)", re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:updated|modified|changed)\b", re.IGNORECASE)
_BOUNDS: Mapping[Comparison, Callable[[int], bool]] = {
    "from": lambda order: order >= 0,
    "above": lambda order: order > 0,
    "to": lambda order: order <= 0,
    "below": lambda order: order < 0,
}
_TRUTHS = frozenset({"boolean"})
_SHOWN = name_set("currency language lang locale unit units timezone tz format version")
"""Names of parameters that say how rows are shown, unless their description says which."""

_NARROWS = re.compile(r"\b(?:filter|only|restrict|matching)", re.IGNORECASE)
_DEEPEST = 4
"""Objects inside of a row that are searched for a text."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A parameter that keeps the rows whose property compares with its value."""

    asked: QueryValue
    kept: RowProperty
    comparison: Comparison

    def test(self, parameters: Mapping[str, Any]) -> RowTest | None:
        """Return the test of a row by the values of a request, ``None`` where they ask for nothing."""
        value = self.asked.value(parameters)
        if value is None and (self.kept.listed or self.kept.kinds == _TRUTHS):
            value = self.asked.default
        wanted = [part for part in _parts(value, self.asked) if self._has_sense(part)]
        if not wanted or len(wanted) < len(_parts(value, self.asked)):
            return None
        if self.comparison == "is not":
            return lambda row: not any(self._fits(row, part) for part in wanted)
        return lambda row: any(self._fits(row, part) for part in wanted)

    def owner(self, parameters: Mapping[str, Any]) -> Any:
        """Return the key of what the rows belong to, or another value that all rows have, ``None`` for nothing.

        A list that no world keeps has rows of whatever owner is asked for.
        """
        value = self.asked.value(parameters)
        is_key = squeezed("".join(self.kept.path)).endswith(("id", "key", "slug")) and self.kept.path != ("id",)
        is_one = isinstance(value, str | int | float) and not self.kept.listed and self.comparison == "is"
        return value if is_one and (is_key or self.asked.parameter.required) else None

    def _has_sense(self, part: Any) -> bool:
        """Tell whether a property can have a value: ``all`` is none of its states."""
        if self.comparison not in ("is", "is not"):
            return True
        return not self.kept.listed or str(part).casefold() in self.kept.listed

    def _fits(self, row: Any, wanted: Any) -> bool:
        return any(self._compares(value, wanted) for value in identifying_values(self.kept.of(row)))

    def _compares(self, value: Any, wanted: Any) -> bool:
        match self.comparison:
            case "is" | "is not":
                return is_equal(value, wanted, any_case=bool(self.kept.listed), is_date=self.kept.is_date)
            case "contains":
                return isinstance(value, str) and str(wanted).casefold() in value.casefold()
            case "begins":
                return isinstance(value, str) and value.casefold().startswith(str(wanted).casefold())
        order = compare_values(value, wanted)
        return value is not None and order is not None and _BOUNDS[self.comparison](order)


@dataclass(frozen=True, slots=True)
class ExpressionFilter:
    """A parameter that keeps the rows which fulfil an OData expression."""

    asked: QueryValue
    properties: Mapping[str, RowProperty]

    def test(self, parameters: Mapping[str, Any]) -> RowTest | None:
        """Return the test of a row, ``None`` where a request has no expression, or one that isn't understood."""
        try:
            condition = parse_filter(str(self.asked.value(parameters) or ""))
        except FilterError:
            return None
        now = datetime.now(UTC).replace(tzinfo=None)
        return (lambda row: condition.matches(lambda name: self._value(row, name), now)) if condition.columns else None

    def _value(self, row: Any, name: str) -> Any:
        kept = self.properties.get(squeezed(name))
        return kept.of(row) if kept else None


def is_equal(value: Any, wanted: Any, *, any_case: bool = False, is_date: bool = False) -> bool:
    """Tell whether a property has the value that is asked for, which may be written as a text."""
    if value is None or wanted is None:
        return False
    if isinstance(value, bool) or isinstance(wanted, bool):
        return str(value).lower() == str(wanted).lower()
    if is_date and isinstance(value, str) and isinstance(wanted, str):
        return compare_values(value, wanted) == 0
    if isinstance(value, int | float):
        return compare_values(value, wanted) == 0
    return str(value).casefold() == str(wanted).casefold() if any_case else str(value) == str(wanted)


def _parts(value: Any, asked: QueryValue) -> list[Any]:
    """Return the values of which one is asked for: those of an array, or of a text with commas of listed values."""
    if isinstance(value, list):
        return value
    if isinstance(value, str) and "," in value and _takes_several(asked):
        return value.split(",")
    return [] if value is None or value == "" else [value]


def _takes_several(asked: QueryValue) -> bool:
    described = asked.parameter.description.lower()
    return "comma" in described or squeezed(asked.name).endswith("in")


def row_filter(asked: QueryValue, properties: Mapping[str, RowProperty]) -> RowFilter | ExpressionFilter | None:
    """Return the filter that a parameter without another role is, ``None`` where it is none."""
    if asked.name == _EXPRESSION:
        return ExpressionFilter(asked, properties)
    steps = [step for step in _BRACKETS.split(asked.name) if step]
    if len(steps) > 1 and squeezed(steps[0]) in _OUTER:
        steps = steps[1:]
    return _property_filter(steps, asked, properties) or _date_filter(asked, properties)


def _property_filter(steps: list[str], asked: QueryValue, properties: Mapping[str, RowProperty]) -> RowFilter | None:
    whole = squeezed("".join(steps))
    if whole in _SHOWN and not _NARROWS.search(asked.parameter.description):
        return None
    if kept := _named(whole, properties):
        is_partial = "string" in kept.kinds and not kept.listed and _PARTIAL.search(asked.parameter.description)
        return RowFilter(asked, kept, "contains" if is_partial else "is")
    words = tuple(word for step in steps for word in words_of(step))
    for comparison, place, rest in _compared(words):
        kept = next((named for end in _DATE_ENDINGS if (named := _named(rest + end, properties))), None)
        if kept and _is_comparable(kept, comparison, is_before=place == 0):
            return RowFilter(asked, kept, comparison)
    return None


def _compared(words: tuple[str, ...]) -> Iterator[tuple[Comparison, int, str]]:
    """Yield how a property is compared, by the last or the first word of a name, and what the others say."""
    for comparison, known in COMPARISONS if len(words) > 1 else ():
        if words[-1] in known:
            rest = words[:-1]
            yield comparison, len(words), "".join(rest)
            if rest[-1] in ("at", "on", "date", "time", "is") and len(rest) > 1:
                yield comparison, len(words), "".join(rest[:-1])
        if words[0] in known:
            yield comparison, 0, "".join(words[1:])


def _is_comparable(kept: RowProperty, comparison: Comparison, *, is_before: bool) -> bool:
    """Tell whether a property can be compared so: a range is one of numbers or dates."""
    if comparison in _BOUNDS:
        return kept.is_date or bool(kept.kinds & {"integer", "number"})
    return not is_before or comparison != "is"


def _named(name: str, properties: Mapping[str, RowProperty]) -> RowProperty | None:
    """Return the property that a squeezed name means: its own, its id, or one of several."""
    stem = name.removesuffix("id")
    names = (name, f"is{name}", name.removeprefix("is"), f"{name}id", stem, *sorted(singulars(name)), f"{name}s")
    return next(
        (properties[known_name] for known_name in names if known_name in properties and len(known_name) > 1), None
    )


def _date_filter(asked: QueryValue, properties: Mapping[str, RowProperty]) -> RowFilter | None:
    """Return the filter by the date of a row: ``since``, ``until``."""
    name = squeezed(_BRACKETS.split(asked.name)[-1] or asked.name)
    comparison = next((known for known, named in RANGES if name in named), None)
    if comparison is None or not asked.is_about_dates:
        return None
    is_counted = "integer" in asked.kinds  # seconds of a clock
    dates = {
        name: kept
        for name, kept in properties.items()
        if (name in _DATES and "integer" in kept.kinds if is_counted else kept.is_date)
    }
    about_updates = bool(_UPDATED.search(asked.parameter.description))
    ordered = sorted(_DATES, key=lambda date: about_updates and not date.startswith("updated"))
    kept = next((dates[date_name] for date_name in ordered if date_name in dates), next(iter(dates.values()), None))
    return RowFilter(asked, kept, comparison) if kept else None


def holds_text(row: Any, words: list[str], depth: int = 0) -> bool:
    """Tell whether each of some words, without letter case, stands in a text of a row."""
    texts = list(_texts(row, depth))
    return all(any(word in text for text in texts) for word in words)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value.casefold()
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part, depth + 1)
