"""The list of a chain shows everything: one that may leave out what was created says nothing of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.chains.chain_plan import plans_of
from docdouble.schemas import extract

TEXT = {"type": "string"}
ONE = {"$ref": "#/components/schemas/Boat"}


def answering(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "ok", "content": {"application/json": {"schema": schema}}}


@pytest.fixture
def listing(tmp_path: Path) -> Callable[..., str]:
    """Return a function from parameters of a list to the operation that a chain asks for what it created."""

    def find(*parameters: dict[str, Any]) -> str:
        body = {"content": {"application/json": {"schema": ONE}}}
        listed = {"operationId": "list", "parameters": list(parameters)}
        boats = {
            "get": {**listed, "responses": {"200": answering({"type": "array", "items": ONE})}},
            "post": {"operationId": "make", "requestBody": body, "responses": {"201": answering(ONE)}},
        }
        key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        read = {"operationId": "read", "parameters": [key], "responses": {"200": answering(ONE)}}
        properties = {"id": {"type": "integer"}, "status": TEXT}
        document = {
            "openapi": "3.1.0",
            "info": {"title": "Harbour", "version": "1"},
            "paths": {"/boats": boats, "/boats/{id}": {"get": read}},
            "components": {"schemas": {"Boat": {"type": "object", "properties": properties}}},
        }
        file = tmp_path / "harbour.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        role = plans_of(extract(str(file)).contract)["make"].listing
        return role.operation if role else ""

    return find


def asking(name: str, schema: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **members}


def test_a_list_of_all_has_to_show_what_was_created(listing: Callable[..., str]) -> None:
    assert listing() == listing(asking("colour", TEXT)) == "list"


def test_a_list_in_pages_is_asked_for_it(listing: Callable[..., str]) -> None:
    assert listing(asking("limit", {"type": "integer"}), asking("offset", {"type": "integer", "default": 0})) == "list"


@pytest.mark.parametrize(
    "parameter",
    [
        asking("filter", TEXT),
        asking("colour", TEXT, required=True),
        asking("colour", {**TEXT, "default": "red"}),
    ],
)
def test_a_list_of_some_need_not(listing: Callable[..., str], parameter: dict[str, Any]) -> None:
    assert listing(parameter) == ""
