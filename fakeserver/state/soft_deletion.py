"""Soft deletion: entities that stay, with a documented flag, moment or status that says that they are deleted."""

from collections.abc import Iterable, Mapping
from typing import Any

from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.parameter_values import schema_branches
from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.audit_properties import (
    DELETED,
    DELETION_MOMENTS,
    STATES,
    marks_deletion,
    means_deleted,
)
from docdouble.schemas.resources.entity_keys import kinds_shown
from docdouble.schemas.resources.list_parameters import squeezed


def deletion_effect(properties: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """Return the properties that tell that an entity is deleted, with those values; ``None`` for the present moment."""
    effect: dict[str, Any] = {}
    for name, schema in properties.items():
        spoken, kinds = squeezed(name), kinds_shown(schema, contract)
        if marks_deletion(spoken) and kinds == {"boolean"}:
            effect[name] = True
        elif spoken in DELETION_MOMENTS and kinds <= {"string", "integer"}:
            effect[name] = None
        elif spoken in STATES and (state := _deleted_state(schema, contract)):
            effect[name] = state
    return effect


def keeps_deleted(resource: Resource, operations: Mapping[str, Operation]) -> bool:
    """Tell whether what was deleted may still be read: nothing that reads one documents that there is none."""
    reads = (operations.get(role.operation) for role in resource.roles if role.name == "read")
    reading = [operation for operation in reads if operation]  # a part of a contract has roles of others, too
    gone = {"404", "410", "4XX"}
    return bool(reading) and all(
        gone.isdisjoint(response.status.upper() for response in read.responses) for read in reading
    )


def asks_for_deleted(parameters: Iterable[tuple[str, Any]]) -> bool:
    """Tell whether a list shall show what was deleted: ``includeDeleted=true``, ``status=deleted``."""
    return any((DELETED in squeezed(name) and value is True) or means_deleted(value) for name, value in parameters)


def _deleted_state(schema: Any, contract: Contract) -> str:
    listed = [value for branch in schema_branches(schema, contract) for value in branch.get("enum", ())]
    return next((value for value in listed if means_deleted(value)), "")
