"""Contract ↔ OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1).

What OpenAPI has no word for is in ``x-docdouble-*``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..contract.behaviour_names import GROUP as BEHAVIOUR_PLUGINS
from ..contract.behaviour_names import BehaviourName
from ..contract.model import (
    BEHAVIOURS,
    EVIDENCE,
    Behaviour,
    Body,
    Contract,
    Effect,
    Evidence,
    Link,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
)
from ..errors import did_you_mean
from ..http import PHRASES
from ..jsonschema.subschemas import with_subschemas
from ..plugins import plugin_names
from .document import DocumentNode
from .resource_keywords import RESOURCES, read_resources, resources_as_dict

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
EFFECT = "x-docdouble-effect"
EFFECT_EVIDENCE = "x-docdouble-effect-evidence"
SECURITY_EVIDENCE = "x-docdouble-security-evidence"

Document = dict[str, Any]


def to_openapi(contract: Contract) -> Document:
    """Return the contract as an OpenAPI 3.1 document that ``from_openapi`` reads back without loss."""
    document: Document = {"openapi": "3.1.0", "info": {"title": contract.title, "version": contract.version}}
    if contract.servers:
        document["servers"] = [{"url": url} for url in contract.servers]
    paths: dict[str, Any] = {}
    for operation in contract.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    document["paths"] = paths
    components = {"schemas": dict(contract.schemas), "securitySchemes": dict(contract.security_schemes)}
    document["components"] = {name: part for name, part in components.items() if part}
    return {**document, **_filled(**{RESOURCES: resources_as_dict(contract.resources)})}


def _operation(operation: Operation) -> Document:
    return _filled(
        operationId=operation.id,
        tags=list(operation.tags),
        summary=operation.summary,
        description=operation.description,
        parameters=[_parameter(parameter) for parameter in operation.parameters],
        requestBody=_body(operation.request) if operation.request else None,
        responses={response.status: _response(response) for response in operation.responses},
        security=[{name: [] for name in names} for names in operation.security],
        **{
            EFFECT: operation.effect,
            EFFECT_EVIDENCE: _evidence(operation.effect_evidence),
            SECURITY_EVIDENCE: _evidence(operation.security_evidence),
            BEHAVIOURS: [_behaviour(one) for one in operation.behaviours],
            EVIDENCE: _evidence(operation.evidence),
        },
    )


def _parameter(parameter: Parameter) -> Document:
    required = {} if parameter.required is None else {"required": parameter.required}
    return {
        "name": parameter.name,
        "in": parameter.location,
        **required,
        **_filled(description=parameter.description),
        "schema": parameter.schema,
        **_filled(**{EVIDENCE: _evidence(parameter.evidence)}),
    }


def _body(body: Body) -> Document:
    required = {} if body.required is None else {"required": body.required}
    return {
        **_filled(description=body.description),
        "content": _content(body.media_types),
        **required,
        **_filled(**{EVIDENCE: _evidence(body.evidence)}),
    }


def _response(response: Response) -> Document:
    return {
        "description": response.description,
        **_filled(
            headers={header.name: _header(header) for header in response.headers},
            content=_content(response.media_types),
            links={f"{one.operation}.{one.name}": _link(one) for one in response.links},
            **{EVIDENCE: _evidence(response.evidence)},
        ),
    }


def _header(header: Parameter) -> Document:
    return {key: value for key, value in _parameter(header).items() if key not in ("name", "in")}


def _link(link: Link) -> Document:
    value = f"$response.body#{link.pointer}"
    place = {"parameters": {link.name: value}} if link.location == "path" else {"requestBody": {link.name: value}}
    return {"operationId": link.operation, **place, EVIDENCE: link.evidence.as_dict()}


def _behaviour(behaviour: Behaviour) -> Document:
    parameter = _filled(parameter=behaviour.parameter)
    return {"name": behaviour.name, **parameter, EVIDENCE: behaviour.evidence.as_dict()}


def _content(media_types: tuple[MediaType, ...]) -> Document:
    return {media_type.name: _media_type(media_type) for media_type in media_types}


def _media_type(media_type: MediaType) -> Document:
    schema = {} if media_type.schema is None else {"schema": media_type.schema}
    examples = {f"sample{number or ''}": {"value": value} for number, value in enumerate(media_type.samples)}
    return {**schema, **_filled(examples=examples, **{EVIDENCE: _evidence(media_type.evidence)})}


def _evidence(evidence: Evidence | None) -> Document | None:
    return evidence.as_dict() if evidence else None


def _filled(**values: Any) -> Document:
    return {key: value for key, value in values.items() if value}


def from_openapi(document: Any, source: str = "") -> Contract:
    """Read an OpenAPI 3.1 document, ours or anyone's; ``source`` names it in errors.

    Raises ``ContractError`` with the JSON Pointer of what is wrong.
    """
    root = DocumentNode(document, "", document, source)
    root.check_depth()
    info = root.mapping("info")
    paths = root.mapping("paths")
    components = root.mapping("components", optional=True)
    schemas = {name: node.data for name, node in components.mapping("schemas", optional=True).items()}
    security = components.mapping("securitySchemes", optional=True)
    components.check_references(schemas)
    paths.check_references(schemas, named=True)
    operations = tuple(
        _read_operation(resolved, method, path)
        for path, item in paths.items(extensible=True)
        for resolved in [item.resolved()]
        for method in resolved.data
        if method in METHODS
    )
    return Contract(
        title=str(info.data.get("title", "")),
        version=str(info.data.get("version", "")),
        operations=tuple(_with_security(operation, root) for operation in operations),
        schemas=schemas,
        security_schemes={name: node.data for name, node in security.items()},
        servers=tuple(str(node.data.get("url", "")) for node in root.sequence("servers")),
        resources=read_resources(root),
    )


def _with_security(operation: tuple[Operation, bool], root: DocumentNode) -> Operation:
    read, has_own = operation
    return read if has_own else replace(read, security=_read_security(root))


def operation_from_openapi(data: Any, method: str, path: str, source: str) -> Operation:
    """Read one operation that refers to nothing outside of it but schemas, as those are that we write.

    ``method`` is in lower case; ``source`` names the document in errors. Raises ``ContractError``.
    """
    item = {method: data}
    document = {"paths": {path: item}}
    paths = DocumentNode(document, "", document, source).mapping("paths")
    return _read_operation(paths.child(path, item), method, path)[0]


def operation_id(given: Any, method: str, path: str) -> str:
    """Return the id of an operation: the one that is ``given``, else one made of its method and path."""
    return str(given or re.sub(r"\W+", "_", f"{method}{path}").strip("_"))


def _read_operation(item: DocumentNode, method: str, path: str) -> tuple[Operation, bool]:
    """Return the operation, and whether it states its own security rather than the document's."""
    node = item.mapping(method)
    parameters = {
        _key(one): one for holder in (item, node) for one in map(_read_parameter, holder.sequence("parameters"))
    }
    request = node.mapping("requestBody", optional=True).resolved()
    operation = Operation(
        id=operation_id(node.data.get("operationId"), method, path),
        method=method.upper(),
        path=path,
        summary=str(node.data.get("summary", "")),
        description=str(node.data.get("description", "")),
        tags=tuple(one for one in node.data.get("tags", ()) if isinstance(one, str)),
        parameters=tuple(parameters.values()),
        request=_read_body(request) if request.data else None,
        responses=tuple(
            _read_response(status, one.resolved())
            for status, one in node.mapping("responses", optional=True).items(extensible=True)
        ),
        security=_read_security(node),
        security_evidence=_read_evidence(node, SECURITY_EVIDENCE),
        effect=_read_effect(node),
        effect_evidence=_read_evidence(node, EFFECT_EVIDENCE),
        behaviours=tuple(_read_behaviour(one) for one in node.sequence(BEHAVIOURS)),
        evidence=_read_evidence(node) or node.evidence(),
    )
    return operation, "security" in node.data


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter.location, parameter.name


