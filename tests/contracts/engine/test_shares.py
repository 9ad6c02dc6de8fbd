"""Verification of the fake in several processes."""

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import CallDone, Event, OperationResult, Run
from docdouble.contracts.safety.selection import divided
from docdouble.schemas import Call, Contract, Reply, extract

SHOP = """\
openapi: 3.1.0
info: {title: shop, version: "1"}
paths:
  /health: {get: {operationId: health, responses: {"204": {description: fine}}}}
  /ping: {get: {operationId: ping, responses: {"204": {description: fine}}}}
"""

RESOURCE = """\
  /{name}s:
    get:
      operationId: list{name}s
      responses: {{"200": {{description: "", content: {{application/json: {{schema: {list}}}}}}}}}
    post:
      operationId: create{name}
      requestBody: {{required: true, content: {{application/json: {{schema: {ref}}}}}}}
      responses: {{"201": {{description: made, content: {{application/json: {{schema: {ref}}}}}}}}}
  /{name}s/{{{name}Id}}:
    parameters: [{{name: {name}Id, in: path, required: true, schema: {{type: integer}}}}]
    get:
      operationId: read{name}
      responses: {{"200": {{description: one, content: {{application/json: {{schema: {ref}}}}}}}, "404": {none}}}
    delete: {{operationId: delete{name}, responses: {{"204": {none}, "404": {none}}}}}
"""

TYPE = """\
    {name}: {{type: object, required: [id, title], properties: {{id: {{type: integer}}, title: {{type: string}}}}}}
"""


LOAN = """\
    loan: {type: object, required: [id, bookId], properties: {id: {type: integer}, bookId: {type: integer}}}
"""


def resource(name: str) -> str:
    ref = f'{{$ref: "#/components/schemas/{name}"}}'
    return RESOURCE.format(name=name, ref=ref, list=f"{{type: array, items: {ref}}}", none='{description: ""}')


def made(types: Mapping[str, str], folder: Path) -> Contract:
    """Return the contract of a shop with resources of some types."""
    path = folder / "shop.yaml"
    text = SHOP + "".join(map(resource, types)) + "components:\n  schemas:\n" + "".join(types.values())
    path.write_text(text, encoding="utf-8")
    return extract(str(path)).contract


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return made({name: TYPE.format(name=name) for name in ("book", "shelf", "loan")}, tmp_path_factory.mktemp("shop"))


def options(jobs: int, **budget: Any) -> VerifyOptions:
    return VerifyOptions(budget=Budget(**{"max_examples": 2, **budget}), settings=VerifyConfig(jobs=jobs))


def run(contract: Contract, jobs: int, emit: Callable[[Event], None] | None = None, **budget: Any) -> Run:
    return Verification.of(contract, options(jobs, **budget)).run(emit)


def outcomes(run: Run) -> list[tuple[Any, ...]]:
    return [
        (
            result.operation,
            result.verdict,
            result.calls,
            result.statuses,
            [finding.fingerprint for finding in result.findings],
        )
        for result in run.results
    ]


def test_shares_are_even_and_keep_together_what_is_of_one_resource(shop: Contract) -> None:
    shares = [[operation.id for operation in share] for share in divided(shop.operations, shop, 3)]
    assert sorted(map(len, shares)) == [4, 5, 5]
    assert sorted(name for share in shares for name in share) == sorted(operation.id for operation in shop.operations)
    for name in ("book", "shelf", "loan"):
        assert sum(any(name in operation for operation in share) for share in shares) == 1
    assert sum(map(bool, divided(shop.operations[:2], shop, 5))) == 2


class Meeting:
    """A target that answers no call before as many wait for it as there may be at once."""

    name = "a meeting"

    def __init__(self, count: int) -> None:
        self.waiting = threading.Barrier(count, timeout=10)
        self.met = False

    def send(self, call: Call) -> Reply:
        if not self.met:
            self.waiting.wait()
            self.met = True
        return Reply((), b"", 204)


def test_a_server_gets_as_many_calls_at_once_as_there_are_jobs(shop: Contract) -> None:
    budget, meeting = Budget(max_examples=1), Meeting(3)
    runner = Runner(shop, Transport(meeting, lambda call: True, budget), budget)
    runner.run(shop.operations[:6], lambda event: None, jobs=3)
    assert meeting.met


def test_a_group_of_operations_gets_the_same_calls_whatever_else_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, send = made({"book": TYPE.format(name="book"), "loan": LOAN}, tmp_path), WsgiTarget.send

    def sent(*only: str) -> list[tuple[Call, Reply]]:
        exchanges: list[tuple[Call, Reply]] = []

        def noting(target: WsgiTarget, call: Call) -> Reply:
            exchanges.append((call, send(target, call)))
            return exchanges[-1][1]

        monkeypatch.setattr(WsgiTarget, "send", noting)
        settings = VerifyConfig(only=only, jobs=1)
        Verification.of(contract, VerifyOptions(budget=Budget(max_examples=0), settings=settings)).run()
        return [(call, reply) for call, reply in exchanges if call.path.startswith("/loans")]

    assert sent() == sent("*loan*")


@pytest.mark.slow
def test_a_run_of_several_processes_is_that_of_one(shop: Contract) -> None:
    events: list[Event] = []
    alone, shared = run(shop, 1), run(shop, 3, events.append)
    assert sorted(outcomes(shared), key=str) == sorted(outcomes(alone), key=str)
    assert [result.operation.id for result in shared.results] == [
        operation.id for operation in shared.started.operations
    ]
    assert sum(isinstance(event, CallDone) for event in events) == shared.calls
    assert outcomes(run(shop, 3)) == outcomes(shared)


@pytest.mark.slow
def test_no_more_requests_are_sent_than_the_run_may(shop: Contract) -> None:
    shared = run(shop, 2, max_requests=31)
    assert 0 < shared.calls <= 31
    assert shared.done.stopped == "the budget of 31 requests is spent"


@pytest.mark.slow
def test_a_run_that_is_cancelled_ends_its_processes(shop: Contract) -> None:
    verification = Verification.of(shop, options(2, max_examples=500))

    def emit(event: Event) -> None:
        if isinstance(event, CallDone):
            verification.transport.cancellation.cancel("enough")

    shared = verification.run(emit)
    assert shared.done.stopped == "enough"
    assert "enough" in {result.stopped for result in shared.results}


def test_a_run_whose_time_is_up_ends_processes_that_have_not_begun(shop: Contract) -> None:
    shared = run(shop, 2, max_seconds=0.01)
    assert (shared.done.stopped, shared.results) == ("the budget of 0.01 seconds is spent", ())


@pytest.mark.slow
def test_a_process_that_dies_is_no_clean_run(shop: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    starting = subprocess.Popen

    def dying(command: list[str], **others: Any) -> Any:
        return starting([sys.executable, "-c", "raise SystemExit(7)"], **others)

    monkeypatch.setattr(subprocess, "Popen", dying)
    shared = run(shop, 2)
    assert shared.done.stopped == "a process of the run ended with exit code 7"
    assert shared.unreachable
    assert not any(isinstance(result, OperationResult) for result in shared.results)
