"""``$filter``: what each operator finds."""

import math
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from docdouble.fakeserver.behaviours import odata_filter
from docdouble.schemas.dialects.filter_words import FilterWords
from docdouble.schemas.dialects.superoffice import SUPEROFFICE

parse_filter = partial(odata_filter.parse_filter, words=SUPEROFFICE.filter_words)
NOW = datetime(2024, 5, 15, 13, 30)
"""A Wednesday in the second quarter."""

ROW: dict[str, Any] = {
    "name": "Ola's Garage",
    "empty": None,
    "blank": "",
    "count": 12,
    "price": 9.5,
    "numeric": "012.0",
    "active": True,
    "stopped": False,
    "category/id": 3,
    "SuperOffice:1": "udef",
    "Extra.field_2": "dots",
    "mine": 1,
    "tags": [4, 7],
    "untagged": [],
    "nested": {"Id": 3},
    "registered": "2009-03-05T10:20:30",
    "updated": "2009-03-05T10:20:30.1234567+02:00",
    "never": "0001-01-01T00:00:00",
    "date": "1999-12-31",
}


def holds(text: str, row: dict[str, Any] = ROW, now: datetime = NOW) -> bool:
    return parse_filter(text).matches(row.get, now)


@pytest.mark.parametrize(
    "text",
    [
        "count eq 12",
        "count = 12",
        "count=12",
        "count == 12",
        "count equals 12",
        "count is 12",
        "count ne 13",
        "count <> 13",
        "count != 13",
        "count unequals 13",
        "count isNot 13",
        "count gt 11",
        "count greater 11",
        "count>11",
        "count ge 12",
        "count >= 12",
        "count lt 13",
        "count less 13",
        "count<13",
        "count le 12",
        "count <= 12",
        "count between 12,14",
        "count between (10, 12)",
        "count gt -3",
        "count eq 1.2e1",
        "count eq '12'",
        "count begins 1",
        "price eq 9.5",
        "numeric eq 12",
        "active eq true",
        "active eq 1",
        "active eq 'TRUE'",
        "stopped eq false",
        "active set",
        "active set true",
        "active set 'True'",
        "stopped set (false)",
        "stopped set 0",
        "count set",
        "name set",
        "nested set",
        "mine currentAssociate",
        "category/id oneOf 1,2,3",
        "category/id oneOf (3)",
        "category/id in (1,2,3) and name = 'ola''s garage'",
        "category/id notOneOf (1,2)",
        "category/id NotOneOf 1, 2 and count eq 12",
        "mine associateIsOneOf (1,2)",
        "mine associateIsNotOneOf (5,6)",
        "name oneOf 'a',\"ola's garage\"",
    ],
)
def test_numbers_booleans_and_lists(text: str) -> None:
    assert holds(text)
    assert holds(text.upper(), {name.upper(): value for name, value in ROW.items()})
    assert not holds(f"not ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "count eq 13",
        "count gt 12",
        "count lt 12",
        "count between (14, 10)",
        "count between 13,20",
        "count gt 'many'",
        "count lt 'many'",
        "count eq 'many'",
        "name gt 5",
        "name le 5",
        "active eq false",
        "active set false",
        "stopped set",
        "empty set",
        "blank set",
        "never set",
        "count currentAssociate",
        "category/id oneOf (1,2)",
        "category/id notOneOf (1,2,3)",
        "unheard eq 1",
        "unheard lt 1",
        "nested eq 3",
        "nested contains '3'",
    ],
)
def test_numbers_and_booleans_that_do_not_fit(text: str) -> None:
    assert not holds(text)
    assert holds(f"not {text}")


@pytest.mark.parametrize(
    "text",
    [
        "name is 'OLA''S GARAGE'",
        r"name is 'ola\'s garage'",
        'name is "Ola\'s Garage"',
        "name begins 'ola'",
        "name begins'ola'",
        "name startswith 'OLA'",
        "name notBegins 'garage'",
        "name contains '''S G'",
        "name notContains 'x'",
        "name ends 'AGE'",
        "name endswith 'age'",
        "name notEnds 'ola'",
        "name isNot 'ola'",
        "name gt 'ABBA'",
        "name between 'o','P'",
        "empty isNot 'x'",
        "empty notContains 'x'",
        "blank contains ''",
        "SuperOffice:1 eq 'udef'",
        "Extra.field_2 eq 'dots'",
        "startswith(name, 'OLA')",
        "StartsWith ( name , 'ola' )",
        "endswith(name,'age')",
        "contains(name,'s g')",
        "substringof(name,'s g')",
        "substringof('s g',name)",
        "name eq 'Ola''s Garage' and startswith(SuperOffice:1, 'ud')",
        "tags contains '7'",
    ],
)
def test_texts(text: str) -> None:
    assert holds(text)
    assert not holds(f"not ({text})")


