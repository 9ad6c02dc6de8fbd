"""Cases that try something in many places at once, ask for what is optional, and break each field."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.checks.request_case import OTHER_CASE
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.schemas import Behaviour, Body, Contract, MediaType, Operation, Parameter, Schema, Validator

from .library import ANSWERS, LIBRARY, SAVE, cases, line, maker

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
def found() -> list[Case]:
    return cases(BUILD, SHELVES, boundaries=1)


def body(found: list[Case], about: str) -> Any:
    return next(json.loads(one.call.body) for one in found if one.about == about)


def test_an_odd_value_is_put_wherever_it_may_stand(found: list[Case]) -> None:
    assert body(found, "every text empty") == {"Name": "", "Note": "", "Room": {"Name": ""}}
    assert body(found, "every null at depth 1") == {"Name": "tall", "Note": None, "Room": None}
    assert body(found, "every null at depth 2")["Room"] == {"Name": None}
    greatest = {"ShelfId": 2**31 - 1, "Name": "tall", "Height": 2**31 - 1, "Room": {"Floor": 2**31 - 1}}
    assert body(found, "every number the greatest") == greatest
    assert body(found, "every number minus one")["Room"] == {"Floor": -1}


def test_every_property_is_sent_once(found: list[Case]) -> None:
    assert body(found, "every property").keys() == SHELF["properties"].keys()


def test_sweeps_keep_to_the_documentation(found: list[Case]) -> None:
    validator = Validator(REFERENCE, SHELVES)
    swept = [one for one in found if one.about.startswith("every ")]
    assert len(swept) >= 5
    assert all(one.purpose is Purpose.VALID and not one.existing for one in swept)
    assert all(validator.accepts(json.loads(one.call.body)) for one in swept)


def test_what_is_not_valid_together_is_tried_apart() -> None:
    about = "every text empty"
    bodies = [json.loads(one.call.body) for one in cases(SAVE, boundaries=1) if one.about == about]
    assert all(one["title"] for one in bodies)  # a title has at least one letter
    assert {"name": ""} in [one.get("author") for one in bodies]


def test_names_are_spelled_otherwise_where_that_is_documented(found: list[Case]) -> None:
    other = body(found, OTHER_CASE)
    assert {"shelfId", "name", "room"} <= other.keys()
    assert other["room"] is None or "floor" in other["room"]
    assert OTHER_CASE not in {one.about for one in cases(SAVE, boundaries=1)}


def test_each_optional_parameter_is_asked_for(found: list[Case]) -> None:
    queries = {one.call.query for one in found if one.purpose is Purpose.VALID}
    assert {"$select=id", "$select="} <= queries
    assert {"deep=true", "deep=false"} & queries
    assert {"Asia/Tokyo"} == {one.call.header("SO-TimeZone") for one in found} - {None}


def test_each_near_field_is_broken_however_small_the_budget_is(found: list[Case]) -> None:
    broken = {one.breach.place for one in found if one.breach}
    near = {"ShelfId", "Name", "Height", "Placed", "Room", "Room/Floor", "Room/Name"}
    assert broken >= {f"body/{name}" for name in near}


def test_nothing_is_swept_without_a_budget() -> None:
    found = cases(BUILD, SHELVES, boundaries=0)
    assert not [
        one for one in found if one.about.startswith("every ") or (one.origin is Origin.HOSTILE and not one.breach)
    ]


def test_zero_is_the_id_of_nothing() -> None:
    values = KnownValues(LIBRARY, {"id": [77]})
    found = list(maker(values=values, boundaries=400).cases(SAVE))
    assert [one.existing for one in found if one.call.path == "/books/0"] == [False]
