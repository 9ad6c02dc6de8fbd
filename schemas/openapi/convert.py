"""Conversion between contracts and OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1).

What OpenAPI has no word for is in ``x-docdouble-*``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from ..contract.behaviour_names import BehaviourName, behaviour_names
from ..contract.model import (
    BEHAVIOURS,
    EVIDENCE,
    Behaviour,
    Body,
    Callback,
    Contract,
    Effect,
    Encoding,
    Evidence,
    Link,
    Location,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    Server,
)
from ..dialects.dialect_registry import find_dialect
from ..errors import ConfigError, did_you_mean
from ..http import PHRASES
from ..jsonschema.subschemas import with_subschemas
from .document import DocumentNode
from .resource_keywords import RESOURCES, read_resources, resources_as_dict

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The methods that a Path Item Object has a field for (OpenAPI 3.2; 3.1 has no ``query``)."""

OTHER_METHODS = "additionalOperations"
"""The field of a Path Item Object that holds the operations of other methods, by method (OpenAPI 3.2)."""

SUNSET = "x-sunset"
EFFECT = "x-docdouble-effect"
EFFECT_EVIDENCE = "x-docdouble-effect-evidence"
SECURITY_EVIDENCE = "x-docdouble-security-evidence"
DIALECT = "x-docdouble-dialect"

_BEHAVIOURS = frozenset(BehaviourName)

Document = dict[str, Any]


def to_openapi(contract: Contract) -> Document:
    """Return the contract as an OpenAPI 3.1 document that ``from_openapi`` reads back without loss."""
    document: Document = {"openapi": "3.1.0", "info": {"title": contract.title, "version": contract.version}}
    if contract.servers:
        document["servers"] = [_server(server) for server in contract.servers]
    document["paths"] = _path_items(contract.operations)
    if contract.webhooks:
        document["webhooks"] = _path_items(contract.webhooks)
    components = {"schemas": dict(contract.schemas), "securitySchemes": dict(contract.security_schemes)}
    document["components"] = {name: part for name, part in components.items() if part}
    return {**document, **_filled(**{DIALECT: contract.dialect, RESOURCES: resources_as_dict(contract.resources)})}


def _path_items(operations: Iterable[Operation]) -> Document:
    """Return the operations by path and method; methods that OpenAPI 3.1 has no field for are in an extension."""
    items: dict[str, Any] = {}
    for operation in operations:
        item, method = items.setdefault(operation.path, {}), operation.method.lower()
        holder = item if method in METHODS[:-1] else item.setdefault(f"x-{OTHER_METHODS}", {})
        holder[method if holder is item else operation.method] = _operation(operation)
    return items


def _server(server: Server) -> Document:
    named = _filled(description=server.description, name=server.name)
    return {
        "url": server.url,
        **_filled(variables={key: dict(variable) for key, variable in server.variables.items()}),
        **named,
    }


def _operation(operation: Operation) -> Document:
    scopes = operation.scopes or tuple(tuple(() for _ in names) for names in operation.security)
    return _filled(
        operationId=operation.id,
        tags=list(operation.tags),
        summary=operation.summary,
        description=operation.description,
        parameters=[_parameter(parameter) for parameter in operation.parameters],
        requestBody=_body(operation.request) if operation.request else None,
        responses={response.status: _response(response) for response in operation.responses},
        callbacks=_callbacks(operation.callbacks),
        deprecated=operation.deprecated,
        security=[
            {name: list(needed) for name, needed in zip(names, of_scheme, strict=True)}
            for names, of_scheme in zip(operation.security, scopes, strict=True)
        ],
        servers=[_server(server) for server in operation.servers],
        externalDocs=_filled(url=operation.external_docs),
        **{
            SUNSET: operation.sunset,
            EFFECT: operation.effect,
            EFFECT_EVIDENCE: _evidence(operation.effect_evidence),
            SECURITY_EVIDENCE: _evidence(operation.security_evidence),
            BEHAVIOURS: [_behaviour(behaviour) for behaviour in operation.behaviours],
            EVIDENCE: _evidence(operation.evidence),
        },
    )


def _callbacks(callbacks: tuple[Callback, ...]) -> Document:
    names = dict.fromkeys(callback.name for callback in callbacks)
    return {name: _path_items(callback.operation for callback in callbacks if callback.name == name) for name in names}


