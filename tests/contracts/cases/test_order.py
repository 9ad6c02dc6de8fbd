from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.cases import operations_in_order
from docdouble.schemas import Contract, Operation, extract
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

BOAT = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}

CONTACTS = extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@given(st.permutations(CONTACTS.operations))
def test_values_are_known_before_they_are_needed(operations: list[Operation]) -> None:
    names = [operation.id.rpartition("_")[2] for operation in operations_in_order(operations, CONTACTS)]
    assert names == ["List", "Get", "Create", "Patch", "Delete"]


def test_procedures_are_distinguished_by_their_effect_and_their_name() -> None:
    operations = (
        Operation("Agent_RemoveBook", "POST", "/remove", effect="write"),
        Operation("Agent_SendBook", "POST", "/send", effect="write"),
        Operation("Agent_GetBook", "POST", "/get", effect="read"),
        Operation("Books_One", "GET", "/books/{id}", effect="read"),
        Operation("Books_All", "GET", "/books", effect="read"),
    )
    ids = [operation.id for operation in operations_in_order(operations, Contract("books", "1", operations))]
    assert ids == ["Books_All", "Books_One", "Agent_GetBook", "Agent_SendBook", "Agent_RemoveBook"]


@given(st.permutations(range(4)))
def test_an_entity_is_deleted_after_all_that_removes_something_from_it(order: list[int]) -> None:
    def operation(method: str, path: str) -> dict[str, Any]:
        answer = {"description": "", "content": {"application/json": {"schema": BOAT}}}
        key = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        return {path: {"parameters": key, method: {"operationId": f"{method} {path}", "responses": {"200": answer}}}}

    given = [
        operation("delete", "/boats/{id}"),
        operation("post", "/boats/{id}/removeRope"),
        operation("get", "/boats/{id}"),
        operation("delete", "/boats/{id}/crew"),
    ]
    paths: dict[str, Any] = {}
    for number in order:
        for path, item in given[number].items():
            paths.setdefault(path, {}).update(item)
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    contract = with_document_resources(from_openapi(document, "boats.json"), USUAL)
    ids = [operation.id for operation in operations_in_order(contract.operations, contract)]
    assert (ids[0], ids[-1]) == ("get /boats/{id}", "delete /boats/{id}")


@pytest.mark.parametrize(("status", "first"), [("201", "put /boats/{id}"), ("200", "get /boats")])
def test_what_a_put_makes_is_there_before_it_is_listed(status: str, first: str) -> None:
    boat = {"$ref": "#/components/schemas/Boat"}
    content = {"application/json": {"schema": boat}}
    rows = {"application/json": {"schema": {"type": "array", "items": boat}}}
    shown = {"200": {"description": "", "content": content}}
    key = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    put = {"requestBody": {"content": content}, "responses": {**shown, status: {"description": "", "content": content}}}
    paths = {
        "/boats": {"get": {"operationId": "get /boats", "responses": {"200": {"description": "", "content": rows}}}},
        "/boats/{id}": {
            "parameters": key,
            "get": {"operationId": "get /boats/{id}", "responses": shown},
            "put": {"operationId": "put /boats/{id}", **put},
        },
    }
    document: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    document["components"] = {"schemas": {"Boat": BOAT}}
    contract = with_document_resources(from_openapi(document, "boats.json"), USUAL)
    assert operations_in_order(contract.operations, contract)[0].id == first
