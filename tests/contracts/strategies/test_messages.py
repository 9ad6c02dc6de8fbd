"""Strategies for hand-written property tests: what is drawn is valid, and shrinks."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from docdouble.contracts.config.default_contract import _configured
from docdouble.contracts.conformance.assert_conforms import assert_conforms
from docdouble.contracts.strategies import requests, responses, schema
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import (
    Body,
    Call,
    ConfigError,
    Contract,
    ContractError,
    MediaType,
    Operation,
    Parameter,
    Reply,
    Response,
    Validator,
)

SHORT = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
SEARCHING = settings(SHORT, max_examples=500)
FEW = settings(SHORT, max_examples=4)

REFUSALS = (400, 401, 403, 405, 406, 413, 415)
"""Statuses that speak of the call itself: an entity that isn't there is no fault of it."""

SAMPLE = {"AppointmentId": 236, "Participant": None, "UpdateMode": "OnlyThis"}
TREE = {
    "$ref": "#/$defs/tree",
    "$defs": {
        "tree": {
            "type": "object",
            "properties": {"n": {"type": "integer"}, "below": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
            "required": ["n"],
        }
    },
}


@pytest.fixture(scope="module")
def contact() -> Contract:
    from docdouble.schemas import extract

    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


def with_sample(operation: Operation) -> Operation:
    """Return the shipped operation with the sample of the request that its page shows."""
    from dataclasses import replace

    assert operation.request is not None
    media_types = tuple(replace(media_type, samples=(SAMPLE,)) for media_type in operation.request.media_types)
    return replace(operation, request=replace(operation.request, media_types=media_types))


def accepted(contract: Contract, operation: Operation) -> None:
    server = FakeServer(contract, Settings(state="off"))

    @FEW
    @given(requests(operation, contract))
    def check(call: Call) -> None:
        assert server.handle(call).status not in REFUSALS

    check()


def conforming(contract: Contract, operation: Operation) -> None:
    @FEW
    @given(responses(operation, contract))
    def check(reply: Reply) -> None:
        assert_conforms(reply, operation, contract, fail_on="warning")
        response = operation.response(reply.status)
        if reply.media_type == "application/json" and response and response.media_types[0].schema:
            assert Validator(response.media_types[0].schema, contract).is_valid(json.loads(reply.body))

    check()


def test_calls_of_the_shipped_contract_are_accepted(contract: Contract, operation: Operation) -> None:
    seen: set[str] = set()
    server = FakeServer(contract)

    @settings(SHORT, max_examples=200, derandomize=True)
    @given(requests(operation, contract))
    def check(call: Call) -> None:
        assert server.handle(call).status == 200
        seen.add(call.media_type)
        seen.add("select" if "$select=" in call.query else "")

    check()
    assert {"application/json", "application/xml", "select"} <= seen


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hotel", "contact"])
def test_calls_are_accepted_and_replies_conform(name: str, request: pytest.FixtureRequest) -> None:
    contract: Contract = request.getfixturevalue(name)
    for operation in contract.operations:
        accepted(contract, operation)
        conforming(contract, operation)


@pytest.mark.slow
@given(data=st.data())
@settings(SHORT, max_examples=20)
def test_calls_and_replies_of_the_whole_reference(corpus: Contract, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(corpus.operations))
    call = data.draw(requests(operation, corpus))
    assert FakeServer(corpus, Settings(state="off")).handle(call).status not in REFUSALS
    assert_conforms(data.draw(responses(operation, corpus)), operation, corpus, fail_on="warning")


def test_replies_of_the_shipped_contract_conform(contract: Contract, operation: Operation) -> None:
    conforming(contract, operation)


def test_a_failing_call_shrinks_to_what_fails(contract: Contract, operation: Operation) -> None:
    def large(call: Call) -> bool:
        return call.media_type == "application/json" and (json.loads(call.body).get("AppointmentId") or 0) > 100

    for searched in (operation, with_sample(operation)):
        call = find(requests(searched, contract), large, settings=SEARCHING)
        assert json.loads(call.body) == {"AppointmentId": 101}
        assert call.target == operation.path


def test_a_failing_reply_shrinks_to_the_documented_properties(contract: Contract, operation: Operation) -> None:
    def large(reply: Reply) -> bool:
        return bool(json.loads(reply.body)["AppointmentId"] > 100)

    reply = json.loads(find(responses(operation, contract), large, settings=SEARCHING).body)
    assert len(reply) == 61
    assert reply["AppointmentId"] == 101
    nothing = (None, 0, "", [], {}, "2000-01-01T00:00:00Z")
    assert [name for name, part in reply.items() if part not in nothing] == ["AppointmentId"]


def test_documented_samples_come_up(contract: Contract, operation: Operation) -> None:
    call = find(
        requests(with_sample(operation), contract),
        lambda call: call.media_type == "application/json" and json.loads(call.body) == SAMPLE,
        settings=SEARCHING,
    )
    assert json.loads(call.body) == SAMPLE


@pytest.mark.slow
def test_credentials_are_made_up_and_can_be_replaced(contract: Contract, operation: Operation) -> None:
    call = find(requests(operation, contract), lambda call: True, settings=SHORT)
    assert (call.header("Authorization") or "").startswith("Basic ")
    assert call.with_headers(("Authorization", "Bearer x")).header("Authorization") == "Bearer x"


def test_parameters_are_drawn_where_they_stand() -> None:
    parameters = (
        Parameter("id", "path", {"type": "string"}, True),
        Parameter("tags", "query", {"type": "array", "items": {"enum": ["a", "b"]}}, True),
        Parameter("X-Number", "header", {"type": "integer", "minimum": 5}, True),
        Parameter("kind", "cookie", {"type": "string", "examples": ["plain"]}, True),
        Parameter("maybe", "query", {"type": "boolean"}),
    )
    operation = Operation("find", "GET", "/things/{id}", parameters=parameters, responses=(Response("200"),))
    contract = Contract("things", "1", (operation,))
    call = find(requests("find", contract), lambda call: True, settings=SHORT)
    assert call.target == "/things/0?tags=a"
    assert (call.header("X-Number"), call.header("Cookie")) == ("5", "kind=plain")
    assert "maybe=true" in find(requests("find", contract), lambda call: "maybe=t" in call.query, settings=SHORT).query
    accepted(contract, operation)


def test_bodies_that_are_no_json() -> None:
    record = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    for media_type in ("application/xml", "multipart/form-data", "application/x-www-form-urlencoded"):
        operation = Operation("save", "POST", "/thing", request=Body((MediaType(media_type, record),), True))
        accepted(Contract("things", "1", (operation,)), operation)


def test_a_status_is_asked_for(hotel: Contract) -> None:
    assert find(responses("GuestEntity_Get", hotel, 404), lambda reply: True, settings=SHORT).status == 404
    assert find(responses("GuestEntity_Delete", hotel), lambda reply: True, settings=SHORT) == Reply(status=204)
    with pytest.raises(ConfigError, match=r"status: 418 is not documented: 200, 404, 304"):
        find(responses("GuestEntity_Get", hotel, 418), lambda reply: True, settings=SHORT)


def test_documented_headers_are_sent() -> None:
    headers = (Parameter("X-Total", "header", {"type": "integer", "minimum": 0}, True),)
    operation = Operation("count", "GET", "/count", responses=(Response("200", headers=headers),))
    contract = Contract("things", "1", (operation,))
    assert find(responses("count", contract), lambda reply: True, settings=SHORT).header("X-Total") == "0"
    conforming(contract, operation)


def test_nothing_is_read_before_the_first_draw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docdouble.toml").write_text('source = "nowhere.json"')
    calls, replies = requests("AssignTo"), responses("AssignTo")
    for strategy in (calls, replies):
        with pytest.raises(ConfigError, match=r"nowhere\.json"):
            find(strategy, lambda call: True, settings=SHORT)


def test_the_contract_is_what_the_working_directory_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hotel = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
    (tmp_path / "docdouble.toml").write_text(f"source = '{hotel}'")
    monkeypatch.chdir(tmp_path)
    assert find(requests("GuestEntity_List"), lambda call: True, settings=SHORT).target == "/guests"
    assert _configured(tmp_path) is _configured(tmp_path)


def test_an_unknown_operation_is_named_at_the_first_draw(contract: Contract) -> None:
    with pytest.raises(ConfigError, match="did you mean 'AssignTo'"):
        find(requests("AsignTo", contract), lambda call: True, settings=SHORT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    [
        True,
        {},
        {"type": "integer", "minimum": 3, "exclusiveMaximum": 9},
        {"type": "number", "multipleOf": 0.5},
        {"type": "string", "pattern": r"^\d{4}$"},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "date-time"},
        {"type": ["string", "null"], "minLength": 2},
        {"enum": [1, "a", None]},
        {"const": {"a": [1]}},
        {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "integer", "maximum": 5}]},
        {"allOf": [{"type": "integer"}, {"minimum": 5}]},
        {"not": {"type": "string"}},
        {"if": {"type": "integer"}, "then": {"minimum": 5}, "else": {"type": "string"}},
        {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 2},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
        {"type": "array", "contains": {"const": 1}, "minContains": 2},
        {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False},
        {"type": "object", "dependentRequired": {"a": ["b"]}, "properties": {"a": {}, "b": {}}},
        {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "integer"}},
        {"allOf": [{"$ref": "#/$defs/x"}], "$defs": {"x": {"type": "object", "required": ["q"]}}},
        TREE,
        {"type": "object", "properties": {"next": {"$ref": "#"}}},
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"$ref": "#/properties/a"}}},
        {"$id": "https://example.org/s", "$ref": "https://example.org/s#/$defs/a", "$defs": {"a": {"type": "null"}}},
        {"$defs": {"a": {"$anchor": "there", "type": "integer"}}, "$ref": "#there"},
        {"definitions": {"a/b": {"type": "string"}}, "$ref": "#/definitions/a~1b"},
    ],
    ids=str,
)
def test_values_of_a_schema_are_valid(document: Any) -> None:
    oracle = jsonschema_rs.Draft202012Validator(document, validate_formats=True)

    @SHORT
    @given(schema(document))
    def check(value: Any) -> None:
        assert oracle.is_valid(value)

    check()


