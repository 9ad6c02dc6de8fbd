"""Cases that try something in many places at once, ask for what is optional, and break each field."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from docdouble.contracts.cases.baseline_request import Base
from docdouble.contracts.cases.draft import ABSENT, Draft
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.sweeps import respelled, sweeps, swept
from docdouble.contracts.cases.texts import MIXED
from docdouble.contracts.checks.request_case import OTHER_CASE
from docdouble.contracts.generation.fields import RequestField
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.schemas import Behaviour, Body, Contract, MediaType, Operation, Parameter, Schema, Validator

from .library import ANSWERS, LIBRARY, SAVE, cases, line, maker

TEXT: Schema = {"type": "string"}
INT: Schema = {"type": "integer"}
OPERATION = Operation("buildShelf", "POST", "/shelves")
NULL = {"type": "null"}
SHELF: Schema = {
    "type": "object",
    "properties": {
        "ShelfId": {"type": "integer", "format": "int32"},
        "Name": {"type": "string"},
        "Note": {"type": ["string", "null"]},
        "Height": {"type": "integer", "format": "int32"},
        "Placed": {"type": "string", "format": "date-time"},
        "Room": {"anyOf": [{"$ref": "#/components/schemas/Room"}, NULL]},
    },
}
ROOM: Schema = {
    "type": "object",
    "properties": {"Floor": {"type": "integer", "format": "int32"}, "Name": {"type": ["string", "null"]}},
}
REFERENCE: Schema = {"$ref": "#/components/schemas/Shelf"}
BUILD = Operation(
    "buildShelf",
    "POST",
    "/shelves",
    "",
    "",
    (
        Parameter("$select", "query", {"type": "string"}),
        Parameter("SO-TimeZone", "header", {"type": "string"}),
        Parameter("deep", "query", {"type": "boolean"}),
    ),
    Body((MediaType("application/json", REFERENCE, ({"Name": "tall"},)),), True, evidence=line(9)),
    ANSWERS,
    behaviours=(
        Behaviour("case-insensitive-names", line(2)),
        Behaviour("select-projection", line(3), "$select"),
        Behaviour("time-zone", line(4), "SO-TimeZone"),
    ),
    evidence=line(1),
)
SHELVES = Contract("shelves", "1", (BUILD,), {"Shelf": SHELF, "Room": ROOM})


@pytest.fixture(scope="module")
def generated() -> list[Case]:
    return cases(BUILD, SHELVES, boundaries=1)


def body(generated: list[Case], about: str) -> Any:
    return next(json.loads(case.call.body) for case in generated if case.about == about)


def test_an_odd_value_is_put_wherever_it_may_stand(generated: list[Case]) -> None:
    assert body(generated, "every text empty") == {"Name": "", "Note": "", "Room": {"Name": ""}}
    assert body(generated, "every null at depth 1") == {"Name": "tall", "Note": None, "Room": None}
    assert body(generated, "every null at depth 2")["Room"] == {"Name": None}
    greatest = {"ShelfId": 2**31 - 1, "Name": "tall", "Height": 2**31 - 1, "Room": {"Floor": 2**31 - 1}}
    assert body(generated, "every number the greatest") == greatest
    assert body(generated, "every number minus one")["Room"] == {"Floor": -1}


def test_every_property_is_sent_once(generated: list[Case]) -> None:
    assert body(generated, "every property").keys() == SHELF["properties"].keys()


def test_sweeps_keep_to_the_documentation(generated: list[Case]) -> None:
    validator = Validator(REFERENCE, SHELVES)
    swept = [case for case in generated if case.about.startswith("every ")]
    assert len(swept) >= 5
    assert all(case.purpose is Purpose.VALID and not case.existing for case in swept)
    assert all(validator.accepts(json.loads(case.call.body)) for case in swept)


def test_what_is_not_valid_together_is_tried_apart() -> None:
    about = "every text empty"
    bodies = [json.loads(case.call.body) for case in cases(SAVE, boundaries=1) if case.about == about]
    assert all(body["title"] for body in bodies)  # a title has at least one letter
    assert {"name": ""} in [body.get("author") for body in bodies]


def test_names_are_spelled_otherwise_where_that_is_documented(generated: list[Case]) -> None:
    other = body(generated, OTHER_CASE)
    assert {"shelfId", "name", "room"} <= other.keys()
    assert other["room"] is None or "floor" in other["room"]
    assert OTHER_CASE not in {case.about for case in cases(SAVE, boundaries=1)}


def test_each_optional_parameter_is_asked_for(generated: list[Case]) -> None:
    queries = {case.call.query for case in generated if case.purpose is Purpose.VALID}
    assert {"$select=id", "$select="} <= queries
    assert {"deep=true", "deep=false"} & queries
    assert {"Asia/Tokyo"} == {case.call.header("SO-TimeZone") for case in generated} - {None}


def test_each_near_field_is_broken_however_small_the_budget_is(generated: list[Case]) -> None:
    broken = {case.breach.place for case in generated if case.breach}
    near = {"ShelfId", "Name", "Height", "Placed", "Room", "Room/Floor", "Room/Name"}
    assert broken >= {f"body/{name}" for name in near}


def test_nothing_is_swept_without_a_budget() -> None:
    generated = cases(BUILD, SHELVES, boundaries=0)
    assert not [
        case
        for case in generated
        if case.about.startswith("every ") or (case.origin is Origin.HOSTILE and not case.breach)
    ]


@pytest.mark.parametrize("number", [0, -1])
def test_zero_and_minus_one_are_ids_of_nothing(number: int) -> None:
    values = KnownValues(LIBRARY, {"id": [77, number]})
    generated = list(maker(values=values, boundaries=400).cases(SAVE))
    assert [case.existing for case in generated if case.call.path == f"/books/{number}"] == [False]


def field(path: str, schema: Schema, where: Any = "body", **more: Any) -> RequestField:
    """A field; a step of digits is an item of an array."""
    steps = tuple(int(step) if step.isdigit() else step for step in path.split("/") if step)
    return RequestField(where, steps, schema, schema, **more)


def base(*fields: RequestField, body: Any = ABSENT) -> Base:
    return Base(Draft(OPERATION, Contract("", "", (OPERATION,)), body=body), fields, {}, ("application/json",), True)


def swept_values(*fields: RequestField, ids: tuple[RequestField, ...] = ()) -> dict[str, list[tuple[str, Any]]]:
    """The places and values of each sweep that changes anything."""
    swept = sweeps(base(*fields), ids)
    return {about: [(field.place, value) for field, value in changes] for about, changes in swept if changes}


@pytest.mark.parametrize(
    ("schema", "may_be_empty"),
    [
        (TEXT, True),
        ({**TEXT, "minLength": 0}, True),
        ({**TEXT, "minLength": 1}, False),
        ({**TEXT, "enum": ["a"]}, False),
        ({**TEXT, "const": "a"}, False),
        ({**TEXT, "pattern": "a"}, False),
        ({**TEXT, "format": "date"}, False),
        ({"type": "boolean"}, False),
    ],
)
def test_texts_that_may_be_empty(schema: Schema, may_be_empty: bool) -> None:
    assert swept_values(field("Name", schema)).get("every text empty") == (
        [("body/Name", "")] if may_be_empty else None
    )


NUMBER: Schema = {"type": "number"}
LEAST, GREATEST = -(2**63), 2**63 - 1


@pytest.mark.parametrize(
    ("schema", "greatest", "least", "minus_one"),
    [
        (INT, GREATEST, LEAST, -1),
        ({**INT, "format": "int32"}, 2**31 - 1, -(2**31), -1),
        ({**INT, "minimum": -1, "maximum": -1}, -1, -1, -1),
        ({**INT, "minimum": 0, "maximum": 9}, 9, 0, None),
        ({**INT, "maximum": -2}, -2, LEAST, None),
        ({**INT, "maximum": 9, "enum": [1]}, None, None, None),
        ({**INT, "maximum": 9, "const": 1}, None, None, None),
        ({**INT, "maximum": 9, "multipleOf": 3}, None, None, None),
        ({**NUMBER, "maximum": 9}, 9, -sys.float_info.max, None),
        (NUMBER, sys.float_info.max, -sys.float_info.max, None),
        ({**NUMBER, "format": "float", "minimum": 0.5}, 3.4028234663852886e38, 0.5, None),
    ],
)
def test_numbers(schema: Schema, greatest: float | None, least: float | None, minus_one: int | None) -> None:
    swept = swept_values(field("Height", schema))
    for about, value in (("the greatest", greatest), ("the least", least), ("minus one", minus_one)):
        assert swept.get(f"every number {about}") == ([("body/Height", value)] if value is not None else None)


def test_numbers_that_say_which_entities_are_meant_come_last() -> None:
    key, height = field("ShelfId", INT), field("Height", INT)
    assert list(swept_values(key, height, ids=(key,)).items()) == [
        ("every number the greatest", [("body/Height", GREATEST)]),
        ("every number the greatest, keys as well", [("body/ShelfId", GREATEST), ("body/Height", GREATEST)]),
        ("every number the least", [("body/Height", LEAST)]),
        ("every number the least, keys as well", [("body/ShelfId", LEAST), ("body/Height", LEAST)]),
        ("every number minus one", [("body/Height", -1)]),
        ("every number minus one, keys as well", [("body/ShelfId", -1), ("body/Height", -1)]),
    ]
    assert list(swept_values(height)) == [
        "every number the greatest",
        "every number the least",
        "every number minus one",
    ]


def test_odd_texts_are_put_everywhere_with_what_is_listed() -> None:
    kind, made = field("Kind", {**TEXT, "enum": ["a", "b"]}), field("Made", {**TEXT, "format": "date"})
    swept = swept_values(field("Name", TEXT), kind, made, field("Code", {**TEXT, "pattern": "^a$"}))
    listed = zip(("a", "b", "a", "b"), ("2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"), strict=True)
    assert list(swept.items()) == [
        ("every text empty", [("body/Name", "")]),
        *(
            (f"every text {about}", [("body/Name", MIXED[about]), ("body/Kind", letter), ("body/Made", date)])
            for about, (letter, date) in zip(MIXED, listed, strict=False)
        ),
        ("every text 300 characters", [("body/Name", "x" * 300)]),
        ("every text 5,000 characters", [("body/Name", "x" * 5000)]),
    ]


def test_odd_texts_have_what_servers_stumble_over() -> None:
    odd = "".join(MIXED.values())
    assert [
        character
        for character in "'\"`<>&;-{}$%/\\\t\r\n\0😀\u0301\u05e9\u200f\u202e\u200d\U0001d4b3"
        if character not in odd
    ] == []


def test_long_texts_are_tried_without_anything_else_and_where_lengths_allow_them() -> None:
    short, query = field("Name", {**TEXT, "minLength": 2, "maxLength": 9}), field("tags", {"type": "array"}, "query")
    swept = swept_values(short, field("Made", {**TEXT, "format": "date"}), field("Note", TEXT), query)
    assert swept["every text 5,000 characters"] == [("body/Note", "x" * 5000)]
    assert swept["every text the longest"] == [("body/Name", "x" * 9)]
    assert swept["every text the shortest"] == [("body/Name", "xx")]


def test_items_of_a_query_are_odd_and_on_one_line() -> None:
    swept = swept_values(field("tags", {"type": "array", "items": TEXT}, "query"), field("q", TEXT, "query"))
    assert swept == {
        "every text empty": [("query/q", "")],
        "every text metacharacters": [
            ("query/q", MIXED["metacharacters"]),
            ("query/tags", [MIXED["metacharacters"]]),
        ],
        "every text 300 characters": [("query/q", "x" * 300), ("query/tags", ["x" * 300])],
    }


def test_nulls_of_each_depth() -> None:
    names = ("A", "A/B", "A/0", "A/B/C", "A/B/C/D")
    fields = [field(name, TEXT, may_be_null=True) for name in names]
    swept = swept_values(*fields, field("E", TEXT), field("F", TEXT, "query", may_be_null=True))
    assert {about: changes for about, changes in swept.items() if "null" in about} == {
        "every null at depth 1": [("body/A", None)],
        "every null at depth 2": [("body/A/B", None)],
        "every null at depth 3": [("body/A/B/C", None)],
    }


def test_only_what_a_query_or_body_tells_is_swept() -> None:
    places = [field("Id", TEXT, where) for where in ("path", "query", "header", "cookie", "body")]
    steering, whole = field("$select", TEXT, "query", steers=True), field("", TEXT)
    deep = field("A/B/C/D", TEXT)
    assert swept_values(*places, steering, whole, deep) == {
        "every text empty": [("query/Id", ""), ("body/Id", "")],
        "every text metacharacters": [(place, MIXED["metacharacters"]) for place in ("query/Id", "body/Id")],
        "every text letters of the world": [("body/Id", MIXED["letters of the world"])],
        "every text blanks and line ends": [("body/Id", MIXED["blanks and line ends"])],
        "every text NUL": [("body/Id", "a\0b")],
        "every text 300 characters": [("query/Id", "x" * 300), ("body/Id", "x" * 300)],
        "every text 5,000 characters": [("body/Id", "x" * 5000)],
    }


class TestSwept:
    FIELDS = tuple(field(name, TEXT) for name in "ABCD")
    BASE = base(*FIELDS, body={})

    def drafts(self, is_valid: Callable[[Any], bool], body: Any = None) -> list[Any]:
        """The letters of each body that is yielded."""
        sweep = ("every text empty", [(field, "") for field in self.FIELDS])
        drafts = swept(base(*self.FIELDS, body=body or {}), sweep, lambda draft: is_valid("".join(draft.body)))
        return ["".join(draft.body) for draft in drafts]

    def test_all_at_once_where_that_is_valid(self) -> None:
        assert self.drafts(lambda names: True) == ["ABCD"]

    def test_halves_where_it_is_not(self) -> None:
        assert self.drafts(lambda names: "ABCD" not in names) == ["AB", "CD"]
        assert self.drafts(lambda names: "B" not in names) == ["A", "CD"]

    def test_not_for_ever(self) -> None:
        tried: list[str] = []
        assert self.drafts(lambda names: bool(tried.append(names))) == []
        assert tried == ["ABCD", "AB", "A", "B", "CD", "C", "D"]

    def test_eight_times_at_most(self) -> None:
        tried: list[int] = []
        fields = [(field(f"F{number}", TEXT), "") for number in range(32)]
        assert not list(swept(self.BASE, ("", fields), lambda draft: bool(tried.append(len(draft.body)))))
        assert tried == [32, 16, 8, 4, 2, 1, 1, 2]

    def test_what_changes_nothing_is_not_yielded(self) -> None:
        assert self.drafts(lambda names: True, dict.fromkeys("ABCD", "")) == []
        assert list(swept(self.BASE, ("", []), lambda draft: True)) == []


class TestRespelled:
    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"name": 1, "Other": 2}, {"Name": 1, "Other": 2}),
            ({"name": 1, "Name": 2}, {"name": 1, "Name": 2}),
            ({"Rooms": [{"Floor": 1, "Free": 2}]}, {"rooms": [{"floor": 1, "Free": 2}]}),
            ({"Rooms": 3}, {"rooms": 3}),
        ],
    )
    def test_documented_names_in_the_other_case(self, body: Any, expected: Any) -> None:
        names = ("name", "Name", "Rooms", "Rooms/0", "Rooms/0/Floor")
        draft = respelled(base(*(field(name, TEXT) for name in names), body=body))
        assert (draft.body if draft else body) == expected
        assert (draft is None) == (body == expected)

    @pytest.mark.parametrize("body", [ABSENT, {}, {"Other": 1}, "text"])
    def test_nothing_where_that_changes_nothing(self, body: Any) -> None:
        assert respelled(base(field("Name", TEXT), body=body)) is None

    def test_a_parameter_is_no_name_of_the_body(self) -> None:
        assert respelled(base(field("Name", TEXT, "query"), body={"Name": 1})) is None
