import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.generation.fields import Where
from docdouble.contracts.generation.narrowed_document import MOST_PROPERTIES, is_empty, request_view
from docdouble.contracts.generation.schemathesis import CallStrategies, RandomCalls, selecting
from docdouble.contracts.model.budget import Budget
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Body, Call, Contract, MediaType, Operation, Parameter, Schema


@pytest.fixture(scope="module")
def strategies(contract: Contract) -> CallStrategies:
    return CallStrategies(contract)


def status(contract: Contract, call: Call) -> int:
    return FakeServer(contract).handle(call.with_headers(("Authorization", "Bearer any"))).status


def test_valid_calls_are_accepted(contract: Contract, operation: Operation, strategies: CallStrategies) -> None:
    calls = strategies.drawn(operation, Budget(max_examples=30)).valid
    assert len(calls) == 30
    for call in calls:
        assert status(contract, call) == 200
        assert set(json.loads(call.body)) <= {"AppointmentId", "Participant", "UpdateMode"}


def test_hostile_calls_stay_on_the_operation(operation: Operation, strategies: CallStrategies) -> None:
    calls = strategies.drawn(operation, Budget(max_examples=30)).hostile
    assert len(calls) == 30
    assert {(call.method, call.path) for call in calls} == {(operation.method, operation.path)}


@pytest.mark.parametrize("kind", ["valid", "hostile"])
def test_what_is_drawn_is_bounded_and_chosen_by_the_seed(
    operation: Operation, strategies: CallStrategies, kind: str
) -> None:
    def drawn(seed: int, count: int = 7) -> list[Call]:
        calls: list[Call] = getattr(strategies.drawn(operation, Budget(max_examples=count, seed=seed)), kind)
        return calls

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(drawn(1)) <= 7
    assert drawn(1, 0) == []


def test_known_values_come_up_in_some_random_calls(operation: Operation, strategies: CallStrategies) -> None:
    def known(where: Where, name: str) -> tuple[int, ...]:
        return (777, 778) if (where, name) == ("body", "AppointmentId") else ()

    calls = strategies.drawn(operation, Budget(max_examples=40), known).valid
    ids = [json.loads(call.body).get("AppointmentId") for call in calls]
    assert {777, 778} <= set(ids)
    assert any(key not in (777, 778, None) for key in ids)


def test_nothing_is_drawn_where_all_calls_would_be_the_same(contract: Contract) -> None:
    operation = Operation("ping", "GET", "/ping")
    assert CallStrategies(contract).drawn(operation, Budget()) == RandomCalls()


def test_threads_draw_what_one_alone_would(operation: Operation, contract: Contract) -> None:
    def drawn(seed: int) -> RandomCalls:
        return strategies.drawn(operation, Budget(max_examples=3, seed=seed))

    strategies = CallStrategies(contract)
    alone = [drawn(seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(drawn, range(6))) == alone


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
    generated = request_view(operation, contract)["paths"][operation.path]["post"]
    content = generated["requestBody"]["content"]
    assert list(content) == ["application/json"]
    assert generated["parameters"] == []
    assert content["application/json"]["schema"]["additionalProperties"] is False
    assert "additionalProperties" not in contract.schemas["v1AppointmentAgent_AssignTo_request"]


def test_the_view_of_a_large_record_holds_some_of_it_and_others_for_another_seed() -> None:
    names = [f"Field{number}" for number in range(30)]
    below = {"type": "object", "properties": {"Deep": {"$ref": "#/components/schemas/Thing"}}}
    properties = {**{name: {"type": "string"} for name in names}, "Below": below}
    schema = {"type": "object", "required": ["Field7"], "properties": properties}
    request = Body((MediaType("application/json", {"$ref": "#/components/schemas/Thing"}),))
    operation = Operation("save", "POST", "/thing", request=request)
    contract = Contract("things", "1", (operation,), {"Thing": schema})

    def kept(seed: int) -> set[str]:
        view = request_view(operation, contract, seed)["paths"]["/thing"]["post"]
        assert "$ref" not in str(view)
        return set(view["requestBody"]["content"]["application/json"]["schema"]["properties"])

    assert all(len(kept(seed)) == MOST_PROPERTIES + 1 and "Field7" in kept(seed) for seed in range(5))
    assert set.union(*(kept(seed) for seed in range(40))) == set(properties)


@pytest.mark.parametrize(
    ("schema", "hostile", "empty"),
    [
        ({}, False, True),
        ({}, True, True),
        ({"type": "object"}, True, False),
        ({"type": "string"}, True, False),
    ],
)
def test_a_body_of_which_nothing_is_documented_is_not_drawn(schema: Schema, hostile: bool, empty: bool) -> None:
    operation = Operation("save", "POST", "/thing", request=Body((MediaType("application/json", schema),)))
    contract = Contract("things", "1", (operation,))
    assert is_empty(request_view(operation, contract), hostile=hostile) is empty


@pytest.mark.parametrize(
    ("media_types", "required", "is_drawn"),
    [
        (("application/xml",), True, False),
        (("application/xml",), None, True),
        (("application/xml", "application/json"), True, True),
        (("multipart/form-data",), True, True),
        (("application/x-www-form-urlencoded",), True, True),
    ],
)
def test_no_call_is_drawn_that_lacks_its_body(
    media_types: tuple[str, ...], required: bool | None, is_drawn: bool
) -> None:
    record: Schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
    parameter = Parameter("page", "query", {"type": "integer"})
    body = Body(tuple(MediaType(name, record) for name in media_types), required)
    operation = Operation("save", "POST", "/thing", parameters=(parameter,), request=body)
    strategies = CallStrategies(Contract("things", "1", (operation,)))
    calls = strategies.drawn(operation, Budget(max_examples=3))
    assert (bool(calls.valid), bool(calls.hostile)) == (is_drawn, is_drawn)


@pytest.mark.parametrize("name", ["topic.name", "topic[0]", "ids[]", "a:b", "x:[0-9]+", "+rest", "a b", "x!r", ""])
def test_variables_of_any_name_are_filled_in(name: str) -> None:
    def known(where: Where, asked: str) -> tuple[str, ...]:
        return ("known",) if (where, asked) == ("path", name) else ()

    operation = Operation(
        "topic", "GET", f"/topics/{{{name}}}", parameters=(Parameter(name, "path", {"type": "string"}),)
    )
    calls = (
        CallStrategies(Contract("topics", "1", operations=(operation,)))
        .drawn(operation, Budget(max_examples=20), known)
        .valid
    )
    assert "/topics/known" in {call.path for call in calls}
    assert not any("{" in call.path for call in calls)