@pytest.mark.parametrize(
    "text",
    ["name begins 'garage'", "empty begins ''", "empty contains ''", "name contains null", "name notEnds 'age'"],
)
def test_texts_that_do_not_fit(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("empty eq null", True),
        ("empty ne null", False),
        ("empty eq 0", False),
        ("empty ne 0", True),
        ("empty eq ''", False),
        ("blank eq null", False),
        ("count ne null", True),
        ("count gt null", False),
        ("never eq null", True),
        ("never eq '0001-01-01T00:00:00'", True),
        ("never lt '2009-01-01'", False),
        ("never before 2009-01-01", False),
        ("never beforeToday", False),
        ("tags eq 7", True),
        ("tags oneOf (7,8)", True),
        ("tags notOneOf (7,8)", False),
        ("tags ne 5", True),
        ("untagged eq null", True),
        ("untagged set", False),
    ],
)
def test_null_never_and_lists_of_values(text: str, fits: bool) -> None:
    assert holds(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("registered before '2009-3-6'", True),
        ("registered before 2009-03-05", False),
        ("registered after '2009-03-04'", True),
        ("registered after '2009-03-05'", False),
        ("registered date '2009-03-05'", True),
        ("registered date datetime'2009-03-05T00:00:00'", False),
        ("registered dateBetween ('2009.3.1', '2009.3.5')", True),
        ("registered dateBetween '2009.3.6','2009.3.9'", False),
        ("registered between ('2009-01-01','2009-12-31')", True),
        ("registered eq 2009-03-05", True),
        ("registered ge 03/05/2009", True),
        ("registered gt 3/5/2009", False),
        ("registered lt '2009-03-05T10:20:31'", True),
        ("registered gt '2009-03-05 10:20'", True),
        ("registered eq 2009-03-05T10:20:30", True),
        ("registered le DateTimeOffset'2009-03-05T10:20:30Z'", True),
        ("updated gt 2009-03-05T08:20:30Z", True),
        ("updated gt 2009-03-05T10:20:30+01:00", False),
        ("updated gt 2009-03-05T10:20:30", True),
        ("updated date 2009-03-05", True),
        ("updated begins '2009-03'", True),
        ("date date '1999-12-31'", True),
        ("name before '2009-01-01'", False),
        ("count after '2009-01-01'", False),
        ("name eq '2009-13-01'", False),
    ],
)
def test_dates(text: str, fits: bool) -> None:
    assert holds(text) is fits


def test_times_at_the_edge_of_the_calendar_compare() -> None:
    row = {"when": "9999-12-31T23:59:59-14:00"}
    assert holds("when gt 0001-01-02T00:00:00+14:00", row)
    assert holds("when afterToday", row)
    assert not holds("when lt 9999-12-31T23:59:59+14:00", row)


