"""A small API, and single edits of its document: each with the changes that it and its reverse are reported as.

A change is written as ``RULE JUDGEMENT OPERATION PART NAME``, and ``> PART NAME`` where others are concerned.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docdouble.schemas.contract.facts import Fact
from docdouble.schemas.contract.model import Contract
from docdouble.schemas.diff.change import Change
from docdouble.schemas.openapi.reader import from_openapi

Document = dict[str, Any]


def _evidence(grade: str, line: int) -> Document:
    return {"x-docdouble-evidence": {"grade": grade, "page": "rooms.md", "line": line}}


def _json(schema: Document) -> Document:
    return {"content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _reply(status: str, schema: Document) -> Document:
    return {status: {"description": "", **_json(schema)}}


_RECEIVED: Document = {
    "parameters": [{"name": "X-Sign", "in": "header", "required": True, "schema": {"type": "string"}}],
    "requestBody": {
        "required": True,
        **_json({"type": "object", "required": ["Id"], "properties": {"Id": {"type": "integer"}}}),
    },
    "responses": {
        **_reply("200", {"type": "object", "properties": {"Seen": {"type": "boolean"}}}),
        "410": {"description": ""},
    },
}
"""A request that the server sends."""

DOCUMENT: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Rooms", "version": "1"},
    "servers": [{"url": "https://rooms.example/v1"}, {"url": "https://test.rooms.example/v1"}],
    "webhooks": {"booked": {"post": {"operationId": "booked", **_RECEIVED}}},
    "paths": {
        "/rooms": {
            "get": {
                "operationId": "list",
                **_evidence("stated", 1),
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 20}},
                    {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "beds"]}},
                    {"name": "day", "in": "query", "required": True, "schema": {"type": "string", "format": "date"}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                    {"name": "ids", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        **_json({"type": "array", "items": _ref("Room")}),
                    },
                    "400": {"description": ""},
                },
                "security": [{"key": []}, {"token": []}],
                "x-docdouble-effect": "read",
            },
            "post": {
                "operationId": "create",
                **_evidence("stated", 2),
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": _ref("Draft")},
                        "application/xml": {"schema": _ref("Draft")},
                        "multipart/form-data": {
                            "schema": _ref("Draft"),
                            "encoding": {"Tags": {"contentType": "text/csv, text/plain"}},
                        },
                    },
                },
                "responses": {"204": {"description": ""}},
                "security": [],
                "callbacks": {"cleaned": {"{$request.body#/Note}": {"post": deepcopy(_RECEIVED)}}},
            },
        },
        "/rooms/{id}": {
            "get": {
                "operationId": "get",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "format": "int32"}},
                    {"name": "$select", "in": "query", "schema": {"type": "string"}},
                ],
                "responses": {
                    **_reply("200", {"type": "object", "properties": {"Beds": {"type": "integer"}}}),
                    "206": {
                        "description": "",
                        "content": {"multipart/mixed": {"encoding": {"Plan": {"contentType": "image/png"}}}},
                    },
                    "404": {"description": ""},
                },
                "x-docdouble-behaviours": [
                    {"name": "select-projection", "parameter": "$select", **_evidence("stated", 7)}
                ],
            },
        },
    },
    "components": {
        "schemas": {
            "Room": {
                "type": "object",
                "required": ["Id", "Name"],
                "properties": {
                    "Id": {"type": "integer", "format": "int32"},
                    "Name": {"type": "string", "maxLength": 40},
                    "State": {"type": "string", "enum": ["free", "taken"]},
                    "Note": {"type": "string"},
                    "Since": {"type": "string", "format": "date-time"},
                    "Owner": {"anyOf": [_ref("Person"), {"type": "null"}]},
                    "Shown": {"type": "string", **_evidence("sampled", 30)},
                    "Told": {"type": "string", **_evidence("stated", 31)},
                },
            },
            "Person": {"type": "object", "properties": {"Name": {"type": "string"}}},
            "Member": {"type": "object", "required": ["Card"], "properties": {"Card": {"type": "string"}}},
            "Company": {"type": "object", "required": ["Number"], "properties": {"Number": {"type": "string"}}},
            "Visitor": {"type": "object", "required": ["Card"], "properties": {"Card": {"type": "string"}}},
            "Draft": {
                "type": "object",
                "required": ["Name"],
                "properties": {
                    "Name": {"type": "string", "minLength": 1, "pattern": "^[a-z]+$"},
                    "Beds": {"type": "integer", "format": "int64", "minimum": 0},
                    "Kind": {"type": "string", "enum": ["single", "double"]},
                    "Note": {"type": ["string", "null"]},
                    "Tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
                    "Price": {"anyOf": [{"type": "number"}, {"type": "string"}]},
                    "Guest": {"anyOf": [_ref("Member"), _ref("Company"), _ref("Visitor")]},
                    "Fields": {"type": "object", "additionalProperties": {"type": "string"}},
                    "Shown": {"type": "string", **_evidence("sampled", 30)},
                    "Told": {"type": "string", **_evidence("stated", 31)},
                },
            },
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"},
            "other": {"type": "http", "scheme": "basic"},
        },
    },
}


def read(document: Document) -> Contract:
    """Return the contract of a document."""
    return from_openapi(deepcopy(document))


def row_of(change: Change) -> str:
    """Return a change as the table has it."""
    words = f"{change.rule} {change.judgement.value} {_of(change.fact)}"
    return words if change.concerned == change.fact else f"{words} > {_of(change.concerned)}"


def _of(fact: Fact) -> str:
    return f"{fact.operation} {fact.part.value} {fact.name}".strip()


@dataclass(frozen=True)
class Edit:
    """One change of a document, and how it and its reverse are reported."""

    name: str
    change: Callable[[Document], Any]
    forth: tuple[str, ...] = ()
    back: tuple[str, ...] = ()

    def edited(self) -> Document:
        """Return a document that has been changed."""
        document = deepcopy(DOCUMENT)
        self.change(document)
        return document


def operation(document: Document, name: str) -> Document:
    """Return the operation of an id."""
    operation_object: Document = next(
        operation_object
        for item in document["paths"].values()
        for operation_object in item.values()
        if operation_object["operationId"] == name
    )
    return operation_object


def schema(document: Document, name: str, prop: str = "") -> Document:
    """Return a component, or one of its properties."""
    schema_object: Document = document["components"]["schemas"][name]
    return schema_object["properties"][prop] if prop else schema_object
