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
    return [finding for operation in contract.operations for finding in runner.verify(operation).findings]


@pytest.mark.slow
def test_the_fake_keeps_every_promise(documented: Contract) -> None:
    reported = findings(documented, FakeServer(documented))
    assert [finding for finding in reported if finding.severity is not Severity.NOTE] == []


@pytest.mark.slow
def test_a_server_that_is_not_tidy_keeps_them_too(documented: Contract) -> None:
    reported = findings(documented, NetLike(documented))
    assert [finding for finding in reported if finding.severity is Severity.ERROR] == []
    warned = [finding for finding in reported if finding.severity is Severity.WARNING]
    # of pages it is a note that a time has no offset, while a document of OpenAPI promises one
    without_offset = [] if documented.dialect else [finding for finding in warned if finding.check == "response-format"]
    assert all(OFFSETLESS.fullmatch(finding.got) for finding in without_offset)
    assert {
        (finding.check, finding.got.partition(" of ")[0]) for finding in warned if finding not in without_offset
    } <= {("undocumented-field", "the property RowVersion")}
    assert len({finding.fingerprint for finding in warned}) == len(warned)
