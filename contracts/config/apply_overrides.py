"""The resources of a contract as its user wants them: what was worked out, and what ``docdouble.toml`` says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.contract.resources import Resource, Resources, Role, RoleName, UnassignedOperations
from docdouble.schemas.resources.declared_role import declared_role
from docdouble.schemas.resources.naming import type_key
from docdouble.schemas.resources.related_types import RelatedTypes, related_types_of_views
from docdouble.schemas.resources.signature import object_properties, typed_value

from .config import ResourceOverride

SAID = "docdouble.toml says so"


@dataclass(frozen=True, slots=True)
class _Given:
    """One override, with its name as the user wrote it."""

    where: str
    override: ResourceOverride
    contract: Contract

    def operation(self, role: str, name: str) -> Operation:
        """Find an operation as ``docdouble show`` does."""
        try:
            return self.contract.operation(name)
        except ConfigError as error:
            raise ConfigError(f"{self.where}.{role}", name, error.valid, error.expected) from error


def with_overrides(contract: Contract, table: Mapping[str, ResourceOverride]) -> Contract:
    """Return the contract with its resources as a user's table says; raises ``ConfigError`` for names that aren't."""
    resources = {one.name: one for one in contract.resources.resources}
    unclear = list(contract.resources.unassigned)
    for told, override in table.items():
        given = _Given(f"resources.{told}", override, contract)
        name = _name(told, given, resources)
        if not override.kept:
            removed = resources.pop(name)
            unclear.append(UnassignedOperations(name, tuple(role.operation for role in removed.roles), SAID))
            continue
        changed = _changed(resources.get(name, Resource(name, {}, ())), given)
        taken = {role.operation for role in changed.roles if role.why == SAID}
        resources = {one.name: _without(one, taken) for one in resources.values()} | {name: changed}
        unclear = [replace(one, operations=tuple(op for op in one.operations if op not in taken)) for one in unclear]
    return replace(
        contract,
        resources=Resources(
            tuple(one for one in resources.values() if one.roles), tuple(one for one in unclear if one.operations)
        ),
    )


def _name(told: str, given: _Given, resources: Mapping[str, Resource]) -> str:
    """Return the name of the resource that is meant; one that says its views and roles may be new."""
    is_new = given.override.views and given.override.roles
    known = {name.casefold() for name in resources}
    return told if is_new and told.casefold() not in known else meant(told, resources, "resources")


def _changed(resource: Resource, given: _Given) -> Resource:
    override = given.override
    views = _views(resource, given)
    family = related_types_of_views(resource.name, views)
    without = {given.operation("none", name).id for name in override.none}
    roles = [role for role in resource.roles if role.operation not in without and role.name not in override.roles]
    named: dict[str, Role] = {}
    for name, operations in override.roles.items():
        for operation in operations:
            role = _role(name, operation, family, given)
            if role.operation in named or role.operation in without:
                raise ConfigError(f"{given.where}.{name}", operation, expected="free: it has another role here")
            named[role.operation] = role
    kept = tuple(role for role in roles if role.operation not in named)
    return replace(resource, views=views, roles=(*kept, *named.values()))


def _role(name: RoleName, operation: str, family: RelatedTypes, given: _Given) -> Role:
    role = declared_role(given.operation(name, operation), name, family, given.contract, SAID)
    if isinstance(role, str):
        raise ConfigError(f"{given.where}.{name}", operation, expected=role)
    return role


def _views(resource: Resource, given: _Given) -> dict[str, str]:
    """Return the views with their keys: the one given for all that have it."""
    override, contract = given.override, given.contract
    names = [meant(name, contract.schemas, f"{given.where}.views") for name in override.views] or list(resource.views)
    properties = {name: object_properties(contract.schemas[name], contract) for name in names}
    views: dict[str, str] = {}
    for name in names:
        own = [one for one in properties[name] if one.casefold() == override.key.casefold()]
        key = own[0] if own else resource.views.get(name) or _worked_out(name, properties[name])
        if not key:
            raise ConfigError(f"{given.where}.views", name, expected="of a type with a key: say which by key")
        if not typed_value(properties[name].get(key), contract).is_integer:
            raise ConfigError(f"{given.where}.key", key, expected="an integer")
        views[name] = key
    if override.key and override.key.casefold() not in {key.casefold() for key in views.values()}:
        raise ConfigError(f"{given.where}.key", override.key, [one for own in properties.values() for one in own])
    return views


def _worked_out(name: str, properties: Mapping[str, object]) -> str:
    key = type_key(name, properties)
    return key.name if key else ""


def _without(resource: Resource, taken: set[str]) -> Resource:
    return replace(resource, roles=tuple(role for role in resource.roles if role.operation not in taken))


def meant(name: str, valid: Iterable[str], where: str) -> str:
    """Return the valid name that is meant, its letter case aside; raises ``ConfigError`` with the nearest."""
    names = list(valid)
    for one in (name, *names):
        if one in names and one.casefold() == name.casefold():
            return one
    raise ConfigError(where, name, names)
