"""OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1) of contracts.

What OpenAPI has no word for is in ``x-docdouble-*``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..contract.model import (
    BEHAVIOURS,
    EVIDENCE,
    Behaviour,
    Body,
    Callback,
    Contract,
    Encoding,
    Evidence,
    Link,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    Server,
)
from ..http import PHRASES
from ..jsonschema.subschemas import with_subschemas
from .keywords import (
    DIALECT,
    DOCUMENTS_NULL,
    EFFECT,
    EFFECT_EVIDENCE,
    ITEM_SCHEMA,
    METHODS,
    OTHER_METHODS,
    SECURITY_EVIDENCE,
    SUNSET,
    unnamed_samples,
)
from .resource_keywords import RESOURCES, resources_as_dict

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
    if not contract.documents_null:
        document[DOCUMENTS_NULL] = False
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
        **({} if media_type.item_schema is None else {ITEM_SCHEMA: media_type.item_schema}),
        **_filled(
            examples=_samples(media_type.samples, media_type.sample_names),
            encoding={name: _encoding(encoding) for name, encoding in media_type.encoding.items()},
            **{EVIDENCE: _evidence(media_type.evidence)},
        ),
    }


def _samples(samples: tuple[Any, ...], names: tuple[str, ...]) -> Document:
    named = zip(names or unnamed_samples(len(samples)), samples, strict=True)
    return {name: {"value": value} for name, value in named}


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


def without_prose(contract: Contract) -> Contract:
    """Return the contract with facts only: no summary, description or sample; a response keeps its standard phrase."""
    return replace(
        contract,
        operations=tuple(map(_bare_operation, contract.operations)),
        webhooks=tuple(map(_bare_operation, contract.webhooks)),
        servers=tuple(map(_bare_server, contract.servers)),
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
        servers=tuple(map(_bare_server, operation.servers)),
        callbacks=tuple(
            replace(callback, operation=_bare_operation(callback.operation)) for callback in operation.callbacks
        ),
    )


def _bare_server(server: Server) -> Server:
    variables = {name: _without_description(variable) for name, variable in server.variables.items()}
    return replace(server, description="", variables=variables)


def _bare_parameter(parameter: Parameter) -> Parameter:
    return replace(parameter, description="", samples=(), schema=bare_schema(parameter.schema))


def _bare(media_types: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    return tuple(map(_bare_media_type, media_types))


def _bare_media_type(media_type: MediaType) -> MediaType:
    schema, item_schema = (
        None if part is None else bare_schema(part) for part in (media_type.schema, media_type.item_schema)
    )
    encodings = {
        name: replace(encoding, headers=tuple(map(_bare_parameter, encoding.headers)))
        for name, encoding in media_type.encoding.items()
    }
    bare = replace(media_type, samples=(), sample_names=(), schema=schema, item_schema=item_schema)
    return replace(bare, encoding=encodings)


def _phrase(status: str) -> str:
    return PHRASES.get(int(status), status) if status.isdecimal() else status


def bare_schema(schema: Schema) -> Schema:
    """Return a schema without its descriptions and titles; properties of these names stay."""
    return with_subschemas(_without_description(schema), bare_schema)


def _without_description(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("description", "title")}
