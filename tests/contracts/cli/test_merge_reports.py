"""``docdouble merge-reports`` on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main

SHOP = Path(__file__).parents[2] / "services/express/openapi.yaml"

pytestmark = pytest.mark.slow


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("shards")
    files = [str(folder / f"report-{number}.json") for number in (1, 2)]
    for number, file in enumerate(files, 1):
        words = ("--shard", f"{number}/2", "--max-examples", "1", "--report", f"json={file}", "-q")
        assert run("verify", str(SHOP), *words).exit_code == 0
    return files


def test_shards_become_one_report(reports: list[str], tmp_path: Path) -> None:
    html, merged = tmp_path / "report.html", tmp_path / "report.json"
    done = run("merge-reports", *reports, "--report", f"html={html}", "--report", f"json={merged}")
    assert done.exit_code == 0, done.output
    assert "13 operations of the fake" in done.output
    assert "passed: no finding of severity error; 13 verified" in done.output
    document = json.loads(merged.read_text())
    assert len(document["operations"]) == 13
    assert document["totals"]["operations"] == 13
    assert "POST /" in html.read_text()
    again = run("merge-reports", str(merged))
    assert again.exit_code == 0, again.output


def test_a_missing_shard_is_named(reports: list[str]) -> None:
    done = run("merge-reports", reports[1])
    assert done.exit_code == 1
    assert "failed: there is no report of shard 1/2" in done.output


def test_a_report_that_needs_schemas_is_refused(reports: list[str], tmp_path: Path) -> None:
    done = run("merge-reports", *reports, "--report", f"pytest={tmp_path / 'test_it.py'}")
    assert done.exit_code == 2
    assert "a report that each shard writes of its own findings" in done.output


def test_findings_of_all_shards_are_kept(reports: list[str], tmp_path: Path) -> None:
    document = json.loads(Path(reports[0]).read_text(encoding="utf-8"))
    operation = document["operations"][0]
    call = {"method": operation["method"], "target": operation["path"], "headers": [], "body": {"text": "{}"}}
    why = {"operation": operation["id"], "purpose": "valid", "origin": "sample", "about": "", "signed": True}
    finding = {"fingerprint": "0" * 16, "operation": operation["id"], "check": "response-schema", "pointer": "/id"}
    facts = {"rule": "type", "severity": "error", "known": False, "expired": False, "once": False, "evidence": None}
    shown = {"quote": "", "promised": "an integer", "came": '"x"', "before": [], "reply": None}
    document["findings"] = [{**finding, **facts, **shown, "call": {**why, "breach": None, "curl": "", **call}}]
    changed, known, cases = tmp_path / "report-1.json", tmp_path / "known.json", tmp_path / "cases"
    changed.write_text(json.dumps(document))
    both = ("merge-reports", str(changed), reports[1])
    assert run(*both, "--cases", str(cases)).exit_code == 1
    assert [json.loads(file.read_text())["operation"] for file in cases.iterdir()] == [operation["id"]]
    assert run(*both, "--baseline", str(known), "--update-baseline").exit_code == 0
    done = run(*both, "--baseline", str(known))
    assert done.exit_code == 0, done.output
    assert "known from the baseline: 1 finding" in done.output


def test_shards_go_by_the_times_of_an_earlier_report(reports: list[str], tmp_path: Path) -> None:
    times = tmp_path / "times.json"
    words = ("verify", str(SHOP), "--plan", "--json", "--shard", "1/2", "--shard-times", str(times))
    by_count = run(*words)
    assert "there is no such report" in by_count.output
    document = json.loads(Path(reports[0]).read_text(encoding="utf-8"))
    chosen = [operation for operation in json.loads(by_count.stdout)["operations"] if operation["called"]]
    slow = chosen[0]["id"]
    document["operations"] = [
        {"id": operation["id"], "seconds": 90.0 if operation["id"] == slow else 0.1} for operation in chosen
    ]
    times.write_text(json.dumps(document))
    planned = json.loads(run(*words).stdout)["operations"]
    assert slow in [operation["id"] for operation in planned if operation["called"]]
    assert len([operation for operation in planned if operation["called"]]) < len(chosen)


def test_times_without_a_shard_mean_nothing(reports: list[str]) -> None:
    done = run("verify", str(SHOP), "--shard-times", reports[0])
    assert done.exit_code == 2
    assert "given with --shard" in done.output