def _read_parameter(node: DocumentNode) -> Parameter:
    node = node.resolved()
    content = node.mapping("content", optional=True)
    holder = next((part for _, part in content.items()), node)
    location = node.text("in")
    if location not in ("path", "query", "header", "cookie"):
        raise node.error(f"'in' is {location!r}, expected path, query, header or cookie")
    return Parameter(
        name=node.text("name"),
        location=location,  # type: ignore[arg-type]  # checked above
        schema=_read_schema(holder) or {},
        required=node.data.get("required"),
        description=str(node.data.get("description", "")),
        evidence=_read_evidence(node),
    )


def _read_body(node: DocumentNode) -> Body:
    return Body(
        media_types=_read_content(node),
        required=node.data.get("required"),
        description=str(node.data.get("description", "")),
        evidence=_read_evidence(node),
    )


def _read_response(status: str, node: DocumentNode) -> Response:
    return Response(
        status=status,
        media_types=_read_content(node),
        description=str(node.data.get("description", "")),
        links=tuple(one for _, link in node.mapping("links", optional=True).items() for one in _read_links(link)),
        evidence=_read_evidence(node),
        headers=tuple(_read_header(name, one) for name, one in node.mapping("headers", optional=True).items()),
    )


def _read_header(name: str, node: DocumentNode) -> Parameter:
    node = node.resolved()
    holder = next((part for _, part in node.mapping("content", optional=True).items()), node)
    return Parameter(
        name=name,
        location="header",
        schema=_read_schema(holder) or {},
        required=node.data.get("required"),
        description=str(node.data.get("description", "")),
        evidence=_read_evidence(node),
    )


