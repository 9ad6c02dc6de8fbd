"""``$filter`` and ``$orderBy`` as text: what is refused and where, what is sorted, and that nothing breaks them."""

import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.behaviours import odata_filter
from docdouble.fakeserver.behaviours.odata_filter import (
    DEEPEST,
    LONGEST,
    Filter,
    FilterError,
    Order,
    parse_order,
    sort_key,
)
from docdouble.schemas.dialects.superoffice import SUPEROFFICE

parse_filter = partial(odata_filter.parse_filter, words=SUPEROFFICE.filter_words)

NOW = datetime(2024, 5, 15, 13, 30)


@pytest.mark.parametrize(
    ("text", "position", "near"),
    [
        ("name beginz 'x'", 6, "did you mean begins?"),
        ("name notcontain 'x'", 6, "did you mean notContains?"),
        ("name", 5, "expected an operator, found the end"),
        ("name 'x'", 6, "expected an operator"),
        ("name today today", 12, "expected and, or, or the end"),
        ("name eq", 8, "expected a value"),
        ("name eq foo", 9, "found 'foo'"),
        ("name eq 'foo", 9, "an unclosed quote"),
        ('name eq "foo', 9, "an unclosed quote"),
        ("name eq 'a' annd b eq 1", 13, "did you mean and?"),
        ("(name eq 'a'", 13, "expected ')', found the end"),
        ("name eq 'a')", 12, "found ')'"),
        ("name eq ('a'", 13, "expected ')'"),
        ("eq eq eq", 7, "expected a value"),
        ("5 eq a", 1, "expected a column"),
        ("null eq 5", 1, "expected a column"),
        ("name % 5", 6, "found '%'"),
        ("name between 1", 15, "expected ','"),
        ("name between (1)", 16, "expected ','"),
        ("name between (1,2,3)", 18, "expected ')'"),
        ("name eq 1,2", 10, "found ','"),
        ("name oneOf ()", 13, "expected a value"),
        ("name oneOf 1,", 14, "expected a value"),
        ("registered before 'soon'", 19, "a date that exists"),
        ("registered before '2009-13-01'", 19, "a date that exists"),
        ("registered before 2009", 19, "a date that exists"),
        ("registered before null", 19, "expected a date that exists"),
        ("registered dateBetween '2009-01-01',5", 37, "a date that exists"),
        ("registered eq 0000-01-01", 15, "a date that exists"),
        ("registered eq 2009-13-01", 15, "a date that exists"),
        ("registered eq 13/01/2009", 15, "a date that exists"),
        ("registered eq 2009-01-01T25:00", 15, "a date that exists"),
        ("count eq 12x", 10, "a number or a date"),
        (f"count eq {'1' * 41}", 10, "a number or a date"),
        ("startwith(name,'x')", 1, "did you mean startswith?"),
        ("startswith name", 12, "expected an operator"),
        ("startswith(name)", 16, "expected ','"),
        ("startswith(name,'x'", 20, "expected ')'"),
        ("startswith(name,other)", 17, "expected a value"),
        ("startswith('x','y')", 16, "expected a column"),
        ("this(when,decade)", 11, "expected a period"),
        ("this(when,moth)", 11, "did you mean month?"),
        ("this(when,1,month)", 11, "expected a period"),
        ("next(when,month)", 11, "expected a whole number"),
        ("next(when,-1,month)", 11, "expected a whole number"),
        ("next(when,1.5,month)", 11, "expected a whole number"),
        ("next(5,1,month)", 6, "expected a column"),
        ("thisAndPreviousAndNext(when,2)", 30, "expected ','"),
        ("and", 4, "expected an operator"),
        ("name eq 1 and", 14, "expected a column, found the end"),
        ("not", 4, "expected a column, found the end"),
        ("(" * (DEEPEST + 1) + "a eq 1" + ")" * (DEEPEST + 1), DEEPEST + 2, "at most 50"),
        ("not " * (DEEPEST + 1) + "a eq 1", 4 * (DEEPEST + 1) + 1, "at most 50"),
        ("a eq 1" + " " * LONGEST, LONGEST + 1, "at most 4000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, position: int, near: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse_filter(text)
    assert refused.value.position == position
    assert near in str(refused.value)


def test_the_position_is_in_the_message() -> None:
    with pytest.raises(
        ValueError, match=r"^expected an operator, found 'beginz' at position 6; did you mean begins\?$"
    ):
        parse_filter("name beginz 'x'")


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEPEST + "a eq 1" + ")" * DEEPEST,
        "(a eq 1 or a eq 2 and " * DEEPEST + "a eq 1" + ")" * DEEPEST,
        " or ".join(["a eq 1"] * 399),
        "a oneOf " + ",".join("1" * 1990),
        "a eq '" + "''" * 1990 + "'",
        "a" * 3990 + " eq 1",
    ],
)
def test_what_is_just_within_the_limits_is_read(text: str) -> None:
    assert isinstance(parse_filter(text).matches({"a": 12}.get, NOW), bool)


@pytest.mark.parametrize(
    "text",
    ["(" * 4000, "'" * 3999, "\\'" * 2000, "'" + "\\'" * 1999, "a" * 4000, " " * 3999 + "%", "1-" * 2000, "a(" * 2000],
)
def test_hostile_texts_are_refused_at_once(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(FilterError):
        parse_filter(text)
    assert time.process_time() - begun < 5  # seconds; by backtracking it would be hours


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("name asc,fullname,category desc", (("name", False), ("fullname", False), ("category", True))),
        ("abc/col3 , SuperOffice:1 DESC", (("abc/col3", False), ("SuperOffice:1", True))),
        ("desc desc", (("desc", True),)),
        ("asc", (("asc", False),)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_orders(text: str, orders: tuple[tuple[str, bool], ...]) -> None:
    assert parse_order(text) == tuple(Order(column, descending) for column, descending in orders)


@pytest.mark.parametrize(
    ("text", "position", "near"),
    [
        ("name dsc", 6, "did you mean desc?"),
        ("name asc desc", 10, "expected asc, desc, a comma, or the end"),
        ("name,", 6, "expected a column, found the end"),
        (",name", 1, "expected a column"),
        ("name;x", 5, "found ';'"),
        ("'name'", 1, "expected a column"),
        ("n" * (LONGEST + 1), LONGEST + 1, "at most 4000 characters"),
    ],
)
def test_orders_that_cannot_be_read_are_refused(text: str, position: int, near: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse_order(text)
    assert refused.value.position == position
    assert near in str(refused.value)


def test_values_sort_null_first_and_text_without_regard_to_case() -> None:
    ordered = [None, math.nan, False, 0.5, True, 2, "", "2009-01-01", "2024-01-01T00:00:00", "Abe", "bee", "Cat", [1]]
    assert sorted(ordered[7:] + ordered[:7], key=sort_key) == ordered
    assert sort_key("ABE") == sort_key("abe")
    assert sort_key([2]) == sort_key({"a": 1})


def test_filters_of_the_same_columns_are_not_equal() -> None:
    assert parse_filter("a eq 1") != parse_filter("a eq 2")


def test_numbers_of_any_size_sort() -> None:
    ordered = [-math.inf, -(10**400), 5, 10**400, math.inf]
    assert sorted([5, math.inf, 10**400, -(10**400), -math.inf], key=sort_key) == ordered


def test_equal_keys_keep_their_order() -> None:
    assert sorted(["b", "A", "a", [2], [1], {}], key=sort_key) == ["A", "a", "b", [2], [1], {}]


def _one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
DATES = st.datetimes().map(datetime.isoformat) | st.just("0001-01-01T00:00:00")
COMPOUNDS = st.lists(SCALARS | DATES, max_size=2) | st.builds(lambda inner: {"a": [inner]}, SCALARS)
VALUES = SCALARS | DATES | COMPOUNDS
NUMBERS = st.integers().filter(lambda number: abs(number) < 10**40).map(str)
LITERALS = st.one_of(
    NUMBERS,
    st.floats(-1e9, 1e9).map(repr),
    st.sampled_from(["true", "False", "NULL", "2009-1-1", "01/31/2009", "2009-01-01T00:00:00Z"]),
    st.text(max_size=9).map(lambda text: "'" + text.replace("'", "''").replace("\\", "") + "'"),
)
DAYS = DATES.map(lambda text: f"'{text}'") | st.dates().map(str)
COLUMNS = st.sampled_from(["name", "category/id", "SuperOffice:1", "x.y_z", "date", "next"])
SINGLE = _one_of(
    "eq = ne <> != le <= lt < gt > ge >= set equals greater less unequals contains is begins notBegins notContains "
    "isNot ends notEnds startswith endswith"
)
PERIOD_WORDS = _one_of(
    "currentAssociate set beforeToday today afterToday lastWeek thisWeek nextWeek lastMonth thisMonth nextMonth "
    "lastQuarter thisQuarter nextQuarter thisHalf thisYear"
)
PERIODS = _one_of("day week month quarter half year")
COUNTED = _one_of("next previous thisAndNext thisAndPrevious thisAndPreviousAndNext")
CONDITIONS = st.one_of(
    st.tuples(COLUMNS, SINGLE, LITERALS).map(" ".join),
    st.tuples(COLUMNS, PERIOD_WORDS).map(" ".join),
    st.tuples(COLUMNS, st.sampled_from(["before", "date", "after"]), DAYS).map(" ".join),
    st.builds("{} dateBetween ({}, {})".format, COLUMNS, DAYS, DAYS),
    st.builds("{} between {},{}".format, COLUMNS, LITERALS, LITERALS),
    st.builds(
        "{} {} ({})".format,
        COLUMNS,
        _one_of("in oneOf notOneOf associateIsOneOf associateIsNotOneOf"),
        st.lists(LITERALS, min_size=1, max_size=4).map(",".join),
    ),
    st.builds("{}({},{})".format, _one_of("contains substringof startswith endswith"), COLUMNS, LITERALS),
    st.builds("{}({},{},{})".format, COUNTED, COLUMNS, st.integers(0, 10**30), PERIODS),
    st.builds("{}({},{})".format, st.sampled_from(["this", "thisAndPreviousAndNext"]), COLUMNS, PERIODS),
)
EXPRESSIONS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("not ({})".format, inner),
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} OR {}".format, inner, inner),
    ),
    max_leaves=6,
)
PIECES = _one_of("( ) , ' \" = <> name eq 5 'a' and or not next in today date 2009-01-01 \\' \u00df")


@settings(max_examples=60)
@given(text=st.text(max_size=60) | st.lists(PIECES, max_size=20).map(" ".join), value=VALUES)
def test_any_text_is_read_or_refused(text: str, value: Any) -> None:
    for parse in (parse_filter, parse_order):
        parsed = _read_or_refused(parse, text)
        if isinstance(parsed, Filter):
            assert isinstance(parsed.matches(lambda column: value, NOW), bool)
        elif isinstance(parsed, FilterError):
            assert 1 <= parsed.position <= len(text) + 1


def _read_or_refused(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except FilterError as error:
        return error


@settings(max_examples=60)
@given(text=EXPRESSIONS, values=st.lists(VALUES, min_size=1, max_size=4))
def test_expressions_of_the_grammar_hold_or_not_and_not_negates(text: str, values: list[Any]) -> None:
    parsed, negated = parse_filter(text), parse_filter(f"NOT ({text})")
    assert parsed.columns == negated.columns

    for value in values:
        row = dict.fromkeys(parsed.columns, value)
        holds = parsed.matches(row.__getitem__, NOW)
        assert isinstance(holds, bool)
        assert negated.matches(row.__getitem__, NOW) is not holds


@settings(max_examples=40)
@given(written=st.text(max_size=30).filter(lambda text: "\\" not in text and not text.startswith("0001-01-01")))
def test_quoted_text_is_found_as_it_is_written(written: str) -> None:
    text = "name eq '{}'".format(written.replace("'", "''"))
    assert parse_filter(text).matches({"name": written}.get, NOW)


@settings(max_examples=60)
@given(first=VALUES, second=VALUES, third=VALUES)
def test_sort_keys_order_all_values(first: Any, second: Any, third: Any) -> None:
    keys = sorted(sort_key(value) for value in (first, second, third))
    assert keys[0] <= keys[1] <= keys[2]
    assert keys[0] <= keys[2]
    assert (sort_key(first) < sort_key(second)) + (sort_key(second) < sort_key(first)) <= 1
    assert (sort_key(first) <= sort_key(second)) or (sort_key(second) <= sort_key(first))
