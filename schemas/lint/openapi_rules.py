"""Rules of OpenAPI for the values of single objects: fields that exclude or need each other, names, listed values."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract.paths import path_variables, unnamed_template
from ..openapi.document import DocumentError, DocumentNode
from ..openapi.keywords import METHODS, OTHER_METHODS

EXCLUSIVE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Parameter": (("example", "examples"), ("schema", "content")),
    "Header": (("example", "examples"), ("schema", "content")),
    "MediaType": (("example", "examples"), ("encoding", "prefixEncoding"), ("encoding", "itemEncoding")),
    "Encoding": (("encoding", "prefixEncoding"), ("encoding", "itemEncoding")),
    "Example": (
        ("value", "externalValue"),
        ("value", "dataValue"),
        ("value", "serializedValue"),
        ("serializedValue", "externalValue"),
    ),
    "Link": (("operationRef", "operationId"),),
    "License": (("identifier", "url"),),
    "XML": (("nodeType", "attribute"), ("nodeType", "wrapped")),
}
"""Fields of an object of which one only may be there."""

_SERIALISATION = ("style", "explode", "allowReserved")
_STYLES = {
    "path": {"matrix", "label", "simple"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form"},
}
_SWAGGER_LOCATIONS = ["query", "header", "path", "formData", "body"]
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header field (RFC 9110, section 5.6.2)."""
_COMPONENT_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FLOW_NEEDS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
    "deviceAuthorization": ("deviceAuthorizationUrl", "tokenUrl"),
}
_SCHEME_NEEDS = {
    "apiKey": ("name", "in"),
    "http": ("scheme",),
    "oauth2": ("flows",),
    "openIdConnect": ("openIdConnectUrl",),
    "mutualTLS": (),
}
_SWAGGER_SCHEME_NEEDS = {"basic": (), "apiKey": ("name", "in"), "oauth2": ("flow", "scopes")}


@dataclass(frozen=True, slots=True)
class Problem:
    """A place that breaks a rule of ``lint``."""

    rule: str
    node: DocumentNode
    message: str


def value_problems(node: DocumentNode, kind: str, version: float) -> Iterator[Problem]:
    """Yield the problems of the values of one object, apart from the types of its fields."""
    if kind in _RULES:
        yield from _RULES[kind](node, version)


def _openapi(node: DocumentNode, version: float) -> Iterator[Problem]:
    if version >= 3.1 and not node.data.keys() & {"paths", "webhooks", "components"}:
        yield Problem("missing-field", node, "has none of paths, webhooks and components, and needs one")
    yield from _tag_names(node)


def _swagger(node: DocumentNode, version: float) -> Iterator[Problem]:
    yield from _tag_names(node)


