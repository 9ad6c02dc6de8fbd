from typing import Any

import pytest

from docdouble.schemas import (
    Behaviour,
    Body,
    Contract,
    ContractError,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Parameter,
    Response,
)
from docdouble.schemas.contract.model import BEHAVIOURS, EVIDENCE, Server, reference
from docdouble.schemas.openapi.convert import SECURITY_EVIDENCE, bare_schema, to_openapi, without_prose
from docdouble.schemas.openapi.keywords import DIALECT
from docdouble.schemas.openapi.reader import from_openapi

STATED = Evidence(Grade.STATED, "lend.md", 12)
NOTE = {"grade": "stated", "page": "lend.md", "line": 12}

CONTRACT = Contract(
    title="library",
    version="2",
    operations=(
        Operation(
            id="v1Book_Put",
            method="PUT",
            path="/book/{id}",
            summary="Replaces a book.",
            description="All of it.",
            parameters=(
                Parameter("id", "path", {"type": "string"}, True, "Number", STATED),
                Parameter("dry", "query", {}, None),
                Parameter("dry", "cookie", {"type": "boolean"}, False),
            ),
            request=Body(
                (MediaType("text/json", reference("Book"), ({"Title": None}, None), STATED), MediaType("text/xml")),
                True,
                "The book",
                STATED,
            ),
            responses=(
                Response("200", (MediaType("text/json", {}, (False,)),), "Replaced", STATED),
                Response("4XX"),
                Response("default", (), "Anything else"),
            ),
            security=(("Basic",), ("Basic", "Key"), ()),
            security_evidence=STATED,
            behaviours=(Behaviour("select-projection", STATED),),
            evidence=STATED,
        ),
        Operation("v1Book_Get", "GET", "/book/{id}", evidence=STATED),
    ),
    schemas={"Book": {"type": "object", EVIDENCE: NOTE}},
    security_schemes={"Basic": {"type": "http", "scheme": "basic"}, "x-key": {"type": "apiKey"}},
    servers=(Server("https://library.example"), Server("/")),
    dialect="superoffice",
)

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "library", "version": "2"},
    "servers": [{"url": "https://library.example"}, {"url": "/"}],
    "paths": {
        "/book/{id}": {
            "put": {
                "operationId": "v1Book_Put",
                "summary": "Replaces a book.",
                "description": "All of it.",
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "description": "Number",
                        "schema": {"type": "string"},
                        EVIDENCE: NOTE,
                    },
                    {"name": "dry", "in": "query", "schema": {}},
                    {"name": "dry", "in": "cookie", "required": False, "schema": {"type": "boolean"}},
                ],
                "requestBody": {
                    "description": "The book",
                    "content": {
                        "text/json": {
                            "schema": {"$ref": "#/components/schemas/Book"},
                            "examples": {"sample": {"value": {"Title": None}}, "sample1": {"value": None}},
                            EVIDENCE: NOTE,
                        },
                        "text/xml": {},
                    },
                    "required": True,
                    EVIDENCE: NOTE,
                },
                "responses": {
                    "200": {
                        "description": "Replaced",
                        "content": {"text/json": {"schema": {}, "examples": {"sample": {"value": False}}}},
                        EVIDENCE: NOTE,
                    },
                    "4XX": {"description": ""},
                    "default": {"description": "Anything else"},
                },
                "security": [{"Basic": []}, {"Basic": [], "Key": []}, {}],
                SECURITY_EVIDENCE: NOTE,
                BEHAVIOURS: [{"name": "select-projection", EVIDENCE: NOTE}],
                EVIDENCE: NOTE,
            },
            "get": {"operationId": "v1Book_Get", EVIDENCE: NOTE},
        }
    },
    "components": {
        "schemas": {"Book": {"type": "object", EVIDENCE: NOTE}},
        "securitySchemes": {"Basic": {"type": "http", "scheme": "basic"}, "x-key": {"type": "apiKey"}},
    },
    DIALECT: "superoffice",
}


def test_a_contract_is_an_openapi_document() -> None:
    assert to_openapi(CONTRACT) == DOCUMENT


def test_the_document_is_the_contract_again() -> None:
    assert from_openapi(DOCUMENT) == CONTRACT


def test_an_empty_contract_has_the_parts_that_openapi_asks_for() -> None:
    document = to_openapi(Contract("", "", ()))
    assert document == {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}, "components": {}}
    assert from_openapi(document) == Contract("", "", ())


def test_what_is_not_stated_stays_unstated() -> None:
    operation = from_openapi(DOCUMENT).operation("put")
    assert [parameter.required for parameter in operation.parameters] == [True, None, False]
    assert operation.request is not None
    assert operation.request.required is True