@pytest.mark.parametrize(
    ("condition", "first", "last"),
    [
        ("when today", "2024-05-15", "2024-05-15"),
        ("when beforeToday", "0001-01-02", "2024-05-14"),
        ("when afterToday", "2024-05-16", "9999-12-31"),
        ("when lastWeek", "2024-05-06", "2024-05-12"),
        ("when thisWeek", "2024-05-13", "2024-05-19"),
        ("when nextWeek", "2024-05-20", "2024-05-26"),
        ("when lastMonth", "2024-04-01", "2024-04-30"),
        ("when thisMonth", "2024-05-01", "2024-05-31"),
        ("when nextMonth", "2024-06-01", "2024-06-30"),
        ("when lastQuarter", "2024-01-01", "2024-03-31"),
        ("when thisQuarter", "2024-04-01", "2024-06-30"),
        ("when nextQuarter", "2024-07-01", "2024-09-30"),
        ("when lastHalf", "2023-07-01", "2023-12-31"),
        ("when thisHalf", "2024-01-01", "2024-06-30"),
        ("when nextHalf", "2024-07-01", "2024-12-31"),
        ("when lastYear", "2023-01-01", "2023-12-31"),
        ("when thisYear", "2024-01-01", "2024-12-31"),
        ("when nextYear", "2025-01-01", "2025-12-31"),
        ("this(when,day)", "2024-05-15", "2024-05-15"),
        ("this(when,week)", "2024-05-13", "2024-05-19"),
        ("next(when,2,month)", "2024-06-01", "2024-07-31"),
        ("next(when, 3, days)", "2024-05-16", "2024-05-18"),
        ("previous(when,1,quarter)", "2024-01-01", "2024-03-31"),
        ("previous(when,2,'weeks')", "2024-04-29", "2024-05-12"),
        ("thisAndNext(when,1,half)", "2024-01-01", "2024-12-31"),
        ("thisAndPrevious(when,2,year)", "2022-01-01", "2024-12-31"),
        ("thisAndPreviousAndNext(when,month)", "2024-04-01", "2024-06-30"),
        ("thisAndPreviousAndNext(when,2,month)", "2024-03-01", "2024-07-31"),
        ("next(when,99999999,year)", "2025-01-01", "9999-12-31"),
        (f"thisAndPrevious(when,{'9' * 40},day)", "0001-01-02", "2024-05-15"),
    ],
)
def test_periods(condition: str, first: str, last: str) -> None:
    parsed = parse_filter(condition)

    def fits(when: str) -> bool:
        return parsed.matches({"when": when}.get, NOW)

    assert fits(first)
    assert fits(f"{last}T23:59:59.9+02:00")
    assert not any(fits(day) for day in _around(first, last))
    assert not any(fits(other) for other in ("", "soon", "2024-05-32", "0001-01-01T00:00:00"))


def _around(first: str, last: str) -> list[str]:
    before, after = datetime.fromisoformat(first).toordinal() - 1, datetime.fromisoformat(last).toordinal() + 1
    days = [datetime.fromordinal(day) for day in (before, after) if 2 < day < datetime.max.toordinal()]
    return [day.date().isoformat() for day in days]


def test_periods_take_a_clock_with_an_offset_and_lists() -> None:
    assert holds("when today", {"when": [None, "2024-05-15"]}, datetime(2024, 5, 15, tzinfo=UTC))
    assert not holds("when today", {"when": 20240515})
    assert not holds("next(when,0,day)", {"when": "2024-05-15"})


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("count eq 12 and mine eq 1", True),
        ("count eq 12 and mine eq 2", False),
        ("count eq 1 or mine eq 1", True),
        ("count eq 12 or count eq 1 and mine eq 2", True),
        ("(count eq 12 or count eq 1) and mine eq 2", False),
        ("not count eq 1 and mine eq 1", True),
        ("not (count eq 12 and mine eq 1)", False),
        ("not not count eq 12", True),
        ("((count eq 12))", True),
        ("count EQ 12 AND NOT (mine Eq 2) OR mine eq 3", True),
        ("  count\teq\n12  ", True),
        ("", True),
        (" ", True),
    ],
)
def test_conditions_are_joined(text: str, fits: bool) -> None:
    assert holds(text) is fits


def test_columns_are_named_once_in_the_order_of_first_mention() -> None:
    parsed = parse_filter("b eq 1 and (A/x:1 today or contains('x',c) and next(d,1,day)) or b eq 2 or a/x:1 set")
    assert parsed.columns == ("b", "A/x:1", "c", "d", "a/x:1")


def test_numbers_of_any_size_compare() -> None:
    row = {"big": 10**400, "odd": math.nan, "endless": -math.inf}
    assert holds("big gt 1e999 or big gt 5.5 and endless lt 0", row)
    assert holds("not (odd eq 5 or odd lt 5 or odd ge 5)", row)


def test_words_of_a_dialect_are_no_words_of_others() -> None:
    with pytest.raises(ValueError, match="expected an operator, found 'currentAssociate'"):
        odata_filter.parse_filter("a currentAssociate")
    with pytest.raises(ValueError, match="expected a function, found 'thisAndNext'"):
        odata_filter.parse_filter("thisAndNext(a,1,day)")
    mine = FilterWords(operators={"mine": "caller"})
    assert odata_filter.parse_filter("a mine", mine).matches({"a": 1}.get, NOW)
