"""Properties that are readOnly or writeOnly, and discriminators, in requests and answers."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Reply

CREW = {
    "type": "object",
    "required": ["id", "name", "pin"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string", "minLength": 1},
        "pin": {"type": "string", "pattern": "^[0-9]{4}$", "writeOnly": True},
    },
}
SHIP = {
    "allOf": [
        {"type": "object", "required": ["made"], "properties": {"made": {"type": "string", "readOnly": True}}},
        {
            "type": "object",
            "required": ["hands", "made"],
            "properties": {"hands": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Crew"}}},
        },
    ]
}
KIND = {"type": "string"}
SAIL = {"type": "object", "required": ["kind", "mast"], "properties": {"kind": KIND, "mast": {"type": "integer"}}}
MOTOR = {"type": "object", "required": ["kind", "hp"], "properties": {"kind": KIND, "hp": {"type": "integer"}}}
BOAT = {
    "oneOf": [{"$ref": "#/components/schemas/Sail"}, {"$ref": "#/components/schemas/Motor"}],
    "discriminator": {"propertyName": "kind", "mapping": {"wind": "#/components/schemas/Sail"}},
}
ANIMAL = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": KIND, "name": {"type": "string"}},
    "discriminator": {"propertyName": "kind"},
}
LION = {
    "allOf": [
        {"$ref": "#/components/schemas/Animal"},
        {"type": "object", "required": ["mane"], "properties": {"mane": {"type": "boolean"}}},
    ]
}


def content(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


def both(name: str) -> dict[str, Any]:
    answer = {"200": {"description": "ok", **content(name)}}
    return {"post": {"requestBody": {"required": True, **content(name)}, "responses": answer}}


@pytest.fixture
def served(make_contract: Any, send: Any) -> Any:
    """Return a function that posts a value, and returns the reply and its value."""
    named = {"Crew": CREW, "Ship": SHIP, "Sail": SAIL, "Motor": MOTOR, "Boat": BOAT, "Animal": ANIMAL, "Lion": LION}
    contract = make_contract({f"/{name}": both(name) for name in named}, schemas=named)

    def post(name: str, value: Any, settings: Settings | None = None) -> tuple[Reply, Any]:
        reply = send(FakeServer(contract, settings), f"POST /{name}", json=value)
        return reply, orjson.loads(reply.body)

    return post


def test_what_is_read_only_is_not_asked_of_callers_and_what_they_say_of_it_is_ignored(served: Any) -> None:
    for sent in ({}, {"id": 4711}, {"id": "whatever"}):
        reply, answered = served("Crew", {"name": "Di", "pin": "1234", **sent})
        assert reply.status == 200
        assert answered.keys() == {"id", "name"}
        assert answered["name"] == "Di"
        assert isinstance(answered["id"], int)


def test_what_is_read_only_is_refused_where_that_is_asked_for(served: Any) -> None:
    strict = Settings(read_only="refuse")
    assert served("Crew", {"name": "Di", "pin": "1234"}, strict)[0].status == 200
    reply, answer = served("Crew", {"name": "Di", "pin": "1234", "id": 4}, strict)
    assert reply.status == 400
    assert [(violation["pointer"], violation["rule"]) for violation in answer["violations"]] == [("/id", "readOnly")]


def test_what_is_write_only_is_asked_of_callers(served: Any) -> None:
    reply, answer = served("Crew", {"name": "Di"})
    assert (reply.status, answer["violations"][0]["rule"]) == (400, "required")


def test_directions_hold_in_parts_and_in_items(served: Any) -> None:
    reply, answered = served("Ship", {"hands": [{"name": "Di", "pin": "1234"}]})
    assert reply.status == 200
    assert answered.keys() == {"made", "hands"}
    assert all(hand.keys() == {"id", "name"} for hand in answered["hands"])
    assert served("Ship", {"hands": [{"name": "Di"}]})[0].status == 400


@pytest.mark.parametrize(
    ("name", "value", "broken"),
    [
        ("Boat", {"kind": "wind", "mast": 2}, None),
        ("Boat", {"kind": "Motor", "hp": 2}, None),
        ("Boat", {"kind": "Motor", "mast": 2}, ("", "required")),
        ("Boat", {"kind": "wind", "mast": "tall"}, ("/mast", "type")),
        ("Boat", {"kind": "Raft", "hp": 2}, ("", "discriminator")),
        ("Sail", {"kind": "wind", "mast": 2}, None),
        ("Animal", {"kind": "Lion", "mane": True}, None),
        ("Animal", {"kind": "Lion", "mane": "yes"}, ("/mane", "type")),
        ("Animal", {"kind": "Animal"}, None),
        ("Lion", {"kind": "Lion", "mane": True}, None),
        ("Lion", {"kind": "Animal", "mane": True}, ("/kind", "enum")),
    ],
)
def test_a_discriminator_decides_which_alternative_a_value_is(
    served: Any, name: str, value: Any, broken: tuple[str, str] | None
) -> None:
    reply, answer = served(name, value)
    assert reply.status == (400 if broken else 200)
    if broken:
        assert [(violation["pointer"], violation["rule"]) for violation in answer["violations"]] == [broken]
    else:
        kinds = {"Boat": ["wind", "Motor"], "Sail": ["wind"], "Lion": ["Lion"], "Animal": ["Lion", "Animal"]}
        assert answer["kind"] in kinds[name]


def test_an_unknown_alternative_is_named_with_the_known_ones(served: Any) -> None:
    _, answer = served("Boat", {"kind": "Raft"})
    assert answer["violations"][0]["message"] == 'expected kind to be one of ["wind", "Motor"], got "Raft"'
