"""Contract → the OpenAPI document that requests are generated from.

Narrower than the contract, so that a generated request is one that its author could have meant: JSON only, no
property that nobody documented, header fields with the values that samples show, and nothing of the reply.
"""

from typing import Any

from docdouble.schemas import Contract, Operation, Parameter, Schema
from docdouble.schemas.message import is_json
from docdouble.schemas.openapi import to_openapi
from docdouble.schemas.parts import with_parts

_DRAWN = ("select-projection", "list-select")


def request_view(contract: Contract) -> dict[str, Any]:
    """Return the document; operations keep their paths, methods and ids."""
    document = to_openapi(contract)
    paths: dict[str, Any] = {}
    for operation in contract.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    schemas = {name: _closed(schema) for name, schema in contract.schemas.items()}
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    view: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": [_parameter(one) for one in operation.parameters if _is_generated(one, operation)],
        "responses": {"default": {"description": ""}},
    }
    request = operation.request
    chosen = next((one for one in request.media_types if is_json(one.name)), None) if request else None
    if request and chosen:
        schema = _closed(chosen.schema or {})
        view["requestBody"] = {"required": bool(request.required), "content": {chosen.name: {"schema": schema}}}
    return view


def _is_generated(parameter: Parameter, operation: Operation) -> bool:
    """Leave out what random text says nothing about: selections, which are drawn by name, and free header fields."""
    if any(one.name in _DRAWN and one.parameter == parameter.name for one in operation.behaviours):
        return False
    return parameter.location in ("path", "query") or bool(parameter.required or parameter.schema.get("examples"))


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = _closed(parameter.schema)
    if parameter.location == "header" and "examples" in schema:
        schema = {"type": schema.get("type", "string"), "enum": schema["examples"]}
    required = parameter.location == "path" or bool(parameter.required)
    return {"name": parameter.name, "in": parameter.location, "required": required, "schema": schema}


def _closed(schema: Schema) -> Schema:
    """Return a schema whose records hold documented properties only, without annotations."""
    closed = {key: part for key, part in with_parts(schema, _closed).items() if not key.startswith("x-")}
    if isinstance(closed.get("properties"), dict) and "additionalProperties" not in closed:
        closed["additionalProperties"] = False
    return closed
