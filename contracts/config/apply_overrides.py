"""Overrides of the resources of a contract: roles, views and keys that a user declares in ``[resources]``."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.contract.resources import Resource, Resources, Role, RoleName, UnassignedOperations
from docdouble.schemas.resources.declared_paths import declared_path_resource, declared_path_role
from docdouble.schemas.resources.declared_role import declared_role
from docdouble.schemas.resources.naming import type_key
from docdouble.schemas.resources.related_types import RelatedTypes, related_types_of_views
from docdouble.schemas.resources.signature import object_properties, typed_value

from .config import ResourceOverride

OVERRIDE_REASON = "docdouble.toml says so"
"""The reason of a role that a user declares."""


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A table ``[resources.NAME]``; ``where`` is its dotted key."""

    where: str
    override: ResourceOverride
    contract: Contract

    def operation(self, role: str, name: str) -> Operation:
        """Find an operation as ``docdouble show`` does."""
        try:
            return self.contract.operation(name)
        except ConfigError as error:
            raise ConfigError(f"{self.where}.{role}", name, error.valid, error.expected) from error


def with_overrides(contract: Contract, overrides: Mapping[str, ResourceOverride]) -> Contract:
    """Return the contract with its resources as a user declares them; raises ``ConfigError`` for unknown names."""
    resources = {resource.name: resource for resource in contract.resources.resources}
    unassigned, notes = list(contract.resources.unassigned), list[str]()
    for key, override in overrides.items():
        declaration = _Declaration(f"resources.{key}", override, contract)
        name = _resource_name(key, override, resources)
        if not override.kept:
            operations = tuple(role.operation for role in resources.pop(name).roles)
            unassigned.append(UnassignedOperations(name, operations, OVERRIDE_REASON))
            continue
        known = resources.get(name, Resource(name, {}, ()))
        notes += _without_effect(known, declaration)
        changed = _overridden(known, declaration)
        taken = {role.operation for role in changed.roles if role.why == OVERRIDE_REASON}
        resources = {other.name: _without(other, taken) for other in resources.values()} | {name: changed}
        unassigned = [
            replace(group, operations=tuple(operation for operation in group.operations if operation not in taken))
            for group in unassigned
        ]
    with_roles = tuple(resource for resource in resources.values() if resource.roles)
    without_role = tuple(group for group in unassigned if group.operations)
    return replace(contract, resources=Resources(with_roles, without_role, tuple(notes)))


def _without_effect(resource: Resource, declaration: _Declaration) -> Iterator[str]:
    """Yield what a table says that is so anyway."""
    override, roles = declaration.override, {role.operation: role.name for role in resource.roles}
    for name in override.none:
        if declaration.operation("none", name).id not in roles:
            yield f"{declaration.where}.none: {name} has no role in {resource.name} anyway"
    for role, operations in override.roles.items():
        others = {operation for operation, known in roles.items() if known == role}
        declared = {declaration.operation(role, name).id for name in operations}
        if declared and declared == others:
            yield f"{declaration.where}.{role}: it is so anyway"
    keys = {*resource.views.values(), resource.key} - {""}
    if override.key and {key.casefold() for key in keys} == {override.key.casefold()}:
        yield f"{declaration.where}.key: it is {override.key} anyway"
    if override.path and override.path.rstrip("/") == resource.path:
        yield f"{declaration.where}.path: it is so anyway"


def _resource_name(key: str, override: ResourceOverride, resources: Mapping[str, Resource]) -> str:
    """Return the name of a resource of the contract; one with views and roles may be new."""
    known = {name.casefold() for name in resources}
    is_new = (override.views or override.path) and override.roles and key.casefold() not in known
    return key if is_new else _known_name(key, resources, "resources")


def _overridden(resource: Resource, declaration: _Declaration) -> Resource:
    override = declaration.override
    is_of_path = bool(override.path or (resource.path and not override.views))
    resource = _with_path(resource, declaration) if is_of_path else replace(resource, path="", singleton=False)
    views = resource.views if is_of_path else _views(resource, declaration)
    types = related_types_of_views(resource.name, views)
    without_role = {declaration.operation("none", name).id for name in override.none}
    declared: dict[str, Role] = {}
    for name, operations in override.roles.items():
        for operation in operations:
            role = _path_role(name, operation, resource, declaration) if is_of_path else None
            role = role or _role(name, operation, types, declaration)
            if role.operation in declared or role.operation in without_role:
                raise ConfigError(f"{declaration.where}.{name}", operation, expected="free: it has another role here")
            declared[role.operation] = role
    others = _without(resource, {*without_role, *declared}).roles
    inferred = (role for role in others if role.name not in override.roles)
    return replace(resource, views=views, roles=(*inferred, *declared.values()))


def _with_path(resource: Resource, declaration: _Declaration) -> Resource:
    """Return a resource at the declared path, or at its own, with the declared key."""
    override = declaration.override
    if not override.path and not override.key:
        return resource
    path = override.path or resource.path
    declared = declared_path_resource(resource, path, override.key, declaration.contract)
    if isinstance(declared, str):
        raise ConfigError(f"{declaration.where}.path", path, expected=declared)
    return replace(declared, singleton=declared.singleton and "create" not in override.roles)


def _path_role(name: RoleName, operation: str, resource: Resource, declaration: _Declaration) -> Role:
    documented = declaration.operation(name, operation)
    role = declared_path_role(documented, name, resource, declaration.contract, OVERRIDE_REASON)
    if isinstance(role, str):
        raise ConfigError(f"{declaration.where}.{name}", operation, expected=role)
    return role


def _role(name: RoleName, operation: str, types: RelatedTypes, declaration: _Declaration) -> Role:
    role = declared_role(declaration.operation(name, operation), name, types, declaration.contract, OVERRIDE_REASON)
    if isinstance(role, str):
        raise ConfigError(f"{declaration.where}.{name}", operation, expected=role)
    return role


def _views(resource: Resource, declaration: _Declaration) -> dict[str, str]:
    """Return the views with their keys: the declared key for all that have it."""
    override, contract, where = declaration.override, declaration.contract, declaration.where
    names = [_known_name(name, contract.schemas, f"{where}.views") for name in override.views] or list(resource.views)
    properties = {name: object_properties(contract.schemas[name], contract) for name in names}
    views: dict[str, str] = {}
    for name in names:
        declared = _same_name(override.key, properties[name])
        key = declared or resource.views.get(name) or _inferred_key(name, properties[name])
        if not key:
            raise ConfigError(f"{where}.views", name, expected="of a type with a key: say which by key")
        if not typed_value(properties[name].get(key), contract).is_integer:
            raise ConfigError(f"{where}.key", key, expected="an integer")
        views[name] = key
    if override.key and not _same_name(override.key, views.values()):
        raise ConfigError(f"{where}.key", override.key, [name for names in properties.values() for name in names])
    return views


def _inferred_key(name: str, properties: Mapping[str, object]) -> str:
    key = type_key(name, properties)
    return key.name if key else ""


def _without(resource: Resource, operations: set[str]) -> Resource:
    return replace(resource, roles=tuple(role for role in resource.roles if role.operation not in operations))


def _known_name(name: str, valid: Iterable[str], where: str) -> str:
    """Return the valid name, regardless of letter case; raises ``ConfigError`` with the nearest."""
    names = list(valid)
    known = name if name in names else _same_name(name, names)
    if not known:
        raise ConfigError(where, name, names)
    return known


def _same_name(name: str, names: Iterable[str]) -> str:
    return next((other for other in names if other.casefold() == name.casefold()), "")
