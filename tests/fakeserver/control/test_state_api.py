"""State over the control API: lists of entities, and edits of single ones that the API then shows."""

from typing import Any
from urllib.parse import quote

import orjson
import pytest

from docdouble.fakeserver import ControlClient, FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, Reply, extract

BEARER = ("Authorization", "Bearer open")


def server(contract: Contract, **settings: Any) -> FakeServer:
    return FakeServer(contract, Settings(auth=False, nulls="never", **settings), token="open")


def asked(app: FakeServer, label: str, json: Any = None, **query: str) -> Reply:
    method, _, target = label.partition(" ")
    wanted = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    body = b"" if json is None else orjson.dumps(json)
    return app.handle(Call((("Host", "localhost"), BEARER), body, method, f"/__docdouble__/api/{target}?{wanted}"))


def value(reply: Reply, status: int = 200) -> Any:
    assert reply.status == status, reply.body
    return orjson.loads(reply.body)


def called(app: FakeServer, path: str, world: str = "") -> Any:
    headers = (("Docdouble-World", world),) if world else ()
    reply = app.handle(Call(headers, target=path))
    return orjson.loads(reply.body) if reply.status == 200 else reply.status


PATHS = {
    "/boats": {
        "get": {"responses": {"200": {"description": "Boats.", "content": {"application/json": {"schema": {
            "type": "array", "items": {"$ref": "#/components/schemas/Boat"}}}}}}},
        "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}},
                 "responses": {"201": {"description": "Made.", "content": {"application/json": {"schema": {
                     "$ref": "#/components/schemas/Boat"}}}}}},
    },
    "/boats/{boatId}": {
        "parameters": [{"name": "boatId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {"responses": {"200": {"description": "A boat.", "content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/Boat"}}}}, "404": {"description": "None."}}},
        "delete": {"responses": {"204": {"description": "Gone."}}},
    },
    "/boats/{boatId}/trips": {
        "parameters": [{"name": "boatId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {"responses": {"200": {"description": "Trips.", "content": {"application/json": {"schema": {
            "type": "array", "items": {"$ref": "#/components/schemas/Trip"}}}}}}},
        "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Trip"}}}},
                 "responses": {"201": {"description": "Made.", "content": {"application/json": {"schema": {
                     "$ref": "#/components/schemas/Trip"}}}}}},
    },
    "/boats/{boatId}/trips/{tripId}": {
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": kind}}
                       for name, kind in (("boatId", "integer"), ("tripId", "string"))],
        "get": {"responses": {"200": {"description": "A trip.", "content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/Trip"}}}}, "404": {"description": "None."}}},
    },
    "/boats/{boatId}/engine": {
        "parameters": [{"name": "boatId", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {"responses": {"200": {"description": "Its engine.", "content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/Engine"}}}}}},
        "put": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Engine"}}}},
                "responses": {"200": {"description": "Written.", "content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/Engine"}}}}}},
    },
}  # fmt: skip
SCHEMAS = {
    "Engine": {
        "type": "object",
        "required": ["power"],
        "properties": {"power": {"type": "integer", "minimum": 1}},
        "anyOf": [{"properties": {"fuel": {"type": "string"}}}, {"properties": {"volts": {"type": "integer"}}}],
    },
    "Boat": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "name": {"type": "string", "minLength": 1},
            "length": {"type": "number", "minimum": 1},
            "ownerName": {"type": "string"},
        },
    },
    "Trip": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "boatId": {"type": "integer"}, "harbour": {"type": "string"}},
    },
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }
    file = tmp_path_factory.mktemp("harbour") / "openapi.json"
    file.write_bytes(orjson.dumps(document))
    return extract(str(file)).contract


@pytest.fixture
def harbour(contract: Contract) -> FakeServer:
    return server(contract)


@pytest.fixture
def boats(harbour: FakeServer) -> str:
    names = [resource["name"] for resource in value(asked(harbour, "GET resources"))["resources"]]
    return next(name for name in names if "boat" in name.lower() and "trip" not in name.lower())


@pytest.fixture
def trips(harbour: FakeServer) -> str:
    names = [resource["name"] for resource in value(asked(harbour, "GET resources"))["resources"]]
    return next(f"{name}?3" for name in names if "trip" in name.lower())