def _read_links(node: DocumentNode) -> Iterator[Link]:
    """Yield a link for each value it passes; those that are no plain place in the body are left out."""
    node = node.resolved()
    operation = node.data.get("operationId")
    for location, word in (("path", "parameters"), ("body", "requestBody")):
        values = node.data.get(word)
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(operation, str) and str(value).startswith("$response.body#"):
                pointer = str(value).removeprefix("$response.body#")
                yield Link(operation, location, str(name), pointer, _read_evidence(node) or node.evidence())


def _read_effect(node: DocumentNode) -> Effect | None:
    value = node.data.get(EFFECT)
    if value not in (None, "read", "write"):
        raise node.error(f"{EFFECT} is {value!r}, expected 'read' or 'write'")
    return value  # type: ignore[no-any-return]  # checked above


def _read_content(node: DocumentNode) -> tuple[MediaType, ...]:
    return tuple(
        MediaType(
            name=name,
            schema=_read_schema(part),
            samples=_read_samples(part),
            evidence=_read_evidence(part),
        )
        for name, part in node.mapping("content", optional=True).items()
    )


def _read_samples(node: DocumentNode) -> tuple[Any, ...]:
    if "example" in node.data:
        return (node.data["example"],)
    examples = [one.resolved().data for _, one in node.mapping("examples", optional=True).items()]
    return tuple(one["value"] for one in examples if "value" in one)


def _read_schema(node: DocumentNode) -> Schema | None:
    if "schema" not in node.data:
        return None
    schema = node.data["schema"]
    return {} if schema is True else node.mapping("schema").data


def _read_security(node: DocumentNode) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(one.data) for one in node.sequence("security"))


def _read_behaviour(node: DocumentNode) -> Behaviour:
    evidence = _read_evidence(node)
    if evidence is None:
        raise node.error(f"a behaviour without {EVIDENCE}")
    return Behaviour(_behaviour_name(node), evidence, node.text_or_empty("parameter"))


def _behaviour_name(node: DocumentNode) -> str:
    name = node.text("name")
    if name not in frozenset(BehaviourName) and name not in (added := plugin_names(BEHAVIOUR_PLUGINS)):
        raise node.error(f"the behaviour {name!r} is not known{did_you_mean(name, (*BehaviourName, *added))}")
    return name


def _read_evidence(node: DocumentNode, keyword: str = EVIDENCE) -> Evidence | None:
    if keyword not in node.data:
        return None
    try:
        return Evidence.from_dict(node.data[keyword])
    except (KeyError, TypeError, ValueError) as error:
        raise node.error(f"{keyword} is no evidence: {error}") from error


def without_prose(contract: Contract) -> Contract:
    """Return the contract with facts only: no summary, description or sample; a response keeps its standard phrase."""
    return replace(
        contract,
        operations=tuple(_bare_operation(operation) for operation in contract.operations),
        schemas={name: bare_schema(schema) for name, schema in contract.schemas.items()},
        security_schemes={name: _without_description(scheme) for name, scheme in contract.security_schemes.items()},
    )


def _bare_operation(operation: Operation) -> Operation:
    request = operation.request
    return replace(
        operation,
        summary="",
        description="",
        parameters=tuple(map(_bare_parameter, operation.parameters)),
        request=replace(request, description="", media_types=_bare(request.media_types)) if request else None,
        responses=tuple(
            replace(
                response,
                description=_phrase(response.status),
                media_types=_bare(response.media_types),
                headers=tuple(map(_bare_parameter, response.headers)),
            )
            for response in operation.responses
        ),
    )


def _bare_parameter(parameter: Parameter) -> Parameter:
    return replace(parameter, description="", schema=bare_schema(parameter.schema))


def _bare(media_types: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    return tuple(
        replace(one, samples=(), schema=None if one.schema is None else bare_schema(one.schema)) for one in media_types
    )


def _phrase(status: str) -> str:
    return PHRASES.get(int(status), status) if status.isdecimal() else status


def bare_schema(schema: Schema) -> Schema:
    """Return a schema without its descriptions and titles; properties of these names stay."""
    return with_subschemas(_without_description(schema), bare_schema)


def _without_description(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("description", "title")}
