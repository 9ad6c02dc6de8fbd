"""A JSON report is read back as the run that it was written of."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.model.case import Breach
from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.model.verdict import Cause, OperationVerdict
from docdouble.contracts.reports.json_report import MOST_BYTES, json_report
from docdouble.contracts.reports.read_report import read_report
from docdouble.schemas import Call, ConfigError, Evidence, Grade, Reply

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]


def reread(run: Run, folder: Path) -> bytes:
    path = folder / "report.json"
    path.write_bytes(json_report(run))
    return json_report(read_report(path).run)


@pytest.fixture
def whole_run(make_finding: MakeFinding, make_run: MakeRun) -> Run:
    """A run in which every member of a report is filled."""
    case = make_finding().case
    assert case is not None
    case = replace(case, signed=False, breach=Breach("body/Id", "type", Evidence(Grade.STATED, "GetBook.md", 4)))
    known = make_finding("GetLoan", evidence=None, case=None, reply=None)
    long = make_finding("Long", reply=Reply((), b"x" * (MOST_BYTES + 9)), once=True, sent_again="204")
    binary = make_finding("Binary", case=replace(case, call=Call((), b"\xff\x00", "POST", "/x")), pointer="/a/0")
    run = make_run(
        make_finding(case=case, before=(case,)),
        known,
        long,
        binary,
        late=("Lend",),
        started={
            "known": {known.fingerprint: Severity.ERROR},
            "expired": frozenset({long.fingerprint}),
            "secret_headers": ("Authorization",),
            "skipped": {"Give": "writes"},
            "shard": (2, 3),
            "fail_on": Severity.WARNING,
            "fail_under": 50.0,
            "may_stay_unverified": frozenset({"Lend"}),
            "expecting_nothing": ("tag:x",),
            "started": "2030-01-02T03:04:05+00:00",
            "command": "load",
        },
        done={
            "stopped": "time is up",
            "left": (Call(method="DELETE", target="/x"),),
            "gone": (("GetBook", "server-error", "/*", ""),),
        },
    )
    first, *others = run.results
    refused = replace(first, verdict=OperationVerdict.NOT_VERIFIED, cause=Cause("404", "no such path"), stopped="late")
    return replace(run, results=(refused, *others), quote=lambda evidence: f"line {evidence.line}")


def test_what_is_read_is_what_was_written(whole_run: Run, tmp_path: Path) -> None:
    assert json.loads(reread(whole_run, tmp_path)) == json.loads(json_report(whole_run))


def test_hostile_text_is_read_without_halves_of_letters(hostile_run: Run, tmp_path: Path) -> None:
    before, after = json.loads(json_report(hostile_run)), json.loads(reread(hostile_run, tmp_path))
    assert after["totals"]["findings"] == before["totals"]["findings"]
    assert after["findings"][0]["came"] == before["findings"][0]["came"].replace("\ud800", "\\ud800")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document.pop("contract"), "a JSON report of this version"),
        (lambda document: document.update(version=2), "a JSON report of this version"),
        (lambda document: document["findings"][0].update(severity="bad"), "/findings/0/severity"),
        (lambda document: document["operations"][0].pop("calls"), "/operations/0"),
    ],
)
def test_what_is_no_report_is_refused(
    make_finding: MakeFinding, make_run: MakeRun, tmp_path: Path, change: Callable[[Any], Any], message: str
) -> None:
    document = json.loads(json_report(make_run(make_finding())))
    change(document)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(document))
    with pytest.raises(ConfigError, match=message):
        read_report(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"report\.json"):
        read_report(path)
