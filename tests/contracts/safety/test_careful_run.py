"""A careful run over a whole fake with entities in it: what it finds there is there afterwards, unchanged."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.engine.successes import Conditions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import CallDone, Event
from docdouble.contracts.safety.guard import Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.fakeserver import ControlClient, FakeServer, Settings
from docdouble.schemas import Contract, extract


class Watched(FakeServer):
    """A fake that remembers which calls changed something."""

    def state(self) -> dict[str, Any]:
        return ControlClient("http://localhost", self.token, self.handle).save_state()


def run(
    contract: Contract, app: Watched, *allow_writes: str, tear_down: bool = True
) -> tuple[list[CallDone], Transport]:
    plan = plan_of(contract, Profile.CAREFUL, {}, allow_writes)
    budget = Budget(max_examples=1, boundaries=3)
    transport = Transport(WsgiTarget(app), Guard(plan, contract), budget, (("Authorization", "Bearer of-the-user"),))
    events: list[Event] = []
    Runner(contract, transport, budget, conditions=Conditions(is_careful=True)).run(plan.operations, events.append)
    assert transport.tear_down() == ()
    return [event for event in events if isinstance(event, CallDone)]


@pytest.fixture(scope="module")
def contacts() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@pytest.mark.parametrize("name", ["contacts", "hotel"])
def test_without_leave_nothing_changes(name: str, request: pytest.FixtureRequest) -> None:
    contract = request.getfixturevalue(name)
    before = (app := Watched(contract, Settings())).state()
    calls = run(contract, app)
    assert len(calls) > 20
    assert {call.operation.method for call in calls} <= {"GET", "HEAD", "POST"}
    assert app.state() == before


@pytest.mark.parametrize("name", ["contacts", "hotel"])
def test_with_leave_only_what_the_run_creates_changes(name: str, request: pytest.FixtureRequest) -> None:
    contract = request.getfixturevalue(name)
    app = Watched(contract, Settings())
    run(contract, app, "classified")
    kept = {
        (kind, key): json.dumps(value)
        for kind, entities in app.state().get("resources", {}).items()
        for key, value in entities.items()
    }
    assert set(kept.values()) == {"null"}, kept  # created, and deleted again
    assert all(int(key) > Settings().population for _, key in kept), kept
