"""Changes of named types: reported for each operation and place that has them, with lines of both sides."""

from typing import Any

import pytest

from docdouble.schemas.contract.evidence import Evidence, Grade
from docdouble.schemas.contract.model import Contract
from docdouble.schemas.diff import diff
from docdouble.schemas.diff.change import Change, Judgement
from docdouble.schemas.openapi.reader import from_openapi

TEXT = {"type": "string"}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def contract(answers: dict[str, dict[str, Any]], **types: dict[str, Any]) -> Contract:
    """An operation for each answer, and named types of the given properties."""
    paths = {
        f"/{name}": {
            "get": {
                "operationId": name,
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": answer}}}},
                **_read(f"{name}.md", 1),
            }
        }
        for name, answer in answers.items()
    }
    schemas = {name: {"type": "object", "properties": properties} for name, properties in types.items()}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    return from_openapi({**document, "components": {"schemas": schemas}})


def _read(page: str, line: int, grade: str = "stated", **also: int) -> dict[str, Any]:
    source = {"grade": grade, "page": page, "line": line}
    return {"x-docdouble-evidence": {**source, "also": also} if also else source}


def places(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.fact.operation, change.fact.name) for change in changes]


def test_a_type_is_reported_wherever_it_stands_under_one_name() -> None:
    answers = {"one": ref("Room"), "many": {"type": "array", "items": ref("Room")}, "desk": ref("Desk")}
    desk = {"Room": {"anyOf": [ref("Room"), {"type": "null"}]}, "Rooms": {"additionalProperties": ref("Room")}}
    changes = diff(contract(answers, Room={"Name": TEXT}, Desk=desk), contract(answers, Room={"Name": {}}, Desk=desk))
    assert places(changes) == [
        ("one", "200/Name"),
        ("many", "200/*/Name"),
        ("desk", "200/Room/Name"),
        ("desk", "200/Rooms/*/Name"),
    ]
    assert {(change.type_name, change.place, change.summary) for change in changes} == {
        ("Room", "/Name", "was string, is anything now")
    }


def test_a_type_inside_itself_is_reported_once_more_and_not_followed() -> None:
    neighbours = {"type": "array", "items": ref("Room")}
    room = {"Name": TEXT, "Near": neighbours}
    changes = diff(contract({"get": ref("Room")}, Room=room), contract({"get": ref("Room")}, Room={"Near": neighbours}))
    assert places(changes) == [("get", "200/Name"), ("get", "200/Near/*/Name")]


def test_types_inside_each_other_come_to_an_end() -> None:
    types = {name: {other: ref(other) for other in "ABCDEFGH"} for name in "ABCDEFGH"}
    old = contract({"get": ref("A")}, **{**types, "H": {**types["H"], "Name": TEXT}})
    new = contract({"get": ref("A")}, **types)
    changes = diff(old, new)
    assert ("get", "200/H/Name") in places(changes)
    assert len(changes) < 10_000


def test_lines_are_those_of_the_page_of_the_operation() -> None:
    answers = {"one": ref("Room"), "two": ref("Room")}
    old = contract(answers, Room={"Name": {**TEXT, **_read("one.md", 9, **{"two.md": 14})}})
    new = contract(answers, Room={"Name": {"type": "integer", **_read("one.md", 10, **{"two.md": 15})}})
    lines = [(str(change.old), str(change.new)) for change in diff(old, new)]
    assert lines == [("one.md:9", "one.md:10"), ("two.md:14", "two.md:15")]


def test_what_is_gone_has_no_line_on_the_new_side() -> None:
    old = contract({"one": ref("Room")}, Room={"Name": {**TEXT, **_read("room.md", 9)}})
    gone, back = diff(old, contract({"one": ref("Room")}, Room={})), diff(contract({"one": ref("Room")}, Room={}), old)
    line = Evidence(Grade.SHARED, "room.md", 9)
    assert [(change.old, change.new) for change in (*gone, *back)] == [(line, None), (None, line)]


@pytest.mark.parametrize(
    ("grade", "judgement"),
    [
        ("stated", Judgement.BREAKING),
        ("shared", Judgement.BREAKING),
        ("sampled", Judgement.RISKY),
        ("assumed", Judgement.RISKY),
    ],
)
def test_only_what_is_stated_can_break_anybody(grade: str, judgement: Judgement) -> None:
    old = contract({"one": ref("Room")}, Room={"Name": {**TEXT, **_read("one.md", 9, grade)}})
    for properties in ({}, {"Name": {"type": "integer"}}, {"Name": {"type": ["string", "null"]}}):
        changes = diff(old, contract({"one": ref("Room")}, Room=properties))
        assert [change.judgement for change in changes] == [judgement]


def test_a_stated_type_breaks_even_if_only_a_sample_shows_another_now() -> None:
    new = contract({"one": ref("Room")}, Room={"Name": {"type": "integer", **_read("one.md", 9, "sampled")}})
    (change,) = diff(contract({"one": ref("Room")}, Room={"Name": TEXT}), new)
    assert change.judgement is Judgement.BREAKING


def test_alternatives_are_compared_by_their_facts_where_one_of_them_changed() -> None:
    answers = ({"one": {"anyOf": [ref("Room"), {"type": "object", "properties": more}]}} for more in ({"A": TEXT}, {}))
    old, new = (contract(answer, Room={"Name": TEXT}) for answer in answers)
    assert places(diff(old, new)) == [("one", "200/A")]


def test_a_change_of_one_alternative_is_reported() -> None:
    answer = {"one": {"oneOf": [ref("Room"), ref("Hall")]}}
    old, new = contract(answer, Room={"A": TEXT}, Hall={"B": TEXT}), contract(answer, Room={"A": TEXT}, Hall={})
    assert places(diff(old, new)) == [("one", "200/B")]


def test_all_of_is_seen_as_one_object() -> None:
    own = {"type": "object", "properties": {"Beds": {"type": "integer"}}}
    together = {"type": "object", "properties": {"Name": TEXT, "Beds": {"type": "integer"}}}
    old = contract({"one": {"allOf": [ref("Room"), own]}}, Room={"Name": TEXT})
    assert diff(old, contract({"one": together}, Room={"Name": TEXT})) == ()
    assert places(diff(old, contract({"one": {"allOf": [ref("Room")]}}, Room={"Name": TEXT}))) == [("one", "200/Beds")]


def test_an_alternative_more_in_an_answer_may_surprise() -> None:
    types = {"Room": {"Name": TEXT}, "Hall": {"Name": {"type": "integer"}}}
    old = contract({"one": ref("Room")}, **types)
    (change,) = diff(old, contract({"one": {"anyOf": [ref("Room"), ref("Hall")]}}, **types))
    assert (change.rule, change.judgement) == ("response-schema-changed", Judgement.BREAKING)
    assert change.example == {"Name": 1}
