"""State of resources that paths tell: keys of any kind, envelopes, what stands below others, singletons, actions."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Sampler, Sampling, Settings
from docdouble.fakeserver.state.key_values import MOST_KEYS, EntityScope
from docdouble.fakeserver.state.path_bodies import PathBodies
from docdouble.fakeserver.state.snapshots import rows_of, snapshot
from docdouble.schemas import Call, Contract, Reply, extract
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.resources.document_resources import with_document_resources

from ..conftest import MakeContract

SHOP = Path(__file__).parent / "shop.yaml"
Shop = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return extract(str(SHOP)).contract


def calling(app: FakeServer) -> Shop:
    def call(label: str, body: Any = None, media_type: str = "application/json") -> tuple[int, Any]:
        reply = replied(app, label, body, media_type)
        return reply.status, json.loads(reply.body) if reply.body else None

    return call


def replied(app: FakeServer, label: str, body: Any = None, media_type: str = "application/json") -> Reply:
    method, target = label.split(" ", 1)
    sent = b"" if body is None else json.dumps(body).encode()
    return app.handle(Call((("Content-Type", media_type),) if sent else (), sent, method, target))


@pytest.fixture
def app(contract: Contract) -> FakeServer:
    return FakeServer(contract, Settings())


@pytest.fixture
def shop(app: FakeServer) -> Shop:
    return calling(app)


def test_a_key_that_a_caller_chooses(shop: Shop) -> None:
    tea = {"name": "Tea", "sku": "tea-1", "price": 3.5}
    assert shop("POST /products", {"product": tea})[0] == 201
    product = shop("GET /products/tea-1")[1]["product"]
    assert product.items() >= tea.items()
    assert product == shop("GET /products")[1]["products"][0]
    assert shop("POST /products", {"product": tea})[0] == 409
    assert shop("DELETE /products/tea-1")[0] == 200
    assert shop("GET /products/tea-1")[0] == 410


def test_put_creates_and_replaces(shop: Shop) -> None:
    status, new = shop("PUT /products/new-9", {"name": "New", "price": 1.5})
    assert (status, new["sku"], new["price"]) == (201, "new-9", 1.5)
    status, changed = shop("PUT /products/new-9", {"name": "Other"})
    assert (status, changed["name"], "price" in changed) == (200, "Other", False)
    assert shop("GET /products/new-9")[1]["product"] == changed


def test_several_at_once(shop: Shop) -> None:
    status, made = shop("POST /products/bulk", [{"name": "a"}, {"name": "b", "sku": "bb"}])
    assert (status, [product["name"] for product in made], made[1]["sku"]) == (201, ["a", "b"], "bb")
    for product in made:
        assert shop(f"GET /products/{product['sku']}")[1]["product"] == product


def test_keys_are_those_of_the_list_and_look_like_the_example(shop: Shop) -> None:
    skus = [product["sku"] for product in shop("GET /products")[1]["products"]]
    assert skus[0] == "SKU-0042"
    assert len(set(skus)) == len(skus) == 10
    for sku in skus[:3]:
        assert shop(f"GET /products/{sku}")[1]["product"]["sku"] == sku


def test_an_action_leads_to_the_state_that_it_names(app: FakeServer, shop: Shop) -> None:
    made = replied(app, "POST /orders", {"note": "soon", "address": {"street": "Quay 1"}})
    location = dict(made.headers)["Location"]
    order = shop(f"GET {location}")[1]
    assert (order["status"], order["note"], order["address"]) == ("new", "soon", {"street": "Quay 1"})
    assert "cancelledAt" not in order
    assert shop(f"POST {location}:cancel")[0] == 204
    cancelled = shop(f"GET {location}")[1]
    assert cancelled["status"] == "cancelled"
    assert cancelled["cancelledAt"] >= cancelled["createdAt"]
    assert shop("POST /products/SKU-0042/archive")[1]["archived"] is True
    assert shop("GET /products/SKU-0042")[1]["product"]["archived"] is True


def test_what_stands_below_is_there_only(app: FakeServer, shop: Shop) -> None:
    first, two = (dict(replied(app, "POST /orders", {"note": note}).headers)["Location"] for note in "ab")
    status, item = shop(f"POST {first}/items", {"sku": "k", "id": "itm_AAAAAAAA"})
    assert (status, item["sku"], item["orderId"], item["quantity"]) == (201, "k", first.rpartition("/")[2], 1)
    assert item["id"] != "itm_AAAAAAAA", "read-only"
    assert shop(f"GET {first}/items/{item['id']}") == (200, item)
    assert item in shop(f"GET {first}/items")[1]["data"]
    assert item["id"] not in [other["id"] for other in shop(f"GET {two}/items")[1]["data"]]
    assert shop(f"DELETE {first}")[0] == 202
    assert shop(f"GET {first}/items")[0] == shop(f"GET {first}/items/{item['id']}")[0] == 404
    assert shop(f"GET {two}/items")[0] == 200


def test_a_patch_document_changes_what_it_names(app: FakeServer, shop: Shop) -> None:
    location = dict(replied(app, "POST /orders", {"note": "old", "address": {"city": "Bergen"}}).headers)["Location"]
    assert shop(f"PATCH {location}", {"note": "new"}, "application/merge-patch+json")[1]["note"] == "new"
    order = shop(f"GET {location}")[1]
    assert (order["note"], order["address"]) == ("new", {"city": "Bergen"})
    assert "note" not in shop(f"PATCH {location}", {"note": None}, "application/merge-patch+json")[1]
    assert "note" not in shop(f"GET {location}")[1], "it can't be null"


def test_there_is_one_of_some(shop: Shop) -> None:
    before = shop("GET /me")[1]
    changed = shop("PATCH /me", {"name": "Ada", "tags": {"a": "b"}})[1]
    assert changed == {**before, "name": "Ada", "tags": {"a": "b"}} == shop("GET /me")[1]
    cart = {"lines": [{"sku": "x", "quantity": 2}]}
    assert shop("PUT /cart", cart)[0] == 200
    assert shop("GET /cart") == (200, cart)
    assert shop("DELETE /cart")[0] == 204
    assert shop("GET /cart")[0] == 404
    assert shop("PUT /cart", {"note": "again"})[0] == 200
    assert shop("GET /cart") == (200, {"note": "again"})


def test_json_api(shop: Shop) -> None:
    media_type = "application/vnd.api+json"
    sent = {"data": {"type": "articles", "attributes": {"title": "Tea", "body": "Green."}}}
    status, made = shop("POST /articles", sent, media_type)
    key = made["data"]["id"]
    assert (status, made["data"]["attributes"]) == (201, sent["data"]["attributes"])
    change = {"data": {"type": "articles", "id": key, "attributes": {"title": "Coffee"}}}
    changed = shop(f"PATCH /articles/{key}", change, media_type)[1]
    assert changed["data"]["attributes"] == {"title": "Coffee", "body": "Green."}
    assert shop(f"GET /articles/{key}") == (200, changed)
    assert changed["data"] in shop("GET /articles")[1]["data"]
    assert shop(f"DELETE /articles/{key}")[0] == 204
    assert shop(f"GET /articles/{key}")[0] == 404


def test_connections(shop: Shop) -> None:
    boat = shop("POST /boats", {"name": "Dora"})[1]
    assert boat in [edge["node"] for edge in shop("GET /boats")[1]["boats"]["edges"]]
    assert shop(f"GET /boats/{boat['id']}") == (200, boat)


def test_worlds_and_an_empty_one(contract: Contract) -> None:
    shop = calling(FakeServer(contract, Settings(population=0)))
    assert shop("GET /products")[1]["products"] == []
    assert shop("GET /products/tea-1")[0] == 410
    assert shop("POST /products", {"product": {"name": "Tea", "sku": "tea-1"}})[0] == 201
    assert [product["sku"] for product in shop("GET /products")[1]["products"]] == ["tea-1"]


def test_two_processes_share_what_they_know(contract: Contract, tmp_path: Path) -> None:
    settings = Settings(state=str(tmp_path / "state.db"))
    with closing(FakeServer(contract, settings)) as first, closing(FakeServer(contract, settings)) as second:
        assert_shared(calling(first), calling(second))


def assert_shared(first: Shop, second: Shop) -> None:
    made = first("POST /products", {"product": {"name": "Tea"}})[1]["product"]
    assert second(f"GET /products/{made['sku']}") == (200, {"product": made})
    assert second("POST /products", {"product": {"name": "Other"}})[1]["product"]["sku"] != made["sku"]
    assert first("PUT /products/own", {"name": "Own"})[0] == 201
    assert second("PUT /products/own", {"name": "Own"})[0] == 200


def test_references_name_what_there_is() -> None:
    call = calling(FakeServer(extract(str(SHOP.parent / "customers.yaml")).contract, Settings(population=6)))
    keys = {customer["id"] for customer in call("GET /customers")[1]}
    orders = call("GET /orders")[1]
    assert len(keys) == len(orders) == 6
    assert {order["customerId"] for order in orders} <= keys
    assert len({order["number"] for order in orders}) == len({order["id"] for order in orders}) == 6
    assert {line["customer_id"] for order in orders for line in order["lines"]} <= keys
    gone = orders[0]["customerId"]
    assert call(f"DELETE /customers/{gone}")[0] == 204
    assert gone not in {order["customerId"] for order in call("GET /orders")[1]}


def test_a_text_that_a_caller_chose_is_no_number_of_a_drawn_key(contract: Contract) -> None:
    (resource,) = (resource for resource in contract.resources.resources if resource.variable == "sku")
    keys = PathBodies(contract, Sampler(contract)).keys
    scope = EntityScope(resource)
    chosen = keys.number(scope, "a-sku-of-my-own", 25)
    assert keys.value(scope, chosen) is None
    assert keys.number(scope, keys.value(scope, 3), 25) == 3


def test_a_large_number_that_only_a_reference_mentions_has_no_key(contract: Contract) -> None:
    (resource,) = (resource for resource in contract.resources.resources if resource.variable == "sku")
    bodies = PathBodies(contract, Sampler(contract))
    assert bodies.keys.value(EntityScope(resource), MOST_KEYS + 1) is None
    assert not bodies.keys._known
    larger = PathBodies(contract, Sampler(contract, Sampling(population=MOST_KEYS + 5))).keys
    assert larger.value(EntityScope(resource), MOST_KEYS + 5)


def test_a_snapshot_holds_what_stands_below_others(contract: Contract) -> None:
    app = FakeServer(contract, Settings())
    call, world = calling(app), app.worlds.world("")
    location = dict(replied(app, "POST /orders", {"note": "kept"}).headers)["Location"]
    item = call(f"POST {location}/items", {"sku": "k"})[1]
    saved = snapshot(world)
    world.replace(())
    assert item not in call(f"GET {location}/items")[1]["data"]
    world.replace(rows_of(saved, contract))
    assert call(f"GET {location}/items/{item['id']}") == (200, item)
    assert call(f"GET {location}")[1]["note"] == "kept"


@pytest.mark.parametrize("name", ["Room_List", "GuestEntity_Get"])
def test_a_part_of_a_contract_is_answered_though_its_resources_have_roles_of_others(hotel: Contract, name: str) -> None:
    kept = tuple(operation for operation in hotel.operations if operation.id == name)
    fake = FakeServer(replace(hotel, operations=kept), Settings(auth=False))
    assert fake.handle(Call(target=kept[0].path.replace("{id}", "1"))).status == 200


def test_a_list_at_the_root_keeps_what_is_added_to_it(make_contract: MakeContract) -> None:
    boat = {"type": "object", "properties": {"name": {"type": "string"}, "masts": {"type": "integer"}}}
    content = {"content": {"application/json": {"schema": boat}}}
    many = {"content": {"application/json": {"schema": {"type": "array", "items": boat}}}}
    named = [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]
    read = {"parameters": named, "responses": {"200": {"description": "", **content}, "404": {"description": ""}}}
    remove = {"parameters": named, "responses": {"204": {"description": ""}}}
    created = {"description": "", "headers": {"Location": {"schema": {"type": "string"}}}, **content}
    paths = {
        "/": {
            "get": {"responses": {"200": {"description": "", **many}}},
            "post": {"requestBody": content, "responses": {"201": created}},
        },
        "/{name}": {"get": read, "delete": remove},
    }
    fake = FakeServer(with_document_resources(make_contract(paths), USUAL), Settings())
    sent = Call((("Content-Type", "application/json"),), b'{"name": "ida", "masts": 2}', "POST", "/")
    assert fake.handle(sent).header("Location") == "/ida"
    assert {"name": "ida", "masts": 2} in json.loads(fake.handle(Call(target="/")).body)
    assert json.loads(fake.handle(Call(target="/ida")).body) == {"name": "ida", "masts": 2}
    assert fake.handle(Call(method="DELETE", target="/ida")).status == 204
    assert fake.handle(Call(target="/ida")).status == 404


@pytest.mark.parametrize(("team", "status"), [("1", 200), ("0", 404), ("-1", 404), ("00", 404)])
def test_nothing_stands_below_a_number_that_is_no_key(make_contract: MakeContract, team: str, status: int) -> None:
    def operation(*names: str, **properties: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": properties}
        keys = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        keys[0]["schema"] = {"type": "integer"}
        answer = {"description": "", "content": {"application/json": {"schema": schema}}}
        responses = {"200": answer, "404": {"description": "none"}}
        return {"parameters": keys, "get": {"responses": responses}, "delete": {"responses": responses}}

    teams = operation("id", id={"type": "integer"}, title={"type": "string"})
    members = operation("id", "name", name={"type": "string"}, mail={"type": "string"})
    contract = make_contract({"/teams/{id}": teams, "/teams/{id}/members/{name}": members})
    ask = calling(FakeServer(with_document_resources(contract, USUAL), Settings()))
    assert ask(f"GET /teams/{team}")[0] == status
    assert ask(f"GET /teams/{team}/members/ada")[0] == status


def test_what_no_caller_made_is_below_all_that_it_may_stand_below(make_contract: MakeContract) -> None:
    def operation(*names: str, method: str = "get") -> dict[str, Any]:
        schema = {"type": "object", "properties": {"id": {"type": "string"}, "title": {"type": "string"}}}
        keys = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Rope"}}}
        responses = {"200": {"description": "", "content": content}, "404": {"description": "none"}}
        body = {"requestBody": {"content": {"application/json": {"schema": schema}}}} if method == "post" else {}
        return {"parameters": keys, method: {**body, "responses": responses}}

    rope = {"type": "object", "properties": {"id": {"type": "string"}, "title": {"type": "string"}}}
    below = operation("boat", "id")
    paths = {
        "/ropes": operation(method="post"),
        "/ropes/{id}": operation("id"),
        "/boats/{boat}/ropes/{id}": {**below, "delete": {"responses": below["get"]["responses"]}},
    }
    contract = with_document_resources(make_contract(paths, schemas={"Rope": rope}), USUAL)
    ask = calling(FakeServer(contract, Settings()))
    assert ask("GET /ropes/r7")[0] == ask("GET /boats/ida/ropes/r7")[0] == ask("DELETE /boats/ida/ropes/r7")[0] == 200
    assert ask("GET /ropes/r7")[0] == 404
    ask("POST /ropes", {"id": "r8"})
    assert (ask("GET /ropes/r8")[0], ask("GET /boats/ida/ropes/r8")[0]) == (200, 404)


def test_a_list_that_may_have_few_rows_shows_what_was_added_last(make_contract: MakeContract) -> None:
    rope = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}

    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    many = {"type": "array", "maxItems": 3, "items": rope}
    added = {
        "requestBody": content({"type": "object", "properties": {"name": {"type": "string"}}}),
        "responses": {"201": content(rope)},
    }
    paths = {"/ropes": {"get": {"responses": {"200": content(many)}}, "post": added}}
    ask = calling(FakeServer(with_document_resources(make_contract(paths), USUAL), Settings()))
    drawn = [row["id"] for row in ask("GET /ropes")[1]]
    made = [ask("POST /ropes", {"name": name})[1]["id"] for name in ("bow", "stern")]
    assert [row["id"] for row in ask("GET /ropes")[1]] == [*drawn[:1], *made]


def test_a_create_shows_what_was_sent_though_reads_show_little(make_contract: MakeContract) -> None:
    def content(*names: str) -> dict[str, Any]:
        schema = {
            "type": "object",
            "required": list(names[1:]),
            "properties": {name: {"type": "string"} for name in names},
        }
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    made = ("id", "payer", "payee", "amount", "note", "quote", "fees", "rate")
    key = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    paths = {
        "/payments": {"post": {"requestBody": content(*made[1:5]), "responses": {"201": content(*made)}}},
        "/payments/{id}": {"parameters": key, "get": {"responses": {"200": content("id", "state")}}},
        "/payments/{id}/cancel": {"parameters": key, "post": {"responses": {"200": content("done")}}},
    }
    ask = calling(FakeServer(with_document_resources(make_contract(paths), USUAL), Settings()))
    sent = {name: f"some {name}" for name in made[1:5]}
    payment = ask("POST /payments", sent)[1]
    assert payment.items() >= sent.items()
    assert ask(f"GET /payments/{payment['id']}")[1]["id"] == payment["id"]


def test_numerals_as_texts_are_keys_that_paths_take_as_integers(make_contract: MakeContract) -> None:
    link = {"type": "object", "properties": {"linkid": {"type": "string"}, "host": {"type": "string"}}}
    named = {"name": "linkid", "in": "path", "required": True, "schema": {"type": "integer"}}
    made = {"type": "object", "properties": {"linkid": {"type": "integer"}}}
    sent = {"type": "object", "properties": {"link": {"type": "object", "properties": {"host": {"type": "string"}}}}}

    def answering(schema: Any) -> dict[str, Any]:
        return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}

    links = {
        "get": {"responses": answering({"type": "array", "items": link})},
        "post": {"requestBody": {"content": {"application/json": {"schema": sent}}}, "responses": answering(made)},
    }
    contract = make_contract(
        {"/links": links, "/links/{linkid}": {"parameters": [named], "get": {"responses": answering(link)}}}
    )
    call = calling(FakeServer(with_document_resources(contract, USUAL), Settings()))
    key = call("POST /links", {"link": {"host": "quay.example"}})[1]["linkid"]
    assert call(f"GET /links/{key}")[1]["host"] == "quay.example"
    assert {"linkid": str(key), "host": "quay.example"}.items() <= call("GET /links")[1][-1].items()
    assert all(link["linkid"].isdecimal() for link in call("GET /links")[1])


def test_keys_of_a_named_type_with_an_example_differ(make_contract: MakeContract) -> None:
    key = {"type": "string", "pattern": "^[0-9]{1,19}$", "example": "1346889436626259968"}
    note = {"type": "object", "properties": {"id": {"$ref": "#/components/schemas/NoteId"}, "text": {"type": "string"}}}
    content = {"application/json": {"schema": note}}
    made = {"requestBody": {"content": content}, "responses": {"201": {"description": "", "content": content}}}
    named = {"name": "id", "in": "path", "required": True, "schema": {"$ref": "#/components/schemas/NoteId"}}
    read = {"parameters": [named], "get": {"responses": {"200": {"description": "", "content": content}}}}
    contract = make_contract({"/notes": {"post": made}, "/notes/{id}": read}, schemas={"NoteId": key})
    call = calling(FakeServer(with_document_resources(contract, USUAL), Settings()))
    first, second = (call("POST /notes", {"text": text})[1]["id"] for text in ("a", "b"))
    assert first != second
    assert [call(f"GET /notes/{key}")[1]["text"] for key in (first, second)] == ["a", "b"]


def test_a_key_that_a_sample_names_may_be_the_text_of_no_number(make_contract: MakeContract) -> None:
    group = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    content = {"application/json": {"schema": group}}
    rows = {"application/json": {"schema": {"type": "array", "items": group}}}
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "0"}
    listed = {"get": {"responses": {"200": {"description": "", "content": rows}}}}
    read = {"parameters": [named], "get": {"responses": {"200": {"description": "", "content": content}}}}
    contract = make_contract(
        {"/groups": listed, "/groups/{id}": {**read, "put": {**read["get"], "requestBody": {"content": content}}}}
    )
    call = calling(FakeServer(with_document_resources(contract, USUAL), Settings()))
    status, groups = call("GET /groups")
    assert (status, groups[0]["id"]) == (200, "0")
    assert call("GET /groups/0") == (200, groups[0])


def test_an_entity_for_which_no_key_is_left_has_no_location(make_contract: MakeContract) -> None:
    light = {"type": "object", "properties": {"side": {"enum": ["port", "starboard"]}, "lit": {"type": "boolean"}}}
    content = {"application/json": {"schema": light}}
    sent = {"application/json": {"schema": {"type": "object", "properties": {"lit": {"type": "boolean"}}}}}
    made = {"requestBody": {"content": sent}, "responses": {"201": {"description": "", "content": content}}}
    named = {"name": "side", "in": "path", "required": True, "schema": {"type": "string"}}
    read = {"parameters": [named], "get": {"responses": {"200": {"description": "", "content": content}}}}
    contract = make_contract({"/lights": {"post": made}, "/lights/{side}": read})
    app = FakeServer(with_document_resources(contract, USUAL), Settings())
    assert replied(app, "POST /lights", {"lit": True}).header("Location") is None


def test_an_error_that_a_caller_writes_is_kept(make_contract: MakeContract) -> None:
    job = {"type": "object", "properties": {"id": {"type": "integer"}, "error": {"type": "string"}}}
    content = {"application/json": {"schema": job}}
    made = {"requestBody": {"content": content}, "responses": {"201": {"description": "", "content": content}}}
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    read = {"parameters": [named], "get": {"responses": {"200": {"description": "", "content": content}}}}
    contract = make_contract({"/jobs": {"post": made}, "/jobs/{id}": read})
    call = calling(FakeServer(with_document_resources(contract, USUAL), Settings()))
    new = call("POST /jobs", {"error": "aground"})[1]
    assert new["error"] == "aground"
    assert call(f"GET /jobs/{new['id']}")[1] == new
    assert "error" not in call("GET /jobs/1")[1]


@pytest.mark.parametrize(("extension", "end"), [(".json", ".json"), (".{format}", "")])
def test_a_location_ends_as_the_path_does(make_contract: MakeContract, extension: str, end: str) -> None:
    note = {"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}
    content = {"application/json": {"schema": note}}
    made = {"requestBody": {"content": content}, "responses": {"201": {"description": "", "content": content}}}
    read = {"responses": {"200": {"description": "", "content": content}}}
    variables = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in ("id", "format")
    ]
    used = variables if "{" in extension else variables[:1]
    item = {"parameters": used, "get": read}
    notes = {"parameters": used[1:], "post": made}
    contract = make_contract({f"/notes{extension}": notes, f"/notes/{{id}}{extension}": item})
    app = FakeServer(with_document_resources(contract, USUAL), Settings())
    reply = replied(app, "POST /notes.json", {"text": "a"})
    key = json.loads(reply.body)["id"]
    assert reply.header("Location") == f"/notes/{key}{end}"
    assert json.loads(replied(app, f"GET /notes/{key}.json").body)["text"] == "a"


def test_the_key_is_that_of_the_path_beside_a_query_parameter_of_its_name(make_contract: MakeContract) -> None:
    text = {"type": "string"}
    boat = {"type": "object", "properties": {"id": text, "name": text}}
    holding = {"content": {"application/json": {"schema": boat}}}
    asked = [{"name": "boat_id", "in": place, "required": True, "schema": text} for place in ("path", "query")]
    paths = {
        "/boats": {"post": {"requestBody": holding, "responses": {"201": {"description": ""} | holding}}},
        "/boats/{boat_id}": {"get": {"parameters": asked, "responses": {"200": {"description": ""} | holding}}},
    }
    call = calling(FakeServer(with_document_resources(make_contract(paths), USUAL)))
    boat_id = call("POST /boats", {"name": "Ida"})[1]["id"]
    assert call(f"GET /boats/{boat_id}?boat_id=other")[1]["name"] == "Ida"