def test_all_lists_are_named_with_what_is_in_them(harbour: FakeServer, boats: str) -> None:
    listed = {resource["name"]: resource for resource in value(asked(harbour, "GET resources"))["resources"]}
    assert listed[boats] == {"name": boats, "key": "id", "below": 0, "count": 25, "changed": 0}
    assert sorted(resource["below"] for resource in listed.values()) == [0, 1, 1]
    harbour.handle(Call((("Content-Type", "application/json"),), b'{"name": "Ida"}', "POST", "/boats"))
    listed = {resource["name"]: resource for resource in value(asked(harbour, "GET resources"))["resources"]}
    assert (listed[boats]["count"], listed[boats]["changed"]) == (26, 1)


def test_entities_are_listed_as_the_api_shows_them(harbour: FakeServer, boats: str, trips: str) -> None:
    listed = value(asked(harbour, "GET entities", resource=boats))
    assert [entity["values"] for entity in listed["entities"]] == called(harbour, "/boats")
    part = value(asked(harbour, "GET entities", resource=boats, skip="3", limit="2"))
    assert ([entity["key"] for entity in part["entities"]], part["count"]) == (["4", "5"], 25)
    row = value(asked(harbour, "GET entities", resource=trips))["entities"][0]
    assert row["values"] == called(harbour, f"/boats/3/trips/{row['key']}")
    assert value(asked(harbour, "GET entities", resource=trips))["references"] == {"boatId": boats}


def test_an_edit_is_what_the_api_shows_then(harbour: FakeServer, boats: str) -> None:
    boat = value(asked(harbour, "GET entities/7", resource=boats))["values"]
    edited = {**boat, "name": "Ida", "length": 12.5}
    row = value(asked(harbour, "PUT entities/7", edited, resource=boats))
    assert row == {"key": "7", "changed": True, "values": edited}
    assert called(harbour, "/boats/7") == edited
    assert called(harbour, "/boats/8")["name"] != "Ida"
    assert called(harbour, "/boats/7", "mine") == boat


def test_an_edit_of_what_stands_below_another(harbour: FakeServer, trips: str) -> None:
    row = value(asked(harbour, "GET entities", resource=trips))["entities"][1]
    edited = {**row["values"], "harbour": "Bergen"}
    assert value(asked(harbour, f"PUT entities/{row['key']}", edited, resource=trips))["values"] == edited
    assert called(harbour, f"/boats/3/trips/{row['key']}") == edited


def test_an_entity_is_added_and_deleted(harbour: FakeServer, boats: str, trips: str) -> None:
    for name, path in ((boats, "/boats"), (trips, "/boats/3/trips")):
        reply = asked(harbour, "POST entities", {}, resource=name)
        row = value(reply, 201)
        shown = value(asked(harbour, f"GET {reply.header('Location')}".partition("?")[0], resource=name))
        assert shown == row == {**row, "changed": True}
        assert called(harbour, f"{path}/{row['key']}") == row["values"]
        assert asked(harbour, f"DELETE entities/{row['key']}", resource=name).status == 204
        assert asked(harbour, f"DELETE entities/{row['key']}", resource=name).status == 404
        assert called(harbour, f"{path}/{row['key']}") == 404


