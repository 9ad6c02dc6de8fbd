"""What a request sends comes back in what is answered, as far as the schema of the answer takes it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Validator
from docdouble.schemas.openapi.reader import from_openapi

from .harbour import INTEGER, TEXT, record

LINE = record(sku=TEXT, count=INTEGER)
ORDER = record(
    ref=TEXT,
    lines={"type": "array", "items": LINE},
    labels={"type": "object", "additionalProperties": TEXT},
    address=record(city=TEXT, geo=record(lat={"type": "number"})),
    sizes={"type": "array", "items": INTEGER},
)
SENT = {
    "ref": "R-9",
    "lines": [{"sku": "a", "count": 2}],
    "labels": {"team": "red"},
    "address": {"city": "Oslo", "geo": {"lat": 59.9}},
    "sizes": [3, 1],
}


def sender(
    answer: dict[str, Any], sent: dict[str, Any] | None = None, method: str = "POST", dialect: str = ""
) -> Callable[[Any], Any]:
    """Return a function from a body to what is answered to it, where no world is kept."""
    content = {"application/json": {"schema": sent or {}}}
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1"},
        "paths": {"/orders": {method.lower(): {"requestBody": {"content": content}, "responses": responses}}},
    }
    app = FakeServer(replace(from_openapi(document), dialect=dialect), Settings(state="off"))
    valid = Validator(answer, app.contract).is_valid

    def send(body: Any) -> Any:
        fields = (("Content-Type", "application/json"),)
        reply = app.handle(Call(fields, orjson.dumps(body), method, "/orders"))
        assert reply.status == 200, reply.body
        value = orjson.loads(reply.body)
        assert valid(value), value
        return value

    return send


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_objects_maps_and_arrays_come_back_as_sent(method: str) -> None:
    answer = {**ORDER, "properties": {**ORDER["properties"], "state": TEXT}}
    assert SENT.items() <= sender(answer, ORDER, method)(SENT).items()


SEND = sender(ORDER, ORDER)


@given(
    st.fixed_dictionaries(
        {
            "ref": st.text(),
            "lines": st.lists(st.fixed_dictionaries({"sku": st.text(), "count": st.integers(-9, 9)}), max_size=4),
            "labels": st.dictionaries(st.text(), st.text(), max_size=4),
            "address": st.fixed_dictionaries(
                {"city": st.text(), "geo": st.fixed_dictionaries({"lat": st.floats(-90, 90)})}
            ),
            "sizes": st.lists(st.integers(-9, 9), max_size=4),
        }
    )
)
def test_whatever_is_sent_of_the_answers_own_type_is_the_answer(order: dict[str, Any]) -> None:
    assert SEND(order) == order


def test_what_the_answer_asks_for_besides_is_made_up() -> None:
    shown = record(**{**LINE["properties"], "id": INTEGER})
    answer = sender(record(lines={"type": "array", "items": shown}))(
        {"lines": [{"sku": "a", "count": 2}, {"sku": "b", "count": 3}]}
    )
    assert [(line["sku"], line["count"]) for line in answer["lines"]] == [("a", 2), ("b", 3)]
    assert all(isinstance(line["id"], int) for line in answer["lines"])


def test_names_are_compared_without_letter_case_and_separators() -> None:
    assert sender(record(friendly_name=TEXT))({"FriendlyName": "Ann"}) == {"friendly_name": "Ann"}
    assert sender(record(billing=record(postCode=TEXT)))({"billing": {"post-code": "1"}}) == {
        "billing": {"postCode": "1"}
    }


def test_what_does_not_fit_is_not_taken() -> None:
    answer = sender(record(size=INTEGER, name=TEXT))({"size": "large", "name": "Ann"})
    assert answer["name"] == "Ann"
    assert isinstance(answer["size"], int)


def test_what_only_the_server_sets_is_not_taken() -> None:
    answer = record(id={**INTEGER, "readOnly": True}, name=TEXT, secret={**TEXT, "writeOnly": True})
    answer["required"] = ["id", "name"]
    shown = sender(answer)({"id": -5, "name": "Ann", "secret": "x"})
    assert shown["name"] == "Ann"
    assert shown["id"] != -5
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"name": "Ann"}, {"data": {"name": "Ann"}}),
        ({"data": {"name": "Ann"}}, {"data": {"name": "Ann"}}),
        ({"crew": {"name": "Ann"}}, {"data": {"name": "Ann"}}),
    ],
)
def test_what_is_sent_stands_in_the_envelope_of_the_answer(body: Any, answer: Any) -> None:
    assert sender(record(data=record(name=TEXT)))(body) == answer


def test_several_that_are_sent_come_back_each() -> None:
    rows = {"type": "array", "items": record(id=INTEGER, name=TEXT)}
    assert [row["name"] for row in sender(rows)([{"name": "Ann"}, {"name": "Bob"}, {"name": "Cy"}])] == [
        "Ann",
        "Bob",
        "Cy",
    ]


def test_an_answer_of_its_own_type_stays_as_it_is() -> None:
    assert sender(record(id=INTEGER))({"name": "Ann"}) == sender(record(id=INTEGER))({"name": "Ann"})


def test_the_one_property_of_an_object_is_no_answer_that_is_a_text() -> None:
    assert sender(TEXT)({"name": "of the request"}) != "of the request"


def test_pages_promise_every_property_of_what_is_sent_in_part() -> None:
    maps = {"type": "object", "additionalProperties": LINE}
    answer = record(first={**LINE, "type": ["object", "null"]}, lines=ORDER["properties"]["lines"], by_name=maps)
    sent = {"first": {}, "lines": [{"sku": "a"}], "by_name": {"b": {"count": 2}}}
    shown = sender(answer, dialect="superoffice")(sent)
    assert [line.keys() for line in (shown["first"], *shown["lines"], shown["by_name"]["b"])] == [
        LINE["properties"].keys()
    ] * 3
    assert (shown["lines"][0]["sku"], shown["by_name"]["b"]["count"]) == ("a", 2)
