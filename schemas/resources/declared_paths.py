"""Declared roles of operations on a path: what a user says of a list, or of the only one of a kind."""

from dataclasses import replace

from ..contract.evidence import as_assumed
from ..contract.media_types import primary_schema
from ..contract.model import Contract, Operation
from ..contract.parameter_values import schema_branches, value_kinds
from ..contract.paths import path_variables
from ..contract.resources import STORING, WHOLE_BODY, RequestPlace, Resource, Role, RoleName
from .entity_keys import key_property, members_of
from .path_resources import answered_entity, listed_entity, path_template, sent_entity

_ASKING = frozenset({"read", "update", "patch", "delete", "action"})


def declared_path_resource(resource: Resource, path: str, key: str, contract: Contract) -> Resource | str:
    """Return a resource whose entities live in the list at a path, or what the path would have to be."""
    below = [
        operation
        for operation in contract.operations
        if f"{path_template(operation.path)}/".startswith(f"{path_template(path)}/")
    ]
    if not below:
        return "the path of an operation, or the beginning of one"
    own = path.count("{")
    variables = [path_variables(operation.path)[own] for operation in below if operation.path.count("{") > own]
    variable = variables[0] if variables else ""
    finders = (answered_entity, listed_entity, sent_entity)
    known = [
        members_of(schema, contract) for operation in below for find in finders if (schema := find(operation, contract))
    ]
    names = (path.rpartition("/")[2],)
    texts = frozenset({"string", "integer"})
    keys = (key_property(variable or "id", texts, names, properties, contract) for properties in known)
    has_list = any(
        path_template(operation.path) == path_template(path) and listed_entity(operation, contract)
        for operation in below
    )
    return replace(
        resource,
        path=path.rstrip("/"),
        key=key or resource.key or next(filter(None, keys), ""),
        variable=resource.variable or variable,
        singleton=not variable and not has_list and not resource.variable,
    )


def declared_path_role(
    operation: Operation, name: RoleName, resource: Resource, contract: Contract, why: str
) -> Role | str:
    """Return the role of an operation for a resource that paths tell, or what it would have to be to have it."""
    variables = path_variables(operation.path)
    own = resource.path.count("{")
    asks = name in _ASKING and not resource.singleton
    if asks and len(variables) <= own:
        return "an operation whose path names one, or more of what is above it"
    key = RequestPlace("path", variables[own]) if asks else None
    schema = primary_schema(operation.request.media_types) if operation.request else None
    kinds = value_kinds(tuple(schema_branches(schema, contract)))
    is_array = "array" in kinds and "object" not in kinds
    entity = WHOLE_BODY if operation.request and (name in STORING or name == "action") else None
    parents = tuple(RequestPlace("path", variable) for variable in variables if key is None or variable != key.name)
    many = name in ("list", "search") or (name == "create" and is_array)
    role: RoleName = "list" if name == "search" else "create" if name == "save" else name
    return Role(operation.id, role, why, key, entity, many, evidence=as_assumed(operation.evidence), parents=parents)
