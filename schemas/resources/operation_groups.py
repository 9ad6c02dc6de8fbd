"""Groups of operations that belong together: those of a resource, and those below the paths of its entities."""

from collections.abc import Iterator, Mapping

from ..contract.model import Contract
from .path_resources import item_path, path_template


def operation_groups(contract: Contract) -> Mapping[str, str]:
    """Return, by the id of an operation, that of the first one of its group; one alone is a group, too."""
    leaders = _of_resources(contract)
    items = {
        path_template(path): leaders[resource.roles[0].operation]
        for resource in contract.resources.resources
        if resource.roles and (path := item_path(resource, contract))
    }
    groups = {}
    for operation in contract.operations:
        above = (items[path] for path in _paths_above(path_template(operation.path)) if path in items)
        groups[operation.id] = leaders.get(operation.id) or next(above, operation.id)
    return groups


def _of_resources(contract: Contract) -> dict[str, str]:
    """Return the groups of operations with a role: resources that share an operation are in one."""
    leaders: dict[str, str] = {}
    for resource in contract.resources.resources:
        names = [role.operation for role in resource.roles]
        joined = {leaders.get(name, name) for name in names}
        first = min(joined, default="")
        leaders.update({name: first for name, leader in leaders.items() if leader in joined})
        leaders.update(dict.fromkeys(names, first))
    return leaders


def _paths_above(path: str) -> Iterator[str]:
    """Yield a path and those that it begins with, the longest first."""
    while path:
        yield path
        path = path.rpartition("/")[0]