def _parameter(parameter: Parameter) -> Document:
    stated = {"required": parameter.required, "explode": parameter.explode}
    schema = {"schema": parameter.schema}
    return {
        "name": parameter.name,
        "in": parameter.location,
        **{key: value for key, value in stated.items() if value is not None},
        **_filled(
            description=parameter.description,
            style=parameter.style,
            allowReserved=parameter.allow_reserved,
            allowEmptyValue=parameter.allow_empty,
            deprecated=parameter.deprecated,
            examples=_samples(parameter.samples, ()),
        ),
        **({"content": {parameter.content: schema}} if parameter.content else schema),
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
            links={f"{link.operation}.{link.name}": _link(link) for link in response.links},
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
    return {
        **schema,
        **({} if media_type.item_schema is None else {"itemSchema": media_type.item_schema}),
        **_filled(
            examples=_samples(media_type.samples, media_type.sample_names),
            encoding={name: _encoding(encoding) for name, encoding in media_type.encoding.items()},
            **{EVIDENCE: _evidence(media_type.evidence)},
        ),
    }


def _samples(samples: tuple[Any, ...], names: tuple[str, ...]) -> Document:
    named = zip(names or _unnamed(len(samples)), samples, strict=True)
    return {name: {"value": value} for name, value in named}


def _unnamed(count: int) -> list[str]:
    """Return the names under which samples are written that have none."""
    return [f"sample{number or ''}" for number in range(count)]


def _encoding(encoding: Encoding) -> Document:
    explode = {} if encoding.explode is None else {"explode": encoding.explode}
    return {
        **_filled(
            contentType=", ".join(encoding.content_types),
            headers={header.name: _header(header) for header in encoding.headers},
            style=encoding.style,
            allowReserved=encoding.allow_reserved,
        ),
        **explode,
    }


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
    is_partial = "webhooks" in root.data or "components" in root.data
    paths, webhooks = root.mapping("paths", optional=is_partial), root.mapping("webhooks", optional=True)
    components = root.mapping("components", optional=True)
    schemas = {name: node.data for name, node in components.mapping("schemas", optional=True).items()}
    security = components.mapping("securitySchemes", optional=True)
    components.check_references(schemas)
    paths.check_references(schemas, named=True)
    return Contract(
        title=str(info.data.get("title", "")),
        version=str(info.data.get("version", "")),
        operations=tuple(_with_security(operation, root) for operation in _read_path_items(paths)),
        schemas=schemas,
        security_schemes={name: node.data for name, node in security.items()},
        servers=_read_servers(root),
        resources=read_resources(root),
        webhooks=tuple(operation for operation, _ in _read_path_items(webhooks)),
        dialect=_read_dialect(root),
    )


def _read_path_items(paths: DocumentNode) -> Iterator[tuple[Operation, bool]]:
    """Yield the operations of a map of path items, each with whether it states its own security."""
    for path, item in paths.items(extensible=True):
        resolved = item.resolved()
        for method in resolved.data:
            if method in METHODS:
                yield _read_operation(resolved, resolved.mapping(method), method, path)
        for word in (OTHER_METHODS, f"x-{OTHER_METHODS}"):
            for method, node in resolved.mapping(word, optional=True).items():
                yield _read_operation(resolved, node, method, path)


def _with_security(operation: tuple[Operation, bool], root: DocumentNode) -> Operation:
    read, has_own = operation
    if has_own:
        return read
    security, scopes = _read_security(root)
    return replace(read, security=security, scopes=scopes)


def _read_servers(node: DocumentNode) -> tuple[Server, ...]:
    return tuple(
        Server(
            str(server.data.get("url", "")),
            {name: variable.data for name, variable in server.mapping("variables", optional=True).items()},
            str(server.data.get("description", "")),
            str(server.data.get("name", "")),
        )
        for server in node.sequence("servers")
    )


def operation_from_openapi(data: Any, method: str, path: str, source: str) -> Operation:
    """Read one operation that refers to nothing outside of it but schemas, as those are that we write.

    ``method`` is in lower case; ``source`` names the document in errors. Raises ``ContractError``.
    """
    item = {method: data}
    document = {"paths": {path: item}}
    paths = DocumentNode(document, "", document, source).mapping("paths")
    holder = paths.child(path, item)
    return _read_operation(holder, holder.mapping(method), method, path)[0]


def operation_id(documented: Any, method: str, path: str) -> str:
    """Return the id of an operation: the ``documented`` one, else one made of its method and path."""
    return str(documented or re.sub(r"\W+", "_", f"{method}{path}").strip("_"))


def _read_operation(item: DocumentNode, node: DocumentNode, method: str, path: str) -> tuple[Operation, bool]:
    """Return the operation, and whether it states its own security rather than the document's."""
    parameters = {
        _key(parameter): parameter
        for holder in (item, node)
        for parameter in map(_read_parameter, holder.sequence("parameters"))
    }
    request = node.mapping("requestBody", optional=True).resolved()
    security, scopes = _read_security(node)
    operation = Operation(
        id=operation_id(node.data.get("operationId"), method, path),
        method=method.upper(),
        path=path,
        summary=str(node.data.get("summary", "")),
        description=str(node.data.get("description", "")),
        tags=tuple(tag for tag in node.data.get("tags", ()) if isinstance(tag, str)),
        parameters=tuple(parameters.values()),
        request=_read_body(request) if request.data else None,
        responses=tuple(
            _read_response(status, response.resolved())
            for status, response in node.mapping("responses", optional=True).items(extensible=True)
        ),
        security=security,
        scopes=scopes,
        servers=_read_servers(node) or _read_servers(item),
        deprecated=node.data.get("deprecated") is True,
        sunset=str(node.data.get(SUNSET, "")),
        external_docs=str(node.mapping("externalDocs", optional=True).data.get("url", "")),
        callbacks=tuple(_read_callbacks(node)),
        security_evidence=node.read_evidence(SECURITY_EVIDENCE),
        effect=_read_effect(node),
        effect_evidence=node.read_evidence(EFFECT_EVIDENCE),
        behaviours=tuple(_read_behaviour(behaviour) for behaviour in node.sequence(BEHAVIOURS)),
        evidence=node.read_evidence() or node.evidence(),
    )
    return operation, "security" in node.data


def _key(parameter: Parameter) -> tuple[str, str]:
    return parameter.location, parameter.name


def _read_parameter(node: DocumentNode) -> Parameter:
    node = node.resolved()
    location = node.text("in")
    if location not in get_args(Location):
        raise node.error(f"'in' is {location!r}, expected path, query, header, cookie or querystring")
    return _read_parameter_of(node, node.text("name"), location)  # type: ignore[arg-type]  # checked above


def _read_parameter_of(node: DocumentNode, name: str, location: Location) -> Parameter:
    """Read what a Parameter Object and a Header Object have in common."""
    content = next(node.mapping("content", optional=True).items(), None)
    holder = content[1] if content else node
    return Parameter(
        name=name,
        location=location,
        schema=_read_schema(holder) or {},
        required=node.data.get("required"),
        description=str(node.data.get("description", "")),
        evidence=node.read_evidence(),
        style=str(node.data.get("style", "")),
        explode=node.data.get("explode"),
        allow_reserved=node.data.get("allowReserved") is True,
        allow_empty=node.data.get("allowEmptyValue") is True,
        content=content[0] if content else "",
        deprecated=node.data.get("deprecated") is True,
        samples=tuple(_read_samples(node).values()) or tuple(_read_samples(holder).values()),
    )


def _read_callbacks(node: DocumentNode) -> Iterator[Callback]:
    for name, callback in node.mapping("callbacks", optional=True).items(extensible=True):
        for operation, _ in _read_path_items(callback.resolved()):
            yield Callback(name, operation)


def _read_body(node: DocumentNode) -> Body:
    return Body(
        media_types=_read_content(node),
        required=node.data.get("required"),
        description=str(node.data.get("description", "")),
        evidence=node.read_evidence(),
    )


def _read_response(status: str, node: DocumentNode) -> Response:
    return Response(
        status=status,
        media_types=_read_content(node),
        description=str(node.data.get("description", "")),
        links=tuple(link for _, part in node.mapping("links", optional=True).items() for link in _read_links(part)),
        evidence=node.read_evidence(),
        headers=tuple(_read_header(name, header) for name, header in node.mapping("headers", optional=True).items()),
    )


def _read_header(name: str, node: DocumentNode) -> Parameter:
    return _read_parameter_of(node.resolved(), name, "header")


def _read_links(node: DocumentNode) -> Iterator[Link]:
    """Yield a link for each value it passes; those that are no plain place in the body are left out."""
    node = node.resolved()
    operation = node.data.get("operationId")
    for location, word in (("path", "parameters"), ("body", "requestBody")):
        values = node.data.get(word)
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(operation, str) and str(value).startswith("$response.body#"):
                pointer = str(value).removeprefix("$response.body#")
                yield Link(operation, location, str(name), pointer, node.read_evidence() or node.evidence())


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
            samples=tuple(samples.values()),
            sample_names=() if list(samples) in ([""], _unnamed(len(samples))) else tuple(samples),
            evidence=part.read_evidence(),
            encoding={
                key: _read_encoding(encoding) for key, encoding in part.mapping("encoding", optional=True).items()
            },
            item_schema=_read_schema(part, "itemSchema"),
        )
        for name, part in node.mapping("content", optional=True).items()
        for samples in [_read_samples(part)]
    )


