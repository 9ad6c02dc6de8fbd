"""What is too large for Hypothesis is refused in words, and gets no random calls."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from docdouble.contracts import strategies
from docdouble.contracts.generation.drawable import MOST_DRAWN, Drawable
from docdouble.contracts.generation.schemathesis import CallStrategies, RandomCalls
from docdouble.contracts.model.budget import Budget
from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.schemas import Contract, extract

HUGE = 10**9
LARGE: dict[str, dict[str, Any]] = {
    "minLength": {"type": "string", "minLength": HUGE},
    "minItems": {"type": "array", "items": {"type": "string"}, "minItems": HUGE},
    "minProperties": {"type": "object", "minProperties": HUGE},
    "minContains": {"type": "array", "contains": {"const": 1}, "minContains": HUGE},
    "property": {"type": "object", "properties": {"log": {"type": "string", "minLength": HUGE}}, "required": ["log"]},
    "nested": {"type": "array", "minItems": 40, "items": {"type": "array", "minItems": 40, "items": {}}},
}


def contract(schema: dict[str, Any], folder: Path) -> Contract:
    content = {"application/json": {"schema": schema}}
    post = {
        "operationId": "addBoat",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/boats": {"post": post}}}
    path = folder / "api.json"
    path.write_text(json.dumps(document))
    return extract(str(path)).contract


@pytest.mark.parametrize("name", LARGE)
def test_a_strategy_of_what_is_too_large_says_so(name: str, tmp_path: Path) -> None:
    api = contract(LARGE[name], tmp_path)
    for strategy in (
        strategies.requests("addBoat", api),
        strategies.responses("addBoat", api),
        strategies.schema(LARGE[name]),
    ):

        @settings(database=None)
        @given(strategy)
        def draws(drawn: object) -> None:
            raise AssertionError(drawn)

        with pytest.raises(NoValueError, match="asks for more than 1,000 values: none is drawn"):
            draws()


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_has_no_random_calls(name: str, tmp_path: Path) -> None:
    api = contract(LARGE[name], tmp_path)
    assert CallStrategies(api).drawn(api.operation("addBoat"), Budget(max_examples=5)) == RandomCalls()


def test_nothing_is_written_out_of_types_that_need_too_many_others(tmp_path: Path) -> None:
    api = contract({"$ref": "#/components/schemas/T0"}, tmp_path)
    names = [f"p{number}" for number in range(10)]
    types: dict[str, Any] = {"T12": {"type": "string"}}
    for level in range(12):
        part = {"$ref": f"#/components/schemas/T{level + 1}"}
        types[f"T{level}"] = {"type": "object", "properties": dict.fromkeys(names, part), "required": names}
    api = replace(api, schemas=types)
    assert CallStrategies(api).drawn(api.operation("addBoat"), Budget(max_examples=5)) == RandomCalls()


def test_what_is_small_enough_is_drawn(tmp_path: Path) -> None:
    schema = {"anyOf": [LARGE["minItems"], {"type": "array", "items": {"type": "boolean"}, "minItems": 20}]}
    lengths = set()

    @settings(max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.schema(schema))
    def draws(drawn: list[bool]) -> None:
        lengths.add(len(drawn))

    draws()
    assert min(lengths) >= 20
    assert Drawable(Contract("", "", ())).is_drawable({"type": "array", "minItems": MOST_DRAWN - 1})
    assert not Drawable(Contract("", "", ())).is_drawable({"type": "array", "minItems": MOST_DRAWN})