def test_values_of_a_schema_shrink() -> None:
    assert find(schema(TREE), lambda value: value["n"] > 100, settings=SEARCHING) == {"n": 101}
    deep = find(schema(TREE), lambda value: any(inner["n"] > 3 for inner in value.get("below", ())), settings=SEARCHING)
    assert deep == {"n": 0, "below": [{"n": 4}]}


def test_examples_of_a_schema_come_up() -> None:
    document = {"type": "object", "properties": {"a": {"type": "integer"}}, "examples": [{"a": 23651}]}
    assert find(schema(document), lambda value: value == {"a": 23651}, settings=SEARCHING) == {"a": 23651}
    assert find(schema(document), lambda value: value.get("a", 0) > 100, settings=SEARCHING) == {"a": 101}


@pytest.mark.parametrize("document", [{"type": "nothing"}, {"$ref": "https://example.org/elsewhere"}, {"$ref": "#/no"}])
def test_what_is_no_schema_is_refused_at_once(document: dict[str, Any]) -> None:
    with pytest.raises(ContractError, match=r"schema#.*no JSON Schema 2020-12 that can be used"):
        schema(document)


def test_importing_the_package_is_cheap() -> None:
    code = "import sys, docdouble.contracts; assert not {'hypothesis', 'schemathesis', 'werkzeug'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.slow
def test_a_failing_test_tells_its_values(tmp_path: Path) -> None:
    """Schemathesis' pytest plugin keeps Hypothesis from that."""
    (tmp_path / "test_it.py").write_text(
        "from hypothesis import given, settings\n"
        "from docdouble.contracts.strategies import schema\n"
        "@settings(database=None)\n"
        "@given(schema({'type': 'integer'}))\n"
        "def test_it(number):\n"
        "    assert number < 1000\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_it.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "number=1000" in done.stdout
