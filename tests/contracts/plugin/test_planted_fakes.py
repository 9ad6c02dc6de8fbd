"""Faults planted into the fakes of somebody's tests: whether they notice, and what is reported."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.mutation import Scope, mutant_of
from docdouble.contracts.plugin.planted_fakes import Planting, promise_of
from docdouble.contracts.plugin.rerun import MUTANT, NOTES, PlantedFault, Rerun, Score
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, ConfigError, Contract, extract
from docdouble.schemas.contract.model import evidence_of

pytest_plugins = ["pytester"]

HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
OPTIONS = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest")
LAX = """
def test_room(fake_client):
    assert fake_client.get("/rooms/3").status_code == 200
"""
ROOM = Call(method="GET", target="/rooms/3")
FRACTION = "fraction:Room_Get:/Beds"


@pytest.fixture
def hotel() -> Contract:
    return extract(str(HOTEL)).contract


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for variable in (MUTANT, NOTES):
        monkeypatch.delenv(variable, raising=False)
    pytester.makefile(".toml", docdouble=f'source = "{HOTEL.as_posix()}"\n')
    return pytester


def strict(contract: Contract) -> str:
    """Return a test that compares everything with what the right fake answers."""
    expected = json.loads(FakeServer(contract).handle(ROOM).body)
    return f"""
import json

def test_room(fake_client):
    reply = fake_client.get("/rooms/3")
    assert (reply.status_code, reply.json) == (200, json.loads({json.dumps(expected)!r}))
