"""Rows of replies whose values belong together."""

import json
from typing import Any

import pytest

from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.generation.fields import request_fields
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

KEY = {"type": "integer"}
ENTITY = {"type": "object", "properties": {"id": KEY, "length": {"type": "number"}}}
PORT, BERTH = ({"$ref": f"#/components/schemas/{name}"} for name in ("Port", "Berth"))
STAY = {"type": "object", "properties": {"portId": KEY, "berthId": KEY, "note": {"type": "string"}}}


def body(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def reading(name: str, schema: Any, *variables: str) -> dict[str, Any]:
    parameters = [{"name": variable, "in": "path", "required": True, "schema": KEY} for variable in variables]
    response = {"description": "", **body(schema)}
    return {"parameters": parameters, "get": {"operationId": name, "responses": {"200": response}}}


PATHS = {
    "/ports": reading("listPort", {"type": "array", "items": PORT}),
    "/ports/{portId}": reading("getPort", PORT, "portId"),
    "/ports/{portId}/berths": reading("listBerth", {"type": "array", "items": BERTH}, "portId"),
    "/ports/{portId}/berths/{berthId}": reading("getBerth", BERTH, "portId", "berthId"),
    "/stays": {
        **reading("listStay", {"type": "array", "items": STAY}),
        "post": {"operationId": "makeStay", "requestBody": body(STAY), "responses": {"201": {"description": ""}}},
    },
}
SCHEMAS = {"Port": ENTITY, "Berth": ENTITY}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "", "version": ""},
    "paths": PATHS,
    "components": {"schemas": SCHEMAS},
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return with_document_resources(from_openapi(DOCUMENT, "ports.json"), USUAL)


@pytest.fixture
def known(contract: Contract) -> KnownValues:
    values = KnownValues(contract)
    values.ask(contract.operations)
    return values


def shown(values: KnownValues, contract: Contract, name: str, target: str, answer: Any) -> None:
    made = contract.operation(name)
    case = Case(made, Call((), b"", made.method, target), Purpose.VALID, Origin.SAMPLE)
    reply = Reply((("Content-Type", "application/json"),), json.dumps(answer).encode())
    values.harvest(Exchange(Subject(made, contract), case, reply))


def together(values: KnownValues, contract: Contract) -> list[dict[str, Any]]:
    """The keys of one row for a new stay, by their names."""
    made = contract.operation("makeStay")
    fields = [field for field in request_fields(made, contract) if field.name.endswith("Id")]
    return [{field.name: value for field, value in row} for row in values.rows.together(made, fields)]


def test_values_of_a_row_are_kept_together(known: KnownValues, contract: Contract) -> None:
    shown(
        known, contract, "listStay", "/stays", [{"portId": 1, "berthId": 4, "note": "x"}, {"portId": 2, "berthId": 3}]
    )
    assert together(known, contract) == [{"portId": 1, "berthId": 4}, {"portId": 2, "berthId": 3}]


def test_a_path_says_what_all_rows_belong_to(known: KnownValues, contract: Contract) -> None:
    shown(known, contract, "listBerth", "/ports/7/berths", [{"id": 4, "length": 2.5}, {"id": 5}])
    assert together(known, contract) == [{"portId": 7, "berthId": 4}, {"portId": 7, "berthId": 5}]


def test_one_key_alone_is_no_row(known: KnownValues, contract: Contract) -> None:
    shown(known, contract, "listPort", "/ports", [{"id": 7}])
    shown(known, contract, "listStay", "/stays", [{"portId": 1, "berthId": None}])
    assert together(known, contract) == []


def test_rows_of_what_is_not_there_are_forgotten(known: KnownValues, contract: Contract) -> None:
    shown(known, contract, "listBerth", "/ports/7/berths", [{"id": 4}])
    shown(known, contract, "listBerth", "/ports/8/berths", [{"id": 5}])
    known.rows.forget(frozenset({"7"}))
    assert together(known, contract) == [{"portId": 8, "berthId": 5}]
