"""The fake of any valid document of an API with resources passes its own examination: no error, no warning."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docdouble.contracts.engine.verification import verify
from docdouble.contracts.model.finding import Severity
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.document_resources import with_document_resources

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
PERSON: Schema = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}}
HULL: Schema = {
    "oneOf": [{"$ref": "#/components/schemas/Wood"}, {"$ref": "#/components/schemas/Steel"}],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"wood": "#/components/schemas/Wood", "steel": "#/components/schemas/Steel"},
    },
}
COMPONENTS: dict[str, Schema] = {
    "Person": PERSON,
    "Wood": {
        "type": "object",
        "required": ["kind", "tree"],
        "properties": {"kind": {"type": "string", "enum": ["wood"]}, "tree": TEXT},
    },
    "Steel": {
        "allOf": [
            {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "const": "steel"}}},
            {"type": "object", "properties": {"grade": {"type": "integer", "minimum": 1, "maximum": 9}}},
        ]
    },
}
FORMATS = ("date-time", "date", "uuid", "email", "uri", "ipv4", "byte", "hostname")
SENT: tuple[Schema, ...] = (
    TEXT,
    {"type": "string", "minLength": 2, "maxLength": 12},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
    {"type": "string", "enum": ["small", "large", "tall"]},
    *({"type": "string", "format": name} for name in FORMATS),
    {"type": "integer"},
    {"type": "integer", "minimum": 0, "exclusiveMaximum": 100},
    {"type": "integer", "format": "int64"},
    {"type": "number", "multipleOf": 0.5},
    {"type": "boolean"},
    {"type": ["string", "null"]},
    {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    {"oneOf": [{"type": "integer"}, {"type": "string", "format": "date"}]},
    {"type": "array", "items": {"type": "string"}, "maxItems": 3, "uniqueItems": True},
    {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
    {"type": "object", "properties": {"port": TEXT, "berth": {"type": "integer"}}},
    {"type": "object", "required": ["port"], "properties": {"port": TEXT}, "additionalProperties": False},
    {"type": "object", "additionalProperties": {"type": "integer"}},
    {"allOf": [{"$ref": "#/components/schemas/Person"}, {"properties": {"age": {"type": "integer", "minimum": 0}}}]},
    {"$ref": "#/components/schemas/Person"},
    HULL,
)
"""Schemas of properties that are sent and shown."""

OWNERS: dict[str, tuple[Schema, Schema]] = {
    "key": (TEXT, {"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]}),
    "number": ({"type": "integer"}, {"type": ["string", "null"], "format": "uuid"}),
    "same": (TEXT, TEXT),
}
"""How an owner is sent, and how it is shown."""

ROW = {"type": "object", "properties": {"size": {"type": "integer"}}}
MADE = {"id": {**TEXT, "readOnly": True}, "createdAt": {"type": "string", "format": "date-time", "readOnly": True}}
KEYS: tuple[Schema, ...] = ({"type": "integer"}, {"type": "string", "format": "uuid"}, TEXT)
LISTS = ("array", "items", "data", "two arrays")


def content(schema: Schema, media_type: str = "application/json") -> dict[str, Any]:
    return {"description": "", "content": {media_type: {"schema": schema}}}


@st.composite
def resources(draw: st.DrawFn, name: str, base: str) -> dict[str, Any]:
    """Draw the paths of one kind of entity, below ``base``."""
    key, key_name = draw(st.sampled_from(KEYS)), draw(st.sampled_from(["id", f"{name}Id", f"{name}_id"]))
    chosen = draw(st.lists(st.sampled_from(SENT), min_size=1, max_size=4))
    properties = dict(zip(("title", "alpha", "bravo", "delta"), chosen, strict=False))
    owner = draw(st.sampled_from([None, *sorted(OWNERS)]))
    sent, shown = ({"owner": part} if owner else {} for part in OWNERS[owner or "same"])
    rows = {"parts": {"type": "array", "items": {"allOf": [ROW, {"properties": {"id": MADE["id"]}}]}}}
    with_rows, secret = draw(st.booleans()), draw(st.booleans())
    hidden = {"password": {**TEXT, "writeOnly": True}} if secret else {}
    sent = {**properties, **sent, **(rows if with_rows else {}), **hidden}
    shown = {**properties, **shown, **(rows if with_rows else {}), **hidden}
    required = draw(st.lists(st.sampled_from(sorted(properties)), unique=True, max_size=2))
    new: Schema = {"type": "object", "required": required, "properties": sent}
    part: Schema = {"type": "object", "properties": sent}
    whole: Schema = {"type": "object", "required": ["id", *required], "properties": {"id": key, **shown}}
    if draw(st.booleans()):
        whole = {"allOf": [{"type": "object", "required": ["id"], "properties": {"id": key}}, whole]}
    few = draw(st.sampled_from([{}, {"maxItems": 5}]))
    listed = draw(st.sampled_from(LISTS))
    many: Schema = {"type": "array", "items": whole, **few}
    if listed != "array":
        named = f"{name}s" if listed == "two arrays" else listed
        others = {"warnings": {"type": "array", "items": TEXT}} if listed == "two arrays" else {}
        many = {"type": "object", "required": [named], "properties": {named: many, **others}}
    missing = {"404": {"description": "none"}} if draw(st.booleans()) else {}
    example = {"200": {"description": "", "content": {"application/json": {"example": {"done": True}}}}}
    gone = draw(st.sampled_from([{"204": {"description": ""}}, {"200": content(whole)}, example]))
    limit = [{"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}}]
    of_connection = [{"name": "Content-Length", "in": "header", "required": True, "schema": {"type": "integer"}}]
    asked = [*draw(st.sampled_from([[], limit])), *draw(st.sampled_from([[], of_connection]))]
    created = draw(st.sampled_from([{"201": content(whole)}, {"200": content(whole)}]))
    item = f"{base}/{{{key_name}}}"
    operations: dict[str, dict[str, Any]] = {
        base: {
            "get": {"parameters": asked, "responses": {"200": content(many)}},
            "post": {"requestBody": {"required": True, **content(new)}, "responses": created},
        },
        item: {
            "get": {"responses": {"200": content(whole), **missing}},
            "put": {"requestBody": {"required": True, **content(new)}, "responses": {"200": content(whole), **missing}},
            "patch": {"requestBody": content(part), "responses": {"200": content(whole), **missing}},
            "delete": {"responses": {**gone, **missing}},
        },
        f"{item}/removeMember": {"post": {"responses": {"204": {"description": ""}, **missing}}},
        f"{base}/": {"options": {"responses": {"204": {"description": ""}}}},
    }
    kept = draw(st.sets(st.sampled_from(["put", "patch", "delete"])))
    operations[item] = {
        method: described for method, described in operations[item].items() if method == "get" or method in kept
    }
    for path in draw(st.sets(st.sampled_from([f"{item}/removeMember", f"{base}/"]))):
        del operations[path]
    own = [{"name": key_name, "in": "path", "required": True, "schema": key}]
    above = [{"name": "harbour", "in": "path", "required": True, "schema": TEXT}] if "{harbour}" in base else []
    return {
        path: {**path_item, "parameters": [*above, *(own if path.startswith(item) else [])]}
        for path, path_item in operations.items()
    }


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an API of one or two kinds of entities."""
    base = draw(st.sampled_from(["/boats", "/harbours/{harbour}/boats"]))
    paths = draw(resources("boat", base))
    if draw(st.booleans()):
        paths |= draw(resources("person", "/people"))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Harbour", "version": "1"},
        "paths": paths,
        "components": {"schemas": COMPONENTS},
    }


def judged(document: dict[str, Any], seed: int) -> list[str]:
    """Return the errors and warnings that a run finds of the fake of a document."""
    contract = with_document_resources(from_openapi(document, "harbour.json"), USUAL)
    run = verify(contract, max_examples=1, seed=seed)
    return [
        str(finding) for result in run.results for finding in result.findings if finding.severity is not Severity.NOTE
    ]


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents(), seed=st.integers(0, 3))
def test_the_fake_of_any_document_passes_its_own_examination(document: dict[str, Any], seed: int) -> None:
    assert judged(document, seed) == []