"""


def mutated(project: pytest.Pytester, *options: str) -> pytest.RunResult:
    return project.runpytest_inprocess("--contract-mutate", "1", *OPTIONS, *options)


@pytest.mark.slow
def test_tests_that_compare_everything_notice_all(project: pytest.Pytester, hotel: Contract) -> None:
    project.makepyfile(strict(hotel))
    project.makefile(".contract.toml", api="max-examples = 1\n")
    result = mutated(project, "--contract-mutate-fail-under", "100", "--junit-xml=all.xml")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*planted faults*", "1 of 1 planted fault noticed, 100 %"])
    assert 'tests="2"' in (project.path / "all.xml").read_text(), "the report is that of the first run, with all tests"


@pytest.mark.slow
def test_faults_that_are_missed_are_reported_with_their_documentation_line(project: pytest.Pytester) -> None:
    project.makepyfile(LAX)
    result = mutated(project)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["missed  *:Room_Get:*", "        *, hotel.yaml:*; wrong replies: 1", "0 of 1 planted fault noticed, 0 %"]
    )


@pytest.mark.slow
def test_a_share_that_is_too_small_fails_also_with_several_workers(project: pytest.Pytester) -> None:
    project.makepyfile(LAX)
    result = mutated(project, "-n", "1", "--contract-mutate-fail-under", "50")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["0 of 1 planted fault noticed, 0 %", "failed: fewer than 50 % noticed"])


def test_nothing_is_planted_where_a_test_fails(project: pytest.Pytester) -> None:
    project.makepyfile(LAX + "    assert False")
    result = mutated(project)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["no fault was planted: not all tests passed"])


@pytest.mark.slow
def test_tests_that_pass_only_once_are_not_scored(project: pytest.Pytester) -> None:
    project.makepyfile("from pathlib import Path\n" + LAX + "    Path('once').touch(exist_ok=False)")
    result = mutated(project)
    result.stdout.fnmatch_lines(["no fault was planted: the tests fail when they are run again", "*FileExistsError*"])
    assert result.ret == 0


@pytest.mark.slow
def test_tests_without_a_call_have_no_score(project: pytest.Pytester) -> None:
    project.makepyfile("def test_none(fake_client):\n    pass\n")
    mutated(project).stdout.fnmatch_lines(["no fault was planted: no test calls fake_api or fake_client"])


def test_a_single_fault_can_be_planted_by_hand(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    project.makepyfile(
        """
        from urllib.request import urlopen
        import json

        def test_room(fake_api):
            with urlopen(fake_api.url + "/rooms/3") as reply:
                assert json.load(reply)["Beds"] % 1 == 0
        """
    )
    monkeypatch.setenv(MUTANT, FRACTION)
    project.runpytest_inprocess(*OPTIONS).assert_outcomes(failed=1)


@pytest.mark.parametrize("value", ["-1", "many"])
def test_a_number_that_is_none_is_refused(project: pytest.Pytester, value: str) -> None:
    result = project.runpytest_inprocess("--contract-mutate", value, *OPTIONS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_fakes_count_their_wrong_replies(hotel: Contract) -> None:
    planting = Planting(FRACTION)
    for _ in range(2):
        with planting.fake(hotel, Settings()) as app:
            assert json.loads(app.handle(ROOM).body)["Beds"] % 1
    assert planting.notes(0, 5) == {"struck": 2}


def test_what_was_called_is_what_can_be_broken(hotel: Contract) -> None:
    planting = Planting("")
    with planting.fake(hotel, Settings()) as app:
        assert app.handle(ROOM).status == 200
        app.journal.clear()
    chosen = planting.notes(0, 5)["mutants"]
    assert len(chosen) == 5
    assert {mutant_of(mutant["id"], hotel).operation for mutant in chosen} == {"Room_Get"}
    assert planting.notes(0, 5)["mutants"] == chosen != planting.notes(1, 5)["mutants"]


def test_a_fault_of_another_contract_is_not_planted(hotel: Contract) -> None:
    with Planting("missing-field:Book_Get:/Title").fake(hotel, Settings()) as app:
        assert app.handle(ROOM) == FakeServer(hotel).handle(ROOM)


def test_a_fault_that_is_none_is_refused(hotel: Contract) -> None:
    with pytest.raises(ConfigError, match="fraction"), Planting("fractoin:Room_Get:/Beds").fake(hotel, Settings()):
        pass


@pytest.mark.parametrize(
    ("mutant", "place"),
    [
        ("missing-field:v1AppointmentAgent_AssignTo:/AppointmentId", "answer"),
        ("type-not-checked:v1AppointmentAgent_AssignTo:body/AppointmentId", "request"),
    ],
)
def test_the_documentation_line_is_that_of_the_broken_place(mutant: str, place: str) -> None:
    contract = extract("superoffice").contract
    [operation] = contract.operations
    success = operation.success()
    assert operation.request
    assert success
    media_types = operation.request.media_types if place == "request" else success.media_types
    schema = contract.resolve(media_types[0].schema or {})
    page = operation.evidence.page if operation.evidence else ""
    expected = evidence_of(schema["properties"]["AppointmentId"], page=page)
    assert promise_of(mutant_of(mutant, contract), Scope.of(contract)) == expected != operation.evidence


class StandIn:
    """Stands for the tests that are run again: what they say of each fault."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, outcomes: dict[str, Any]) -> None:
        self.outcomes = outcomes
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], *, env: dict[str, str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        mutant = env[MUTANT]
        mutants = [{"id": mutant_id, "about": "", "evidence": ""} for mutant_id in self.outcomes]
        Path(env[NOTES]).write_text(json.dumps({"struck": 1} if mutant else {"mutants": mutants}), encoding="utf-8")
        outcome = self.outcomes[mutant] if mutant else 0
        if isinstance(outcome, int):
            return subprocess.CompletedProcess(command, outcome)
        raise outcome


def scored(monkeypatch: pytest.MonkeyPatch, folder: Path, outcomes: dict[str, Any]) -> Score:
    StandIn(monkeypatch, outcomes)
    return Rerun((), folder, folder).score(lambda text: None)


def test_tests_that_hang_have_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    score = scored(monkeypatch, tmp_path, {"hangs": subprocess.TimeoutExpired("pytest", 60), "passes": 0})
    assert (score.noticed, score.counted) == (1, 2)


def test_an_interrupted_score_has_what_was_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    score = scored(monkeypatch, tmp_path, {"first": 1, "second": KeyboardInterrupt(), "third": 1})
    assert list(score.lines()) == ["1 of 1 planted fault noticed, 100 %", "interrupted after 1 planted fault"]
    assert not score.reaches(0)


def test_faults_that_never_showed_do_not_count() -> None:
    score = Score(
        (PlantedFault("a", "", "", wrong_replies=0), PlantedFault("b", "", "", is_noticed=True, wrong_replies=1))
    )
    assert list(score.lines()) == [
        "not counted: 1 fault that no call of the tests shows",
        "1 of 1 planted fault noticed, 100 %",
    ]
    assert score.reaches(100)
    assert not Score(score.faults[:1]).reaches(0)
