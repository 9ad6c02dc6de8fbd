"""Names of schemas and security schemes that several documents use: those of unlike components are kept apart."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from ..contract.model import (
    COMPONENT_PREFIX,
    Callback,
    Contract,
    Encoding,
    MediaType,
    Operation,
    Parameter,
    Schema,
)
from ..jsonschema.subschemas import named_components, with_subschemas

_ANNOTATIONS = frozenset(("title", "description", "example", "examples", "externalDocs", "$comment"))


def with_names_apart(contract: Contract, other: Contract) -> Contract:
    """Return a contract in which no schema and no security scheme has the name of an unlike one of another."""
    schemas = _new_names(_unlike_schemas(contract, other), {*contract.schemas, *other.schemas})
    ours, theirs = contract.security_schemes, other.security_schemes
    unlike = [name for name, scheme in ours.items() if name in theirs and _plain(scheme) != _plain(theirs[name])]
    security = _new_names(unlike, {*ours, *theirs})
    if not schemas and not security:
        return contract
    names = _Names(contract, schemas)
    return replace(
        contract,
        schemas={schemas.get(name, name): names.schema(schema, name) for name, schema in contract.schemas.items()},
        security_schemes={security.get(name, name): scheme for name, scheme in ours.items()},
        operations=tuple(_operation(operation, names.schema, security) for operation in contract.operations),
        webhooks=tuple(_operation(operation, names.schema, security) for operation in contract.webhooks),
    )


def _unlike_schemas(contract: Contract, other: Contract) -> set[str]:
    """Return the names whose schemas differ, or lead to such."""
    shared = contract.schemas.keys() & other.schemas.keys()
    unlike = {name for name in shared if _meaning(contract.schemas[name]) != _meaning(other.schemas[name])}
    leading_to = {name: set(named_components(contract.schemas[name])) for name in shared}
    while more := {name for name in shared - unlike if leading_to[name] & unlike}:
        unlike |= more
    return unlike


def _meaning(schema: Schema) -> Schema:
    parts = with_subschemas(schema, _meaning)
    return {key: part for key, part in parts.items() if key not in _ANNOTATIONS and not key.startswith("x-")}


def _plain(scheme: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in scheme.items() if key != "description" and not key.startswith("x-")}


def _component(ref: Any) -> str:
    return ref.removeprefix(COMPONENT_PREFIX) if isinstance(ref, str) and ref.startswith(COMPONENT_PREFIX) else ""


def _new_names(names: Iterable[str], taken: Container[str]) -> dict[str, str]:
    return {name: next(f"{name}_{number}" for number in count(2) if f"{name}_{number}" not in taken) for name in names}


class _Names:
    """New names of the schemas of a contract."""

    def __init__(self, contract: Contract, new: Mapping[str, str]) -> None:
        self._contract = contract
        self._new = new

    def schema(self, schema: Schema, name: str = "") -> Schema:
        """Return a schema, which may have a ``name``, with its references by their new names."""
        changed = with_subschemas(schema, self.schema)
        if "$ref" in schema:
            changed["$ref"] = self._reference(schema["$ref"])
        if isinstance(schema.get("discriminator"), dict):
            changed["discriminator"] = self._discriminator(schema, name)
        return changed

    def _discriminator(self, schema: Schema, name: str) -> dict[str, Any]:
        """Return a discriminator that finds what has a new name by the old one, too."""
        discriminator: dict[str, Any] = schema["discriminator"]
        mapping = discriminator.get("mapping")
        mapping = mapping if isinstance(mapping, dict) else {}
        named = {value: self._reference(target) for value, target in mapping.items()}
        branches = [part for word in ("oneOf", "anyOf") for part in schema.get(word, ()) if isinstance(part, dict)]
        implicit = [_component(part.get("$ref")) for part in branches]
        for child, inner in self._contract.schemas.items() if name else ():
            parents = [_component(part.get("$ref")) for part in inner.get("allOf", ()) if isinstance(part, dict)]
            implicit += [child] if name in parents else []
        for old in implicit:
            if old in self._new and COMPONENT_PREFIX + old not in mapping.values():
                named.setdefault(old, COMPONENT_PREFIX + self._new[old])
        return {**discriminator, "mapping": named} if named else discriminator

    def _reference(self, ref: Any) -> Any:
        new = self._new.get(_component(ref))
        return COMPONENT_PREFIX + new if new else ref


def _operation(operation: Operation, change: Callable[[Schema], Schema], security: Mapping[str, str]) -> Operation:
    request = operation.request
    responses = (
        replace(
            response,
            media_types=tuple(_media_type(media_type, change) for media_type in response.media_types),
            headers=_parameters(response.headers, change),
        )
        for response in operation.responses
    )
    callbacks = (
        Callback(callback.name, _operation(callback.operation, change, security)) for callback in operation.callbacks
    )
    body = tuple(_media_type(media_type, change) for media_type in request.media_types) if request else ()
    return replace(
        operation,
        parameters=_parameters(operation.parameters, change),
        request=replace(request, media_types=body) if request else None,
        responses=tuple(responses),
        callbacks=tuple(callbacks),
        security=tuple(tuple(security.get(name, name) for name in names) for names in operation.security),
    )


def _parameters(parameters: tuple[Parameter, ...], change: Callable[[Schema], Schema]) -> tuple[Parameter, ...]:
    return tuple(replace(parameter, schema=change(parameter.schema)) for parameter in parameters)


def _media_type(media_type: MediaType, change: Callable[[Schema], Schema]) -> MediaType:
    encodings: dict[str, Encoding] = {
        name: replace(encoding, headers=_parameters(encoding.headers, change))
        for name, encoding in media_type.encoding.items()
    }
    return replace(
        media_type,
        schema=None if media_type.schema is None else change(media_type.schema),
        item_schema=None if media_type.item_schema is None else change(media_type.item_schema),
        encoding=encodings,
    )
