"""Bundling of a schema with the components that it refers to: JSON Schema 2020-12 with ``$defs``."""

import re
from collections.abc import Iterator, Mapping

from ..contract.media_types import primary_schema
from ..contract.model import COMPONENT_PREFIX, Contract, Operation, Schema
from .subschemas import named_components, with_subschemas

META_SCHEMA = "https://json-schema.org/draft/2020-12/schema"

_NO_FILE_NAME = re.compile(r"[^\w.-]+|\A\.+", re.ASCII)


def bundle(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    """Return ``schema`` with every component that it reaches under ``$defs``."""
    reached = reached_components(schema, components)
    definitions = {"$defs": {name: _localise(reached[name]) for name in sorted(reached)}} if reached else {}
    return {"$schema": META_SCHEMA, **_localise(schema), **definitions}


def reached_components(schema: Schema, components: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return every component that a schema refers to, itself or over others."""
    reached: dict[str, Schema] = {}
    waiting = list(named_components(schema))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached[name] = components[name]
            waiting += named_components(components[name])
    return reached


def standalone(contract: Contract) -> Iterator[tuple[str, Schema]]:
    """Yield a file name and a stand-alone schema for every documented request and response body.

    Media types whose schema is not that of the JSON have files of their own.
    """
    for operation in contract.operations:
        for part, schema in _bodies(operation):
            titled = {"title": f"{operation.label}: {part.replace('.', ' ')}", **schema}
            yield _NO_FILE_NAME.sub("_", f"{operation.id}.{part}.json"), bundle(titled, contract.schemas)


def _bodies(operation: Operation) -> Iterator[tuple[str, Schema]]:
    request = operation.request.media_types if operation.request else ()
    described = [
        ("request", request),
        *((f"response.{response.status}", response.media_types) for response in operation.responses),
    ]
    for part, media_types in described:
        primary = primary_schema(media_types)
        if primary:
            yield part, primary
        others = (
            (media_type.name, media_type.schema)
            for media_type in media_types
            if media_type.schema and media_type.schema != primary
        )
        yield from ((f"{part}.{name}", schema) for name, schema in others)


def _localise(schema: Schema) -> Schema:
    copy = with_subschemas(schema, _localise)
    if isinstance(ref := copy.get("$ref"), str) and ref.startswith(COMPONENT_PREFIX):
        copy["$ref"] = "#/$defs/" + ref.removeprefix(COMPONENT_PREFIX)
    return copy
