"""Requests after which a right server may show what it doesn't document."""

import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.cases.spoiling import is_spoiling, within_exact
from docdouble.contracts.model.case import Breach, Case, Origin, Purpose
from docdouble.schemas import Call

from .library import FIND, SAVE, cases

JSON = ("Content-Type", "application/json")


def case(body: Any, origin: Origin = Origin.RANDOM, purpose: Purpose = Purpose.VALID) -> Case:
    return Case(SAVE, Call((JSON,), json.dumps(body).encode(), "PUT", "/books/7"), purpose, origin)


@pytest.mark.parametrize(
    ("value", "spoils", "by_chance_only"),
    [
        (1e300, True, False),
        (2**53 + 1, True, False),
        (2**53, False, False),
        (1e-9, True, True),
        (0.25, False, False),
        (" \n", True, True),
        ("", False, False),
        (" a ", False, False),
        (True, False, False),
    ],
)
def test_what_a_right_server_may_not_keep_as_it_is(value: Any, spoils: bool, by_chance_only: bool) -> None:
    assert is_spoiling(case({"pages": [value]})) is spoils
    assert is_spoiling(case({"pages": [value]}, Origin.BOUNDARY)) is (spoils and not by_chance_only)
    assert not is_spoiling(case({"pages": [value]}, purpose=Purpose.HOSTILE))
    assert not is_spoiling(replace(case({"pages": [value]}), operation=FIND))


@pytest.mark.parametrize(
    ("rule", "value", "spoils"),
    [
        ("format", "2024-06-15", True),
        ("type", "2024-06-15T12:30:00", True),
        ("type", "2024-06-15T12:30:00Z", False),
        ("type", "12", False),
    ],
)
def test_a_time_without_an_offset_may_be_shown_without_one(rule: str, value: str, spoils: bool) -> None:
    taken = replace(case({"bought": value}, Origin.HOSTILE, Purpose.CONVERTIBLE), breach=Breach("body/bought", rule))
    assert is_spoiling(taken) is spoils
    assert not is_spoiling(replace(taken, operation=FIND))


def test_so_may_one_of_a_form() -> None:
    form = Call((("Content-Type", "application/x-www-form-urlencoded"),), b"bought=2024-06-15", "PUT", "/books/7")
    taken = replace(case({}, Origin.HOSTILE, Purpose.CONVERTIBLE), call=form, breach=Breach("body/bought", "format"))
    assert is_spoiling(taken)


def test_what_is_no_json_spoils_nothing() -> None:
    assert not is_spoiling(replace(case({}), call=Call((), b"\x00", "PUT", "/books/7")))


@pytest.mark.parametrize(
    ("value", "expected"), [(1e308, 1e15), (-(2**63), -(10**15)), (2**31 - 1, 2**31 - 1), ("x", "x"), (None, None)]
)
def test_the_greatest_numbers_are_those_that_any_server_keeps(value: Any, expected: Any) -> None:
    assert within_exact(value) == expected
    assert type(within_exact(value)) is type(value)


def test_writes_are_not_sent_what_would_spoil_later_replies() -> None:
    assert not any(map(is_spoiling, cases(SAVE, boundaries=200, max_examples=10)))
