"""``$filter`` and ``$orderBy`` of OData-style lists, over rows of JSON values.

Words are read without regard to letter case. Rows compare as in a database: text without regard to case, numbers also
when written as text, dates by their own clock (as instants if both tell an offset); null equals only null. A negative
operator is true wherever its positive one is not.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from docdouble.schemas.dialects.filter_words import FilterOperator, FilterWords, PeriodFunction

CALLER = 1
"""The id of the person who calls the fake."""

LONGEST, DEEPEST = 4000, 50
"""Characters of an expression, and parentheses and negations inside one another; what has more is refused."""

_NO_WORDS = FilterWords()

_ValueOf = Callable[[str], Any]
_Condition = Callable[[_ValueOf, datetime], bool]
_Test = Callable[[Any, Sequence[Any], datetime], bool]


class FilterError(ValueError):
    """An expression that can't be read: what was expected, the word that was likely meant, and the 1-based position."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True, slots=True)
class Filter:
    """A ``$filter`` that has been read."""

    columns: tuple[str, ...]
    """The columns it names, in the order of first mention, as they are spelled."""
    condition: _Condition = field(repr=False)
    """Condition that a row must fulfil."""

    def matches(self, value_of: _ValueOf, now: datetime) -> bool:
        """Tell whether the row whose values ``value_of`` returns by column name fulfils the filter at this time."""
        return self.condition(value_of, now)


@dataclass(frozen=True, slots=True)
class Order:
    """One column of ``$orderBy``."""

    column: str
    descending: bool


def parse_filter(text: str, words: FilterWords = _NO_WORDS) -> Filter:
    """Return the filter that a text stands for, of every row for blank text; raise ``FilterError`` for no filter.

    ``words`` are those that a dialect adds.
    """
    reader = _FilterParser(text, words)
    if reader.next.kind == "end":
        return Filter((), lambda value_of, now: True)
    condition = reader.alternatives(0)
    reader.expect("", "and, or, or the end", ("and", "or"))
    return Filter(tuple(reader.columns), condition)


def parse_order(text: str) -> tuple[Order, ...]:
    """Return the columns that a text sorts by, none for blank text; raise ``FilterError`` for no list of columns."""
    reader = _FilterParser(text)
    orders: list[Order] = []
    following = reader.next.kind != "end"
    while following:
        orders.append(Order(reader.column(), reader.next.text.lower() == "desc"))
        if not reader.takes("desc"):
            reader.takes("asc")
        following = reader.takes(",")
    reader.expect("", "asc, desc, a comma, or the end", ("asc", "desc"))
    return tuple(orders)


def sort_key(value: Any) -> tuple[Any, ...]:
    """Return a key that sorts null first, then booleans and numbers, then text without regard to case (also dates).

    Lists and objects come last and are all alike, so that they stay in their order.
    """
    if value is None:
        return (0,)
    if isinstance(value, int | float):
        return (1, value if value == value else -math.inf)
    return (2, value.casefold()) if isinstance(value, str) else (3,)


_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?\Z")
_MONTH_FIRST = re.compile(r"\A([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DATE = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]([0-9]{2}:[0-9:.Z+-]{2,30}))?\Z")
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_NEVER = "0001-01-01"
"""Beginning of a date that was never set; such a value counts as null."""


def _items(value: Any) -> list[Any]:
    """Return what a condition may hold for: each item of a list, or the value itself."""
    items = value if isinstance(value, list) else [value]
    return [None if isinstance(item, str) and item.startswith(_NEVER) else item for item in items]


def _moment(value: Any) -> datetime | None:
    """Return the date and time that a value is the text of."""
    match = _DATE.match(_MONTH_FIRST.sub(r"\3/\1/\2", value)) if isinstance(value, str) else None
    if not match:
        return None
    try:
        return datetime.fromisoformat(f"{match[1]}-{match[3]:0>2}-{match[4]:0>2}T{match[5] or '00:00'}")
    except ValueError:  # a day or an hour that no calendar or clock has
        return None


