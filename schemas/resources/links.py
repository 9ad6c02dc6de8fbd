"""Links between operations: the field of an answer that other operations ask for, and operations that only read.

Both are worked out from names alone, so both are assumed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from ..contract.evidence import as_assumed
from ..contract.media_types import primary_schema
from ..contract.model import (
    COMPONENT_PREFIX,
    Contract,
    Effect,
    Link,
    Operation,
    Response,
    Schema,
    non_null,
    types_of,
)
from ..dialects.base import Dialect
from ..http import SAFE_METHODS
from ..json_pointer import escape_token
from .naming import plain_name

_PATH_VARIABLE = re.compile(r"/(?P<resource>[^/{}]+)/\{(?P<name>[^{}]+)\}")
_WORD = re.compile(r"[A-Z][a-z0-9]*|[a-z0-9]+")

Consumer = tuple[str, str, str]
"""An operation's id, and where it asks for a key: ``path`` or ``body``, and the name there."""


def with_flow(contract: Contract, dialect: Dialect) -> Contract:
    """Return the contract with effects, and a link from each answer with a key to each operation that asks for it."""
    consumers: defaultdict[str, list[Consumer]] = defaultdict(list)
    for operation in contract.operations:
        for key, location, name in _asked(operation, contract, dialect):
            consumers[key].append((operation.id, location, name))
    return replace(
        contract,
        operations=tuple(_flowing(operation, contract, dialect, consumers) for operation in contract.operations),
    )


def _flowing(
    operation: Operation, contract: Contract, dialect: Dialect, consumers: dict[str, list[Consumer]]
) -> Operation:
    success = operation.success()
    assumed = as_assumed(operation.evidence)
    links: tuple[Link, ...] = ()
    if assumed and success and (entity_key := _key(success, contract, dialect)):
        key, pointer = entity_key
        links = tuple(
            Link(target, location, name, pointer, assumed)
            for target, location, name in consumers.get(key, ())
            if target != operation.id
        )
    responses = tuple(
        replace(response, links=links) if response is success else response for response in operation.responses
    )
    return replace(operation, responses=responses, effect=effect(operation, dialect), effect_evidence=assumed)


def effect(operation: Operation, dialect: Dialect) -> Effect:
    """Tell whether an operation reads or writes: by its method, and for POST by the verb its name starts with."""
    if operation.method in SAFE_METHODS:
        return "read"
    return "read" if operation.method == "POST" and dialect.verbs.reads(operation.id) else "write"


def _key(response: Response, contract: Contract, dialect: Dialect) -> tuple[str, str] | None:
    """Return the key of the entity that an answer holds, folded, and the JSON Pointer to it."""
    schema = primary_schema(response.media_types)
    prefix = ""
    if schema and "items" in (resolved := contract.resolve(non_null(schema))):
        schema, prefix = resolved["items"], "/0"
    named = str(non_null(schema or {}).get("$ref", "")).removeprefix(COMPONENT_PREFIX)
    if not named:
        return None
    key = f"{_entity_name(named, dialect)}id"
    for name, part in contract.schemas[named].get("properties", {}).items():
        if _folded(name, dialect) == key and _is_key(part):
            return key, f"{prefix}/{escape_token(name)}"
    return None


def _asked(operation: Operation, contract: Contract, dialect: Dialect) -> Iterator[tuple[str, str, str]]:
    """Yield the keys that an operation asks for, folded, each with its place and its name there."""
    resources = {match["name"]: match["resource"] for match in _PATH_VARIABLE.finditer(operation.path)}
    for parameter in operation.parameters:
        if parameter.location == "path" and _is_key(parameter.schema):
            name = f"{resources.get(parameter.name, '')}Id" if parameter.name.lower() == "id" else parameter.name
            yield _folded(name, dialect), "path", parameter.name
    schema = primary_schema(operation.request.media_types) if operation.request else None
    record = contract.resolve(non_null(schema or {}))
    for name, part in record.get("properties", {}).items():
        if name.lower().endswith("id") and _is_key(part):
            yield _folded(name, dialect), "body", name


def _is_key(schema: Schema) -> bool:
    return types_of(schema) == ("integer",)


def _entity_name(name: str, dialect: Dialect) -> str:
    """Return what a type's name names, folded: ``AppointmentEntityWithLinks`` is an ``appointment``."""
    name = plain_name(name)
    for suffix in dialect.type_suffixes:
        name = name.removesuffix(suffix) or name
    return name.lower()


def _folded(name: str, dialect: Dialect) -> str:
    """Return a key's name without letter case and without the suffix of its type: ``appointmentEntityId``."""
    if not name.lower().endswith("id"):
        return ""
    words = _WORD.findall(name[:-2])
    if len(words) > 1 and words[-1] in dialect.type_suffixes:
        words = words[:-1]
    return f"{''.join(words).lower()}id"
