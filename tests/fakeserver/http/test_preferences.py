"""``Prefer`` and its twin in the query: which of the documented answers is sent."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.http.preferences import Preferences, read_preferences
from docdouble.schemas import Call, Reply

Send = Callable[..., Reply]

GET = "GET /api/v1/Branch/5"
QUOTED = r'example="big, \"old\" cat"'


def read(*prefer: str, query: str = "") -> Preferences:
    return read_preferences(Call(tuple(("Prefer", preference) for preference in prefer), target=f"/book?{query}"))


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ("", Preferences()),
        ("respond-async, wait=10", Preferences()),
        ("code=404", Preferences(code=404, applied="code=404")),
        ("Code=404", Preferences(code=404, applied="code=404")),
        ('code = "404"', Preferences(code=404, applied="code=404")),
        ("code=404; strict=true", Preferences(code=404, applied="code=404")),
        ("wait; code=500, code=404", Preferences(code=404, applied="code=404")),
        ('foo="a, code=500", code=404', Preferences(code=404, applied="code=404")),
        ("code=404, code=500", Preferences(code=404, applied="code=404")),
        ("example", Preferences(example=True, applied="example")),
        ("example=true", Preferences(example=True, applied="example=true")),
        ("example=false", Preferences(generated=True, applied="example=false")),
        ("example=first", Preferences(example=True, name="first", applied="example=first")),
        (
            'example="big, \\"old\\" cat"',
            Preferences(example=True, name='big, "old" cat', applied='example="big, \\"old\\" cat"'),
        ),
        ("example=café", Preferences(example=True, name="café", applied="example=caf%C3%A9")),
        ("dynamic", Preferences(generated=True, applied="dynamic")),
        ("dynamic=true", Preferences(generated=True, applied="dynamic=true")),
        ("dynamic=false", Preferences(example=True, applied="dynamic=false")),
        ("seed=7", Preferences(seed=7, applied="seed=7")),
        ("seed=-7", Preferences(seed=-7, applied="seed=-7")),
        ("code=200, example, seed=0", Preferences(200, True, 0, "code=200, example, seed=0")),
    ],
)
def test_what_a_header_prefers(prefer: str, expected: Preferences) -> None:
    assert read(prefer) == expected


def test_fields_are_read_together_and_the_first_counts() -> None:
    assert read("code=404", "seed=7, code=500") == Preferences(404, seed=7, applied="code=404, seed=7")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("__code=404&a=1", Preferences(404, applied="code=404")),
        ("__example", Preferences(example=True, applied="example")),
        ("__seed=7&__dynamic=false", Preferences(None, True, 7, "seed=7, dynamic=false")),
        ("code=404&__other=1&__Code=1", Preferences()),
    ],
)
def test_what_a_query_prefers(query: str, expected: Preferences) -> None:
    assert read(query=query) == expected


def test_the_query_counts_before_the_header() -> None:
    assert read("code=500, seed=7", query="__code=404").code == 404
    assert read("code=500, seed=7", query="__code=404").seed == 7


@pytest.mark.parametrize(
    "wrong",
    ["code", "code=", "code=4", "code=600", "code=abc", "code=٤٠٤", "seed", "seed=x", "seed=1.5", f"seed={'9' * 19}"],
)
def test_a_value_that_means_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=rf"{wrong[:4]}: expected a .*, got '"):
        read(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        *("code=404 500", "code=404 x", "=code=404", "é code=404", 'example="cat', 'example=cat"', 'seed=1"2"'),
        *("dynamic=maybe", "dynamic=é", 'code="404"0', "seed=7 8, code=404"),
    ],
)
def test_what_is_no_whole_preference_is_not_guessed(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        read(wrong)


@given(st.text(), st.text())
def test_what_was_applied_is_a_header_field_whatever_was_sent(prefer: str, value: str) -> None:
    try:
        applied = read(prefer).applied + read_preferences(Call((("Prefer", f'example="{value}"'),))).applied
    except ValueError:
        return
    assert applied.isascii()
    assert applied.isprintable()


@pytest.mark.parametrize("value", ["a%0d%0aSet-Cookie:%20a=1", "%C3%A9", "a%20b"])
def test_nothing_else_gets_into_the_head_of_the_reply(app: FakeServer, send: Send, value: str) -> None:
    reply = send(app, f"{GET}?__example={value}")
    assert (reply.status, reply.header("Set-Cookie")) == (400, None)


@pytest.mark.parametrize(("code", "body"), [("404", True), ("304", False), ("200", True)])
def test_a_documented_status_is_sent(app: FakeServer, send: Send, code: str, body: bool) -> None:
    for label, headers in ((GET, [("Prefer", f"code={code}")]), (f"{GET}?__code={code}", [])):
        reply = send(app, label, *headers)
        assert (str(reply.status), bool(reply.body)) == (code, body)
        assert reply.header("Preference-Applied") == f"code={code}"


def test_a_preferred_failure_says_where_it_is_documented(app: FakeServer, send: Send) -> None:
    problem = orjson.loads(send(app, GET, ("Prefer", "code=404")).body)
    assert (problem["status"], problem["detail"], problem["documentation"]) == (404, "No such door", "Branch_Get.md:41")


def test_a_status_that_is_not_documented_is_refused_with_those_that_are(app: FakeServer, send: Send) -> None:
    reply = send(app, GET, ("Prefer", "code=418"))
    problem = orjson.loads(reply.body)
    assert (reply.status, problem["detail"], problem["documented"]) == (
        400,
        "418 is not documented here; docdouble serve --fault operation=v1Branch_Get,status=418 sends it, "
        "and so does a prepared answer",
        ["200", "304", "404"],
    )


def test_an_interim_status_is_no_answer(app: FakeServer, send: Send) -> None:
    problem = orjson.loads(send(app, GET, ("Prefer", "code=102")).body)
    assert problem["detail"] == "102 is not documented here; no call ends with an interim status"


@pytest.mark.parametrize("header", ["code=abc", "seed=x", "dynamic=é"])
def test_a_preference_that_cannot_be_read_is_a_400(app: FakeServer, send: Send, header: str) -> None:
    reply = send(app, GET, ("Prefer", header))
    assert reply.status == 400
    assert orjson.loads(reply.body)["detail"].startswith("a preference that can't be read: ")


@pytest.mark.parametrize("header", ["example", "dynamic=false"])
def test_the_documented_sample_is_sent(app: FakeServer, send: Send, header: str) -> None:
    answer = orjson.loads(send(app, GET, ("Prefer", header)).body)
    assert (answer["Name"], answer["Address"]["Street"], answer["BranchId"]) == (
        "north reading room",
        "12 Mill Lane",
        5,
    )


def body(reply: Reply) -> Any:
    assert reply.status == 200
    return orjson.loads(reply.body)


def test_a_seed_gives_other_data_always_the_same(app: FakeServer, send: Send) -> None:
    plain, seven, eight = (body(send(app, GET + query)) for query in ("", "?__seed=7", "?__seed=8"))
    assert len({repr(answer) for answer in (plain, seven, eight)}) == 3
    assert body(send(app, GET, ("Prefer", "seed=7"))) == seven
    assert {answer["BranchId"] for answer in (plain, seven, eight)} == {5}


def test_without_a_preference_none_is_applied(app: FakeServer, send: Send) -> None:
    reply = send(app, GET, ("Prefer", "respond-async"))
    assert (reply.status, reply.header("Preference-Applied")) == (200, None)