def test_an_entity_may_be_added_with_its_key(harbour: FakeServer, boats: str) -> None:
    added = {"id": 77, "name": "Ida"}
    assert value(asked(harbour, "POST entities", added, resource=boats), 201)["key"] == "77"
    assert called(harbour, "/boats/77")["name"] == "Ida"
    assert "no entity" in value(asked(harbour, "POST entities", added, resource=boats), 400)["detail"]


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"name": ""}, "entity/name"),
        ({"length": "long"}, "entity/length"),
        ({"length": 0}, "entity/length"),
        ({"nam": "Ida"}, "entity/nam"),
        ({"id": 8}, "entity/id: 8 is not 7"),
        ([], "a JSON object"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(harbour: FakeServer, boats: str, sent: Any, detail: str) -> None:
    before = called(harbour, "/boats/7")
    assert detail in value(asked(harbour, "PUT entities/7", sent, resource=boats), 400)["detail"]
    assert called(harbour, "/boats/7") == before


@pytest.mark.parametrize("key", ["0", "-1", "x", "99999999999", "7.0"])
def test_a_key_that_none_can_have_is_refused(harbour: FakeServer, boats: str, key: str) -> None:
    assert asked(harbour, f"GET entities/{key}", resource=boats).status == 404
    assert asked(harbour, f"PUT entities/{key}", {}, resource=boats).status == 400


@pytest.mark.parametrize("name", ["", "ships", "trips"])
def test_a_list_that_is_none_is_refused(harbour: FakeServer, name: str) -> None:
    assert asked(harbour, "GET entities", resource=name).status == 400


def test_a_list_below_others_needs_their_keys(harbour: FakeServer, trips: str) -> None:
    reply = asked(harbour, "GET entities", resource=trips.partition("?")[0])
    assert f"{trips.partition('?')[0]}?KEY" in value(reply, 400)["detail"]


def test_entities_of_pages_are_edited_too(library: Contract) -> None:
    app = server(library)
    names = [resource["name"] for resource in value(asked(app, "GET resources"))["resources"]]
    assert names
    for name in names:
        first = value(asked(app, "GET entities", resource=name, limit="1"))["entities"][0]
        text = next(key for key, part in first["values"].items() if isinstance(part, str))
        edited = {**first["values"], text: "Ida"}
        row = value(asked(app, f"PUT entities/{first['key']}", edited, resource=name))
        assert row["values"][text] == "Ida"


def test_without_state_there_is_nothing_to_edit(contract: Contract) -> None:
    app = server(contract, state="off")
    for label in ("GET resources", "GET entities", "GET entities/1", "PUT entities/1", "GET state"):
        assert asked(app, label).status == 409


def test_tests_edit_entities_with_the_client(harbour: FakeServer, boats: str, trips: str) -> None:
    client = ControlClient("http://localhost", "open", harbour.handle, world="mine")
    boat = client.add_entity(boats, {"name": "Ida"})
    assert called(harbour, f"/boats/{boat['id']}", "mine") == boat == client.entities(boats)[-1]
    assert client.put_entity(boats, 7, {"name": "Eva"})["name"] == called(harbour, "/boats/7", "mine")["name"] == "Eva"
    client.delete_entity(boats, boat["id"])
    assert (called(harbour, f"/boats/{boat['id']}", "mine"), len(client.entities(boats))) == (404, 25)
    with pytest.raises(ConfigError, match="entity/length"):
        client.add_entity(boats, {"length": "long"})
    assert client.entities(trips)


def test_the_lists_below_an_entity(harbour: FakeServer, boats: str, trips: str) -> None:
    table = harbour.table
    below = table.lists_below(table.head(boats))
    assert trips.partition("?")[0] in below
    assert len(below) == 2
    assert table.lists_below(table.head(trips)) == []


def test_what_there_is_one_of_is_edited(harbour: FakeServer, boats: str) -> None:
    names = harbour.table.lists_below(harbour.table.head(boats))
    engine = next(f"{name}?3" for name in names if "engine" in name.lower())
    (row,) = value(asked(harbour, "GET entities", resource=engine))["entities"]
    assert (row["key"], row["values"]) == ("1", called(harbour, "/boats/3/engine"))
    assert value(asked(harbour, "PUT entities/1", {"power": 77}, resource=engine))["values"] == {"power": 77}
    assert called(harbour, "/boats/3/engine") == {"power": 77}
    diesel = {"power": 5, "fuel": "diesel"}
    assert value(asked(harbour, "PUT entities/1", diesel, resource=engine))["values"] == diesel
    assert "gas" in value(asked(harbour, "PUT entities/1", {"gas": 1}, resource=engine), 400)["detail"]
    value(asked(harbour, "PUT entities/1", {"power": 77}, resource=engine))
    assert called(harbour, "/boats/4/engine") != {"power": 77}
    assert asked(harbour, "POST entities", {"power": 5}, resource=engine).status == 400


def test_a_key_may_be_any_text(harbour: FakeServer, trips: str) -> None:
    for key in ("a/b", "\u00fc \u00e4", "50%"):
        value(asked(harbour, "POST entities", {"id": key, "harbour": "Bergen"}, resource=trips), 201)
        shown = value(asked(harbour, f"GET entities/{quote(key, safe='')}", resource=trips))
        assert (shown["key"], shown["values"]["harbour"]) == (key, "Bergen")
        assert asked(harbour, f"DELETE entities/{quote(key, safe='')}", resource=trips).status == 204
