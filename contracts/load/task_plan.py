"""Tasks of load users: which operations are called, how often, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from docdouble.schemas import Contract, Operation
from docdouble.schemas.resources.bindings import Binding, bindings

from ..cases.known_values import removes_entities
from ..chains.chain_plan import plans_of
from ..safety.run_plan import Profile, RunPlan, Verdict


class TaskKind(StrEnum):
    """Kind of a task: what it does with an operation."""

    CALL = "call"
    """Task that calls the operation."""
    CHAIN = "chain"
    """Task that creates an entity by the operation, reads, changes and deletes it."""


@dataclass(frozen=True, slots=True)
class LoadTask:
    """A task of a user, which is chosen ``weight`` times as often as one of weight 1."""

    operation: Operation
    kind: TaskKind
    weight: int


_LISTED, _READ, _OTHER_READ, _CHAINED, _OTHER_WRITE = 10, 10, 5, 2, 1
"""Weights: people browse and read more than they write, and a chain is several calls."""


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """The tasks, and why other operations have none, by their ids."""

    tasks: tuple[LoadTask, ...]
    left_out: Mapping[str, str]


def task_plan(contract: Contract, planned: RunPlan, weights: Mapping[str, int] | None = None) -> TaskPlan:
    """Return the tasks for what a plan allows; ``weights`` are the user's own, by ids of operations, 0 for none.

    What changes or deletes is only called in chains, which have created what they change: two users who change the
    same couldn't distinguish a lost update from a later one.
    """
    known = bindings(contract)
    is_careful = planned.profile is Profile.CAREFUL
    called = {operation.id for operation in planned.operations}
    plans = {name: plan for name, plan in plans_of(contract).items() if name in called and not plan.is_there}
    chains = {
        name: plan
        for name, plan in plans.items()
        if not is_careful or (plan.delete and plan.delete.operation in called)
    }
    inside = {name for plan in chains.values() for name in plan.operations} - chains.keys()
    tasks: list[LoadTask] = []
    left_out: dict[str, str] = {}
    for verdict in planned.verdicts:
        operation, binding = verdict.operation, known.get(verdict.operation.id)
        if not verdict.called:
            left_out[operation.id] = verdict.why
        elif operation.id in chains:
            tasks.append(LoadTask(operation, TaskKind.CHAIN, _CHAINED))
        elif verdict.effect == "read":
            tasks.append(LoadTask(operation, TaskKind.CALL, _weight_of_read(operation, binding)))
        elif operation.id not in inside:
            if why := _not_alone(verdict, binding, is_careful=is_careful):
                left_out[operation.id] = why
            else:
                tasks.append(LoadTask(operation, TaskKind.CALL, _OTHER_WRITE))
    return _weighted(tasks, left_out, weights or {})


def _weight_of_read(operation: Operation, binding: Binding | None) -> int:
    if binding and binding.role.name in ("list", "search"):
        return _LISTED
    return _READ if binding and binding.role.name == "read" else _OTHER_READ


def _not_alone(verdict: Verdict, binding: Binding | None, *, is_careful: bool) -> str:
    """Return why an operation that writes is not called outside of a chain, empty where it is."""
    if removes_entities(verdict.operation, binding.role if binding else None):
        return "it deletes what the load has not created"
    return "what it changes was not created by the load" if is_careful and verdict.chained else ""


def _weighted(tasks: list[LoadTask], left_out: dict[str, str], weights: Mapping[str, int]) -> TaskPlan:
    weighted = [LoadTask(task.operation, task.kind, weights.get(task.operation.id, task.weight)) for task in tasks]
    for task in weighted:
        if not task.weight:
            left_out[task.operation.id] = "its weight is 0"
    return TaskPlan(tuple(task for task in weighted if task.weight), left_out)
