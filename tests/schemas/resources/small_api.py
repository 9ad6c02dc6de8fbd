"""Small APIs for tests of what operations do to resources: a line an operation."""

import re
from typing import Any

from docdouble.schemas import Contract
from docdouble.schemas.contract.resources import RequestPlace, Resource, Role
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.resources.infer_roles import with_resources

INT = {"type": "integer", "format": "int32"}
TEXT = {"type": "string"}
_TYPES: dict[str, Any] = {
    "int": INT,
    "text": TEXT,
    "bool": {"type": "boolean"},
    "any": {},
    "object": {"type": "object"},
}


def schema(word: str) -> dict[str, Any]:
    """``int``, ``[int]``, ``Book``, ``[Book]``, or ``{BookId: int, Titles: [text]}``."""
    if word.startswith("["):
        return {"type": "array", "items": schema(word[1:-1])}
    if word.startswith("{"):
        members = re.findall(r"(\S+): ([^,]+)", word[1:-1])
        return {"type": "object", "properties": {name: schema(kind) for name, kind in members}}
    return _TYPES.get(word, {"$ref": f"#/components/schemas/{word}"})


def api(text: str, **types: str) -> Contract:
    """Lines of ``METHOD /path/{id:text}?query:int body -> answer``; a variable without a type is an integer."""
    paths: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        request, _, answer = line.partition(" -> ")
        method, target, *body = request.split(" ", 2)
        path, _, query = target.partition("?")
        variables = re.findall(r"\{(\w+):?(\w*)\}", path)
        parameters = [_parameter(name, "path", kind or "int") for name, kind in variables]
        parameters += [_parameter(*term.split(":"), kind="") for term in filter(None, query.split("&"))]
        operation = {"parameters": parameters, "responses": {"200": {"description": "", **_content(answer)}}}
        if body:
            operation["requestBody"] = _content(body[0])
        paths.setdefault(re.sub(r":\w+\}", "}", path), {})[method.lower()] = operation
    schemas = {name: schema(kind) for name, kind in types.items()}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    return with_resources(from_openapi({**document, "components": {"schemas": schemas}}, "small.json"))


def _parameter(name: str, location: str, kind: str) -> dict[str, Any]:
    place, word = ("query", location) if not kind else (location, kind)
    return {"name": name, "in": place, "required": place == "path", "schema": schema(word)}


def _content(word: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema(word)}}} if word else {}


def roles(contract: Contract) -> dict[str, tuple[str, str]]:
    """The resource and the role of each operation that has one, by its label."""
    labels = {operation.id: operation.label for operation in contract.operations}
    pairs = ((resource, role) for resource in contract.resources.resources for role in resource.roles)
    return {labels[role.operation]: (resource.name, role.name) for resource, role in pairs}


def resource(contract: Contract, name: str) -> Resource:
    """The resource of a name."""
    return next(resource for resource in contract.resources.resources if resource.name == name)


def role(contract: Contract, label: str) -> Role:
    """The role of an operation."""
    name = contract.operation(label).id
    return next(role for resource in contract.resources.resources for role in resource.roles if role.operation == name)


def unassigned(contract: Contract) -> dict[str, tuple[str, str]]:
    """What is unassigned, and why, by the label of each operation."""
    labels = {operation.id: operation.label for operation in contract.operations}
    return {
        labels[name]: (group.name, group.why) for group in contract.resources.unassigned for name in group.operations
    }


def body(name: str = "") -> RequestPlace:
    """A place in the body."""
    return RequestPlace("body", name)
