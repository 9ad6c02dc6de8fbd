"""What holds for any contract and OpenAPI document, not only for those that somebody thought of."""

import copy
import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import (
    Behaviour,
    Body,
    Contract,
    DocdoubleError,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
)
from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.contract.model import EVIDENCE, Callback, Encoding, Server, reference
from docdouble.schemas.openapi.contract_file import contract_file_bytes, read_stored
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.reader import from_openapi

OTHERS = ("QUERY", "COPY")
"""Methods that stand behind the others of a path."""

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = words | st.sampled_from(["Id", "a/b", "~", "x-own", "default", "$ref", "properties"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
schemas: st.SearchStrategy[Schema] = st.recursive(
    st.sampled_from(
        [{}, {"type": "string"}, {"enum": [reference("None")]}, {"default": {"$ref": 1}}, reference("Book")]
    ),
    lambda inner: st.builds(
        lambda items, properties: {"items": items, "properties": properties, "additionalProperties": False},
        inner,
        st.dictionaries(names, inner, max_size=2),
    ),
    max_leaves=4,
)
BOOK: Schema = {"type": "object", "properties": {"Next": reference("Book")}}

evidences = st.builds(Evidence, st.sampled_from(Grade), st.sampled_from(["a.md", "b/c.md"]), st.integers(0, 99))
maybe = st.none() | evidences
noted = st.builds(lambda schema, evidence: {**schema, EVIDENCE: evidence.as_dict()}, schemas, evidences)
flags = st.none() | st.booleans()
media_types = st.lists(
    st.builds(
        MediaType,
        st.sampled_from(["text/json", "application/json", "x-own/type", "text/xml"]),
        st.none() | noted,
        st.lists(values, max_size=2).map(tuple),
        maybe,
        encoding=st.dictionaries(
            names, st.builds(Encoding, st.just(("text/csv", "image/*")), style=words, explode=flags)
        ),
        item_schema=st.none() | noted,
    )
    | st.builds(MediaType, st.just("text/html"), samples=st.just((1, 2)), sample_names=st.just(("a", "b"))),
    max_size=3,
    unique_by=lambda media_type: media_type.name,
).map(tuple)
servers = st.lists(
    st.builds(
        Server,
        words,
        st.dictionaries(names, st.just({"default": "eu", "enum": ["eu", "us"]}), max_size=1),
        words,
        words,
    ),
    max_size=2,
).map(tuple)
parameters = st.lists(
    st.builds(
        Parameter,
        names,
        st.sampled_from(["path", "query", "header", "cookie", "querystring"]),
        schemas,
        flags,
        words,
        maybe,
        style=words,
        explode=flags,
        allow_reserved=st.booleans(),
        allow_empty=st.booleans(),
        content=st.sampled_from(["", "application/json"]),
        deprecated=st.booleans(),
        samples=st.lists(values, max_size=2).map(tuple),
    ),
    max_size=3,
    unique_by=lambda parameter: (parameter.location, parameter.name),
).map(tuple)
responses = st.lists(
    st.builds(Response, st.sampled_from(["200", "204", "4XX", "default"]), media_types, words, maybe),
    max_size=3,
    unique_by=lambda response: response.status,
).map(tuple)
operations = st.builds(
    Operation,
    id=names.filter(bool),
    method=st.sampled_from(["GET", "PUT", "POST", "PATCH", *OTHERS]),
    path=st.sampled_from(["/", "/a/{b}", "/~a"]),
    summary=words,
    description=words,
    parameters=parameters,
    request=st.none() | st.builds(Body, media_types, flags, words, maybe),
    responses=responses,
    security=st.lists(st.lists(names, max_size=2, unique=True).map(tuple), max_size=2).map(tuple),
    security_evidence=maybe,
    behaviours=st.lists(st.builds(Behaviour, st.sampled_from(BehaviourName), evidences, words), max_size=2).map(tuple),
    evidence=evidences,
    servers=servers,
    deprecated=st.booleans(),
    sunset=words,
    external_docs=words,
)
called_back = st.builds(
    lambda name, operation: Callback(name, operation), st.sampled_from(["done", "failed"]), operations
)
contracts = st.builds(
    Contract,
    words,
    words,
    st.lists(
        st.builds(
            lambda operation, called: replace(operation, callbacks=tuple(called)),
            operations,
            st.lists(called_back, max_size=1),
        )
        | operations,
        max_size=4,
        unique_by=(lambda operation: operation.label, lambda operation: operation.id),
    ).map(lambda drawn: tuple(sorted(drawn, key=lambda operation: (operation.path, operation.method in OTHERS)))),
    st.dictionaries(st.sampled_from(["Member", "x-shelf"]), noted).map(lambda schemas: {"Book": BOOK, **schemas}),
    st.dictionaries(st.sampled_from(["Basic", "x-key"]), st.just({"type": "http", "scheme": "basic"})),
    servers,
    webhooks=st.lists(operations, max_size=1).map(tuple),
)


@pytest.mark.slow
@settings(max_examples=30)
@given(contracts)
def test_a_contract_survives_openapi(contract: Contract) -> None:
    document = to_openapi(contract)
    text = orjson.dumps(document)
    assert from_openapi(document, "a.json") == contract
    assert orjson.dumps(document) == text
    assert from_openapi(orjson.loads(text)) == contract


@pytest.mark.slow
@settings(max_examples=30)
@given(contract=contracts)
def test_a_written_contract_is_read_as_it_was(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "a.json"
    path.write_bytes(contract_file_bytes(to_openapi(contract)))
    read = read_stored(path, "a.json", 2**20)
    assert pickle.loads(pickle.dumps(read)) == read == contract


SEEDS: list[Any] = [
    {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "security": [{"key": []}],
        "servers": [{"url": "/"}],
        "paths": {
            "/a/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "post": {
                    "operationId": "a",
                    "requestBody": {
                        "content": {"text/json": {"schema": reference("A"), "examples": {"b": {"value": 1}}}}
                    },
                    "responses": {"200": {"$ref": "#/components/responses/R"}},
                    "x-docdouble-behaviours": [
                        {"name": "language", "parameter": "id", EVIDENCE: {"grade": "stated", "page": "p", "line": 1}}
                    ],
                },
            }
        },
        "components": {
            "schemas": {"A": {"type": "object", "nullable": True, "properties": {"a": reference("A")}}},
            "responses": {"R": {"description": "", "content": {"text/json": {"schema": {"type": "string"}}}}},
            "securitySchemes": {"key": {"type": "apiKey"}},
        },
    }
    for version in ("3.1.0", "3.0.0")
]
SEEDS.append(
    {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "host": "h",
        "basePath": "/b",
        "schemes": ["https"],
        "consumes": ["text/json"],
        "paths": {
            "/a": {
                "post": {
                    "parameters": [
                        {"name": "a", "in": "body", "schema": {"$ref": "#/definitions/A"}},
                        {"name": "b", "in": "formData", "type": "string", "required": True},
                        {"$ref": "#/parameters/P"},
                    ],
                    "produces": ["text/xml"],
                    "responses": {
                        "200": {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/A"}}}
                    },
                }
            }
        },
        "parameters": {"P": {"name": "p", "in": "query", "type": "integer", "exclusiveMinimum": True, "minimum": 1}},
        "definitions": {"A": {"type": "object", "x-nullable": True}},
        "securityDefinitions": {"o": {"type": "oauth2", "flow": "implicit", "authorizationUrl": "/", "scopes": {}}},
    }
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document with one of its keys."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in list(inside):
        yield value, key
        yield from places(part)


odd = st.one_of(
    values,
    st.sampled_from([reference("A"), {"$ref": "#/info"}, {"$ref": "#/paths"}, {"$ref": "#/servers"}, [[]], True]),
)


@settings(max_examples=100)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 999), odd), min_size=1, max_size=2))
def test_a_damaged_document_is_read_or_refused(seed: Any, changes: list[tuple[int, Any]]) -> None:
    document = copy.deepcopy(seed)
    for number, value in changes:
        candidates = list(places(document))
        container, key = candidates[number % len(candidates)]
        container[key] = copy.deepcopy(value)
    try:
        contract = from_openapi(document, "a.json")
    except DocdoubleError:
        return
    assert replace(from_openapi(to_openapi(contract)), operations=()) == replace(contract, operations=())


def test_each_operation_has_an_id_of_its_own() -> None:
    def named(name: str | None) -> dict[str, Any]:
        return {"responses": {"200": {"description": ""}}} | ({"operationId": name} if name else {})

    paths = {
        "/accounts": {"get": named("List"), "post": named("get_banks")},
        "/transfers": {"get": named("List")},
        "/banks": {"get": named("List"), "put": named(None)},
    }
    document = {"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": paths}
    ids = {(operation.method, operation.path): operation.id for operation in from_openapi(document).operations}
    assert ids == {
        ("GET", "/accounts"): "List",
        ("POST", "/accounts"): "get_banks",
        ("GET", "/transfers"): "get_transfers",
        ("GET", "/banks"): "get_banks_2",
        ("PUT", "/banks"): "put_banks",
    }
