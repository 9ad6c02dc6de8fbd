"""References between entities that are named as what they lead to: ``owner: 7`` of a pet is the key of an owner.

A name counts where all requests that have it want a value of the key's kind: a number, or a UUID. Where keys are any
text, such as a slug, it may be a reference, or be a text like others.
"""

from collections.abc import Iterator

from docdouble.schemas import Contract, Operation, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.words import singular

from ..generation.fields import kind_of_values, request_body_schema, resolve_schema

_OF_COLLECTIONS = frozenset({"list", "create", "read", "update", "patch", "delete"})
"""Roles of operations whose paths lead to a list or to something in it."""

_Kind = tuple[str, str]
"""The JSON type of a key, and its format where that is a text."""

_ANY_TEXT = ("string", "")


def named_references(contract: Contract) -> dict[str, str]:
    """Return the names of properties and query parameters, in lower case, that hold keys, each with the resource."""
    return {name: resource for name, (resource, kind) in _references(contract).items() if kind != _ANY_TEXT}


def possible_references(contract: Contract) -> dict[str, str]:
    """Return the names that hold keys, and those that may do so because keys are any text."""
    return {name: resource for name, (resource, _) in _references(contract).items()}


def _references(contract: Contract) -> dict[str, tuple[str, _Kind]]:
    kinds = {
        name: (resource.name, kind)
        for resource in contract.resources.resources
        for name, kind in _keys(resource, contract)
    }
    wanted: dict[str, set[_Kind]] = {}
    for operation in contract.operations if kinds else ():
        for name, schema in _members(operation, contract):
            if name in kinds:
                wanted.setdefault(name, set()).add(_kind(schema, contract))
    return {name: kinds[name] for name, used_kinds in wanted.items() if used_kinds == {kinds[name][1]}}


def _keys(resource: Resource, contract: Contract) -> Iterator[tuple[str, _Kind]]:
    """Yield what one entity of a resource is called, with the kind of its key."""
    for view, key in resource.views.items():
        schema = members_of({"$ref": f"{COMPONENT_PREFIX}{view}"}, contract).get(key)
        if isinstance(schema, dict) and any(kind := _kind(schema, contract)):
            yield from ((name, kind) for name in entity_names(resource, contract))


def entity_names(resource: Resource, contract: Contract) -> frozenset[str]:
    """Return the names of one entity of a resource: that of its type, and in a document those in its paths, too.

    A type may be called ``OwnerOut`` where the list of them is ``/owners``.
    """
    operations = {operation.id: operation.path for operation in contract.operations if not contract.dialect}
    paths = (operations.get(role.operation, "") for role in resource.roles if role.name in _OF_COLLECTIONS)
    fixed = ([step for step in path.split("/") if step[:1] not in ("", "{")] for path in (*paths, resource.path))
    return frozenset({resource.name, *(singular(squeezed(steps[-1])) for steps in fixed if steps)})


def _members(operation: Operation, contract: Contract) -> Iterator[tuple[str, Schema]]:
    """Yield what a request may hold near its root, by its singular name in lower case."""
    for name, schema in members_of(request_body_schema(operation), contract).items():
        if isinstance(schema, dict):
            yield singular(name.lower()), schema
    for parameter in operation.parameters:
        if parameter.location == "query":
            yield singular(parameter.name.lower()), parameter.schema


def _kind(outer: Schema, contract: Contract) -> _Kind:
    """Return the kind of a key, also of several in an array; nothing for a value that may be anything."""
    schema, _ = resolve_schema(outer, contract)
    kind = kind_of_values(schema)
    if kind == "array" and isinstance(schema.get("items"), dict):
        return _kind(schema["items"], contract)
    if "enum" in schema or kind not in ("integer", "string"):
        return "", ""
    if kind == "integer":
        return "integer", ""
    return ("string", schema.get("format", "")) if schema.get("format") in (None, "uuid") else ("", "")
