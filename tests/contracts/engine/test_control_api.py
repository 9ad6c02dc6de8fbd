"""The control API keeps to its own OpenAPI document, as ``docdouble verify`` finds."""

from pathlib import Path

import pytest

import docdouble.fakeserver.control
from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.coverage.use_recorder import UseRecorder
from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Severity
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import extract

DOCUMENT = Path(docdouble.fakeserver.control.__file__).with_name("control_api.json")
HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"


@pytest.mark.slow
@pytest.mark.sockets
def test_the_control_api_keeps_to_its_document() -> None:
    app = FakeServer(extract(str(HOTEL)).contract, Settings(auth=False), token="open")
    app.observer = UseRecorder(app.contract)
    settings = VerifyConfig(
        headers={"Authorization": "Bearer open"},
        values={"resource": ("guest",), "key": tuple(map(str, range(1, 20)))},
        skip_checks=("deleted-gone",),  # what is reset is empty afterwards, and not gone
        # calls, answers and faults are forgotten before, and no token that is made up opens a session
        expect_unverified=("forgetAnswer", "endFault", "getCall", "openSession"),
    )
    app.journal.close()  # whoever waits for calls gets none, at once
    with running(app) as url:
        options = VerifyOptions(f"{url}/__docdouble__/api", Budget(max_examples=2), settings)
        run = Verification.of(extract(str(DOCUMENT)).contract, options).run()
    reported = [
        (finding.operation, finding.check, finding.rule, finding.got)
        for finding in run.findings
        if finding.severity is not Severity.NOTE
    ]
    assert reported == []
    assert not run.failed
    assert len(run.results) == 29
