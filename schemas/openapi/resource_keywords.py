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
    named = {resource.name: _resource(resource) for resource in resources.resources}
    unclear = [
        {"name": group.name, "why": group.why, "operations": list(group.operations)} for group in resources.unassigned
    ]
    return {**({"resources": named} if named else {}), **({"unclear": unclear} if unclear else {})}


def _resource(resource: Resource) -> dict[str, Any]:
    names = ("collection", "path", "key", "variable", "singleton")
    facts = {name: value for name in names if (value := getattr(resource, name))}
    return {
        **facts,
        "keys": dict(resource.views),
        "roles": {role.operation: _role(role) for role in resource.roles},
    }


def _role(role: Role) -> dict[str, Any]:
    members = {
        "key": role.key and _place(role.key),
        "entity": role.entity and _place(role.entity),
        "many": role.many,
        "criteria": [
            {**_place(criterion.place), "view": criterion.view, "property": criterion.property}
            for criterion in role.criteria
        ],
        "parents": [_place(place) for place in role.parents],
        EVIDENCE: role.evidence.as_dict() if role.evidence else None,
    }
    return {"role": role.name, "why": role.why, **{name: value for name, value in members.items() if value}}


def _place(place: RequestPlace) -> dict[str, str]:
    return {"in": place.location, **({"name": place.name} if place.name else {})}


def read_resources(root: DocumentNode) -> Resources:
    """Read them from a document; raises ``ContractError`` with the pointer of what is wrong."""
    node = root.mapping(RESOURCES, optional=True)
    named = node.mapping("resources", optional=True)
    return Resources(
        tuple(_read_resource(name, part) for name, part in named.items()),
        tuple(
            UnassignedOperations(part.text("name"), tuple(part.texts("operations")), part.text("why"))
            for part in node.sequence("unclear")
        ),
    )


def _read_resource(name: str, node: DocumentNode) -> Resource:
    keys = node.mapping("keys", optional=True)
    views = {view: keys.text(view) for view in keys.data}
    roles = tuple(_read_role(operation, part) for operation, part in node.mapping("roles", optional=True).items())
    return Resource(
        name,
        views,
        roles,
        node.text_or_empty("collection"),
        node.text_or_empty("path"),
        node.text_or_empty("key"),
        node.text_or_empty("variable"),
        node.data.get("singleton") is True,
    )


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
        tuple(
            Criterion(_read_place(part), part.text("view"), part.text("property")) for part in node.sequence("criteria")
        ),
        node.read_evidence(),
        tuple(_read_place(part) for part in node.sequence("parents")),
    )


def _read_place(node: DocumentNode) -> RequestPlace:
    location = node.text("in")
    if location not in _LOCATIONS:
        raise node.error(f"'in' is {location!r}, expected one of {', '.join(_LOCATIONS)}")
    return RequestPlace(location, node.text_or_empty("name"))  # type: ignore[arg-type]  # checked above
