"""Page of all operations, grouped by tag, by resource or by the steps of their paths that distinguish them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from docdouble.schemas.contract.base_paths import base_path

from .served import Served

_MOST_OF_A_GROUP = 100
"""Operations of a group; one with more is divided by the next step of their paths."""


@dataclass(frozen=True, slots=True)
class ListedOperation:
    """An operation as a line of the list; a search looks through its ``words``."""

    id: str
    method: str
    path: str
    summary: str
    words: str
    is_deprecated: bool


def operation_list(served: Served, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the operations by group, in the order of the documentation."""
    contract = served.contract
    resources = {role.operation: kind.name for kind in contract.resources.resources for role in kind.roles}
    tagged: dict[str, list[ListedOperation]] = {}
    others: list[ListedOperation] = []
    for operation in contract.operations:
        path = base_path(contract, operation) + operation.path
        resource = resources.get(operation.id, "")
        words = " ".join((operation.method, path, operation.id, operation.summary, *operation.tags, resource)).lower()
        listed = ListedOperation(operation.id, operation.method, path, operation.summary, words, operation.deprecated)
        (tagged.setdefault(operation.tags[0], []) if operation.tags else others).append(listed)
    return {"groups": [*tagged.items(), *_by_path(others)], "count": len(contract.operations)}


def _by_path(operations: Sequence[ListedOperation], at: int = 0) -> list[tuple[str, Sequence[ListedOperation]]]:
    """Return groups of operations, by the first steps from ``at`` on that distinguish their paths."""
    if not operations:
        return []
    steps = {operation.id: operation.path.strip("/").split("/") for operation in operations}
    first, last = min(steps.values()), max(steps.values())
    at = max(at, len(list(takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))))
    groups: dict[str, list[ListedOperation]] = {}
    for operation in operations:
        groups.setdefault("/".join(steps[operation.id][: at + 1]), []).append(operation)
    named_groups: list[tuple[str, Sequence[ListedOperation]]] = []
    for name, group in groups.items():
        is_divided = len(group) > _MOST_OF_A_GROUP and len(groups) > 1 and "{" not in name
        named_groups += _by_path(group, at + 1) if is_divided else [(f"/{name}", group)]
    return named_groups
