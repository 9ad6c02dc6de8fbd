"""Examples of answers are those of the entities that they show, wherever these come up."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.answers.entity_examples import with_entity_examples
from docdouble.schemas import extract

SHIP = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
REF = {"$ref": "#/components/schemas/Ship"}
PAGE = {"type": "object", "properties": {"data": {"type": "array", "items": REF}}}


def answering(schema: Any, example: Any, status: str = "200") -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"responses": {status: {"description": "", "content": content}}}


@pytest.fixture
def paths() -> dict[str, Any]:
    key = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]
    body = {"requestBody": {"content": {"application/json": {"schema": REF}}}}
    return {
        "/ships": {
            "get": answering({"type": "array", "items": REF}, [{"id": 12, "name": "Gjoa"}]),
            "post": {**body, **answering(REF, {"id": 9, "name": "Fram"}, "201")},
        },
        "/ships/{id}": {"parameters": key, "get": answering(REF, {"id": 9, "name": "Fram"})},
    }


def test_an_entity_has_the_values_of_its_example_where_writes_are_kept(
    tmp_path: Path, send: Any, paths: dict[str, Any]
) -> None:
    document = {"openapi": "3.1.0", "info": {"title": "Ships", "version": "1"}, "paths": paths}
    written = json.dumps({**document, "components": {"schemas": {"Ship": SHIP}}})
    (tmp_path / "ships.json").write_text(written, "utf-8")
    app = FakeServer(extract(str(tmp_path / "ships.json")).contract)
    listed = {ship["id"]: ship["name"] for ship in orjson.loads(send(app, "GET /ships").body)}
    assert orjson.loads(send(app, "GET /ships/9").body) == {"id": 9, "name": "Fram"}
    assert listed[9] == "Fram"
    assert len(set(listed.values())) > 3


@pytest.mark.parametrize(
    ("schema", "example", "expected"),
    [
        (REF, {"id": 9}, [{"id": 9}]),
        ({"type": "array", "items": REF}, [{"id": 9}, {"id": 10}], [{"id": 9}]),
        (PAGE, {"data": [{"id": 9}]}, [{"id": 9}]),
        (REF, "a text", None),
        ({"type": "object"}, {"id": 9}, None),
    ],
)
def test_the_first_example_of_a_type_is_its_own(make_contract: Any, schema: Any, example: Any, expected: Any) -> None:
    contract = make_contract({"/a": {"get": answering(schema, example)}}, schemas={"Ship": SHIP})
    assert with_entity_examples(contract).schemas["Ship"].get("examples") == expected


def test_an_example_of_the_type_itself_counts_first(make_contract: Any) -> None:
    own = {**SHIP, "examples": [{"id": 1, "name": "Maud"}]}
    contract = make_contract({"/a": {"get": answering(REF, {"id": 9, "name": "Fram"})}}, schemas={"Ship": own})
    assert dict(with_entity_examples(contract).schemas) == contract.schemas


def test_types_that_differ_in_requests_are_still_known(make_contract: Any, send: Any) -> None:
    boat = {"$ref": "#/components/schemas/Boat"}
    properties = {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}}
    schema = {"type": "object", "required": ["id", "name"], "properties": properties}
    answer = {"content": {"application/json": {"schema": boat, "example": {"id": 7, "name": "Ida"}}}}
    body = {"content": {"application/json": {"schema": boat}}}
    paths = {"/boats": {"post": {"requestBody": body, "responses": {"200": answer}}}}
    app = FakeServer(make_contract(paths, schemas={"Boat": schema}))
    assert send(app, "POST /boats", json={"name": 7}).status == 400
