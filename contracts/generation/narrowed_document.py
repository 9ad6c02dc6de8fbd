"""OpenAPI document of one operation, which its random requests are generated from.

Narrower than the contract, so that a generated request is one that its author could have meant: JSON, or a form as if
it were JSON, no property that nobody documented, no header field that isn't needed, and nothing of the reply. And
small, since what is generated takes time: of each record some properties, to a certain depth; another seed chooses
others.
"""

from random import Random
from typing import Any

from docdouble.schemas import Body, Contract, MediaType, Operation, Parameter, Schema
from docdouble.schemas.contract.behaviour_names import SELECTIONS
from docdouble.schemas.contract.media_types import body_schema
from docdouble.schemas.contract.model import is_left_out, nullable
from docdouble.schemas.http import FORM, is_json, media_type
from docdouble.schemas.jsonschema.subschemas import with_subschemas

from .fields import kind_of_values, resolve_schema
from .plain_patterns import with_plain_patterns

MOST_PROPERTIES = 5
"""Properties of a record that random requests may have, beside those that are required."""

DEEPEST = 1
"""Records and arrays that stand inside each other in random requests, where nothing demands more."""

_BREAKABLE = {"enum", "const", "pattern", "format", "minLength", "maxLength"}
"""Keywords that a text in a path or a query can break."""

_FORMS = (FORM, "multipart/form-data")
"""Media types whose bodies are written from values as JSON has them."""

_STYLES = frozenset({"simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"})
"""The styles of OpenAPI 3.1."""

_ENDLESS = 12
"""Depth from which required properties are left to chance."""


def request_view(operation: Operation, contract: Contract, seed: int = 0) -> dict[str, Any]:
    """Return the document of one operation, with its path, method and id."""
    shortened = _Shortened(contract, Random(f"{operation.id} {seed}"))
    return {
        "openapi": "3.1.0",
        "info": {"title": contract.title, "version": contract.version},
        "paths": {operation.path: {operation.method.lower(): _operation(operation, shortened)}},
    }


def lacks_body(operation: Operation) -> bool:
    """Tell whether random requests lack a body that is required, since its media types are neither JSON nor forms."""
    request = operation.request
    return request is not None and bool(request.required) and random_media_type(request) is None


def random_media_type(request: Body) -> MediaType | None:
    """Return the documented media type of random bodies: JSON, else a form, whose values are drawn as JSON."""
    json_first = sorted(request.media_types, key=lambda content: not is_json(content.name))
    return next(
        (content for content in json_first if is_json(content.name) or media_type(content.name) in _FORMS), None
    )


def asked_schemas(operation: Operation) -> list[Any]:
    """Return the schemas of what random requests have: the parameters, and the body."""
    body = random_media_type(operation.request) if operation.request else None
    return [*(parameter.schema for parameter in operation.parameters), body.schema if body else None]


def is_empty(view: dict[str, Any], *, hostile: bool) -> bool:
    """Tell whether there is nothing that random requests could differ in, or nothing that hostile ones could break."""
    for operation in (operation for methods in view["paths"].values() for operation in methods.values()):
        contents = operation.get("requestBody", {}).get("content", {}).values()
        asked = [parameter_schema(parameter) for parameter in operation["parameters"]]
        if any(content["schema"] for content in contents) or any(
            _BREAKABLE & schema.keys() for schema in asked if hostile
        ):
            return False
        if asked and (not hostile or any(kind_of_values(schema) not in ("string", "") for schema in asked)):
            return False
    return True


def _operation(operation: Operation, shortened: "_Shortened") -> dict[str, Any]:
    parameters = [
        _parameter(parameter, shortened) for parameter in operation.parameters if _is_generated(parameter, operation)
    ]
    view: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": parameters,
        "responses": {"default": {"description": ""}},
    }
    request = operation.request
    chosen = random_media_type(request) if request else None
    if request and chosen:
        name = chosen.name if is_json(chosen.name) else "application/json"
        schema = shortened.of(body_schema(chosen, request.media_types) or {})
        view["requestBody"] = {"required": bool(request.required), "content": {name: {"schema": schema}}}
    return view


def _is_generated(parameter: Parameter, operation: Operation) -> bool:
    """Leave out what random text says nothing about: selections, which are drawn by name, and header fields."""
    if any(
        behaviour.name in SELECTIONS and behaviour.parameter == parameter.name for behaviour in operation.behaviours
    ):
        return False
    if parameter.location == "querystring":  # Schemathesis knows no such location
        return False
    return parameter.location in ("path", "query") or bool(parameter.required)


def _parameter(parameter: Parameter, shortened: "_Shortened") -> dict[str, Any]:
    schema = shortened.of(parameter.schema)
    if parameter.location == "header" and "examples" in schema:
        schema = {"type": schema.get("type", "string"), "enum": schema["examples"]}
    required = parameter.location == "path" or bool(parameter.required)
    return {"name": parameter.name, "in": parameter.location, "required": required, **written_as(parameter, schema)}


def written_as(parameter: Parameter, schema: Schema) -> dict[str, Any]:
    """Return the members of a Parameter Object that say what its values are, and how they are written."""
    if parameter.content:
        return {"content": {parameter.content: {"schema": schema}}}
    style = {"style": parameter.style} if parameter.style in _STYLES else {}
    explode = {"explode": parameter.explode} if parameter.explode is not None else {}
    return {"schema": schema, **style, **explode}


def parameter_schema(parameter: dict[str, Any]) -> Schema:
    """Return the schema of a Parameter Object of such a document."""
    content = next(iter(parameter.get("content", {}).values()), parameter)
    schema: Schema = content["schema"]
    return schema


class _Shortened:
    """Schemas without references, whose records hold documented properties only, and few of them."""

    def __init__(self, contract: Contract, random: Random) -> None:
        self._contract = contract
        self._random = random

    def of(self, schema: Schema, depth: int = 0) -> Schema:
        """Return what is generated in the place of a schema."""
        inner, is_null = resolve_schema(schema, self._contract)
        if depth > _ENDLESS:
            return {}
        kept = with_plain_patterns({word: part for word, part in inner.items() if not word.startswith("x-")})
        match kind_of_values(inner):
            case "object":
                kept |= self._record(kept, depth)
            case "dictionary" if not isinstance(kept.get("additionalProperties"), dict):
                kept = {"type": "object", "maxProperties": 0}
            case "array" if depth >= DEEPEST and not kept.get("minItems") and "$ref" in str(kept.get("items")):
                kept = {"type": "array", "maxItems": 0}
            case _:
                kept = with_subschemas(kept, lambda part: self.of(part, depth + 1))
        return {"anyOf": [kept, {"type": "null"}]} if is_null and not nullable(kept) else kept

    def _record(self, schema: Schema, depth: int) -> Schema:
        documented = {name: part for name, part in schema["properties"].items() if not is_left_out(part)}
        required = [name for name in schema.get("required", ()) if name in documented]
        others = [name for name in documented if name not in required and self._fits(schema, name, depth)]
        chosen = {*required, *self._random.sample(others, min(MOST_PROPERTIES, len(others)))}
        kept = {
            name: self.of(part, depth + 1) if isinstance(part, dict) else part
            for name, part in documented.items()
            if name in chosen
        }
        return {"properties": kept, "additionalProperties": schema.get("additionalProperties", False)}

    def _fits(self, schema: Schema, name: str, depth: int) -> bool:
        """Tell whether a property may still stand at this depth."""
        part = schema["properties"][name]
        if depth < DEEPEST or not isinstance(part, dict):
            return True
        return kind_of_values(resolve_schema(part, self._contract)[0]) not in ("object", "array")
