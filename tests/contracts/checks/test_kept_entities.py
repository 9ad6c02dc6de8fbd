"""What methods and paths promise of entities that a server keeps: a loss is an error, another value a warning."""

import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.checks.check import Step
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.schemas import Call
from docdouble.schemas.dialects.verbs import USUAL
from docdouble.schemas.resources.document_resources import with_document_resources

from .made import JSON, TEXT, check_of, exchange, operation, record, reply, several

BOAT = record(id=TEXT, name=TEXT, length={"type": "integer"}, secretToken=TEXT, isSold={"type": "boolean"})
SENT = {"content": {"application/json": {"schema": BOAT}}}
WRAPPED = record(data=BOAT)
ROWS = record(data=record(items={"type": "array", "items": BOAT}))
PATHS = {
    "/boats": {
        "get": operation(ROWS, operationId="all"),
        "post": operation(WRAPPED, operationId="make", requestBody=SENT),
    },
    "/boats/{id}": {
        "get": operation(WRAPPED, operationId="read"),
        "put": operation(WRAPPED, operationId="change", requestBody=SENT),
        "delete": operation(WRAPPED, operationId="drop"),
    },
}
KEY = {"name": "id", "in": "path", "required": True, "schema": TEXT}
PATHS["/boats/{id}"] |= {"parameters": [KEY]}
BOATS = with_document_resources(several(PATHS), USUAL)
FULL = {"id": "a1", "name": "Ada", "length": 7}


def step(name: str, answer: Any = None, status: int = 200, sent: Any = None) -> Exchange:
    method = BOATS.operation(name).method
    call = Call((JSON,), json.dumps(sent).encode(), method, "/boats/a1") if sent else None
    body = b"" if answer is None else {"data": answer}
    return replace_existing(exchange(BOATS, reply(body, status), call, name=name))


def replace_existing(made: Exchange) -> Exchange:
    return replace(made, case=replace(made.case, existing=True))


def judged(check: str, *steps: Exchange) -> list[Finding]:
    roles = {role.operation: role for resource in BOATS.resources.resources for role in resource.roles}
    chain = check_of(check).chain
    assert chain
    return list(chain([Step(roles[exchange.operation.id], exchange) for exchange in steps]))


CREATED = step("make", FULL, 201, {"name": "Ada", "length": 7})
CHANGED = step("change", {**FULL, "name": "Bob"}, 200, {"name": "Bob", "length": 7})


def test_the_contract_tells_by_paths() -> None:
    assert [(resource.name, resource.path) for resource in BOATS.resources.resources] == [("boat", "/boats")]


@pytest.mark.parametrize("shown", [{"name": "Ada"}, {"name": ""}, {"name": None}, {}])
def test_a_change_that_is_lost_is_an_error(shown: Any) -> None:
    (finding,) = judged("written-read", CREATED, CHANGED, step("read", {"id": "a1", "length": 7, **shown}))
    assert (finding.severity, finding.pointer) == (Severity.ERROR, "/data/name")


def test_a_text_that_the_server_writes_otherwise_is_a_warning() -> None:
    (finding,) = judged("written-read", CREATED, CHANGED, step("read", {**FULL, "name": "BOB"}))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize("name", ["secretToken", "id"])
def test_what_nobody_expects_to_be_shown(name: str) -> None:
    created = step("make", FULL, 201, {"name": "Ada", "length": 7, name: "a1"})
    assert judged("written-read", created, step("read", {**FULL, name: "a1"})) == []
    shown = {key: value for key, value in FULL.items() if key != name}
    assert judged("written-read", created, step("read", shown)) == []


def test_a_write_that_is_only_accepted_promises_nothing_yet() -> None:
    assert judged("written-read", CREATED, step("change", None, 202, {"name": "Bob"}), step("read", FULL)) == []
    assert judged("deleted-gone", CREATED, step("drop", None, 202), step("read", FULL)) == []
    assert judged("created-listed", step("make", FULL, 202, {"name": "Ada"}), step("read", None, 404)) == []


def test_a_delete_that_does_nothing_is_an_error() -> None:
    dropped = step("drop", None, 204)
    (finding,) = judged("deleted-gone", CREATED, step("read", FULL), dropped, step("read", FULL))
    assert finding.severity is Severity.ERROR
    (finding,) = judged("deleted-gone", CREATED, step("read", FULL), dropped, step("read", {**FULL, "name": "gone"}))
    assert finding.severity is Severity.WARNING
    assert judged("deleted-gone", CREATED, step("read", FULL), dropped, step("read", None, 404)) == []


def test_a_creation_that_nothing_reads_is_an_error() -> None:
    (finding,) = judged("created-listed", CREATED, step("read", None, 404))
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(("rows", "count"), [([FULL], 0), ([], 1), ([{**FULL, "id": "b2"}], 1)])
def test_rows_in_an_envelope(rows: Any, count: int) -> None:
    assert len(judged("created-listed", CREATED, step("all", {"items": rows}))) == count


def test_a_row_that_shows_another_value() -> None:
    listed = step("all", {"items": [{**FULL, "id": "b2"}, {**FULL, "length": 9}]})
    assert [finding.pointer for finding in judged("written-read", CREATED, listed)] == ["/data/items/1/length"]
