import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docdouble.contracts.strategies import CallStrategies, selecting
from docdouble.contracts.view import request_view
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, Operation

RELAXED = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def strategies(contract: Contract) -> CallStrategies:
    return CallStrategies(contract)


def status(contract: Contract, call: Call) -> int:
    return FakeServer(contract).handle(call.with_headers(("Authorization", "Bearer any"))).status


def test_valid_calls_are_accepted(contract: Contract, operation: Operation, strategies: CallStrategies) -> None:
    @RELAXED
    @given(strategies.calls(operation, hostile=False))
    def check(call: Call) -> None:
        assert status(contract, call) == 200
        assert set(json.loads(call.body)) <= {"AppointmentId", "Participant", "UpdateMode"}

    check()


def test_hostile_calls_stay_on_the_operation(operation: Operation, strategies: CallStrategies) -> None:
    @RELAXED
    @given(strategies.calls(operation, hostile=True))
    def check(call: Call) -> None:
        assert (call.method, call.path) == (operation.method, operation.path)

    check()


@pytest.mark.parametrize("hostile", [False, True])
@pytest.mark.parametrize("limit", [0, 1, 7])
def test_boundaries_are_bounded_and_the_same_each_time(
    operation: Operation, strategies: CallStrategies, limit: int, hostile: bool
) -> None:
    calls = strategies.boundaries(operation, limit, hostile=hostile)
    assert len(calls) == len(set(calls)) == limit
    assert calls == strategies.boundaries(operation, limit, hostile=hostile)
    assert {call.method for call in calls} <= {operation.method}


def test_boundaries_reach_the_ends_of_int32(operation: Operation, strategies: CallStrategies) -> None:
    bodies = [json.loads(call.body) for call in strategies.boundaries(operation, 60, hostile=False)]
    assert {-(2**31), 2**31 - 1} <= {body.get("AppointmentId") for body in bodies}


def test_selectable_names_are_the_answers(operation: Operation, strategies: CallStrategies) -> None:
    names = strategies.selectable(operation)
    assert names[:3] == ["Associate", "Contact", "CreatedBy"]
    assert len(names) == 61


@given(st.lists(st.text(), min_size=1))
def test_a_selection_is_encoded(names: list[str]) -> None:
    call = selecting(Call(target="/x?a=b"), names)
    assert call.path == "/x"
    assert call.query.startswith("a=b&$select=")
    assert call.target.isascii()


def test_the_view_is_closed_and_asks_for_json_only(contract: Contract, operation: Operation) -> None:
    view = request_view(contract)
    generated = view["paths"][operation.path]["post"]
    assert list(generated["requestBody"]["content"]) == ["application/json"]
    header = {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "enum": ["en"]},
    }
    assert generated["parameters"] == [header]
    assert view["components"]["schemas"]["v1AppointmentAgent_AssignTo_request"]["additionalProperties"] is False
    assert "additionalProperties" not in contract.schemas["v1AppointmentAgent_AssignTo_request"]
