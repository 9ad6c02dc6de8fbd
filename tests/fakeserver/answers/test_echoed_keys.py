"""Keys in a path are those of the answer: of any type, under any usual name, in envelopes and in rows, if they fit."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call
from docdouble.schemas.openapi.reader import from_openapi

from .harbour import INTEGER, TEXT, record

UUID = {"type": "string", "format": "uuid"}
KEY = "7d7f0c86-6d12-4be1-a7f0-1c2f3b4d5e6f"


def answered(template: str, schema: dict[str, Any], target: str, **of_path: dict[str, Any]) -> Any:
    """Return what is answered at a target, where no world is kept."""
    names = [part[1:-1] for part in template.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": of_path.get(name, TEXT)} for name in names]
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {template: {"get": {"parameters": parameters, "responses": responses}}},
        "components": {"schemas": {"Boat": record(id=TEXT, name=TEXT), "Port": record(id=INTEGER, name=TEXT)}},
    }
    app = FakeServer(from_openapi(document), Settings(state="off"))
    reply = app.handle(Call((), b"", "GET", target))
    assert reply.status == 200, reply.body
    return orjson.loads(reply.body)


@pytest.mark.parametrize(
    ("variable", "property_name"),
    [
        ("slug", "slug"),
        ("FriendlyName", "friendly_name"),
        ("friendly-name", "FriendlyName"),
        ("id", "id"),
        ("boatId", "id"),
        ("boat_id", "id"),
        ("boat_id", "boatId"),
        ("id", "boat_id"),
        ("uuid", "id"),
        ("username", "login"),
        ("boat", "name"),
        ("key", "key"),
        ("boat_name", "name"),
        ("number_or_slug", "slug"),
    ],
)
def test_a_key_stands_under_the_name_that_means_it(variable: str, property_name: str) -> None:
    answer = answered(f"/boats/{{{variable}}}", record(**{property_name: TEXT, "colour": TEXT}), "/boats/red-white")
    assert answer[property_name] == "red-white"


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        (record(data=record(id=TEXT, name=TEXT)), ("data", "id")),
        (record(boat={"$ref": "#/components/schemas/Boat"}), ("boat", "id")),
        (record(data=record(type=TEXT, id=TEXT, attributes=record(name=TEXT))), ("data", "id")),
        (record(data=record(type=TEXT, attributes=record(id=TEXT))), ("data", "attributes", "id")),
        ({"allOf": [{"$ref": "#/components/schemas/Boat"}, record(length=INTEGER)]}, ("id",)),
        ({"anyOf": [{"$ref": "#/components/schemas/Boat"}, {"type": "null"}]}, ("id",)),
    ],
)
def test_a_key_stands_in_envelopes_too(schema: dict[str, Any], path: tuple[str, ...]) -> None:
    answer = answered("/boats/{id}", schema, "/boats/b-17")
    if answer is None:
        return
    for step in path:
        answer = answer[step]
    assert answer == "b-17"


@given(st.integers(0, 2**63 - 1))
def test_an_integer_of_any_size_is_a_key(number: int) -> None:
    large = {"type": "integer", "format": "int64"}
    assert answered("/boats/{no}", record(no=large), f"/boats/{number}", no=large) == {"no": number}


def test_a_key_is_written_as_the_type_of_its_property() -> None:
    assert answered("/ports/{id}", {"$ref": "#/components/schemas/Port"}, "/ports/17")["id"] == 17
    assert answered("/ports/{id}", record(id=TEXT), "/ports/17", id=INTEGER)["id"] == "17"


def test_a_key_that_does_not_fit_is_not_answered() -> None:
    answer = answered("/boats/{id}", record(id=UUID, name=TEXT), "/boats/none")
    assert answer["id"] != "none"
    pattern = {"type": "string", "pattern": "^b_[0-9]+$"}
    assert answered("/boats/{id}", record(id=pattern), "/boats/b_7") == {"id": "b_7"}
    assert answered("/boats/{id}", record(id=pattern), "/boats/c_7") != {"id": "c_7"}


def test_a_key_is_not_answered_where_another_part_of_the_schema_closes_it() -> None:
    closed = {**record(name=TEXT), "additionalProperties": False}
    keyed = {"type": "object", "properties": {"id": TEXT}}
    assert answered("/boats/{id}", {"allOf": [keyed, closed]}, "/boats/b-17").keys() == {"name"}


def test_the_keys_of_parents_stand_in_what_is_below_them() -> None:
    item = record(id=UUID, orderId=UUID, sku=TEXT)
    answer = answered("/orders/{orderId}/items/{itemId}", item, f"/orders/{KEY}/items/{KEY[::-1].replace('e', '0')}")
    assert answer["orderId"] == KEY
    answer = answered("/orders/{id}/items/{item_id}", item, f"/orders/{KEY}/items/1")
    assert answer["orderId"] == KEY
    assert answer["id"] != KEY


def test_a_parent_that_is_shown_has_its_key() -> None:
    schema = record(name=TEXT, owner=record(login=TEXT, id=INTEGER))
    answer = answered("/repos/{owner}/{repo}", schema, "/repos/ann/boats")
    assert (answer["name"], answer["owner"]["login"]) == ("boats", "ann")


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: record(items=rows, total=INTEGER)])
def test_every_row_below_a_parent_has_its_key(wrap: Any) -> None:
    rows = {"type": "array", "items": record(id=TEXT, orderId=UUID), "minItems": 1}
    answer = answered("/orders/{orderId}/items", wrap(rows), f"/orders/{KEY}/items")
    listed = answer if isinstance(answer, list) else answer["items"]
    assert listed
    assert {row["orderId"] for row in listed} == {KEY}
    assert KEY not in {row["id"] for row in listed}


def test_what_belongs_to_an_entity_does_not_have_its_key() -> None:
    answer = answered("/boats/{id}/photo", record(id=UUID, url=TEXT), f"/boats/{KEY}/photo")
    assert answer["id"] != KEY
