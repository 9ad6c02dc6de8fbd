"""Calls that are made write parameters and bodies as the documentation says, whoever makes them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from docdouble.contracts.chains.calls import Calls
from docdouble.contracts.cli.show import sample_call
from docdouble.contracts.generation.schemathesis import CallStrategies
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.strategies import requests
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract
from docdouble.schemas.openapi.reader import from_openapi

NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
BOX = {"type": "object", "required": ["width"], "properties": {"width": {"type": "integer", "minimum": 1}}}


def make_contract(paths: dict[str, Any]) -> Contract:
    document = {"openapi": "3.1.0", "info": {"title": "library", "version": "1"}, "paths": paths}
    return from_openapi(document, "library.json")


@pytest.fixture
def styled() -> Contract:
    """Return a contract of one operation with parameters of many styles."""
    documented = [
        ("pages", "path", {"style": "matrix", "schema": NUMBERS}),
        ("box", "query", {"style": "deepObject", "schema": BOX}),
        ("piped", "query", {"style": "pipeDelimited", "explode": False, "schema": NUMBERS}),
        ("commas", "query", {"explode": False, "schema": NUMBERS}),
        ("many", "query", {"schema": NUMBERS}),
        ("filter", "query", {"content": {"application/json": {"schema": BOX}}}),
        ("X-Depths", "header", {"schema": NUMBERS}),
    ]
    parameters = [{"name": name, "in": where, "required": True, **more} for name, where, more in documented]
    return make_contract({"/books/{pages}": {"get": {"parameters": parameters, "responses": {"204": {}}}}})


def assert_styled(call: Call) -> None:
    for part in ("box%5Bwidth%5D=", "piped=", "%7C", "commas=", "filter=%7B%22width%22"):
        assert part in call.target
    assert call.target.count("many=") == 2
    assert call.target.startswith("/books/;pages=") or call.target.startswith("/books/%3Bpages%3D")
    assert "," in (call.header("X-Depths") or "")


def test_the_shown_call_is_in_the_documented_styles(styled: Contract) -> None:
    call = sample_call(styled, styled.operations[0], Settings())
    assert_styled(call)
    assert FakeServer(styled).handle(call).status == 204


def test_the_calls_of_chains_are_in_the_documented_styles(styled: Contract) -> None:
    call = Calls(styled).call(styled.operations[0], {}, {})
    assert call is not None
    assert_styled(call)
    assert FakeServer(styled).handle(call).status == 204


def test_random_calls_are_in_the_documented_styles(styled: Contract) -> None:
    calls = CallStrategies(styled).drawn(styled.operations[0], Budget(max_examples=5)).valid
    assert [FakeServer(styled).handle(call).status for call in calls] == [204] * 5


def test_strategies_draw_calls_in_the_documented_styles(styled: Contract) -> None:
    app = FakeServer(styled)

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(styled.operations[0], styled))
    def check(call: Call) -> None:
        assert_styled(call)
        assert app.handle(call).status == 204

    check()


def test_a_shown_upload_has_a_file() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "required": ["photo", "meta"],
        "properties": {"photo": {"type": "string", "format": "binary"}, "meta": BOX},
    }
    content = {"multipart/form-data": {"schema": schema}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {"204": {}}}
    contract = make_contract({"/photos": {"post": operation}})
    call = sample_call(contract, contract.operations[0], Settings())
    assert b'name="photo"; filename=' in call.body
    assert FakeServer(contract).handle(call).status == 204
