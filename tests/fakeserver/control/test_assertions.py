"""Was an operation called, how often, with which body?"""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver.control.assertions import Assertion
from docdouble.fakeserver.control.journal import MAX_BODY, Journal
from docdouble.schemas import ConfigError, Contract

Check = Callable[..., dict[str, Any]]
Record = Callable[..., None]

GET, LEND = "v1Book_Get", "v1LoanAgent_LendBook"


@pytest.fixture
def check(journal: Journal, library: Contract) -> Check:
    """Return a function from the mapping of an assertion to what it finds in the journal."""
    return lambda mapping: Assertion.from_mapping(mapping, library).check(journal)


@pytest.mark.parametrize(
    ("bounds", "holds", "expected"),
    [
        ({}, True, "at least once"),
        ({"times": 3}, True, "exactly 3 times"),
        ({"times": 1}, False, "exactly once"),
        ({"times": 0}, False, "never"),
        ({"at_least": 3}, True, "at least 3 times"),
        ({"at_least": 4}, False, "at least 4 times"),
        ({"at_most": 3}, True, "at most 3 times"),
        ({"at_most": 2}, False, "at most 2 times"),
        ({"at_most": 1}, False, "at most once"),
        ({"at_least": 1, "at_most": 3}, True, "at least 1 and at most 3 times"),
        ({"at_least": 3, "at_most": 3}, True, "exactly 3 times"),
        ({"at_least": 0, "at_most": 0}, False, "never"),
    ],
)
def test_how_often_an_operation_was_called(
    check: Check, lent: None, bounds: dict[str, int], holds: bool, expected: str
) -> None:
    outcome = check({"operation": "LendBook", **bounds})
    assert outcome == {"holds": holds, "count": 3, "unknown": 0, "expected": f"{LEND} called {expected}", "nearest": []}


def test_what_was_not_called(check: Check, lent: None) -> None:
    outcome = check({"operation": "v1Book_Find"})
    assert (outcome["holds"], outcome["count"]) == (False, 0)
    assert check({"operation": "v1Book_Find", "times": 0})["holds"]


def test_a_path_may_be_asserted(check: Check, lent: None) -> None:
    asked = {"method": "GET", "path": "/api/v1/Book/7"}
    assert check(asked) == {
        "holds": True, "count": 1, "unknown": 0, "expected": "GET /api/v1/Book/7 called at least once", "nearest": []
    }  # fmt: skip


def test_only_calls_with_the_body_count(check: Check, lent: None) -> None:
    outcome = check({"operation": LEND, "body": {"copyId": 1}, "times": 1})
    assert (outcome["holds"], outcome["count"]) == (True, 1)
    assert outcome["expected"] == f"{LEND} called exactly once with this body"


def test_the_nearest_calls_are_reported(check: Check, lent: None, record: Record) -> None:
    record(LEND, "POST /api/v1/Agents/Loan/LendBook", {"CopyId": 9, "Days": 7})
    outcome = check({"operation": LEND, "body": {"CopyId": 9, "Days": 14}})
    assert (outcome["holds"], outcome["count"]) == (False, 0)
    assert [call["number"] for call in outcome["nearest"]] == [1, 2, 5]
    assert outcome["nearest"][0]["differences"] == ["/CopyId: expected 9, found 1"]
    assert set(outcome["nearest"][0]) == {
        "number", "time", "method", "target", "body", "body_note", "status", "differences"
    }  # fmt: skip


def test_the_value_of_a_secret_is_not_compared(check: Check, lent: None) -> None:
    outcome = check({"operation": LEND, "body": {"password": "other", "CopyId": 1}})
    assert (outcome["holds"], outcome["count"]) == (True, 1)
    outcome = check({"operation": LEND, "body": {"Token": "xyzzy"}})
    assert "xyzzy" not in orjson.dumps(outcome).decode()
    assert outcome["nearest"][0]["differences"] == ['/Token: expected "***", found nothing']


def test_a_body_that_was_cut_is_unknown(check: Check, record: Record) -> None:
    record(LEND, "POST /", {"CopyId": 1, "Reason": "x" * MAX_BODY})
    asked = {"operation": LEND, "body": {"CopyId": 1}}
    outcome = check({**asked, "times": 0})
    assert (outcome["holds"], outcome["count"], outcome["unknown"]) == (False, 0, 1)
    assert check({**asked, "at_most": 1})["holds"]
    assert check({"operation": LEND, "times": 1})["holds"]


def test_calls_that_were_dropped_are_unknown(check: Check, record: Record) -> None:
    record(LEND, "POST /", {})
    for _ in range(20):
        record(GET, "GET /api/v1/Book/7")
    assert not check({"operation": LEND, "times": 0})["holds"]
    assert check({"operation": GET, "times": 20})["holds"]
    outcome = check({"method": "GET", "path": "/api/v1/Book/7", "times": 20})
    assert (outcome["holds"], outcome["unknown"]) == (False, 1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"operation": LEND, "time": 1}, "key: 'time' is not known; did you mean 'times'?"),
        ({"operation": LEND, "query": {}}, "key: 'query' is not known"),
        ({"operation": "LendBok"}, "operation: 'LendBok' is not documented; did you mean 'LendBook'?"),
        ({}, "path: '' is not a path"),
        ({"operation": LEND, "times": -1}, "times: -1 is not a number from 0"),
        ({"operation": LEND, "at_least": "1"}, "at_least: '1' is not a number from 0"),
        ({"operation": LEND, "at_most": True}, "at_most: True is not a number from 0"),
        ({"operation": LEND, "times": 1, "at_most": 2}, "times: 1 is not alone"),
        ({"operation": LEND, "at_least": 3, "at_most": 2}, "at_least: 3 is not at most at_most, 2"),
    ],
)
def test_a_wrong_assertion_is_named(check: Check, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check(wrong)
    assert message in str(caught.value)