def _tag_names(node: DocumentNode) -> Iterator[Problem]:
    seen: set[str] = set()
    for tag in _elements(node, "tags"):
        name = tag.data.get("name") if isinstance(tag.data, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield Problem("described-twice", tag, f"the tag {name!r} is described twice")
            seen.add(name)


def _server(node: DocumentNode, version: float) -> Iterator[Problem]:
    url, variables = node.data.get("url"), node.data.get("variables", {})
    if isinstance(url, str) and isinstance(variables, dict):
        names = path_variables(url)
        for name in names:
            if name not in variables:
                yield Problem("undefined-variable", node, f"the URL has a variable {name!r}, which nothing defines")
        if len(set(names)) < len(names):
            yield Problem("described-twice", node, "the URL has a variable twice")


def _server_variable(node: DocumentNode, version: float) -> Iterator[Problem]:
    values = node.data.get("enum")
    if not isinstance(values, list):
        return
    if not values:
        yield Problem("wrong-value", node.child("enum", values), "lists no value")
    elif "default" in node.data and node.data["default"] not in values and version >= 3.1:
        yield Problem("wrong-value", node.child("default", None), "is none of the values of enum")


def _components(node: DocumentNode, version: float) -> Iterator[Problem]:
    for _, part in node.members(extensible=True):
        if isinstance(part.data, dict):
            for name, component in part.members():
                if not _COMPONENT_NAME.fullmatch(name):
                    message = f"the name {name!r} has other characters than letters, digits, '.', '-' and '_'"
                    yield Problem("wrong-value", component, message)


def _path_item(node: DocumentNode, version: float) -> Iterator[Problem]:
    others = node.data.get(OTHER_METHODS)
    if isinstance(others, dict) and version >= 3.2:
        for method in others:
            if str(method).lower() in METHODS:
                place = node.child(OTHER_METHODS, others).child(str(method), others[method])
                yield Problem("exclusive-fields", place, f"{method} is a method that has a field of its own")
    shared = _located(node)
    yield from _twice(node)
    for operation in _operations(node):
        yield from _twice(operation)
        yield from _whole_parameters(operation, [*shared, *_located(operation)])
    yield from _whole_parameters(node, shared)


def _whole_parameters(node: DocumentNode, located: list[tuple[str, str]]) -> Iterator[Problem]:
    locations = [location for location, _ in located]
    if locations.count("querystring") > 1:
        yield Problem("exclusive-fields", node, "has several parameters that are the whole query string")
    elif "querystring" in locations and "query" in locations:
        yield Problem("exclusive-fields", node, "has query parameters beside one that is the whole query string")
    if locations.count("body") > 1 or ("body" in locations and "formData" in locations):
        yield Problem("exclusive-fields", node, "has several bodies, or a form beside a body")


def _twice(node: DocumentNode) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for element in _elements(node, "parameters"):
        key = _location(element)
        if key and key in seen:
            yield Problem("described-twice", element, f"the {key[0]} parameter {key[1]} is described twice")
        seen |= {key} if key else set()


def _paths(node: DocumentNode, version: float) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, part in node.members(extensible=True):
        other = first.setdefault(unnamed_template(path), path)
        if other != path:
            yield Problem("described-twice", part, f"{path} is the same path as {other}")
        yield from _path_variables(path, part)


def _path_variables(path: str, node: DocumentNode) -> Iterator[Problem]:
    """Yield variables of a path that nothing declares, and path parameters that it hasn't."""
    item = _followed(node)
    if item is None or not path.startswith("/"):
        return
    names = path_variables(path)
    if len(set(names)) < len(names):
        yield Problem("described-twice", node, f"{path} has a variable twice")
    yield from _not_in_path(item, path, names)
    for operation in _operations(item):
        yield from _not_in_path(operation, path, names)
        elements = [*_elements(item, "parameters"), *_elements(operation, "parameters")]
        if any(_followed(element) is None for element in elements):
            continue
        declared = {key[1] for element in elements if (key := _location(element)) and key[0] == "path"}
        for name in dict.fromkeys(names):
            if name not in declared:
                yield Problem(
                    "variable-without-parameter", operation, f"no parameter declares the variable {name!r} of {path}"
                )


def _not_in_path(node: DocumentNode, path: str, names: list[str]) -> Iterator[Problem]:
    for element in _elements(node, "parameters"):
        key = _location(element)
        if key and key[0] == "path" and key[1] not in names:
            yield Problem("parameter-without-variable", element, f"{path} has no variable {key[1]!r}")


def _parameter(node: DocumentNode, version: float) -> Iterator[Problem]:
    name, location = node.data.get("name"), node.data.get("in")
    allowed = _SWAGGER_LOCATIONS if version < 3 else [*_STYLES, *(["querystring"] if version >= 3.2 else [])]
    if isinstance(location, str) and location not in allowed:
        yield Problem("wrong-value", node, f"in is {location!r}, expected {', '.join(allowed)}")
        return
    if location == "path" and node.data.get("required") is not True:
        yield Problem("optional-variable", node, "a path parameter needs required: true")
    if location == "header" and isinstance(name, str) and not _TOKEN.fullmatch(name):
        yield Problem("wrong-value", node, f"{name!r} can't be the name of a header field")
    if location == "path" and isinstance(name, str) and re.search(r"[{}/?#]", name):
        yield Problem("wrong-value", node, f"{name!r} can't be the name of a variable of a path")
    if version >= 3:
        yield from _schema_or_content(node)
        yield from _serialisation(node, location, version)
    elif isinstance(location, str) and (need := "schema" if location == "body" else "type") not in node.data:
        yield Problem("missing-field", node, f"{need} is missing, a {location} parameter needs it")


def _serialisation(node: DocumentNode, location: Any, version: float) -> Iterator[Problem]:
    if location == "querystring" or "content" in node.data:
        if "schema" in node.data and location == "querystring":
            yield Problem("exclusive-fields", node, "a parameter that is the whole query string has content, no schema")
        for name in _SERIALISATION if version >= 3.1 else ():
            if name in node.data:
                yield Problem("exclusive-fields", node, f"has content and {name}, which exclude each other")
        return
    if not isinstance(location, str):
        return
    styles = _STYLES[location] | ({"cookie"} if location == "cookie" and version >= 3.2 else set())
    style = node.data.get("style")
    if isinstance(style, str) and style not in styles:
        yield Problem("wrong-value", node, f"style is {style!r}, expected {', '.join(sorted(styles))}")
    if "allowReserved" in node.data and not _encodes(location, style, version):
        yield Problem("unknown-field", node, f"allowReserved says nothing of a {location} parameter of this style")
    if "allowEmptyValue" in node.data and location != "query":
        yield Problem("unknown-field", node, f"allowEmptyValue says nothing of a {location} parameter")


def _encodes(location: str, style: Any, version: float) -> bool:
    """Tell whether values are percent-encoded, which ``allowReserved`` is about."""
    if version < 3.1 or location == "query":
        return True
    return version >= 3.2 and location in ("path", "cookie") and style != "cookie"


def _header(node: DocumentNode, version: float) -> Iterator[Problem]:
    yield from _schema_or_content(node)
    if isinstance(style := node.data.get("style"), str) and style != "simple":
        yield Problem("wrong-value", node, f"style is {style!r}, expected simple")


def _schema_or_content(node: DocumentNode) -> Iterator[Problem]:
    content = node.data.get("content")
    if not node.data.keys() & {"schema", "content"}:
        yield Problem("missing-field", node, "has neither schema nor content, and needs one")
    elif isinstance(content, dict) and len(content) != 1:
        yield Problem("wrong-value", node, f"content has {len(content)} media types, expected one")


def _header_names(node: DocumentNode, version: float) -> Iterator[Problem]:
    headers = node.data.get("headers")
    if isinstance(headers, dict):
        for name, part in node.child("headers", headers).members():
            if not _TOKEN.fullmatch(name):
                yield Problem("wrong-value", part, f"{name!r} can't be the name of a header field")


def _responses(node: DocumentNode, version: float) -> Iterator[Problem]:
    if not node.data:
        yield Problem("missing-field", node, "has no response, and needs one")


def _link(node: DocumentNode, version: float) -> Iterator[Problem]:
    if not node.data.keys() & {"operationRef", "operationId"}:
        yield Problem("missing-field", node, "has neither operationRef nor operationId, and needs one")


def _security_scheme(node: DocumentNode, version: float) -> Iterator[Problem]:
    kind = node.data.get("type")
    needs = _SCHEME_NEEDS if version >= 3 else _SWAGGER_SCHEME_NEEDS
    if isinstance(kind, str) and kind not in needs:
        yield Problem("wrong-value", node, f"type is {kind!r}, expected {', '.join(needs)}")
    for name in needs.get(str(kind), ()):
        if name not in node.data:
            yield Problem("missing-field", node, f"{name} is missing, a scheme of type {kind} needs it")
    places = ("query", "header", "cookie") if version >= 3 else ("query", "header")
    if kind == "apiKey" and isinstance(place := node.data.get("in"), str) and place not in places:
        yield Problem("wrong-value", node, f"in is {place!r}, expected {', '.join(places)}")


def _flows(node: DocumentNode, version: float) -> Iterator[Problem]:
    for name, flow in node.members():
        if isinstance(flow.data, dict):
            for need in _FLOW_NEEDS.get(name, ()):
                if need not in flow.data:
                    yield Problem("missing-field", flow, f"{need} is missing, the flow {name} needs it")


_RULES: Mapping[str, Callable[[DocumentNode, float], Iterator[Problem]]] = {
    "OpenAPI": _openapi,
    "Swagger": _swagger,
    "Server": _server,
    "ServerVariable": _server_variable,
    "Components": _components,
    "Paths": _paths,
    "PathItem": _path_item,
    "Parameter": _parameter,
    "Header": _header,
    "Response": _header_names,
    "Encoding": _header_names,
    "Responses": _responses,
    "Link": _link,
    "SecurityScheme": _security_scheme,
    "OAuthFlows": _flows,
}


def _elements(node: DocumentNode, key: str) -> list[DocumentNode]:
    """Return the elements of an array under a key, none where there is no array."""
    value = node.data.get(key)
    holder = node.child(key, value)
    return [holder.child(index, part) for index, part in enumerate(value)] if isinstance(value, list) else []


def _operations(node: DocumentNode) -> Iterator[DocumentNode]:
    """Yield the operations of a path item."""
    others = node.data.get(OTHER_METHODS)
    holders = [node, node.child(OTHER_METHODS, others)] if isinstance(others, dict) else [node]
    for holder in holders:
        for name, part in holder.data.items():
            if isinstance(part, dict) and (holder is not node or name in METHODS):
                yield holder.child(str(name), part)


def _followed(node: DocumentNode) -> DocumentNode | None:
    """Return the object that a place is or refers to, ``None`` where it is none: that is reported elsewhere."""
    try:
        return node.resolved()
    except DocumentError:
        return None


def _location(node: DocumentNode) -> tuple[str, str] | None:
    """Return the location and the name of a parameter."""
    target = _followed(node)
    key = (target.data.get("in"), target.data.get("name")) if target else ()
    return (key[0], key[1]) if key and isinstance(key[0], str) and isinstance(key[1], str) else None


def _located(node: DocumentNode) -> list[tuple[str, str]]:
    return [key for element in _elements(node, "parameters") if (key := _location(element))]
