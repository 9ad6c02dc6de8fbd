"""Texts and files for which a document has the schema of an object or an array: any text or file is what they are."""

from typing import Any

import pytest

from docdouble.schemas import Contract, Schema
from docdouble.schemas.openapi.document import DocumentNode, document_root
from docdouble.schemas.openapi.reader import read_contract

OCTETS = {"type": "string", "format": "binary"}
BYTES = {"type": "array", "items": {"type": "string", "format": "byte"}}
ROWS = {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}
LOOP = {"$ref": "#/components/schemas/Loop"}
STREAM = {"type": "object", "properties": {"open": {"type": "boolean"}}}


def read(document: dict[str, Any]) -> tuple[Contract, list[str]]:
    """Return a contract, and the rules that were reported."""
    reported: list[str] = []

    def report(rule: str, node: DocumentNode, message: str) -> None:
        reported.append(rule)

    return read_contract(document_root({"info": {}, **document}, "api.json"), report), reported


def answered(content: dict[str, Schema], **named: Schema) -> tuple[list[Schema | None], list[str]]:
    """Return the schemas that are read of a response's representations, and the rules that were reported."""
    responses = {"200": {"description": "", "content": {name: {"schema": schema} for name, schema in content.items()}}}
    schemas = {"Stream": STREAM, "Text": {"type": "string"}, **named}
    paths = {"/files": {"get": {"responses": responses}}}
    contract, reported = read({"openapi": "3.0.3", "paths": paths, "components": {"schemas": schemas}})
    return [media_type.schema for media_type in contract.operations[0].responses[0].media_types], reported


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("image/jpeg", BYTES, OCTETS),
        ("application/octet-stream", {"$ref": "#/components/schemas/Stream"}, OCTETS),
        ("application/binary", {"$ref": "#/components/schemas/Stream"}, OCTETS),
        ("application/force-download", BYTES, OCTETS),
        ("application/pdf", {"allOf": [{"$ref": "#/components/schemas/Stream"}, {"description": "a file"}]}, OCTETS),
        ("application/vnd.ms-excel", {"properties": {}}, OCTETS),
        ("text/csv; charset=utf-8", ROWS, {"type": "string"}),
        ("text/plain", {"oneOf": [STREAM, ROWS]}, {"type": "string"}),
    ],
)
def test_a_text_or_a_file_holds_no_object_and_no_array(name: str, schema: Schema, expected: Schema) -> None:
    assert answered({name: schema}) == ([expected], ["unstructured-body"])


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("text/plain", {"oneOf": [STREAM, {"type": "string"}]}),
        ("text/plain", {"type": "integer"}),
        ("text/html", {"$ref": "#/components/schemas/Text"}),
        ("image/png", OCTETS),
        ("image/svg+xml", STREAM),
        ("text/xml", STREAM),
        ("text/json", STREAM),
        ("text/event-stream", STREAM),
        ("application/json", BYTES),
        ("application/vnd.books.v2", STREAM),
    ],
)
def test_other_schemas_stay(name: str, schema: Schema) -> None:
    schemas, reported = answered({name: schema})
    assert schemas[0] is not None
    assert schemas[0].keys() == schema.keys()
    assert not reported


def test_a_reference_that_leads_to_itself_is_no_structure() -> None:
    assert answered({"text/plain": {"$ref": "#/components/schemas/Loop"}}, Loop=LOOP)[1] == 2 * ["broken-reference"]


@pytest.mark.parametrize(
    ("names", "expected", "reported"),
    [
        (["application/json", "image/png"], [STREAM, OCTETS], []),
        (["text/plain", "image/png"], [{"type": "string"}, OCTETS], ["unstructured-body"]),
    ],
)
def test_the_schema_of_swagger_is_meant_for_the_media_types_that_hold_it(
    names: list[str], expected: list[Schema], reported: list[str]
) -> None:
    body = {"in": "body", "name": "body", "schema": STREAM}
    responses = {"200": {"description": "", "schema": STREAM}}
    operation = {"consumes": names, "produces": names, "parameters": [body], "responses": responses}
    contract, rules = read({"swagger": "2.0", "paths": {"/files": {"post": operation}}})
    request = contract.operations[0].request
    assert request
    assert [media_type.schema for media_type in request.media_types] == expected
    assert [media_type.schema for media_type in contract.operations[0].responses[0].media_types] == expected
    assert rules == 2 * reported


@pytest.mark.parametrize("kind", [5, [5], {"object": 1}, [{"object": 1}], [None], True])
def test_a_type_that_is_none_is_left_to_those_who_report_it(kind: Any) -> None:
    schemas, reported = answered({"image/jpeg": {"type": kind}})
    assert schemas != [OCTETS]
    assert reported