def _read_encoding(node: DocumentNode) -> Encoding:
    content_types = str(node.data.get("contentType", ""))
    return Encoding(
        content_types=tuple(name.strip() for name in content_types.split(",") if name.strip()),
        headers=tuple(_read_header(name, header) for name, header in node.mapping("headers", optional=True).items()),
        style=str(node.data.get("style", "")),
        explode=node.data.get("explode"),
        allow_reserved=node.data.get("allowReserved") is True,
    )


def _read_samples(node: DocumentNode) -> dict[str, Any]:
    """Return the documented values by name."""
    if "example" in node.data:
        return {"": node.data["example"]}
    examples = {name: example.resolved().data for name, example in node.mapping("examples", optional=True).items()}
    return {name: example["value"] for name, example in examples.items() if "value" in example}


def _read_schema(node: DocumentNode, key: str = "schema") -> Schema | None:
    if key not in node.data:
        return None
    return as_schema(node.data[key]) if isinstance(node.data[key], bool) else node.mapping(key).data


def as_schema(schema: Any) -> Schema:
    """Return a boolean schema as an object (JSON Schema 2020-12, section 4.3.2), any other as it is."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return dict(schema)


def _read_security(node: DocumentNode) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[tuple[str, ...], ...], ...]]:
    """Return the names of the schemes of each alternative, and their scopes: empty where there are none."""
    alternatives = [alternative.data for alternative in node.sequence("security")]
    names = tuple(tuple(alternative) for alternative in alternatives)
    scopes = tuple(
        tuple(tuple(map(str, needed or ())) for needed in alternative.values()) for alternative in alternatives
    )
    return names, scopes if any(map(any, scopes)) else ()


def _read_behaviour(node: DocumentNode) -> Behaviour:
    evidence = node.read_evidence()
    if evidence is None:
        raise node.error(f"a behaviour without {EVIDENCE}")
    return Behaviour(_behaviour_name(node), evidence, node.text_or_empty("parameter"))


def _behaviour_name(node: DocumentNode) -> str:
    name = node.text("name")
    if name not in _BEHAVIOURS and name not in (known := behaviour_names()):
        raise node.error(f"the behaviour {name!r} is not known{did_you_mean(name, known)}")
    return name


def _read_dialect(root: DocumentNode) -> str:
    """Return the name of a dialect that is installed."""
    name = root.text_or_empty(DIALECT)
    try:
        return find_dialect(name).name if name else ""
    except ConfigError as error:
        raise root.child(DIALECT, name).error(str(error)) from error


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
        replace(media_type, samples=(), schema=None if media_type.schema is None else bare_schema(media_type.schema))
        for media_type in media_types
    )


def _phrase(status: str) -> str:
    return PHRASES.get(int(status), status) if status.isdecimal() else status


def bare_schema(schema: Schema) -> Schema:
    """Return a schema without its descriptions and titles; properties of these names stay."""
    return with_subschemas(_without_description(schema), bare_schema)


def _without_description(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("description", "title")}
