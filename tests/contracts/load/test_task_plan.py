"""Tasks of users: what is called as what, how often, and what is left out for which reason."""

import pytest

from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.load.contract_load import planned_tasks
from docdouble.contracts.load.load_options import LoadOptions
from docdouble.contracts.load.task_plan import TaskKind, TaskPlan
from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.openapi.reader import from_openapi

from .loaded import URL

THERE = {"responses": {"200": {"description": "OK"}}}
NUMBER = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]


def plan_of(contract: Contract, **options: object) -> TaskPlan:
    return planned_tasks(contract, LoadOptions(**{"url": URL, **options}))[1]  # type: ignore[arg-type]


def kinds(plan: TaskPlan) -> dict[str, tuple[TaskKind, int]]:
    return {task.operation.id: (task.kind, task.weight) for task in plan.tasks}


def test_lists_and_reads_come_more_often_than_chains(hotel: Contract) -> None:
    planned = kinds(plan_of(hotel))
    assert planned["GuestEntity_List"] == planned["GuestEntity_Get"] == (TaskKind.CALL, 10)
    assert planned["GuestEntity_Create"][0] is TaskKind.CHAIN
    assert planned["GuestEntity_Create"][1] < 10


def test_what_changes_and_deletes_is_in_chains_only(hotel: Contract) -> None:
    plan = plan_of(hotel)
    assert not {"GuestEntity_Put", "GuestEntity_Patch", "GuestEntity_Delete"} & kinds(plan).keys()
    assert not {"GuestEntity_Put", "GuestEntity_Patch", "GuestEntity_Delete"} & plan.left_out.keys()


def test_what_nothing_creates_is_changed_but_never_deleted() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {
            "/ships/{id}": {
                "parameters": NUMBER,
                "get": {"operationId": "read", **THERE},
                "put": {"operationId": "change", **THERE},
                "delete": {"operationId": "sink", **THERE},
            }
        },
    }
    plan = plan_of(from_openapi(document))
    assert kinds(plan).keys() == {"read", "change"}
    assert plan.left_out == {"sink": "it deletes what the load has not created"}


def test_a_server_of_others_gets_reads_only(hotel: Contract) -> None:
    plan = plan_of(hotel, url="https://staging.example.com")
    assert {task.operation.method for task in plan.tasks if not task.operation.only_reads} == set()
    assert "it creates a guest" in plan.left_out["GuestEntity_Create"]
    careful = VerifyConfig(allow_writes=("resource:room", "GuestEntity_Create"))
    writing = kinds(plan_of(hotel, url="https://staging.example.com", settings=careful))
    assert TaskKind.CHAIN in {kind for kind, _ in writing.values()}
    assert "GuestEntity_Create" not in writing  # nothing that may be called would delete it


def test_weights_are_the_users_where_they_say_so(hotel: Contract) -> None:
    plan = plan_of(hotel, weights={"GuestEntity_List": 30, "role:create": 0})
    assert kinds(plan)["GuestEntity_List"] == (TaskKind.CALL, 30)
    assert plan.left_out["GuestEntity_Create"] == "its weight is 0"


def test_nothing_to_send_is_an_error(hotel: Contract) -> None:
    with pytest.raises(ConfigError, match="any operation would be sent to"):
        plan_of(hotel, settings=VerifyConfig(only=("GuestEntity_Delete",)))
