"""Entities as schemas show them: keys stand where the schema allows them."""

from typing import Any

import pytest

from docdouble.fakeserver.state.shown_entities import Pin, ShownEntities
from docdouble.schemas import Contract
from docdouble.schemas.contract.model import EVIDENCE

TEXT = {"type": "string"}
BOAT: dict[str, Any] = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}
CLOSED: dict[str, Any] = {"type": "object", "properties": {"name": TEXT}, "additionalProperties": False}
DRAWN = {"name": "Ida"}


@pytest.mark.parametrize(
    ("schema", "shown"),
    [(BOAT, {"name": "Ida", "id": "b7"}), (CLOSED, DRAWN), ({"allOf": [BOAT, CLOSED]}, DRAWN)],
)
@pytest.mark.parametrize("values", [{}, {"name": "Ida"}])
def test_a_key_is_shown_where_the_schema_allows_it(schema: Any, shown: Any, values: dict[str, Any]) -> None:
    entities = ShownEntities(Contract("", "", ()))
    assert entities.show(schema, lambda schema: dict(DRAWN), values, pins=[Pin(("id",), "b7")]) == shown


@pytest.mark.parametrize("evidence", [{}, {EVIDENCE: {"grade": "sampled", "page": "boats.md", "line": 3}}])
@pytest.mark.parametrize(
    ("values", "left_out"), [({"home": {"port": "Bergen"}}, ()), ({"home": {"port": "Bergen"}, "name": None}, ["name"])]
)
def test_what_pages_show_is_always_there(values: dict[str, Any], left_out: Any, evidence: dict[str, Any]) -> None:
    home = {"type": "object", "properties": {"port": TEXT, "pier": {**TEXT, **evidence}}}
    schema = {"type": "object", "properties": {"name": {**TEXT, **evidence}, "home": home}}
    drawn = {"name": "Ida", "home": {"port": "Oslo", "pier": "4"}}
    entities = ShownEntities(Contract("", "", ()))
    shown = entities.show(schema, lambda part: dict(drawn if part is schema else drawn["home"]), values, left_out)
    assert shown["home"] == ({"port": "Bergen", "pier": "4"} if evidence else {"port": "Bergen"})
    assert shown.get("name") == ("Ida" if evidence or not left_out else None)


def test_what_is_drawn_with_null_where_none_is_allowed_shows_what_was_sent() -> None:
    schema = {"type": "object", "properties": {"name": TEXT, "length": {"type": "integer"}, "owner": BOAT}}
    entities = ShownEntities(Contract("", "", ()))
    drawn = {"name": "Ida", "length": 7, "owner": None}
    assert entities.show(schema, lambda part: dict(drawn), {"name": "Tern"})["name"] == "Tern"
    assert entities.show(schema, lambda part: dict(drawn), {"length": "long"})["length"] == 7


OWNER = {"type": "object", "properties": {"id": TEXT, "name": TEXT}}


@pytest.mark.parametrize("nullable", [{"oneOf": [OWNER, {"type": "null"}]}, {**OWNER, "type": ["object", "null"]}])
@pytest.mark.parametrize(("sent", "shown"), [("o7", {"name": "Ida", "id": "o7"}), (7, {"name": "Ida", "id": "7"})])
def test_who_sends_a_key_is_shown_what_has_it(nullable: Any, sent: Any, shown: Any) -> None:
    schema = {"type": "object", "properties": {"owner": nullable}}
    entities = ShownEntities(Contract("", "", ()))
    drawn = {"owner": None}
    made = entities.show(schema, lambda part: dict(drawn if part is schema else DRAWN), {"owner": sent})
    assert made == {"owner": shown}


def test_what_is_sent_in_another_form_is_not_shown_as_null() -> None:
    schema = {"type": "object", "properties": {"berth": {"type": ["integer", "null"]}, "pier": {"type": ["null"]}}}
    entities = ShownEntities(Contract("", "", ()))

    def draw(part: Any) -> Any:
        return {"berth": None, "pier": None} if part is schema else 4 if part["type"] == ["integer"] else None

    assert entities.show(schema, draw, {"berth": "B4", "pier": "P"}) == {"berth": 4, "pier": None}


def test_what_a_server_makes_of_each_item_of_an_array_differs() -> None:
    rope = {"type": "object", "required": ["id"], "properties": {"id": {**TEXT, "readOnly": True}, "name": TEXT}}
    coil = {"type": "object", "properties": {"ropes": {"type": "array", "items": rope}}}
    schema = {"type": "object", "properties": {"coils": {"type": "array", "items": coil}}}
    sent = {"coils": [{"ropes": [{"name": "bow"}, {"name": "stern"}]}] * 2}

    def draw(part: Any, place: int = 0) -> Any:
        return {"id": f"r{place}", "name": "spring"} if part is rope else {"coils": []} if part is schema else {}

    shown = ShownEntities(Contract("", "", ())).show(schema, draw, sent)
    ropes = [rope for coil in shown["coils"] for rope in coil["ropes"]]
    assert [rope["name"] for rope in ropes] == ["bow", "stern"] * 2
    assert len({rope["id"] for rope in ropes}) == 4


def test_what_an_alternative_requires_is_not_left_out() -> None:
    boat = {**BOAT, "required": ["name"]}
    named = {"type": "object", "properties": {"flag": TEXT, "crew": {"type": "array"}}, "required": ["crew"]}
    schema = {"oneOf": [boat, {"allOf": [boat, named]}]}
    shown = ShownEntities(Contract("", "", ())).show(schema, lambda part: dict(DRAWN), {"flag": "white"}, ["name"])
    assert shown == {"name": "Ida", "flag": "white"}
