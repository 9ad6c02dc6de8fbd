"""Values that note what is read of them, beside plain ones."""

import copy
import json
import operator
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.coverage.reading import reading
from docdouble.schemas import Contract, MediaType
from docdouble.schemas.contract.facts import DocumentedPlace, Facts

PERSON = {"type": "object", "properties": {"Name": {"type": "string"}, "Age": {"type": "integer"}}}
SCHEMA = {
    "type": "object",
    "properties": {
        "Id": {"type": "integer"},
        "Person": PERSON,
        "Tags": {"type": "array", "items": {"type": "string"}},
        "People": {"type": "array", "items": PERSON},
        "Fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
VALUE: dict[str, Any] = {
    "Id": 1,
    "Person": {"Name": "Ada", "Age": 36},
    "Tags": ["a", "b"],
    "People": [{"Name": "Ada", "Age": 36}, {"Name": "Bo", "Age": 7}],
    "Fields": {"x:1": "one"},
    "Other": 5,
}
ALL = {
    "",
    "/Id",
    "/Person",
    "/Person/Name",
    "/Person/Age",
    "/Tags",
    "/Tags/*",
    "/People",
    "/People/*",
    "/People/*/Name",
    "/People/*/Age",
    "/Fields",
    "/Fields/*",
}
TOP = {"", "/Id", "/Person", "/Tags", "/People", "/Fields"}


def place(schema: dict[str, Any] = SCHEMA) -> DocumentedPlace:
    return Facts(Contract("", "", ())).places(MediaType("application/json", schema))


def read_by(use: Callable[[Any], object], value: Any = VALUE) -> set[str]:
    noted: list[str] = []
    use(reading(copy.deepcopy(value), place(), noted.append))
    assert len(noted) == len(set(noted)), "a place is told once"
    return set(noted)


def match(value: Any) -> None:
    match value:
        case {"Person": {"Name": str()}}:
            return
    raise AssertionError


def takes(Person: Any, **others: Any) -> str:  # noqa: N803 - the documented name
    return str(Person["Name"])


@pytest.mark.parametrize(
    ("use", "read"),
    [
        (lambda value: None, set()),
        (lambda value: value["Id"], {"", "/Id"}),
        (lambda value: value["Person"]["Name"], {"", "/Person", "/Person/Name"}),
        (lambda value: value.get("Id"), {"", "/Id"}),
        (lambda value: value.get("id"), {"", "/Id"}),
        (lambda value: value["Other"], {""}),
        (lambda value: value.pop("Id"), {"", "/Id"}),
        (lambda value: value["Person"].popitem(), {"", "/Person", "/Person/Age"}),
        (lambda value: value.setdefault("Id", 2), {"", "/Id"}),
        (lambda value: "Id" in value, {"", "/Id"}),
        (lambda value: [len(value), bool(value), repr(value), list(value), value.keys(), type(value)], set()),
        (lambda value: isinstance(value, dict), set()),
        (lambda value: list(value.items()), TOP),
        (lambda value: list(value.values()), TOP),
        (dict, TOP),
        (lambda value: {**value}, TOP),
        (lambda value: {} | value, TOP),
        (lambda value: value | {}, TOP),
        (lambda value: {}.update(value), TOP),
        (lambda value: takes(**value), {*TOP, "/Person/Name"}),
        (lambda value: value == VALUE, ALL),
        (lambda value: operator.eq(VALUE, value), ALL),
        (lambda value: operator.eq({"a": VALUE}, {"a": value}), ALL),
        (lambda value: value != VALUE, ALL),
        (lambda value: value == 1, set()),
        (lambda value: value is None, set()),
        (json.dumps, ALL),
        (lambda value: json.dumps(value, indent=1, sort_keys=True), ALL),
        (pickle.dumps, ALL),
        (copy.deepcopy, set()),
        (copy.copy, set()),
        (lambda value: value.copy(), set()),
        (lambda value: copy.deepcopy(value)["Person"]["Name"], {"", "/Person", "/Person/Name"}),
        (lambda value: copy.copy(value)["Id"], {"", "/Id"}),
        (match, {"", "/Person", "/Person/Name"}),
        (lambda value: value["Fields"]["x:1"], {"", "/Fields", "/Fields/*"}),
        (lambda value: len(value["Tags"]), {"", "/Tags"}),
        (lambda value: value["Tags"][0], {"", "/Tags", "/Tags/*"}),
        (lambda value: value["Tags"][:1], {"", "/Tags", "/Tags/*"}),
        (lambda value: list(value["Tags"]), {"", "/Tags", "/Tags/*"}),
        (lambda value: tuple(value["Tags"]), {"", "/Tags", "/Tags/*"}),
        (lambda value: "".join(value["Tags"]), {"", "/Tags", "/Tags/*"}),
        (lambda value: [*value["Tags"]], {"", "/Tags", "/Tags/*"}),
        (lambda value: ["c"] + value["Tags"], {"", "/Tags", "/Tags/*"}),
        (lambda value: sorted(value["Tags"]), {"", "/Tags", "/Tags/*"}),
        (lambda value: "a" in value["Tags"], {"", "/Tags", "/Tags/*"}),
        (lambda value: value["Tags"] == ["a"], {"", "/Tags", "/Tags/*"}),
        (lambda value: value["Tags"] > ["a"], {"", "/Tags", "/Tags/*"}),
        (lambda value: value["Tags"].copy(), {"", "/Tags"}),
        (
            lambda value: [person["Name"] for person in value["People"]],
            {"", "/People", "/People/*", "/People/*/Name"},
        ),
    ],
)
def test_notes_what_is_read(use: Callable[[Any], object], read: set[str]) -> None:
    assert read_by(use) == read


def test_a_plain_value_is_read_at_once() -> None:
    assert read_by(lambda value: None, True) == {""}


def test_what_nothing_documents_is_plain_inside() -> None:
    value = reading({"Other": {"a": [1]}}, place(), lambda pointer: None)
    assert type(value["Other"]) is dict


def test_an_empty_array_has_no_item_to_read() -> None:
    assert read_by(lambda value: list(value["Tags"]), {"Tags": []}) == {"", "/Tags"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "Name"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*VALUE, "Name", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ANYTHING: dict[str, Any] = {"additionalProperties": {}, "items": {}}
ANYTHING["additionalProperties"] = ANYTHING["items"] = {**SCHEMA, "items": {"items": PERSON}}


def outcome(act: Callable[[], Any]) -> tuple[str, Any]:
    """Return what comes of something: what it returns, as plain JSON, or the kind of what it raises."""
    try:
        value = act()
    except (TypeError, LookupError, ValueError, AttributeError) as error:
        return type(error).__name__, None
    return type(value).__name__ if isinstance(value, bool | int) else "", repr(value)


TWO_SIDED = [
    operator.eq,
    operator.ne,
    operator.lt,
    operator.ge,
    operator.add,
    operator.mul,
    operator.or_,
    operator.contains,
    operator.getitem,
]
ONE_SIDED: list[Callable[[Any], Any]] = [
    len,
    bool,
    repr,
    list,
    dict,
    json.dumps,
    copy.copy,
    copy.deepcopy,
    sorted,
    hash,
    lambda value: pickle.loads(pickle.dumps(value)),
    lambda value: list(reversed(value)),
    lambda value: list(value.items()),
    lambda value: list(value.values()),
    lambda value: value.copy(),
    lambda value: (value.pop(), value),
    lambda value: (value.popitem(), value),
    lambda value: (value.pop("Name", 3), value),
    lambda value: (value.setdefault("Name", 3), value),
    lambda value: (value.sort(), value),
    lambda value: (value.update({"Name": []}), value),
    lambda value: (value.append(1), value.remove(1), value.index(1), value),
    lambda value: [*value],
    lambda value: {**value},
    lambda value: value * 2,
    lambda value: value[1:],
    lambda value: value.count("a"),
    lambda value: (value.clear(), value),
]


@given(json_values, st.sampled_from(ONE_SIDED))
def test_is_as_a_plain_value_alone(value: Any, act: Callable[[Any], Any]) -> None:
    noting = reading(copy.deepcopy(value), place(ANYTHING), lambda pointer: None)
    assert outcome(lambda: act(noting)) == outcome(lambda: act(copy.deepcopy(value)))


@given(json_values, json_values, st.sampled_from(TWO_SIDED))
def test_is_as_a_plain_value_beside_another(value: Any, other: Any, act: Callable[[Any, Any], Any]) -> None:
    noting = reading(value, place(ANYTHING), lambda pointer: None)
    assert outcome(lambda: act(noting, other)) == outcome(lambda: act(value, other))
    assert outcome(lambda: act(other, noting)) == outcome(lambda: act(other, value))


@given(json_values)
def test_equals_the_plain_value(value: Any) -> None:
    noting = reading(copy.deepcopy(value), place(ANYTHING), lambda pointer: None)
    assert noting == value
    assert value == noting
    assert not operator.ne(noting, value)
