"""Rules of the specification that an OpenAPI document breaks: single edits of one that breaks none."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from docdouble.schemas.extraction import Contradiction
from docdouble.schemas.lint.openapi_structure import structure_problems
from docdouble.schemas.openapi.document import document_root

Document = dict[str, Any]

TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}
DOCUMENT: Document = {
    "openapi": "3.2.0",
    "info": {"title": "Quay", "version": "1", "license": {"name": "MIT"}},
    "servers": [{"url": "https://{host}.example", "variables": {"host": {"default": "a", "enum": ["a", "b"]}}}],
    "tags": [{"name": "ships"}],
    "paths": {
        "/ships/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "ship",
                "parameters": [{"$ref": "#/components/parameters/Sort"}],
                "responses": {"200": {"headers": {"X-Total": {"schema": {}}}, **TEXT}, "4XX": {}},
            },
        },
    },
    "components": {
        "parameters": {"Sort": {"name": "sort", "in": "query", "schema": {"type": "string"}}},
        "schemas": {"Ship": {"type": "object", "xml": {"name": "ship"}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "examples": {"One": {"value": 1}},
        "links": {"next": {"operationId": "ship"}},
        "requestBodies": {"Form": {"content": {"multipart/form-data": {"encoding": {"a": {"contentType": "a/b"}}}}}},
    },
}


def problems(document: Document) -> list[Contradiction]:
    return list(structure_problems(document_root(document, "quay.json")))


def places_of(document: Document) -> list[tuple[str, str]]:
    """Return the rule and the place of each problem."""
    return [(problem.rule, problem.message.partition(": ")[0]) for problem in problems(document)]


def get(document: Document) -> Document:
    operation: Document = document["paths"]["/ships/{id}"]["get"]
    return operation


def sort(document: Document) -> Document:
    parameter: Document = document["components"]["parameters"]["Sort"]
    return parameter


GET = "/paths/~1ships~1{id}/get"
SORT = "/components/parameters/Sort"
HOST = "/servers/0/variables/host"
PART = "/components/requestBodies/Form/content/multipart~1form-data"

EDITS: list[tuple[str, Callable[[Document], Any], list[tuple[str, str]]]] = [
    ("nothing", lambda d: None, []),
    ("an extension", lambda d: get(d).update({"x-team": 1}), []),
    ("no title", lambda d: d["info"].pop("title"), [("missing-field", "/info")]),
    ("no containers", lambda d: [d.pop("paths"), d.pop("components")], [("missing-field", "/")]),
    ("an unknown field", lambda d: d.update(overlays={}), [("unknown-field", "/overlays")]),
    (
        "fields of a later version",
        lambda d: [d.update(openapi="3.1.2", **{"$self": "/a"}), get(d).update(responses={"200": {}})],
        [("unknown-field", "/$self"), ("missing-field", f"{GET}/responses/200")],
    ),
    ("a number for a text", lambda d: d["info"].update(version=1.0), [("wrong-type", "/info/version")]),
    ("a text for a boolean", lambda d: get(d).update(deprecated="no"), [("wrong-type", f"{GET}/deprecated")]),
    ("an object for an array", lambda d: d.update(servers={"url": "/"}), [("wrong-type", "/servers")]),
    ("null for an object", lambda d: get(d).update(responses=None), [("wrong-type", f"{GET}/responses")]),
    (
        "no schema",
        lambda d: d["components"]["schemas"].update(Ship=[]),
        [("broken-schema", "/components/schemas/Ship")],
    ),
    ("a path without a slash", lambda d: d["paths"].update(ships={}), [("wrong-value", "/paths/ships")]),
    ("no status", lambda d: get(d)["responses"].update({"2000": {}}), [("wrong-value", f"{GET}/responses/2000")]),
    ("no responses", lambda d: get(d).update(responses={}), [("missing-field", f"{GET}/responses")]),
    (
        "the same path twice",
        lambda d: d["paths"].update({"/ships/{ship}": {}}),
        [("described-twice", "/paths/~1ships~1{ship}")],
    ),
    (
        "an operationId twice",
        lambda d: d["paths"].update({"/a": {"get": {"operationId": "ship"}}}),
        [("described-twice", "/paths/~1a/get")],
    ),
    (
        "a parameter twice",
        lambda d: get(d)["parameters"].append({"name": "sort", "in": "query", "schema": {}}),
        [("described-twice", f"{GET}/parameters/1")],
    ),
    ("a tag twice", lambda d: d["tags"].append({"name": "ships"}), [("described-twice", "/tags/1")]),
    (
        "a variable without a parameter",
        lambda d: d["paths"]["/ships/{id}"].pop("parameters"),
        [("variable-without-parameter", GET)],
    ),
    (
        "a parameter without a variable",
        lambda d: sort(d).update({"in": "path", "required": True}),
        [("parameter-without-variable", f"{GET}/parameters/0")],
    ),
    (
        "a path parameter that isn't required",
        lambda d: d["paths"]["/ships/{id}"]["parameters"][0].pop("required"),
        [("optional-variable", "/paths/~1ships~1{id}/parameters/0")],
    ),
    ("a parameter nowhere", lambda d: sort(d).update({"in": "body"}), [("wrong-value", SORT)]),
    ("a style of another location", lambda d: sort(d).update(style="simple"), [("wrong-value", SORT)]),
    ("schema and content", lambda d: sort(d).update(TEXT), [("exclusive-fields", SORT)]),
    ("neither", lambda d: sort(d).pop("schema"), [("missing-field", SORT)]),
    ("a name of no header", lambda d: sort(d).update({"in": "header", "name": "a b"}), [("wrong-value", SORT)]),
    (
        "reserved characters of a header",
        lambda d: sort(d).update({"in": "header", "allowReserved": True}),
        [("unknown-field", SORT)],
    ),
    (
        "a query string beside a query parameter",
        lambda d: get(d)["parameters"].append({"name": "all", "in": "querystring", **TEXT}),
        [("exclusive-fields", GET)],
    ),
    (
        "a method that has a field",
        lambda d: d["paths"]["/ships/{id}"].update(additionalOperations={"POST": {}}),
        [("exclusive-fields", "/paths/~1ships~1{id}/additionalOperations/POST")],
    ),
    (
        "a response header with a name that is none",
        lambda d: get(d)["responses"]["200"]["headers"].update({"X=Y": {"schema": {}}}),
        [("wrong-value", f"{GET}/responses/200/headers/X=Y")],
    ),
    (
        "two values of an example",
        lambda d: d["components"]["examples"]["One"].update(externalValue="a"),
        [("exclusive-fields", "/components/examples/One")],
    ),
    (
        "two kinds of encoding",
        lambda d: d["components"]["requestBodies"]["Form"]["content"]["multipart/form-data"].update(itemEncoding={}),
        [("exclusive-fields", PART)],
    ),
    (
        "a link that leads nowhere",
        lambda d: d["components"]["links"]["next"].pop("operationId"),
        [("missing-field", "/components/links/next")],
    ),
    (
        "XML that is two kinds of node",
        lambda d: d["components"]["schemas"]["Ship"]["xml"].update(nodeType="text", attribute=True),
        [("exclusive-fields", "/components/schemas/Ship/xml")],
    ),
    (
        "a scheme without what it needs",
        lambda d: d["components"]["securitySchemes"]["key"].pop("name"),
        [("missing-field", "/components/securitySchemes/key")],
    ),
    (
        "a scheme of no type",
        lambda d: d["components"]["securitySchemes"]["key"].update(type="key"),
        [("wrong-value", "/components/securitySchemes/key")],
    ),
    (
        "a variable of a server that nothing defines",
        lambda d: d["servers"][0].pop("variables"),
        [("undefined-variable", "/servers/0")],
    ),
    (
        "a variable without a default",
        lambda d: d["servers"][0]["variables"]["host"].pop("default"),
        [("missing-field", HOST)],
    ),
    (
        "a variable without values",
        lambda d: d["servers"][0]["variables"]["host"].update(enum=[]),
        [("wrong-value", f"{HOST}/enum")],
    ),
    (
        "a default that is no value",
        lambda d: d["servers"][0]["variables"]["host"].update(default="c"),
        [("wrong-value", f"{HOST}/default")],
    ),
    (
        "a component with a name that is none",
        lambda d: d["components"]["examples"].update({"a b": {}}),
        [("wrong-value", "/components/examples/a b")],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_an_edit_is_found_and_nothing_else(change: Callable[[Document], Any], expected: list[tuple[str, str]]) -> None:
    document = deepcopy(DOCUMENT)
    change(document)
    assert places_of(document) == expected


def test_a_part_that_a_reference_leads_to_is_looked_at_once() -> None:
    document = deepcopy(DOCUMENT)
    sort(document).pop("in")
    get(document)["parameters"].append({"$ref": SORT.join("#")} if False else {"$ref": f"#{SORT}"})
    assert places_of(document) == [("missing-field", SORT)]


def test_a_swagger_document_is_held_to_its_own_fields() -> None:
    paths = {"/a": {"get": {"requestBody": {}, "responses": {"200": {"description": ""}}}}}
    document = {"swagger": "2.0", "info": {"title": "", "version": ""}, "paths": paths}
    assert [problem.message for problem in problems(document)] == [
        "/paths/~1a/get/requestBody: an Operation Object of version 2 has no field 'requestBody'"
    ]


def test_parameters_of_a_swagger_document_have_a_type_and_there_is_one_body() -> None:
    parameters = [
        {"name": "a", "in": "query", "type": "string", "collectionFormat": "csv"},
        {"name": "b", "in": "body", "schema": {}},
        {"name": "c", "in": "formData", "type": "string"},
        {"name": "d", "in": "header"},
        {"name": "e", "in": "cookie", "type": "string"},
    ]
    paths = {"/a": {"get": {"parameters": parameters, "responses": {"200": {"description": ""}}}}}
    document = {"swagger": "2.0", "info": {"title": "", "version": ""}, "paths": paths}
    assert places_of(document) == [
        ("exclusive-fields", "/paths/~1a/get"),
        ("missing-field", "/paths/~1a/get/parameters/3"),
        ("wrong-value", "/paths/~1a/get/parameters/4"),
    ]