FOREIGN: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "library", "version": 3, "x-note": 1},
    "security": [{"Key": []}],
    "servers": [{"url": "https://library.example", "x-note": 1}],
    "paths": {
        "x-note": 1,
        "/shelf": {
            "summary": "Shelves",
            "parameters": [
                {"name": "desk", "in": "header", "schema": True},
                {"$ref": "#/components/parameters/Page"},
            ],
            "get": {
                "parameters": [
                    {"name": "desk", "in": "header", "content": {"text/plain": {"schema": {"type": "string"}}}}
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Filter"},
                "responses": {"200": {"$ref": "#/components/responses/Shelves"}, "x-note": 1},
            },
            "post": {"operationId": "addShelf", "security": []},
        },
        "/alias": {"$ref": "#/paths/~1shelf"},
    },
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query"}},
        "requestBodies": {"Filter": {"content": {"text/json": {"example": {"a": 1}}}}},
        "responses": {
            "Shelves": {
                "description": "All",
                "content": {
                    "text/json": {
                        "schema": {"$ref": "#/components/schemas/x-shelves"},
                        "examples": {"one": {"$ref": "#/components/examples/One"}, "two": {"externalValue": "a.json"}},
                    }
                },
            }
        },
        "examples": {"One": {"value": [1]}},
        "schemas": {"x-shelves": {"type": "array"}},
    },
}


def test_a_document_that_others_wrote_is_read() -> None:
    contract = from_openapi(FOREIGN, "api.yaml")
    assert (contract.title, contract.version, contract.servers) == (
        "library",
        "3",
        (Server("https://library.example"),),
    )
    assert contract.operation("get /shelf") == Operation(
        id="get_shelf",
        method="GET",
        path="/shelf",
        parameters=(
            Parameter("desk", "header", {"type": "string"}, content="text/plain"),
            Parameter("page", "query", {}),
        ),
        request=Body((MediaType("text/json", None, ({"a": 1},)),)),
        responses=(
            Response("200", (MediaType("text/json", reference("x-shelves"), ([1],), sample_names=("one",)),), "All"),
        ),
        security=(("Key",),),
        evidence=Evidence(Grade.STATED, "api.yaml#/paths/~1shelf/get", 0),
    )


def test_an_operation_may_need_no_credentials_where_the_document_asks_for_them() -> None:
    assert from_openapi(FOREIGN).operation("POST /shelf").security == ()


def test_a_path_may_be_described_by_reference() -> None:
    operation = from_openapi(FOREIGN, "api.yaml").operation("GET /alias")
    assert operation.evidence == Evidence(Grade.STATED, "api.yaml#/paths/~1shelf/get", 0)


def document(**changes: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, **changes}


def with_get(**operation: Any) -> dict[str, Any]:
    return document(paths={"/a": {"get": operation}}, components={"schemas": {"Book": {}, "Member": {}}})


GET = "api.json#/paths/~1a/get"


