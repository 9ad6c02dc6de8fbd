"""The verdict on a load: its exit code, what it prints, and the files that it writes."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from docdouble.contracts.load.judgements import Judgements
from docdouble.contracts.load.load_options import LoadOptions
from docdouble.contracts.load.load_result import LoadOutcome, LoadResult
from docdouble.schemas import Call, Contract, Reply

from .loaded import LoadedFake


@dataclass
class Entry:
    """What Locust knows of an operation."""

    num_requests: int = 10
    num_failures: int = 0
    total_rps: float = 5.0
    avg_response_time: float = 20.0
    min_response_time: float = 1.0
    max_response_time: float = 400.0

    def get_response_time_percentile(self, percent: float) -> float:
        return 400 * percent


STATS = SimpleNamespace(total=Entry(20), entries={("/guests", "GET"): Entry(), ("/guests/{id}", "GET"): Entry()})


def result_of(fake: LoadedFake, **options: object) -> LoadResult:
    fake.load.options = replace(fake.load.options, **options)  # type: ignore[arg-type]
    return LoadResult(fake.load)


def outcome_of(fake: LoadedFake, **parts: object) -> LoadOutcome:
    return replace(LoadOutcome(fake.load.judge.judgements, STATS, 4.0), **parts)  # type: ignore[arg-type]


@pytest.fixture
def fake(hotel_of_docs: Contract) -> LoadedFake:
    loaded = LoadedFake(hotel_of_docs)
    for name in ("listGuests", "getGuest", "getGuest"):
        loaded.call(name)
    return loaded


def broken(hotel: Contract) -> LoadedFake:
    loaded = LoadedFake(hotel, lambda case, reply: Reply(reply.headers, b"{}", 200))
    for name in ("listGuests", "getGuest"):
        loaded.call(name)
    return loaded


def test_a_clean_run_passes_and_is_summarised(fake: LoadedFake, capsys: pytest.CaptureFixture[str]) -> None:
    result = result_of(fake, fail_if=("p95>1s", "violations>0"))
    assert not result.finish(outcome_of(fake))
    result.show()
    output = capsys.readouterr().out
    assert "passed: no finding of severity error; 2 verified, 2 not sent" in output
    assert "judged: 100.0 % of 3 replies" in output
    assert "GET /guests/{id}  10        0       200     380     2       0" in output


def test_a_finding_fails_with_its_violations(hotel_of_docs: Contract, capsys: pytest.CaptureFixture[str]) -> None:
    fake = broken(hotel_of_docs)
    result = result_of(fake, fail_if=("violations>1000", "getGuest: violations>0%"))
    assert result.finish(outcome_of(fake))
    result.show()
    output = capsys.readouterr().out
    assert "error   GET /guests/{id}" in output
    assert "violations>1000" not in output
    assert "failed: getGuest: violations>0%: getGuest: violations is " in output


def test_what_the_baseline_knows_passes(hotel_of_docs: Contract, tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    fake = broken(hotel_of_docs)
    settings = replace(fake.load.options.settings, baseline=file)
    assert not result_of(fake, settings=settings, update_baseline=True).finish(outcome_of(fake))
    again = broken(hotel_of_docs)
    assert not result_of(again, settings=settings, fail_if=("violations>0",)).finish(outcome_of(again))


def test_reports_and_csv_are_written(fake: LoadedFake, tmp_path: Path) -> None:
    kinds = {"json": "r.json", "html": "r.html", "junit": "r.xml", "sarif": "r.sarif"}
    reports = tuple((kind, str(tmp_path / name)) for kind, name in kinds.items())
    left = (Call(method="DELETE", target="/guests/7"),)
    result = result_of(fake, reports=reports)
    assert not result.finish(outcome_of(fake, left=left), str(tmp_path / "run"))
    written = json.loads((tmp_path / "r.json").read_bytes())
    assert written["left"][0]["target"] == "/guests/7"
    assert written["tool"]["command"] == "load"
    assert all((tmp_path / name).stat().st_size for name in kinds.values())
    lines = (tmp_path / "run_violations.csv").read_text().splitlines()
    assert lines[0] == "operation,requests,errors,p50 ms,p95 ms,judged,violations"
    assert lines[-1] == "all,20,0,200,380,3,0"


def test_what_went_wrong_beside_is_reported(fake: LoadedFake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.load.judge.judgements.unanswered["timed out"] += 3
    fake.load.judge.judgements.unmatched["GET /boats"] += 1
    result = result_of(fake)
    result.finish(outcome_of(fake, lost=("worker-1",), refused={"its path is not documented": 2}))
    result.show()
    output = capsys.readouterr().out
    for line in (
        "no reply: 3 calls, timed out",
        "not sent: 2 calls, its path is not documented",
        "not documented: GET /boats, 1 call",
        "lost: 1 worker, with the last it had judged and was creating: worker-1",
    ):
        assert line in output


@pytest.mark.parametrize(
    ("status", "is_judged", "reason"),
    [
        (0, False, "no reply: no call was sent"),
        (200, False, "no reply was judged"),
        (404, True, "no call succeeded: 2 times 404"),
    ],
)
def test_nothing_verified_is_never_green(
    hotel_of_docs: Contract, status: int, is_judged: bool, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = LoadedFake(hotel_of_docs, lambda case, reply: Reply(status=status))
    judgements = Judgements()
    if status:
        for name in ("listGuests", "getGuest"):
            fake.call(name)
        judgements = fake.load.judge.judgements
    if not is_judged:
        for judgement in judgements.by_operation.values():
            judgement.judged, judgement.findings = 0, {}
    result = result_of(fake)
    assert result.finish(LoadOutcome(judgements, STATS))
    result.show()
    assert f"failed: {reason}" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_fails(fake: LoadedFake, tmp_path: Path) -> None:
    result = result_of(fake, reports=(("json", str(tmp_path / "gone" / "r.json")),))
    assert result.finish(outcome_of(fake))


def test_options_stay_as_they_are(fake: LoadedFake) -> None:
    assert fake.load.options == LoadOptions(url=fake.load.options.url)
