"""Page of all operations, grouped by tag or by the step of their paths that tells them apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas.contract.base_paths import base_path

from .served import Served


@dataclass(frozen=True, slots=True)
class ListedOperation:
    """An operation as a line of the list."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    is_deprecated: bool


def operation_list(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the operations by group, in the order of the documentation."""
    contract = served.contract
    resources = {role.operation: one.name for one in contract.resources.resources for role in one.roles}
    groups: dict[str, list[ListedOperation]] = {}
    for operation in contract.operations:
        path = base_path(contract, operation) + operation.path
        resource = resources.get(operation.id, "")
        words = " ".join((operation.method, path, operation.id, operation.summary, *operation.tags, resource)).lower()
        listed = ListedOperation(operation.id, operation.method, path, operation.summary, words, operation.deprecated)
        groups.setdefault(operation.tags[0] if operation.tags else resource or "Operations", []).append(listed)
    return {"groups": groups, "count": len(contract.operations)}
