"""The user's own entities, which every world begins with."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, extract
from docdouble.schemas.resources.infer_roles import with_resources

from ..conftest import MakeContract

JOURNEYS = Path(__file__).parents[1] / "journeys"


def served(hotel: Contract, entities: dict[str, Any], **settings: Any) -> FakeServer:
    return FakeServer(hotel, Settings(entities=entities, **settings))


def ask(app: FakeServer, label: str, *headers: tuple[str, str]) -> Any:
    method, target = label.split(" ")
    reply = app.handle(Call(headers, b"", method, target))
    return json.loads(reply.body) if reply.body else reply.status


def test_they_stand_for_the_drawn_ones_of_their_keys(hotel: Contract) -> None:
    app = served(hotel, {"guest": [{"GuestId": 7, "Name": "Ada"}]})
    assert ask(app, "GET /guests/7")["Name"] == "Ada"
    assert "@" in ask(app, "GET /guests/7")["Email"]
    assert len(ask(app, "GET /guests")) == 25


def test_without_keys_they_come_after_the_drawn_ones(hotel: Contract) -> None:
    app = served(hotel, {"room": [{"Name": "Attic"}, {"Name": "Cellar"}]}, population=3)
    assert [room["Name"] for room in ask(app, "GET /rooms")[3:]] == ["Attic", "Cellar"]


def test_they_may_be_all_there_is(hotel: Contract) -> None:
    app = served(hotel, {"room": [{"Name": "Attic"}]}, population=0)
    assert [(room["RoomId"], room["Name"]) for room in ask(app, "GET /rooms")] == [(1, "Attic")]


@pytest.mark.parametrize("name", ["Booking", "booking", "BOOKINGENTITY"])
def test_a_type_may_be_named_in_any_letter_case(hotel: Contract, name: str) -> None:
    app = served(hotel, {name: [{"bookingId": 3, "DESCRIPTION": "by the sea"}]})
    assert ask(app, "GET /bookings/3")["Description"] == "by the sea"


@pytest.mark.parametrize("named", ["guest", "Guest"])
def test_a_resource_may_be_written_as_any_of_its_types_shows_it(hotel: Contract, named: str) -> None:
    app = served(hotel, {named: [{"GuestId": 7, "RoomId": 3}, {"GuestId": 8, "Room": {"RoomId": 4}}]})
    assert [ask(app, f"GET /guests/{number}")["Room"]["RoomId"] for number in (7, 8)] == [3, 4]


def test_a_whole_number_may_be_written_with_a_fraction(hotel: Contract) -> None:
    app = served(hotel, {"guest": [{"GuestId": 7.0, "Name": "Ada"}]})
    assert ask(app, "GET /guests/7")["Name"] == "Ada"


def test_what_they_say_of_times_is_believed(hotel: Contract) -> None:
    app = served(hotel, {"guest": [{"GuestId": 7, "CreatedDate": "1999-01-01T00:00:00Z"}]})
    assert ask(app, "GET /guests/7")["CreatedDate"] == "1999-01-01T00:00:00Z"


def test_they_refer_to_each_other(hotel: Contract) -> None:
    entities = {"guest": [{"GuestId": 7, "Name": "Ada"}], "booking": [{"BookingId": 3, "Guest": {"GuestId": 7}}]}
    app = served(hotel, entities)
    assert ask(app, "GET /bookings/3")["Guest"]["Name"] == "Ada"
    assert 3 in [booking["BookingId"] for booking in ask(app, "GET /guests/7/bookings")]


@pytest.mark.slow
def test_a_reset_brings_them_back(hotel: Contract) -> None:
    app = served(hotel, {"room": [{"RoomId": 3, "Name": "Attic"}]})
    ask(app, "DELETE /rooms/3")
    assert ask(app, "GET /rooms/3")["status"] == 404
    worlds = app.worlds
    assert worlds is not None
    worlds.world("").replace(())
    assert ask(app, "GET /rooms/3")["Name"] == "Attic"


def test_every_world_has_them(hotel: Contract) -> None:
    app = served(hotel, {"room": [{"RoomId": 3, "Name": "Attic"}]})
    assert ask(app, "GET /rooms/3", ("Docdouble-World", "one"))["Name"] == "Attic"


@pytest.mark.parametrize(
    ("entities", "message"),
    [
        ({"rom": []}, "seed data: /rom: 'rom' is not a resource or a type that is kept; did you mean 'room'?"),
        ({"room": {}}, "seed data: /room: 'dict' is not an array"),
        ({"room": ["Attic"]}, "seed data: /room/0: 'str' is not an object"),
        (
            {"room": [{}, {"Nam": "Attic"}]},
            "seed data: /room/1/Nam: 'Nam' is not a property of Room; did you mean 'Name'?",
        ),
        ({"room": [{"Name": 7}]}, "seed data: /room/0/Name: '7' is not as documented, string"),
        ({"guest": [{"Address": {"City": 7}}]}, "seed data: /guest/0/Address/City: '7' is not as documented, string"),
        ({"room": [{"RoomId": 3}, {"RoomId": 3}]}, "seed data: /room/1/RoomId: 3 is not given once"),
        ({"room": [{"RoomId": -3}]}, "seed data: /room/0/RoomId: -3 is not from 1 to 2147473647"),
        ({"room": [{"Name": "a", "name": "b"}]}, "seed data: /room/0: 'Room' is not spelled in one way"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(hotel: Contract, entities: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        served(hotel, entities)
    assert str(caught.value).startswith(message)


class TestByPath:
    """Entities of resources that paths tell: with keys of any type, and bodies without a name."""

    @pytest.fixture
    def desk(self) -> Contract:
        return extract(str(JOURNEYS / "tickets.yaml")).contract

    def test_texts_are_keys(self, desk: Contract) -> None:
        roof = {"slug": "roof", "title": "Roof works", "description": None}
        app = served(desk, {"board": [roof, {"slug": "yard", "title": "Yard"}]}, population=2)
        assert ask(app, "GET /boards/roof") == roof
        assert ask(app, "GET /boards/yard")["title"] == "Yard"
        assert len(ask(app, "GET /boards")) == 4
        assert roof in ask(app, "GET /boards")
        ask(app, "DELETE /boards/roof")
        assert "roof" not in [board["slug"] for board in ask(app, "GET /boards")]

    def test_without_a_key_they_get_one(self) -> None:
        shop = extract(str(JOURNEYS / "shop.yaml")).contract
        app = served(shop, {"Products": [{"name": "Kettle"}, {"name": "Pan"}]}, population=0, auth=False)
        items = ask(app, "GET /v2/products")["items"]
        assert [item["name"] for item in items] == ["Kettle", "Pan"]
        assert ask(app, f"GET /v2/products/{items[1]['id']}") == items[1]

    @pytest.mark.parametrize(
        ("entities", "message"),
        [
            ({"board": [{"slug": "a"}, {"slug": "a"}]}, "/board/1/slug: 'a' is not given once"),
            ({"board": [{"slug": "A B"}]}, "/board/0/slug: '"),
            ({"board": [{"name": "x"}]}, "/board/0/name: 'name' is not a property of board"),
            ({"comment": [{"text": "x"}]}, "it is found at /tickets/{number}/comments"),
        ],
    )
    def test_what_does_not_fit_is_reported(self, desk: Contract, entities: dict[str, Any], message: str) -> None:
        with pytest.raises(ConfigError) as raised:
            served(desk, entities)
        assert message in str(raised.value)


def composed(make_contract: MakeContract) -> Contract:
    """Return a contract whose orders are composed of a base and their own properties."""

    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    order = {"$ref": "#/components/schemas/Order"}
    variable = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    answer = {"200": {"description": "", **content(order)}}
    listed = {"200": {"description": "", **content({"type": "array", "items": order})}}
    paths = {
        "/orders": {"get": {"responses": listed}, "post": {"requestBody": content(order), "responses": answer}},
        "/orders/{id}": {
            "parameters": [variable],
            "get": {"responses": answer},
            "delete": {"responses": {"204": {"description": ""}}},
        },
    }
    own = {"type": "object", "properties": {"id": {"type": "integer"}, "status": {"type": "string", "maxLength": 4}}}
    base = {"type": "object", "properties": {"note": {"type": "string"}}}
    schemas = {"Base": base, "Order": {"allOf": [{"$ref": "#/components/schemas/Base"}, own]}}
    return with_resources(make_contract(paths, schemas=schemas))


def test_types_may_be_composed(make_contract: MakeContract) -> None:
    app = served(composed(make_contract), {"order": [{"id": 7, "note": "fragile", "status": "sent"}]}, auth=False)
    assert ask(app, "GET /orders/7") == {"id": 7, "note": "fragile", "status": "sent"}


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        ({"notes": "x"}, "/order/0/notes: 'notes' is not a property of Order; did you mean 'note'?"),
        ({"status": "delivered"}, "/order/0/status: '"),
    ],
)
def test_composed_types_are_checked(make_contract: MakeContract, entity: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        served(composed(make_contract), {"order": [entity]})
    assert message in str(raised.value)
