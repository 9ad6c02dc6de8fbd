"""Operations of a document without a role that seem to change something, and why nothing is kept of that."""

from collections import defaultdict
from collections.abc import Iterable

from ..contract.model import Contract, Operation
from ..contract.resources import Resource, UnassignedOperations
from .entity_keys import kinds_shown
from .path_resources import answered_entity, path_template

NO_LIST = "its path is neither a list nor in one: what it changes isn't stated"
NO_OBJECT = "GET of its path answers no object"
NOT_READ = "nothing reads what it writes"
NOT_UNDERSTOOD = "what it does to the entity that its path names isn't stated"
SHARED_ID = "its operationId is that of another operation"


def unassigned_operations_of_paths(
    contract: Contract, resources: Iterable[Resource]
) -> tuple[UnassignedOperations, ...]:
    """Return the operations without a role that write something, by the path that they are about and the reason."""
    known = list(resources)
    with_role = {role.operation for resource in known for role in resource.roles}
    operations = {(path_template(operation.path), operation.method): operation for operation in contract.operations}
    items = {f"{path_template(resource.path)}/{{}}" for resource in known if resource.path and resource.variable}
    by_reason: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for operation in contract.operations:
        if operation.id not in with_role and not operation.only_reads and operation.method not in ("HEAD", "TRACE"):
            reason = _reason(operation, operations, items, contract)
            by_reason[_about(operation.path), reason].append(operation.id)
    return tuple(UnassignedOperations(name, tuple(ids), why) for (name, why), ids in sorted(by_reason.items()))


def _about(path: str) -> str:
    """Return the path up to its last name: what an operation is about."""
    steps = path.rstrip("/").split("/")
    while len(steps) > 1 and steps[-1].startswith("{"):
        steps.pop()
    return "/".join(steps) or "/"


def _reason(
    operation: Operation, operations: dict[tuple[str, str], Operation], items: set[str], contract: Contract
) -> str:
    template = path_template(operation.path)
    if operations[template, operation.method] is not operation:
        return SHARED_ID
    read = operations.get((template, "GET"))
    if read:
        shown = answered_entity(read, contract)
        return NOT_UNDERSTOOD if shown and "object" in kinds_shown(shown, contract) else NO_OBJECT
    if template.rpartition("/")[0] in items:
        return NOT_UNDERSTOOD
    return NOT_READ if template.endswith("}") else NO_LIST