def _number(value: Any) -> int | float | None:
    """Return the number that a value is, or is the text of."""
    if not isinstance(value, str):
        # only what is not a number is unequal to itself; math.isnan overflows for large integers
        return value if isinstance(value, int | float) and value == value else None
    if not _NUMBER.match(value):
        return _CONSTANTS.get(value.lower())
    return int(value) if value.lstrip("+-").isdecimal() else float(value)


def _text(value: Any) -> str | None:
    """Return the text that a value is searched as; null, lists and objects have none."""
    return str(value).casefold() if isinstance(value, str | int | float) else None


def compare_values(value: Any, wanted: Any) -> int | None:
    """Return -1, 0 or 1 as the value comes before, with or after the wanted one; None if they don't compare."""
    if value is None or wanted is None:
        return 0 if value is wanted else None
    pair: tuple[Any, Any] = _number(value), _number(wanted)
    if isinstance(value, str) and isinstance(wanted, str):
        pair = _moments(value, wanted) if _moment(wanted) else (value.casefold(), wanted.casefold())
    return None if None in pair else (pair[0] > pair[1]) - (pair[0] < pair[1])


def _moments(value: str, wanted: str) -> tuple[Any, Any]:
    """Return both as days if no time of day is wanted, else as times; offsets count where both have one."""
    first, second = _moment(value), _moment(wanted)
    if first and second and ":" not in wanted:
        return first.date(), second.date()
    if first and second and not (first.tzinfo and second.tzinfo):
        return first.replace(tzinfo=None), second.replace(tzinfo=None)
    return first, second


@dataclass(frozen=True, slots=True)
class _Operator:
    """Operator between a column and its values: how many values it takes, and whether they must be dates."""

    test: _Test
    least: int = 1
    most: float = 1
    negated: bool = False
    dated: bool = False

    def on(self, column: str, wanted: list[Any]) -> _Condition:
        wanted = _items(wanted)
        return lambda value_of, now: (
            self.negated != any(self.test(item, wanted, now) for item in _items(value_of(column)) or [None])
        )


def _compares(*signs: int) -> _Test:
    return lambda value, wanted, now: any(compare_values(value, item) in signs for item in wanted)


def _reads(test: Callable[[Any, Any], bool]) -> _Test:
    return lambda value, wanted, now: None not in (pair := (_text(value), _text(wanted[0]))) and test(*pair)


def _between(value: Any, wanted: Sequence[Any], now: datetime) -> bool:
    return compare_values(value, wanted[0]) in (0, 1) and compare_values(value, wanted[1]) in (-1, 0)


def _sets(value: Any, wanted: Sequence[Any], now: datetime) -> bool:
    states = [operand is not None and _text(operand) not in ("", "0", "0.0", "false") for operand in (value, *wanted)]
    return states[0] == states[-1] if wanted else states[0]


_PERIODS: Mapping[str, Callable[[date], int]] = {
    "day": date.toordinal,
    "week": lambda day: (day.toordinal() - 1) // 7,
    "month": lambda day: day.year * 12 + day.month - 1,
    "quarter": lambda day: (day.year * 12 + day.month - 1) // 3,
    "half": lambda day: (day.year * 12 + day.month - 1) // 6,
    "year": lambda day: day.year,
}
"""Period → the running number of the one that holds a day. Weeks start on Monday, as the calendar's first day did."""


def _within(period: str, span: range) -> _Operator:
    """Return what is true of dates in certain periods of a kind, the present one being number 0."""

    def within(value: Any, wanted: Sequence[Any], now: datetime) -> bool:
        moment, number = _moment(value), _PERIODS[period]
        return moment is not None and number(moment) - number(now) in span

    return _Operator(within, least=0, most=0)


