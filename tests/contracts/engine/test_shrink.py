"""What shows a finding is made small: never bigger, never something else, and in few tries."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.engine.shrink import smaller
from docdouble.contracts.model.case import size_of
from docdouble.schemas import Call

JSON = (("Content-Type", "application/json"),)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=5), parts, max_size=4),
    max_leaves=12,
)


class Counting:
    """Tells whether a call shows what is looked for, and counts how often it was asked."""

    def __init__(self, shows: Callable[[Call], bool]) -> None:
        self.shows = shows
        self.asked = 0

    def __call__(self, call: Call) -> bool:
        self.asked += 1
        return self.shows(call)


def posted(body: Any, target: str = "/x") -> Call:
    return Call(JSON, json.dumps(body).encode(), "POST", target)


def shown_by_body(shows: Callable[[Any], bool]) -> Counting:
    return Counting(lambda call: shows(json.loads(call.body)))


@given(NESTED, st.sampled_from("0123456789abtn[{:"), st.integers(0, 60))
def test_what_is_found_still_shows_it_and_is_no_bigger(body: Any, needed: str, limit: int) -> None:
    call = posted(body, "/things/12?a=1&b=text")
    shows = Counting(lambda candidate: needed in json.dumps(json.loads(candidate.body)) or candidate == call)
    smallest = smaller(call, shows, limit)
    assert shows(smallest)
    assert size_of(smallest) <= size_of(call)
    assert shows.asked <= limit + 1
    assert (smallest.method, smallest.headers) == (call.method, call.headers)


@given(NESTED)
def test_what_nothing_smaller_shows_stays_as_it_is(body: Any) -> None:
    call = posted(body)
    assert smaller(call, lambda candidate: False, 50) == call


@given(st.integers(0, 2**31 - 2))
def test_the_least_number_above_a_limit_is_found_in_few_tries(limit: int) -> None:
    shows = shown_by_body(lambda body: isinstance(body, dict) and body.get("Id", 0) > limit)
    smallest = smaller(posted({"Id": 2**31 - 1, "Title": "Lunch"}), shows, 100)
    assert json.loads(smallest.body) == {"Id": limit + 1}
    assert shows.asked < 60


def test_101_is_found_for_more_than_100() -> None:
    shows = shown_by_body(lambda body: isinstance(body, dict) and body.get("Id", 0) > 100)
    assert json.loads(smaller(posted({"Id": 852}), shows, 100).body) == {"Id": 101}
    assert shows.asked < 25


def test_a_deep_body_ends_with_the_way_to_what_is_needed() -> None:
    def has_name(body: Any) -> bool:
        below = body.get("Contact") if isinstance(body, dict) else None
        people = below.get("Persons") if isinstance(below, dict) else None
        return isinstance(people, list) and any(isinstance(person, dict) and "Name" in person for person in people)

    person = {"Id": 5, "Name": "Kelly", **{f"Field{number}": number for number in range(40)}}
    contact = {"Persons": [{}, person, {}], **{f"Other{number}": {"A": number} for number in range(40)}}
    shows = shown_by_body(has_name)
    smallest = smaller(posted({"Contact": contact, **{f"X{number}": [1, 2] for number in range(40)}}), shows, 100)
    assert json.loads(smallest.body) == {"Contact": {"Persons": [{"Name": ""}]}}


def test_a_text_that_is_too_long_ends_at_the_limit() -> None:
    shows = shown_by_body(lambda body: isinstance(body, dict) and len(body.get("Title", "")) > 40)
    smallest = smaller(posted({"Title": "Lunch with everybody from the office, and their families"}), shows, 100)
    assert json.loads(smallest.body) == {"Title": "A" * 41}


def test_a_character_is_found_in_a_text() -> None:
    shows = shown_by_body(lambda body: isinstance(body, dict) and "\0" in body.get("Title", ""))
    smallest = smaller(posted({"Title": "some\0text"}), shows, 100)
    assert json.loads(smallest.body) == {"Title": "\0"}


def test_header_fields_that_are_not_needed_go() -> None:
    extra = (("SO-Language", "en"), ("SO-Culture", "en-GB"), ("X-Mode", "fast"))
    call = Call((*JSON, ("Authorization", "Bearer docdouble"), *extra), b"{}", "POST", "/x")
    smallest = smaller(call, lambda candidate: candidate.header("SO-Culture") is not None, 100)
    assert [name for name, _ in smallest.headers] == ["Content-Type", "Authorization", "SO-Culture"]


@pytest.mark.parametrize("in_body", [True, False])
def test_parts_of_forms_and_queries_go(in_body: bool) -> None:
    pairs = "Name=Kelly&Id=852&Contact.City=Oslo&Note=a%20b"
    call = Call(FORM, pairs.encode(), "POST", "/x") if in_body else Call(target=f"/x?{pairs}")

    def shows(candidate: Call) -> bool:
        ids = parse_qs(candidate.body.decode() if in_body else candidate.query).get("Id", ["0"])
        return ids[0].isdigit() and int(ids[0]) > 100

    smallest = smaller(call, shows, 100)
    assert (smallest.body.decode() if in_body else smallest.query) == "Id=101"


def test_a_number_in_a_path_gets_smaller() -> None:
    smallest = smaller(
        Call(target="/books/9999/pages?all=1"), lambda candidate: int(candidate.path.split("/")[2]) > 500, 100
    )
    assert smallest.target == "/books/501/pages"


def test_json_is_preferred_to_what_is_shorter() -> None:
    assert size_of(posted({"AppointmentId": 101})) < size_of(Call(FORM, b"A=1", "POST", "/x"))


@pytest.mark.parametrize(
    "body", [b'{"a": "\\ud800x", "b": [1, "\\u00e9"]}', '{"a": "é\x7f", "b": ["\U0001f600x"]}'.encode()]
)
def test_what_is_no_ascii_stays_written_as_it_was_sent(body: bytes) -> None:
    tried: list[bytes] = []

    def shows(call: Call) -> bool:
        tried.append(call.body)
        return False

    smaller(Call(JSON, body, "POST", "/"), shows, 50)
    assert len(tried) > 5
    assert all(body.isascii() for body in tried) or not body.isascii()
    assert all(b"\\u" not in body for body in tried) or body.isascii()


def test_no_number_is_written_that_json_has_not() -> None:
    tried: list[bytes] = []
    smaller(Call(JSON, b'{"a": 1e999, "b": 1}', "POST", "/"), lambda call: bool(tried.append(call.body)), 50)
    assert tried
    assert not [body for body in tried if b"Infinity" in body]
