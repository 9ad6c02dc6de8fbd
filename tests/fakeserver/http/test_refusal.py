"""The header field that lists what a call breaks."""

import json

import pytest

from docdouble.fakeserver.http.refusal import VIOLATIONS, field_path, place_of, violations_field


def test_lists_violations_as_json_in_ascii() -> None:
    name, value = violations_field([{"in": "body", "pointer": "/straße", "message": "a\r\nb\x7f"}])
    assert name == VIOLATIONS
    assert value.isascii()
    assert value.isprintable()
    assert json.loads(value) == [{"in": "body", "pointer": "/straße", "message": "a\r\nb\x7f"}]


def test_is_bounded_and_counts_what_has_no_room() -> None:
    _, value = violations_field([{"pointer": f"/{number}", "message": "x" * 900} for number in range(100)])
    listed = json.loads(value)
    assert len(value) < 4000
    assert all(len(item["message"]) == 200 for item in listed[:-1])
    assert listed[-1] == {"more": 100 - len(listed) + 1}


@pytest.mark.parametrize(
    ("violation", "place", "path"),
    [
        ({"in": "body", "pointer": "/items/0/na~1me"}, "/items/0/na~1me in the body", "items.0.na/me"),
        ({"in": "body", "pointer": ""}, "the body", "body"),
        ({"in": "query", "name": "limit"}, "limit in the query", "limit"),
        ({"in": "query", "name": "box", "pointer": "/width"}, "box/width in the query", "box.width"),
        ({"message": "no such thing"}, "", ""),
    ],
)
def test_names_the_place(violation: dict[str, str], place: str, path: str) -> None:
    assert (place_of(violation), field_path(violation)) == (place, path)