def deep(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"items": value}
    return value


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"openapi": "3.1.0"}, "api.json#/info: missing"),
        ({"openapi": "3.1.0", "info": {}}, "api.json#/paths: missing"),
        (document(paths=[]), "api.json#/paths: expected an object, found an array"),
        (document(paths={"/a": None}), "api.json#/paths/~1a: expected an object, found null"),
        (document(paths={"/a": {"get": "x"}}), "api.json#/paths/~1a/get: expected an object, found a string"),
        (document(components=True), "api.json#/components: expected an object, found a boolean"),
        (
            with_get(parameters=[{"name": "a", "in": "body"}]),
            "api.json#/paths/~1a/get/parameters/0: 'in' is 'body', expected path, query, header, cookie or querystring",
        ),
        (with_get(parameters=[{"in": "query"}]), "api.json#/paths/~1a/get/parameters/0: 'name' is missing"),
        (
            with_get(parameters=[{"name": 1, "in": "query"}]),
            f"{GET}/parameters/0: 'name' is a number, expected a string",
        ),
        (with_get(parameters={}), "api.json#/paths/~1a/get/parameters: expected an array, found an object"),
        (with_get(responses={"200": []}), "api.json#/paths/~1a/get/responses/200: expected an object, found an array"),
        (
            with_get(responses={"200": {"content": {"text/json": {"schema": []}}}}),
            "api.json#/paths/~1a/get/responses/200/content/text~1json/schema: expected an object, found an array",
        ),
        (
            with_get(responses={"default": {"content": {"text/json": {"schema": reference("Bok")}}}}),
            "api.json#/paths/~1a/get/responses/default/content/text~1json/schema: "
            "$ref '#/components/schemas/Bok' names nothing; did you mean 'Book'?",
        ),
        (
            document(components={"schemas": {"A": {"properties": {"default": reference("Zzz")}}}}),
            "api.json#/components/schemas/A/properties/default: $ref '#/components/schemas/Zzz' names nothing",
        ),
        (
            document(components={"schemas": {"A": {"$ref": "other.json"}}}),
            "api.json#/components/schemas/A: $ref 'other.json' names nothing: it leaves the document",
        ),
        (
            document(components={"schemas": {"A": reference("B"), "B": reference("A")}}),
            "api.json#/components/schemas/A: $ref '#/components/schemas/B' leads in a circle",
        ),
        (with_get(**{EVIDENCE: {"grade": "sure"}}), f"{GET}: {EVIDENCE} is no evidence: 'sure' is not a valid Grade"),
        (with_get(**{EVIDENCE: 5}), f"{GET}: {EVIDENCE} is no evidence: 'int' object is not subscriptable"),
        (with_get(**{BEHAVIOURS: [{"name": "a"}]}), f"{GET}/{BEHAVIOURS}/0: a behaviour without {EVIDENCE}"),
        (
            with_get(**{BEHAVIOURS: [{"name": "list-filtre", EVIDENCE: NOTE}]}),
            f"{GET}/{BEHAVIOURS}/0: the behaviour 'list-filtre' is not known; did you mean 'list-filter'?",
        ),
        (
            document(**{DIALECT: "superofice"}),
            f"api.json#/{DIALECT}: dialect: 'superofice' is not installed; did you mean 'superoffice'?",
        ),
        (document(components={"schemas": {"A": deep(300)}}), "api.json#: nested more than 200 deep"),
    ],
)
def test_a_document_that_cannot_be_used_is_an_error_with_its_place(given: Any, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        from_openapi(given, "api.json")
    assert str(caught.value) == message


def test_without_prose_only_facts_are_left() -> None:
    bare = without_prose(CONTRACT)
    (put, get) = bare.operations
    assert (put.summary, put.description, [parameter.description for parameter in put.parameters]) == (
        "",
        "",
        ["", "", ""],
    )
    assert put.request is not None
    assert (put.request.description, [media_type.samples for media_type in put.request.media_types]) == ("", [(), ()])
    assert [response.description for response in put.responses] == ["OK", "4XX", "default"]
    assert (put.evidence, put.security, get) == (STATED, CONTRACT.operations[0].security, CONTRACT.operations[1])
    assert without_prose(bare) == bare


@pytest.mark.parametrize("status", ["²", "999", "2XX", ""])
def test_a_status_without_a_standard_phrase_stands_for_itself(status: str) -> None:
    operation = Operation("a", "GET", "/", responses=(Response(status, (), "Words"),))
    (bare,) = without_prose(Contract("", "", (operation,))).operations
    assert bare.responses == (Response(status, (), status),)


def test_a_schema_without_prose_keeps_properties_of_that_name() -> None:
    words = {"title": "T", "description": "D"}
    assert bare_schema(
        {
            **words,
            "type": "object",
            "properties": {"title": {"type": "string", **words}, "description": {"items": words}},
            "anyOf": [words, True],
            "additionalProperties": words,
            "examples": [words],
            "default": words,
            "required": ["title"],
            EVIDENCE: NOTE,
        }
    ) == {
        "type": "object",
        "properties": {"title": {"type": "string"}, "description": {"items": {}}},
        "anyOf": [{}, True],
        "additionalProperties": {},
        "examples": [words],
        "default": words,
        "required": ["title"],
        EVIDENCE: NOTE,
    }


def test_without_prose_nothing_has_any() -> None:
    prose = {"description": "PROSE"}
    schema = {"type": "object", **prose}
    header = {"X-A": {"schema": schema, **prose}}
    form = {"multipart/form-data": {"schema": schema, "encoding": {"a": {"headers": header}}}}
    jsons = {"application/json": {"schema": schema, "examples": {"PROSE": {"value": "PROSE"}}}}
    operation = {
        "summary": "PROSE",
        "servers": [{"url": "https://{a}.example", **prose, "variables": {"a": {"default": "b", **prose}}}],
        "parameters": [{"name": "q", "in": "query", "schema": schema, "example": "PROSE", **prose}],
        "requestBody": {"content": {**form, **jsons}, **prose},
        "responses": {"200": {"content": jsons, "headers": header, **prose}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "/v1", **prose}],
        "paths": {"/a": {"post": {**operation, "callbacks": {"done": {"{$url}": {"post": operation}}}}}},
        "webhooks": {"landed": {"post": operation}},
        "components": {
            "schemas": {"A": schema},
            "securitySchemes": {"k": {"type": "http", "scheme": "basic", **prose}},
        },
    }
    contract = from_openapi(document)
    assert str(to_openapi(contract)).count("PROSE") > 30
    assert "PROSE" not in str(to_openapi(without_prose(contract)))
