"""A server that conforms, though not as a tidy one does, breaks no promise: no check finds an error."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.checks import CHECKS
from docdouble.contracts.client.placeholder_credentials import placeholder
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.contracts.model.finding import Finding
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Operation, Reply, extract

from .made import JSON

_OFFSET = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return extract("superoffice").contract


class NetLike(FakeServer):
    """Dates without offset, ``1.0`` for 1, a property more, null where the documentation says nothing."""

    def handle(self, call: Call) -> Reply:
        reply = super().handle(call)
        if reply.status != 200 or reply.media_type not in ("application/json", "text/json"):
            return reply
        return replace(reply, body=json.dumps(_like_net(json.loads(reply.body))).encode())


def _like_net(value: Any) -> Any:
    match value:
        case {"TableRight": _}:
            return {name: _like_net(part) for name, part in value.items()} | {"TableRight": None, "RowVersion": 7}
        case dict():
            return {name: _like_net(part) for name, part in value.items()}
        case list():
            return [_like_net(part) for part in value]
        case str() if match := _OFFSET.fullmatch(value):
            return match[1]
        case int() if not isinstance(value, bool):
            return float(value)
    return value


def findings(server: FakeServer, operation: Operation, contract: Contract, call: Call) -> Iterator[Finding]:
    """What all checks find in one valid call, and by the calls that they send themselves."""
    subject = Subject(operation, contract)

    def judged(case: Case) -> Exchange:
        exchange = Exchange(subject, case, server.handle(case.call))
        collected.extend(finding for check in CHECKS if check.applies(exchange) for finding in check.run(exchange))
        return exchange

    def send(call: Call, signed: bool) -> Exchange:
        return judged(Case(operation, call, Purpose.PROBE, Origin.PROBE, signed=signed))

    collected: list[Finding] = []
    first = judged(Case(operation, call, Purpose.VALID, Origin.BOUNDARY))
    for check in CHECKS:
        collected.extend(check.probe(first, send) if check.probe else ())
        collected.extend(check.end([first]) if check.end else ())
    return iter(collected)


def call_of(contract: Contract, target: str = "") -> Call:
    operation = contract.operations[0]
    headers = (JSON, ("Accept", "application/json"), *placeholder(operation, contract))
    return Call(headers, b'{"appointmentId": 7}', operation.method, target or operation.path)


@pytest.mark.parametrize("target", ["", "/api/v1/Agents/Appointment/AssignTo?$select=AppointmentId"])
@pytest.mark.parametrize("effect", ["read", None])
def test_a_net_like_server_breaks_nothing(contract: Contract, target: str, effect: Any) -> None:
    operation = replace(contract.operations[0], effect=effect)
    reported = list(findings(NetLike(contract, Settings(state="off")), operation, contract, call_of(contract, target)))
    assert {(finding.check, finding.severity.value) for finding in reported} <= {
        ("response-format", "note"),
        ("null", "note"),
        ("undocumented-field", "warning"),
        ("time-zone", "note"),
        ("repeatable", "note"),
    }
    assert any(finding.check == "undocumented-field" for finding in reported)


@pytest.mark.parametrize("effect", ["read", None])
def test_our_own_fake_breaks_nothing(contract: Contract, effect: Any) -> None:
    operation = replace(contract.operations[0], effect=effect)
    assert list(findings(FakeServer(contract, Settings(state="off")), operation, contract, call_of(contract))) == []


def test_an_id_of_nothing_is_refused_in_peace(contract: Contract) -> None:
    class Empty(FakeServer):
        def handle(self, call: Call) -> Reply:
            reply = super().handle(call)
            return Reply((("Content-Type", "application/problem+json"),), b"{}", 404) if reply.status == 200 else reply

    assert not list(findings(Empty(contract), contract.operations[0], contract, call_of(contract)))
