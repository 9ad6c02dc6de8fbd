"""Lists over what callers made: what was created is found, counted, sorted and paged; what was deleted is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract

from .harbour import BOATS, INTEGER, NUMBER, STATES, TEXT, asking, record

POPULATION = 25
Send = Callable[..., Any]


def boat(key: dict[str, Any]) -> dict[str, Any]:
    members = {"name": TEXT, "price": NUMBER, "status": {"type": "string", "enum": STATES}}
    return {"type": "object", "required": ["name"], "properties": {"id": {**key, "readOnly": True}, **members}}


def answering(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "ok", "content": {"application/json": {"schema": schema}}}


KEYS = [INTEGER, {"type": "string", "format": "uuid"}, {"type": "string", "pattern": "^boat_[a-z0-9]{8}$"}]


@pytest.fixture(params=KEYS, ids=["integer", "uuid", "prefixed"])
def send(request: pytest.FixtureRequest, tmp_path: Path) -> Send:
    """Return a function that calls a harbour whose writes are kept."""
    boat_reference = {"$ref": "#/components/schemas/Boat"}
    body = {"content": {"application/json": {"schema": boat_reference}}, "required": True}
    asked = [
        asking("page", {**INTEGER, "default": 1}),
        asking("limit", {**INTEGER, "default": 10}),
        asking("q", TEXT),
        asking("status", {"type": "string", "enum": [*STATES, "all"]}),
        asking("min_price", NUMBER),
        asking("sort", TEXT),
    ]
    key = {"name": "id", "in": "path", "required": True, "schema": request.param}
    paths = {
        "/boats": {
            "get": {"parameters": asked, "responses": {"200": answering(record(items=BOATS, total=INTEGER))}},
            "post": {"requestBody": body, "responses": {"201": answering(boat_reference)}},
        },
        "/boats/findByStatus": {
            "get": {"parameters": [asking("status", TEXT)], "responses": {"200": answering(BOATS)}},
        },
        "/boats/{id}": {
            "parameters": [key],
            "get": {"responses": {"200": answering(boat_reference), "404": {"description": "none"}}},
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Boat": boat(request.param)}},
    }
    file = tmp_path / "harbour.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    app = FakeServer(extract(str(file)).contract, Settings(population=POPULATION, nulls="never"))

    def call(label: str, sent: Any = None) -> Any:
        method, target = label.split(" ", 1)
        fields = (("Content-Type", "application/json"),) if sent is not None else ()
        reply = app.handle(Call(fields, json.dumps(sent).encode() if sent is not None else b"", method, target))
        assert reply.status < 300, reply.body
        return json.loads(reply.body) if reply.body else None

    return call


def keys(boats: list[dict[str, Any]]) -> list[Any]:
    return [boat["id"] for boat in boats]


def test_what_was_created_is_found_by_all_that_it_is(send: Send) -> None:
    new = send("POST /boats", {"name": "Zeppelina", "price": 10**9, "status": "sunk"})
    assert send(f"GET /boats/{new['id']}") == new
    for query in ("q=zeppelina", f"min_price={10**9}", "status=sunk&q=zeppelina"):
        listed = send(f"GET /boats?{query}")
        assert (listed["items"], listed["total"]) == ([new], 1)
    assert send("GET /boats?sort=-price&limit=1")["items"] == [new]
    assert send("GET /boats?status=sold&q=zeppelina") == {"items": [], "total": 0}


def test_totals_follow_what_is_created_and_deleted(send: Send) -> None:
    assert send("GET /boats")["total"] == send("GET /boats?status=all")["total"] == POPULATION
    new = send("POST /boats", {"name": "Zeppelina"})
    assert send("GET /boats")["total"] == POPULATION + 1
    send(f"DELETE /boats/{new['id']}")
    assert send("GET /boats?q=zeppelina")["total"] == 0
    assert send("GET /boats")["total"] == POPULATION


def test_pages_are_parts_of_the_whole_list(send: Send) -> None:
    send("POST /boats", {"name": "Zeppelina"})
    whole = send("GET /boats?limit=100")["items"]
    pages = [send(f"GET /boats?page={number}")["items"] for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 6, 0]
    assert [key for page in pages for key in keys(page)] == keys(whole)
    assert len(set(keys(whole))) == POPULATION + 1


def test_a_search_beside_the_list_is_over_the_same_entities(send: Send) -> None:
    new = send("POST /boats", {"name": "Zeppelina", "status": "sunk"})
    listed = send("GET /boats/findByStatus?status=sunk")
    assert new in listed
    assert sorted(keys(listed), key=str) == sorted(keys(send("GET /boats?status=sunk&limit=100")["items"]), key=str)


def test_the_body_of_a_search_asks_for_a_part(tmp_path: Path) -> None:
    boat_reference = {"$ref": "#/components/schemas/Boat"}
    filters = {"type": "object", "properties": {"status": TEXT, "minPrice": NUMBER}}
    asked = {"type": "object", "properties": {"filters": filters, "query": TEXT, "page": INTEGER, "size": INTEGER}}
    content = {"application/json": {"schema": asked}}
    answer = answering(record(items={"type": "array", "items": boat_reference}, total=INTEGER, page=INTEGER))
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {"/boats/search": {"post": {"requestBody": {"content": content}, "responses": {"200": answer}}}},
        "components": {"schemas": {"Boat": boat(INTEGER)}},
    }
    file = tmp_path / "harbour.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    app = FakeServer(extract(str(file)).contract, Settings(state="off", nulls="never"))

    def search(**sent: Any) -> Any:
        reply = app.handle(
            Call((("Content-Type", "application/json"),), json.dumps(sent).encode(), "POST", "/boats/search")
        )
        return json.loads(reply.body)

    whole = search(size=100)["items"]
    assert len(whole) == POPULATION
    second = search(page=2, size=7)
    assert (second["items"], second["total"], second["page"]) == (whole[7:14], POPULATION, 2)
    sold = [boat for boat in whole if boat.get("status") == "sold"]
    assert search(filters={"status": "sold"}, size=100)["items"] == sold
    assert search(query=whole[3]["name"])["total"] >= 1
