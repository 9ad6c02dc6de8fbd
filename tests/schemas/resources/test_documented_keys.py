"""Documented keys: every place of a documentation that may name an entity."""

from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.contract.resources import RequestPlace, Resource, Role
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.documented_keys import DocumentedKeys
from docdouble.schemas.resources.infer_roles import with_resources

ORDER = {"$ref": "#/components/schemas/Order"}
ORDERS = {"type": "array", "items": ORDER}


def content(schema: Any, **example: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema, **example}}}


def keys(
    *,
    of_variable: dict[str, Any] | None = None,
    of_key: dict[str, Any] | None = None,
    of_type: dict[str, Any] | None = None,
    shown: Any = None,
    listed: Any = None,
    sent: Any = None,
    created: Any = None,
    below: dict[str, Any] | None = None,
) -> tuple[Any, ...]:
    """Return the keys of the orders of an API with these examples."""

    def number(own: dict[str, Any] | None) -> dict[str, Any]:
        return {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, **(own or {})}

    def answer(schema: Any, example: Any) -> dict[str, Any]:
        return {"200": {"description": "", **content(schema, **({"example": example} if example else {}))}}

    order = {"type": "object", "properties": {"id": {"type": "integer", **(of_key or {})}, "note": {"type": "string"}}}
    paths = {
        "/orders": {
            "get": {"operationId": "list", "responses": answer(ORDERS, listed)},
            "post": {
                "operationId": "create",
                "requestBody": content(ORDER, **({"example": created} if created else {})),
                "responses": answer(ORDER, created),
            },
        },
        "/orders/{id}": {
            "parameters": [number(of_variable)],
            "get": {"operationId": "read", "responses": answer(ORDER, shown)},
            "put": {
                "operationId": "update",
                "requestBody": content(ORDER, **({"example": sent} if sent else {})),
                "responses": answer(ORDER, None),
            },
        },
        "/orders/{id}/bill": {"parameters": [number(below)], "get": {"operationId": "bill", "responses": {}}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}
    components = {"schemas": {"Order": {**order, **(of_type or {})}}}
    contract = with_resources(from_openapi({**document, "components": components}, "shop.json"))
    (resource,) = contract.resources.resources
    return DocumentedKeys(contract).of(resource)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ()),
        ({"of_variable": {"example": 71}}, (71,)),
        ({"of_variable": {"examples": {"one": {"value": 71}, "two": {"value": 72}}}}, (71, 72)),
        ({"of_variable": {"schema": {"type": "integer", "example": 71}}}, (71,)),
        ({"of_key": {"examples": [71, 72]}}, (71, 72)),
        ({"of_type": {"example": {"id": 71, "note": "x"}}}, (71,)),
        ({"shown": {"id": 71}}, (71,)),
        ({"listed": [{"id": 71}, {"id": 72}, {"note": "no id"}]}, (71, 72)),
        ({"listed": {"data": [{"id": 71}], "total": 9}}, (71,)),
        ({"listed": {"_embedded": {"orders": [{"id": 71}]}}}, (71,)),
        ({"sent": {"id": 71, "note": "x"}}, (71,)),
        ({"below": {"example": 71}}, (71,)),
        ({"shown": {"id": "ord_1"}, "listed": [{"id": "ord_2"}, {"id": "ord_1"}]}, ("ord_2", "ord_1")),
    ],
)
def test_a_sample_names_an_entity(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert keys(**given) == expected


@pytest.mark.parametrize("value", [0, -3, True, 2**63, "", None, 1.5, [], {}])
def test_what_can_be_no_key_is_none(value: Any) -> None:
    assert keys(shown={"id": value}) == ()


def test_what_is_created_is_not_there_before() -> None:
    assert keys(created={"id": 71, "note": "x"}) == ()


def test_a_role_of_an_operation_that_is_gone_names_nothing() -> None:
    role = Role("gone", "read", "because", RequestPlace("path", "id"))
    assert DocumentedKeys(Contract("Shop", "1", ())).of(Resource("order", {}, (role,))) == ()
