"""Reports of shards together are the report of one run."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.json_report import json_report
from docdouble.contracts.reports.merged_reports import MergeOptions, merged
from docdouble.contracts.reports.read_report import ReportFile, read_report
from docdouble.contracts.safety.selection import IN_ANOTHER_SHARD, Shard
from docdouble.contracts.storage.baseline import Baseline, BaselineEntry
from docdouble.schemas import ConfigError, Contract, extract

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
TESTS = Path(__file__).parents[2]
SHARDS = 5


def verified(contract: Contract, shard: Shard, folder: Path) -> ReportFile:
    """Return the report of a shard."""
    options = VerifyOptions(budget=Budget(max_examples=1), shard=shard)
    path = folder / f"report-{shard.number}-{shard.count}.json"
    path.write_bytes(json_report(Verification.of(contract, options).run()))
    return read_report(path)


def comparable(run: Run) -> Any:
    """Return a report without times."""
    document = json.loads(json_report(run))
    for name in ("seconds", "calls_per_second", "started"):
        del document[name]
    for operation in document["operations"]:
        del operation["seconds"]
    for finding in document["findings"]:
        headers = finding["reply"]["headers"] if finding["reply"] else []
        headers[:] = [header for header in headers if header[0] != "Date"]
    return document


@pytest.mark.slow
@pytest.mark.parametrize("source", ["services/express/openapi.yaml", "cases"])
def test_five_shards_are_one_run(source: str, tmp_path: Path) -> None:
    contract = extract(str(TESTS / source)).contract
    whole = verified(contract, Shard(), tmp_path).run
    parts = [verified(contract, Shard(number, SHARDS), tmp_path) for number in range(1, SHARDS + 1)]
    assert sum(bool(part.run.results) for part in parts) > 2
    assert comparable(merged(parts[::-1], MergeOptions())) == comparable(whole)


ORDER = ("GetBook", "GetLoan", "Lend", "GiveBack")


@pytest.fixture
def part(make_run: MakeRun) -> Callable[..., ReportFile]:
    """Return a function that makes the report of a shard, whose operations are those of findings and ``clean`` ones."""

    def make(
        number: int, *findings: Finding, clean: tuple[str, ...] = (), done: dict[str, Any] | None = None, **started: Any
    ) -> ReportFile:
        names = {*clean, *(finding.operation for finding in findings)}
        skipped = {name: IN_ANOTHER_SHARD for name in ORDER if name not in names}
        begin = {"shard": (number, 2), "order": ORDER, "digest": "a" * 64, "skipped": skipped, **started}
        run = make_run(*findings, clean=clean, started=begin, done=done)
        operations = [replace(run.started.operations[0], id=name, path=f"/{name}") for name in ORDER]
        contract = replace(run.started.contract, operations=tuple(operations))
        return ReportFile(f"report-{number}.json", replace(run, started=replace(run.started, contract=contract)), "1")

    return make


def test_results_stand_in_the_order_of_one_run(make_finding: MakeFinding, part: Callable[..., ReportFile]) -> None:
    run = merged(
        [part(2, make_finding("Lend"), clean=("GetLoan",)), part(1, clean=("GetBook", "GiveBack"))], MergeOptions()
    )
    assert [result.operation.id for result in run.results] == list(ORDER)
    assert [operation.id for operation in run.started.operations] == list(ORDER)
    assert (run.started.skipped, run.calls, run.done.seconds, run.failed) == ({}, 40, 4.0, True)


def test_an_operation_is_skipped_for_the_reason_of_its_shard(part: Callable[..., ReportFile]) -> None:
    others = {"Lend": "left out by --skip", "GetBook": IN_ANOTHER_SHARD, "GiveBack": IN_ANOTHER_SHARD}
    run = merged(
        [part(1, clean=("GetBook", "GiveBack")), part(2, clean=("GetLoan",), skipped=others)],
        MergeOptions(),
    )
    assert run.started.skipped == {"Lend": "left out by --skip"}
    assert not run.failed


def test_a_missing_shard_fails_the_run(part: Callable[..., ReportFile]) -> None:
    run = merged([part(2, clean=("GetBook", "GiveBack"))], MergeOptions())
    assert run.failed
    assert run.shortfall == "there is no report of shard 1/2"
    assert set(json.loads(json_report(run))["not_reached"]) == {"GetLoan", "Lend"}


def test_what_is_reported_once_a_run_is_reported_of_the_first_shard(
    make_finding: MakeFinding, part: Callable[..., ReportFile]
) -> None:
    findings = [make_finding(name, check="method", rule="405", once=True) for name in ("GetLoan", "GetBook")]
    run = merged([part(1, findings[0]), part(2, findings[1])], MergeOptions())
    assert [finding.operation for finding in run.findings] == ["GetBook"]


def test_a_baseline_is_that_of_all_shards(make_finding: MakeFinding, part: Callable[..., ReportFile]) -> None:
    known, new = make_finding("GetBook"), make_finding("Lend")
    gone = ("GetLoan", "response-schema", "/Id", "type")
    entries = {key: BaselineEntry(key, Severity.ERROR) for key in (known.fingerprint, gone)}
    parts = [part(1, known), part(2, new, clean=("GetLoan", "GiveBack"))]
    run = merged(parts, MergeOptions(Baseline(entries)))
    assert [finding.operation for finding in run.findings if run.started.fails(finding)] == ["Lend"]
    assert run.done.gone == (gone,)
    assert not merged(parts, MergeOptions(Baseline(entries), update_baseline=True)).failed
    shards = [
        part(1, known, known={known.fingerprint: Severity.ERROR}),
        part(2, clean=ORDER[1:], done={"gone": (gone,)}),
    ]
    assert (merged(shards, MergeOptions()).failed, merged(shards, MergeOptions()).done.gone) == (False, (gone,))


def test_the_threshold_is_that_of_all_shards_or_another(
    make_finding: MakeFinding, part: Callable[..., ReportFile]
) -> None:
    warning = make_finding("GetBook", severity=Severity.WARNING)
    parts = [part(1, warning), part(2, clean=ORDER[1:])]
    assert not merged(parts, MergeOptions()).failed
    assert merged(parts, MergeOptions(fail_on=Severity.WARNING)).failed
    assert merged(parts, MergeOptions(fail_under=100)).started.fail_under == 100


def test_a_server_that_one_shard_did_not_reach(part: Callable[..., ReportFile]) -> None:
    stopped = {"stopped": "no answer", "unreachable": True}
    run = merged([part(1, clean=ORDER[:2], done=stopped), part(2, clean=ORDER[2:])], MergeOptions())
    assert (run.unreachable, run.done.stopped) == (True, "no answer")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"digest": "b" * 64},
            "report-2.json: contract: 'bbbbbbbbbbbb' is not 'aaaaaaaaaaaa', as in report-1.json",
        ),
        ({"seed": 8}, "report-2.json: --seed: 8 is not 7"),
        ({"command": "load"}, "report-2.json: command: 'load' is not 'verify'"),
        ({"shard": (2, 3)}, "report-2.json: --shard: 3 is not 2"),
        ({"fail_on": Severity.NOTE}, "else give --fail-on"),
        ({"fail_under": 9.0}, "else give --fail-under"),
    ],
)
def test_reports_of_different_runs_are_refused(
    part: Callable[..., ReportFile], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        merged([part(1, clean=ORDER[:2]), part(2, clean=ORDER[2:], **change)], MergeOptions())
    assert message in str(caught.value)


def test_reports_of_different_versions_are_refused(part: Callable[..., ReportFile]) -> None:
    with pytest.raises(ConfigError, match=r"docdouble: '2' is not '1', as in report-1\.json"):
        merged([part(1, clean=ORDER[:2]), replace(part(2, clean=ORDER[2:]), version="2")], MergeOptions())


def test_reports_of_the_same_operations_are_refused(part: Callable[..., ReportFile]) -> None:
    with pytest.raises(ConfigError, match=r"GetLoan, in report-1\.json too"):
        merged([part(1, clean=("GetBook", "GetLoan")), part(2, clean=("GetLoan", "Lend"))], MergeOptions())
