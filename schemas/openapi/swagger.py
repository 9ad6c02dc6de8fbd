"""Upgrade of Swagger 2.0 and OpenAPI 3.0 documents to OpenAPI 3.1, as far as a contract needs it."""

from typing import Any

from ..contract.model import allow_null
from ..errors import ContractError
from ..jsonschema.subschemas import is_data
from .document import NAMED_MAPS, DocumentNode

Document = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_BOUNDS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)
_SCHEMA_KEYWORDS = frozenset(
    (*_BOUNDS, "type", "format", "enum", "default", "items", "uniqueItems", "multipleOf", "pattern")
)


def upgrade(document: Any, source: str) -> Document:
    """Return the document as OpenAPI 3.1; raises ``ContractError`` for anything that is neither OpenAPI nor Swagger."""
    if not isinstance(document, dict):
        raise ContractError("", "neither an OpenAPI nor a Swagger document", source)
    DocumentNode(document, "", document, source).check_depth()
    version = str(document.get("openapi") or document.get("swagger") or "")
    if version.startswith(("3.1", "3.2")):
        return document
    if version.startswith("3.0"):
        upgraded: Document = _modern(document)
        return {**upgraded, "openapi": "3.1.0"}
    if version.startswith("2."):
        return _from_swagger(document, source)
    raise ContractError("", f"version {version!r} is neither OpenAPI 3.x nor Swagger 2.0", source)


def _modern(value: Any, named: bool = False) -> Any:
    """Rewrite OpenAPI 3.0's (and Swagger's) own schema words in JSON Schema 2020-12's.

    ``named`` tells that the keys of this value are names that somebody chose.
    """
    if isinstance(value, list):
        return [_modern(part) for part in value]
    if not isinstance(value, dict):
        return value
    if named:
        return {name: _modern(part) for name, part in value.items()}
    schema = {key: part if is_data(str(key)) else _modern(part, key in NAMED_MAPS) for key, part in value.items()}
    ref = schema.get("$ref")
    if isinstance(ref, str):
        schema["$ref"] = ref.replace("#/definitions/", "#/components/schemas/", 1)
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if schema.get(word) is True and bound in schema:
            schema[word] = schema.pop(bound)
        elif isinstance(schema.get(word), bool):
            del schema[word]
    may_be_null = schema.pop("nullable", schema.pop("x-nullable", False)) if _is_schema(schema) else False
    return allow_null(schema) if may_be_null is True else schema


def _is_schema(value: Document) -> bool:
    return any(word in value for word in ("type", "$ref", "allOf", "anyOf", "oneOf", "enum"))


def _from_swagger(document: Document, source: str) -> Document:
    root = DocumentNode(document, "", document, source)
    base = str(document.get("basePath", "")).rstrip("/")
    paths = {
        base + path: {method: _operation(item, method, root) for method in _METHODS if method in item.data}
        for path, item in root.mapping("paths").items(extensible=True)
    }
    schemas = {name: _modern(node.data) for name, node in root.mapping("definitions", optional=True).items()}
    security = root.mapping("securityDefinitions", optional=True)
    schemes = {name: _scheme(node.data) for name, node in security.items()}
    upgraded: Document = {
        "openapi": "3.1.0",
        "info": root.mapping("info").data,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }
    if "security" in document:
        upgraded["security"] = document["security"]
    if host := document.get("host"):
        upgraded["servers"] = [{"url": f"{scheme}://{host}"} for scheme in root.texts("schemes") or ["https"]]
    return upgraded


def _operation(item: DocumentNode, method: str, root: DocumentNode) -> Document:
    node = item.mapping(method)
    parameters = [parameter.resolved() for holder in (item, node) for parameter in holder.sequence("parameters")]
    consumes, produces = (
        (node if word in node.data else root).texts(word) or ["application/json"] for word in ("consumes", "produces")
    )
    operation = {
        key: node.data[key] for key in ("operationId", "summary", "description", "security") if key in node.data
    }
    operation["parameters"] = [
        _parameter(parameter.data) for parameter in parameters if parameter.data.get("in") not in ("body", "formData")
    ]
    if body := _request(parameters, consumes):
        operation["requestBody"] = body
    operation["responses"] = {
        status: _response(response.resolved().data, produces)
        for status, response in node.mapping("responses", optional=True).items(extensible=True)
    }
    return operation


def _parameter(data: Document) -> Document:
    kept: Document = {key: data[key] for key in ("name", "in", "required", "description") if key in data}
    return {**kept, "schema": _modern({key: value for key, value in data.items() if key in _SCHEMA_KEYWORDS})}


def _request(parameters: list[DocumentNode], consumes: list[str]) -> Document | None:
    for node in parameters:
        if node.data.get("in") == "body":
            kept = {key: node.data[key] for key in ("description", "required") if key in node.data}
            schema = _modern(node.data.get("schema", {}))
            return {**kept, "content": {name: {"schema": schema} for name in consumes}}
    fields = [node.data for node in parameters if node.data.get("in") == "formData"]
    if not fields:
        return None
    schema = {"type": "object", "properties": {str(field.get("name")): _parameter(field)["schema"] for field in fields}}
    if required := [str(field.get("name")) for field in fields if field.get("required")]:
        schema["required"] = required
    names = [name for name in consumes if "form" in name] or ["application/x-www-form-urlencoded"]
    return {"content": {name: {"schema": schema} for name in names}}


def _response(data: Document, produces: list[str]) -> Document:
    response: Document = {"description": str(data.get("description", ""))}
    if "schema" in data:
        schema = _modern(data["schema"])
        response["content"] = {name: {"schema": schema} for name in produces}
    if isinstance(headers := data.get("headers"), dict):
        response["headers"] = {
            name: _header(header) if isinstance(header, dict) else header for name, header in headers.items()
        }
    return response


def _header(data: Document) -> Document:
    parameter = _parameter(data)
    return {key: parameter[key] for key in ("description", "schema") if key in parameter}


def _scheme(data: Document) -> Document:
    if data.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if data.get("type") != "oauth2":
        return data
    flow = {"implicit": "implicit", "accessCode": "authorizationCode", "password": "password"}.get(
        str(data.get("flow")), "clientCredentials"
    )
    urls = {key: data[key] for key in ("authorizationUrl", "tokenUrl") if key in data}
    return {"type": "oauth2", "flows": {flow: {**urls, "scopes": data.get("scopes", {})}}}
