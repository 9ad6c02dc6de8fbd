from typing import Any

import pytest

from docdouble.schemas import ContractError, Parameter
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.document import document_root
from docdouble.schemas.openapi.reader import from_openapi, read_contract

INFO = {"title": "library", "version": "1"}


def modern(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as one of 3.1."""
    document = {"openapi": "3.0.3", "info": INFO, "paths": {}, "components": {"schemas": {"A": schema}}}
    return read_contract(document_root(document, "api.json"), lambda *_: None).schemas["A"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"type": "string", "x-nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"allOf": [{"type": "object"}], "nullable": True},
            {"anyOf": [{"allOf": [{"type": "object"}]}, {"type": "null"}]},
        ),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 1}),
        ({"type": "integer", "maximum": 1, "exclusiveMaximum": False}, {"type": "integer", "maximum": 1}),
        ({"type": "integer", "exclusiveMaximum": True}, {"type": "integer"}),
        ({"items": [{"type": "string", "nullable": True}]}, {"prefixItems": [{"type": ["string", "null"]}]}),
    ],
)
def test_words_of_openapi_3_0_become_those_of_json_schema(old: Any, new: Any) -> None:
    assert modern(old) == new


def test_a_property_may_be_called_like_a_word_of_the_format() -> None:
    names = ("type", "nullable", "default", "enum", "example", "properties", "exclusiveMinimum", "$ref")
    old = {"properties": {name: {"type": "string", "nullable": True} for name in names}}
    assert modern(old) == {"properties": {name: {"type": ["string", "null"]} for name in names}}


@pytest.mark.parametrize("keyword", ["example", "default", "enum", "x-vendor"])
def test_data_is_left_as_it_is(keyword: str) -> None:
    schema = {keyword: [{"type": "string", "nullable": True}]}
    assert modern(schema) == schema


def test_the_default_response_is_read_as_any_other() -> None:
    content = {"text/json": {"schema": {"type": "string", "nullable": True}}}
    document = {
        "openapi": "3.0.0",
        "info": INFO,
        "paths": {"/a": {"get": {"responses": {"default": {"description": "", "content": content}}}}},
    }
    (operation,) = from_openapi(document, "api.json").operations
    assert operation.responses[0].media_types[0].schema == {"type": ["string", "null"]}


SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": INFO,
    "host": "library.example",
    "basePath": "/api/",
    "schemes": ["http", "https"],
    "consumes": ["text/json"],
    "produces": ["text/json", "text/xml"],
    "security": [{"key": []}],
    "parameters": {"Page": {"name": "page", "in": "query", "type": "integer", "format": "int32", "minimum": 1}},
    "responses": {"Gone": {"description": "Gone"}},
    "definitions": {
        "Book": {"type": "object", "properties": {"next": {"$ref": "#/definitions/Book", "x-nullable": True}}},
    },
    "securityDefinitions": {
        "basic": {"type": "basic", "description": "x"},
        "key": {"type": "apiKey", "name": "K", "in": "header"},
        "code": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "/a",
            "tokenUrl": "/t",
            "scopes": {"r": "Read"},
        },
        "app": {"type": "oauth2", "flow": "application", "tokenUrl": "/t"},
    },
    "paths": {
        "x-note": 1,
        "/book": {
            "parameters": [{"$ref": "#/parameters/Page"}],
            "post": {
                "operationId": "addBook",
                "summary": "Adds",
                "parameters": [
                    {
                        "name": "book",
                        "in": "body",
                        "required": True,
                        "description": "B",
                        "schema": {"$ref": "#/definitions/Book"},
                    },
                    {"name": "tag", "in": "query", "type": "array", "items": {"type": "string"}, "required": True},
                ],
                "produces": ["text/json"],
                "responses": {
                    "201": {"description": "Added", "schema": {"$ref": "#/definitions/Book"}},
                    "410": {"$ref": "#/responses/Gone"},
                    "x-note": 1,
                },
                "security": [{"code": ["r"]}],
            },
            "put": {
                "consumes": ["multipart/form-data", "text/json"],
                "parameters": [
                    {"name": "cover", "in": "formData", "type": "string", "required": True},
                    {"name": "size", "in": "formData", "type": "integer"},
                ],
            },
        },
    },
}


PAGE = {"name": "page", "in": "query", "schema": {"type": "integer", "format": "int32", "minimum": 1}}
BOOK = {"schema": {"$ref": "#/components/schemas/Book"}}
COVER, SIZE = {"type": "string"}, {"type": "integer"}
FORM = {"schema": {"type": "object", "properties": {"cover": COVER, "size": SIZE}, "required": ["cover"]}}
OPENAPI = {
    "openapi": "3.1.0",
    "info": INFO,
    "servers": [{"url": "http://library.example/api"}, {"url": "https://library.example/api"}],
    "paths": {
        "/book": {
            "post": {
                "operationId": "addBook",
                "summary": "Adds",
                "security": [{"code": ["r"]}],
                "parameters": [
                    PAGE,
                    {
                        "name": "tag",
                        "in": "query",
                        "required": True,
                        "explode": False,
                        "schema": {"type": "array", "items": {"type": "string"}},
                    },
                ],
                "requestBody": {"description": "B", "required": True, "content": {"text/json": BOOK}},
                "responses": {
                    "201": {"description": "Added", "content": {"text/json": BOOK}},
                    "410": {"description": "Gone"},
                },
            },
            "put": {
                "operationId": "put_book",
                "parameters": [PAGE],
                "requestBody": {"required": True, "content": {"multipart/form-data": FORM, "text/json": FORM}},
                "security": [{"key": []}],
            },
        }
    },
    "components": {
        "schemas": {
            "Book": {
                "type": "object",
                "properties": {"next": {"anyOf": [{"$ref": "#/components/schemas/Book"}, {"type": "null"}]}},
            }
        },
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "key": {"type": "apiKey", "name": "K", "in": "header"},
            "code": {
                "type": "oauth2",
                "flows": {"authorizationCode": {"authorizationUrl": "/a", "tokenUrl": "/t", "scopes": {"r": "Read"}}},
            },
            "app": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {}}}},
        },
    },
}


def test_a_swagger_document_becomes_openapi() -> None:
    document = to_openapi(from_openapi(SWAGGER, "api.json"))
    for operation in document["paths"]["/book"].values():
        del operation["x-docdouble-evidence"]
    assert document == OPENAPI


def test_a_swagger_document_is_a_contract() -> None:
    contract = from_openapi(SWAGGER, "api.json")
    assert [operation.label for operation in contract.operations] == ["POST /book", "PUT /book"]
    assert contract.operation("addBook").parameters[0] == Parameter(
        "page", "query", {"type": "integer", "format": "int32", "minimum": 1}
    )


def deep(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "api.json#: neither an OpenAPI nor a Swagger document"),
        ("text", "api.json#: neither an OpenAPI nor a Swagger document"),
        ({}, "api.json#: neither an OpenAPI nor a Swagger document: openapi: 3.x or swagger: 2.0 is missing"),
        ({"openapi": "4.0.0"}, "api.json#: version '4.0.0' is neither OpenAPI 3.x nor Swagger 2.0"),
        ({"swagger": 1.2}, "api.json#: version '1.2' is neither OpenAPI 3.x nor Swagger 2.0"),
        ({"swagger": "2.0", "info": INFO}, "api.json#/paths: missing"),
        ({"swagger": "2.0", "paths": {}}, "api.json#/info: missing"),
        (
            {"swagger": "2.0", "info": INFO, "paths": {"/a": {"get": {"parameters": [{"$ref": "#/zq"}]}}}},
            "api.json#/paths/~1a/get/parameters/0: $ref '#/zq' names nothing",
        ),
        ({"openapi": "3.0.0", "x": deep(300)}, "api.json#: nested more than 200 deep"),
        ({"swagger": "2.0", "x": deep(300)}, "api.json#: nested more than 200 deep"),
    ],
)
def test_a_document_that_cannot_be_read_is_an_error(document: Any, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        from_openapi(document, "api.json")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("swagger", "properties", "documents_null"),
    [
        ("2.0", {"a": {"type": "string"}}, False),
        ("2.0", {"a": {"type": "array", "items": {"type": "string", "x-nullable": True}}}, True),
        ("2.0", {"a": {"type": "string", "x-nullable": False}}, True),
        ("", {"a": {"type": "string"}}, True),
    ],
)
def test_swagger_has_a_word_for_null_only_where_the_extension_is_used(
    swagger: str, properties: dict[str, Any], documents_null: bool
) -> None:
    schemas = {"A": {"type": "object", "properties": properties}}
    version = {"swagger": swagger, "definitions": schemas} if swagger else {"openapi": "3.0.3", "components": {}}
    contract = from_openapi({**version, "info": INFO, "paths": {}}, "api.json")
    assert contract.documents_null is documents_null
    assert from_openapi(to_openapi(contract), "contract.json").documents_null is documents_null
