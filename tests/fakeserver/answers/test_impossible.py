"""A schema that no value fits costs its operation only."""

import json
from pathlib import Path
from typing import Any

import orjson

from docdouble.fakeserver import FakeServer
from docdouble.schemas import extract

NEVER = {"allOf": [{"type": "string"}, {"type": "integer"}]}


def test_what_nobody_can_answer_is_a_problem_and_the_rest_is_answered(make_contract: Any, send: Any) -> None:
    def answering(schema: Any) -> Any:
        return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}

    app = FakeServer(make_contract({"/never": answering(NEVER), "/fine": answering({"type": "string"})}))
    reply = send(app, "GET /never")
    assert (reply.status, reply.media_type) == (406, "application/problem+json")
    assert orjson.loads(reply.body)["documented"] == ["application/json"]
    assert send(app, "GET /fine").status == 200


def boats(folder: Path, boat: Any) -> FakeServer:
    """The fake of an API that creates and lists boats."""
    holding = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}}
    listing = {"content": {"application/json": {"schema": {"type": "array", "items": boat}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": {
            "/boats": {
                "get": {"responses": {"200": {"description": ""} | listing}},
                "post": {"requestBody": holding, "responses": {"201": {"description": ""} | holding}},
            },
            "/boats/{id}": {"get": {"responses": {"200": {"description": ""} | holding}}},
        },
        "components": {"schemas": {"Boat": boat}},
    }
    path = folder / "boats.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return FakeServer(extract(str(path)).contract)


def test_a_list_of_what_nothing_fits_is_empty(tmp_path: Path, send: Any) -> None:
    boat = {"type": "object", "required": ["name"], "properties": {"id": {"type": "string"}, "name": NEVER}}
    app = boats(tmp_path, boat)
    assert orjson.loads(send(app, "GET /boats").body) == []
    assert send(app, "GET /boats/b7").status == 406


def test_a_part_that_nothing_fits_leaves_the_rest_as_it_was_sent(tmp_path: Path, send: Any) -> None:
    berth = {"type": "object", "required": ["pier"], "properties": {"pier": NEVER, "length": {"type": "integer"}}}
    rented = {"type": "object", "required": ["berth"], "properties": {"berth": berth}}
    bought = {"type": "object", "required": ["price"], "properties": {"price": {"type": "integer"}}}
    deal = {"oneOf": [rented, bought]}
    app = boats(tmp_path, {"type": "object", "properties": {"id": {"type": "string"}, "deal": deal}})
    reply = send(app, "POST /boats", json={"deal": {"price": 5, "berth": {"length": 9}}})
    assert (reply.status, orjson.loads(reply.body)["deal"]) == (201, {"price": 5})
