"""No false alarms: servers that conform are found to, also one that isn't tidy."""

import re
from pathlib import Path

import pytest

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract, extract

from .netlike import NetLike

OFFSETLESS = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"')
PAGES = Path(__file__).parents[2] / "fakeserver"


@pytest.fixture(scope="module", params=["hotel.yaml", "contact"])
def documented(request: pytest.FixtureRequest) -> Contract:
    return extract(str(PAGES / request.param)).contract


def findings(contract: Contract, app: FakeServer, seed: int = 0) -> list[Finding]:
    budget = Budget(max_examples=0, boundaries=8, seed=seed)
    runner = Runner(contract, Transport(WsgiTarget(app), lambda call: True, budget), budget)
    return [one for operation in contract.operations for one in runner.verify(operation).findings]


@pytest.mark.slow
def test_the_fake_keeps_every_promise(documented: Contract) -> None:
    found = findings(documented, FakeServer(documented))
    assert [one for one in found if one.severity is not Severity.NOTE] == []


@pytest.mark.slow
def test_a_server_that_is_not_tidy_keeps_them_too(documented: Contract) -> None:
    found = findings(documented, NetLike(documented))
    assert [one for one in found if one.severity is Severity.ERROR] == []
    warned = [one for one in found if one.severity is Severity.WARNING]
    # of pages it is a note that a time has no offset, while a document of OpenAPI promises one
    without_offset = [] if documented.dialect else [one for one in warned if one.check == "response-format"]
    assert all(OFFSETLESS.fullmatch(one.got) for one in without_offset)
    assert {(one.check, one.got.partition(" of ")[0]) for one in warned if one not in without_offset} <= {
        ("undocumented-field", "the property RowVersion")
    }
    assert len({one.fingerprint for one in warned}) == len(warned)
