"""Fields and expansions: the parts of an entity or of each row that parameters ask for; required ones always."""

from typing import Any

import pytest

from docdouble.schemas import Validator

from .harbour import INTEGER, TEXT, Harbour, asking, record

OWNER = record(id=TEXT, login=TEXT)
BOAT = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": INTEGER,
        "name": TEXT,
        "length_m": INTEGER,
        "crew": {"type": "array", "items": TEXT},
        "owner": {"anyOf": [TEXT, OWNER]},
    },
}
ROWS = {"type": "array", "items": BOAT, "minItems": 2}
SHAPES = [ROWS, record(items=ROWS, total=INTEGER), record(data=BOAT), BOAT]


def entities(answer: Any) -> list[dict[str, Any]]:
    inner = answer.get("items") or answer.get("data") or answer if isinstance(answer, dict) else answer
    return inner if isinstance(inner, list) else [inner]


@pytest.mark.parametrize("answer", SHAPES)
@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        (asking("fields", TEXT), {"fields": "name,lengthM"}),
        (asking("select", TEXT), {"select": "name, length_m"}),
        (asking("fields", {"type": "array", "items": TEXT}), {"fields": ["name", "length_m"]}),
        (asking("fields[boats]", TEXT), {"fields[boats]": "name,length_m"}),
    ],
)
def test_only_the_fields_that_are_asked_for_are_shown(answer: Any, parameter: Any, query: Any) -> None:
    harbour = Harbour(parameter, answer=answer)
    shown = harbour(**query)
    assert {frozenset(boat) for boat in entities(shown)} == {frozenset({"id", "name", "length_m"})}
    assert Validator(answer, harbour.app.contract).is_valid(shown)


def test_all_is_shown_where_no_field_or_none_that_is_known_is_asked_for() -> None:
    harbour = Harbour(asking("fields", TEXT), answer=BOAT)
    assert harbour(fields="colour") == harbour()
    assert set(harbour()) == set(BOAT["properties"])


def test_attributes_are_the_fields_of_a_resource_object() -> None:
    boat = record(id=TEXT, type=TEXT, attributes={"type": "object", "properties": {"name": TEXT, "length": INTEGER}})
    harbour = Harbour(asking("fields[boats]", TEXT), answer=record(data=boat))
    assert set(harbour(**{"fields[boats]": "name"})["data"]["attributes"]) == {"name"}


@pytest.mark.parametrize("answer", SHAPES)
def test_a_key_is_expanded_where_that_is_asked_for(answer: Any) -> None:
    harbour = Harbour(asking("expand", TEXT), answer=answer)
    assert {type(boat["owner"]) for boat in entities(harbour())} == {str}
    shown = harbour(expand="owner")
    assert {type(boat["owner"]) for boat in entities(shown)} == {dict}
    assert Validator(answer, harbour.app.contract).is_valid(shown)


def test_what_a_parameter_lists_is_only_shown_where_it_is_asked_for() -> None:
    harbour = Harbour(asking("include", {"type": "string", "enum": ["crew"]}), answer=BOAT)
    assert "crew" not in harbour()
    assert "crew" in harbour(include="crew")
