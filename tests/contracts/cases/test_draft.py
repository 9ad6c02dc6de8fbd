import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.cases.draft import ABSENT, Draft
from docdouble.contracts.generation.fields import ITEM, Path, RequestField
from docdouble.schemas import Call, Operation

from .library import LIBRARY, SAVE

STEPS = st.lists(st.sampled_from(["a", "b", ITEM]), max_size=4).map(tuple)
BODIES = st.recursive(
    st.none() | st.integers(),
    lambda parts: st.lists(parts, max_size=2) | st.dictionaries(st.sampled_from("abc"), parts),
)


def at(*path: str | int) -> RequestField:
    return RequestField("body", path, {}, {})


def drafted(body: Any = ABSENT, **parameters: Any) -> Draft:
    return Draft(SAVE, LIBRARY, {"path": {"id": 5}, **parameters}, body, "application/json")


@given(BODIES, STEPS, st.integers())
def test_what_is_put_is_there_and_what_is_taken_out_is_gone(body: Any, path: Path, value: int) -> None:
    field = at(*path)
    put = drafted(body).put(field, value)
    assert put.get(field) == value
    if ITEM not in path:
        assert put.without(field).get(field) is ABSENT


@given(BODIES, STEPS, st.integers())
def test_a_draft_is_never_changed(body: Any, path: Path, value: int) -> None:
    before = json.dumps(body)
    drafted(body).put(at(*path), value).without(at(*path))
    assert json.dumps(body) == before


@pytest.mark.parametrize(
    ("body", "path", "changed"),
    [
        ({"lines": [{"id": 1, "n": 5}, {"id": 2}]}, ("lines", ITEM, "id"), {"lines": [{"id": 7, "n": 5}, {"id": 8}]}),
        ({"lines": [{"id": 1}, {}, {"id": 3}]}, ("lines", ITEM, "id"), {"lines": [{"id": 7}, {}, {"id": 8}]}),
        ({"ids": [1, 2, 3]}, ("ids", ITEM), {"ids": [7, 8]}),
        ({"id": 1}, ("id",), {"id": 7}),
        ({"a": 1}, ("id",), {"a": 1}),
        ([[1], [2]], (ITEM, ITEM), [[7], [8]]),
    ],
)
def test_known_values_stand_in_each_item(body: Any, path: Path, changed: Any) -> None:
    assert drafted(body).put_in_each(at(*path), [7, 8]).body == changed


def test_what_can_not_be_empty_is_filled() -> None:
    put = drafted({}).put(at("author", "age"), 5, {("author",): {"name": "Ann"}})
    assert put.body == {"author": {"name": "Ann", "age": 5}}


def test_parameters_are_encoded() -> None:
    operation = Operation("get", "GET", "/books/{id}")
    parameters = {"path": {"id": "a/b é"}, "query": {"$top": 5, "on": True, "in": [1, 2]}, "cookie": {"s": "x"}}
    call = Draft(operation, LIBRARY, parameters).call()
    assert call.target == "/books/a%2Fb%20%C3%A9?$top=5&on=true&in=1&in=2"
    assert call.headers == (("Cookie", "s=x"),)


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("application/json", b'{"title": "Dune"}'),
        ("application/x-www-form-urlencoded", b"title=Dune"),
        ("text/xml", b"<title>Dune</title>"),
    ],
)
def test_bodies_are_written_in_their_media_type(media_type: str, sent: bytes) -> None:
    call = Draft(SAVE, LIBRARY, {"path": {"id": 5}}, {"title": "Dune"}, media_type).call()
    assert sent in call.body
    assert call.media_type == media_type


def test_without_a_body_there_is_no_content_type() -> None:
    assert drafted().call() == Call((), b"", "PUT", "/books/5")
