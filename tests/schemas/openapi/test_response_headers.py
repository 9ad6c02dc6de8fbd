"""Documented header fields of responses: read from OpenAPI and Swagger, and written back."""

from typing import Any

import pytest

from docdouble.schemas import Contract, ContractError, Evidence, Grade, Parameter
from docdouble.schemas.openapi.convert import to_openapi, without_prose
from docdouble.schemas.openapi.reader import from_openapi

INT = {"type": "integer", "description": "how many"}
TOTAL = {"description": "all of them", "required": True, "schema": INT}


def document(described: Any, **components: Any) -> dict[str, Any]:
    responses = {"200": {"description": "", "headers": described}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {"/books": {"get": {"operationId": "read", "responses": responses}}},
        "components": components,
    }


def headers(contract: Contract) -> tuple[Parameter, ...]:
    return contract.operations[0].responses[0].headers


def test_header_fields_are_read() -> None:
    contract = from_openapi(document({"X-Total": TOTAL, "X-Next": {}}))
    assert headers(contract) == (
        Parameter("X-Total", "header", INT, True, "all of them"),
        Parameter("X-Next", "header", {}),
    )


def test_references_and_content_are_followed() -> None:
    described = {
        "X-Total": {"$ref": "#/components/headers/Total"},
        "X-Filter": {"content": {"text/plain": {"schema": INT}}},
    }
    contract = from_openapi(document(described, headers={"Total": TOTAL}))
    assert [(header.name, header.schema) for header in headers(contract)] == [("X-Total", INT), ("X-Filter", INT)]


def test_they_are_written_as_they_were_read() -> None:
    described = {**TOTAL, "x-docdouble-evidence": {"grade": "sampled", "page": "books.md", "line": 7}}
    contract = from_openapi(document({"X-Total": described, "X-Next": {"required": False, "schema": {}}}))
    assert headers(contract)[0].evidence == Evidence(Grade.SAMPLED, "books.md", 7)
    assert from_openapi(to_openapi(contract)) == contract


def test_without_prose_they_keep_their_facts() -> None:
    (total,) = headers(without_prose(from_openapi(document({"X-Total": TOTAL}))))
    assert total == Parameter("X-Total", "header", {"type": "integer"}, True)


def test_swagger_has_them_too() -> None:
    response = {"description": "", "headers": {"X-Total": {"type": "integer", "format": "int32", "description": "all"}}}
    swagger = {
        "swagger": "2.0",
        "info": {"title": "", "version": ""},
        "paths": {"/books": {"get": {"responses": {"200": response}}}},
    }
    (total,) = headers(from_openapi(swagger, "swagger.json"))
    assert total == Parameter("X-Total", "header", {"type": "integer", "format": "int32"}, None, "all")


@pytest.mark.parametrize("described", [[], {"X-Total": 7}])
def test_what_is_no_header_is_named_by_its_place(described: Any) -> None:
    with pytest.raises(ContractError, match="/responses/200/headers"):
        from_openapi(document(described))