_TEXT_FUNCTIONS = ("contains", "substringof", "startswith", "endswith")
_MEANINGS: Mapping[FilterOperator, _Operator] = {
    "eq": _Operator(_compares(0)),
    "ne": _Operator(_compares(0), negated=True),
    "gt": _Operator(_compares(1)),
    "lt": _Operator(_compares(-1)),
    "between": _Operator(_between, least=2, most=2),
    "set": _Operator(_sets, least=0),
    "not contains": _Operator(_reads(str.__contains__), negated=True),
    "startswith": _Operator(_reads(str.startswith)),
    "not startswith": _Operator(_reads(str.startswith), negated=True),
    "endswith": _Operator(_reads(str.endswith)),
    "not endswith": _Operator(_reads(str.endswith), negated=True),
    "in": _Operator(_compares(0), most=math.inf),
    "not in": _Operator(_compares(0), most=math.inf, negated=True),
    "caller": _Operator(lambda value, *_: compare_values(value, CALLER) == 0, least=0, most=0),
    "before": _Operator(_compares(-1), dated=True),
    "on": _Operator(_compares(0), dated=True),
    "after": _Operator(_compares(1), dated=True),
    "between dates": _Operator(_between, least=2, most=2, dated=True),
}
"""Operators that dialects have words for."""
_ODATA: Mapping[str, _Operator] = {
    name: operator
    for names, operator in (
        (("eq", "=", "=="), _MEANINGS["eq"]),
        (("ne", "!=", "<>"), _MEANINGS["ne"]),
        (("gt", ">"), _MEANINGS["gt"]),
        (("ge", ">="), _Operator(_compares(0, 1))),
        (("lt", "<"), _MEANINGS["lt"]),
        (("le", "<="), _Operator(_compares(-1, 0))),
        (("contains", "substringof"), _Operator(_reads(str.__contains__))),
        (("startswith",), _MEANINGS["startswith"]),
        (("endswith",), _MEANINGS["endswith"]),
        (("in",), _MEANINGS["in"]),
    )
    for name in names
}
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>(?i:datetimeoffset|datetime|guid)?(?:'(?:\\'|''|[^'])*'|"(?:\\"|""|[^"])*"))
    | (?P<number>[+-]?[0-9][\w.:/+-]*)
    | (?P<constant>(?i:true|false|null)(?![\w.:/]))
    | (?P<function>[^\W\d][\w.:/]*+(?=\s*\())
    | (?P<word>[^\W\d][\w.:/]*)
    | (?P<mark><>|<=|>=|!=|==|[=<>(),])
    | (?P<end>\Z)
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _FilterToken:
    kind: str
    text: str
    position: int


def _tokens(text: str) -> Iterator[_FilterToken]:
    if len(text) > LONGEST:
        raise FilterError(f"expected at most {LONGEST} characters, found {len(text)}", LONGEST + 1)
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        yield _FilterToken(kind, match[kind], match.start(kind) + 1)


def _wrong(expected: str, token: _FilterToken, words: Iterable[str] = ()) -> FilterError:
    spelled = {word.lower(): word for word in words}
    near = get_close_matches(token.text.lower(), spelled, n=1)
    hint = f"; did you mean {spelled[near[0]]}?" if near else ""
    received = "an unclosed quote" if token.text in ("'", '"') else repr(token.text[:40]) if token.text else "the end"
    return FilterError(f"expected {expected}, found {received} at position {token.position}{hint}", token.position)


def _documented(expected: str, token: _FilterToken, words: Iterable[str]) -> str:
    """Return the one of the words that the token is, as it is documented."""
    documented = next((word for word in words if word.lower() == token.text.lower()), None)
    if documented is None:
        raise _wrong(expected, token, words)
    return documented


def _value(token: _FilterToken, dated: bool) -> Any:
    quote, value = token.text[-1:], _CONSTANTS.get(token.text.lower())
    if token.kind == "text":
        value = re.sub(rf"[\\{quote}]{quote}", quote, token.text[token.text.index(quote) + 1 : -1])
    elif token.kind == "number":
        value = _number(token.text) if _NUMBER.match(token.text) else token.text
    elif token.kind != "constant":
        raise _wrong("a value (text in quotes, a number, a date, true, false or null)", token)
    if (dated or (token.kind == "number" and isinstance(value, str))) and not _moment(value):
        raise _wrong("a date that exists" if dated else "a number or a date that exists", token)
    return value


class _FilterParser:
    """A recursive descent through one expression."""

    def __init__(self, text: str, words: FilterWords = _NO_WORDS) -> None:
        own = {word: _MEANINGS[meaning] for word, meaning in words.operators.items()}
        within = {word: _within(period, span) for word, (period, span) in words.periods.items()}
        self.operators = {**_ODATA, **own, **within}
        self.functions = words.functions
        self.tokens = _tokens(text)
        self.next = next(self.tokens)
        self.columns: dict[str, None] = {}

    def take(self) -> _FilterToken:
        token = self.next
        self.next = next(self.tokens, token)
        return token

    def takes(self, word: str) -> bool:
        return self.next.text.lower() == word and bool(self.take())

    def expect(self, word: str, expected: str = "", near: Iterable[str] = ()) -> None:
        if not self.takes(word):
            raise _wrong(expected or repr(word), self.next, near)

    def column(self) -> str:
        token = self.take()
        if token.kind != "word":
            raise _wrong("a column", token)
        self.columns.setdefault(token.text)
        return token.text

    def joined(self, word: str, holds: Callable[[Iterable[bool]], bool], read: Callable[[], _Condition]) -> _Condition:
        parts = [read()]
        while self.takes(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else lambda value_of, now: holds(part(value_of, now) for part in parts)

    def alternatives(self, depth: int) -> _Condition:
        return self.joined("or", any, lambda: self.joined("and", all, lambda: self.term(depth)))

    def term(self, depth: int) -> _Condition:
        if depth > DEEPEST:
            raise _wrong(f"at most {DEEPEST} parentheses and negations inside one another", self.next)
        if self.takes("not"):
            negated = self.term(depth + 1)
            return lambda value_of, now: not negated(value_of, now)
        if self.takes("("):
            inner = self.alternatives(depth + 1)
            self.expect(")")
            return inner
        if self.next.kind == "function":
            return self.call()
        column = self.column()
        operator = self.operators[_documented("an operator", self.take(), self.operators)]
        return operator.on(column, self.values(operator))

    def values(self, operator: _Operator) -> list[Any]:
        if not operator.most or (not operator.least and self.next.text.lower() in ("", ")", "and", "or")):
            return []
        enclosed = self.takes("(")
        values = [_value(self.take(), operator.dated)]
        while len(values) < operator.least or (len(values) < operator.most and self.next.text == ","):
            self.expect(",")
            values.append(_value(self.take(), operator.dated))
        if enclosed:
            self.expect(")")
        return values

    def call(self) -> _Condition:
        name = _documented("a function", self.take(), [*_TEXT_FUNCTIONS, *self.functions])
        self.expect("(")
        condition = self.search(_ODATA[name]) if name in _TEXT_FUNCTIONS else self.span(self.functions[name])
        self.expect(")")
        return condition

    def search(self, operator: _Operator) -> _Condition:
        # the pages don't say which is the column, and OData has it second in substringof, first in the others
        column = self.column() if self.next.kind == "word" else ""
        wanted = [] if column else [_value(self.take(), operator.dated)]
        self.expect(",")
        return operator.on(column or self.column(), wanted or [_value(self.take(), operator.dated)])

    def span(self, function: PeriodFunction) -> _Condition:
        counting = function.counting
        column, count = self.column(), 1
        self.expect(",")
        if counting == "counted" or (counting == "either" and self.next.kind == "number"):
            token = self.take()
            if not re.fullmatch(r"[0-9]{1,40}", token.text):
                raise _wrong("a whole number", token)
            count = int(token.text)
            self.expect(",")
        token = self.take()
        singular = replace(token, text=token.text.strip("'\"").lower().removesuffix("s"))
        return _within(_documented("a period", singular, _PERIODS), function.periods(count)).on(column, [])
