"""Resources in a contract's document: the plain object under ``x-docdouble-resources``."""

from typing import Any, get_args

from ..contract.model import EVIDENCE
from ..contract.resources import Criterion, RequestPlace, Resource, Resources, Role, RoleName, UnassignedOperations
from .document import DocumentNode

RESOURCES = "x-docdouble-resources"
_LOCATIONS = ("path", "query", "header", "cookie", "body")
_ROLES: tuple[str, ...] = get_args(RoleName)


def resources_as_dict(resources: Resources) -> dict[str, Any]:
    """Return the JSON form; empty where there are none."""
    named = {one.name: _resource(one) for one in resources.resources}
    unclear = [{"name": one.name, "why": one.why, "operations": list(one.operations)} for one in resources.unassigned]
    return {**({"resources": named} if named else {}), **({"unclear": unclear} if unclear else {})}


def _resource(one: Resource) -> dict[str, Any]:
    collection = {"collection": one.collection} if one.collection else {}
    return {**collection, "keys": dict(one.views), "roles": {role.operation: _role(role) for role in one.roles}}


def _role(role: Role) -> dict[str, Any]:
    found = {
        "key": role.key and _place(role.key),
        "entity": role.entity and _place(role.entity),
        "many": role.many,
        "criteria": [{**_place(one.place), "view": one.view, "property": one.property} for one in role.criteria],
        EVIDENCE: role.evidence.as_dict() if role.evidence else None,
    }
    return {"role": role.name, "why": role.why, **{name: value for name, value in found.items() if value}}


def _place(place: RequestPlace) -> dict[str, str]:
    return {"in": place.location, **({"name": place.name} if place.name else {})}


def read_resources(root: DocumentNode) -> Resources:
    """Read them from a document; raises ``ContractError`` with the pointer of what is wrong."""
    node = root.mapping(RESOURCES, optional=True)
    named = node.mapping("resources", optional=True)
    return Resources(
        tuple(_read_resource(name, one) for name, one in named.items()),
        tuple(
            UnassignedOperations(one.text("name"), tuple(one.texts("operations")), one.text("why"))
            for one in node.sequence("unclear")
        ),
    )


def _read_resource(name: str, node: DocumentNode) -> Resource:
    keys = node.mapping("keys", optional=True)
    views = {view: keys.text(view) for view in keys.data}
    roles = tuple(_read_role(operation, one) for operation, one in node.mapping("roles", optional=True).items())
    return Resource(name, views, roles, node.text_or_empty("collection"))


def _read_role(operation: str, node: DocumentNode) -> Role:
    name = node.text("role")
    if name not in _ROLES:
        raise node.error(f"'role' is {name!r}, expected one of {', '.join(_ROLES)}")
    return Role(
        operation,
        name,  # type: ignore[arg-type]  # checked above
        node.text_or_empty("why"),
        _read_place(node.mapping("key")) if "key" in node.data else None,
        _read_place(node.mapping("entity")) if "entity" in node.data else None,
        node.data.get("many") is True,
        tuple(Criterion(_read_place(one), one.text("view"), one.text("property")) for one in node.sequence("criteria")),
        node.read_evidence(),
    )


def _read_place(node: DocumentNode) -> RequestPlace:
    location = node.text("in")
    if location not in _LOCATIONS:
        raise node.error(f"'in' is {location!r}, expected one of {', '.join(_LOCATIONS)}")
    return RequestPlace(location, node.text_or_empty("name"))  # type: ignore[arg-type]  # checked above
