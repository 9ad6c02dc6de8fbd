"""Tests that are made of the documentation: which are collected, how they are chosen, and what they print."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from docdouble.contracts.cases import generate
from docdouble.contracts.checks import Check
from docdouble.contracts.engine import verification
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.fakeserver import running

pytest_plugins = ["pytester"]

HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
SETTINGS = f'source = "{HOTEL.as_posix()}"\nmax-examples = 1\n'
TWO = SETTINGS + '[verify]\nonly = ["Room_Get", "Room_List"]\n'
ONE = 'source = "superoffice"\nmax-examples = 1\n'
PLAIN = ("-p", "no:schemathesis", "-p", "no:hypothesispytest")
SUITE = ("--pyargs", "docdouble.contracts.suite")


def never(exchange: Exchange) -> Iterator[Finding]:
    """Find seven faults in each reply to ``Room_Get``."""
    for pointer in "abcdefg" if exchange.operation.id == "Room_Get" else "":
        yield exchange.finding("never", Severity.ERROR, expected="this", got="that", pointer=f"/{pointer}")


@pytest.fixture
def room_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "all_checks", lambda: (Check("never", "nothing passes", never),))


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n")
    return pytester


def ids(result: pytest.RunResult) -> set[str]:
    """What ``--co -q`` lists."""
    return {line for line in result.outlines if "::" in line}


def test_collecting_makes_no_call(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification.Verification, "of", lambda *_: pytest.fail("a run began"))
    monkeypatch.setattr(generate.Maker, "__init__", lambda *_: pytest.fail("cases are made"))
    project.makefile(".contract.toml", api=SETTINGS)
    result = project.runpytest_inprocess("--co", "-q", *PLAIN)
    assert "api.contract.toml::GuestEntity_Delete" in ids(result)
    assert result.ret == 0


@pytest.mark.parametrize("name", ["docdouble.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("collect", "arguments", "count"),
    [
        (False, [], 0),
        (False, ["FILE"], 1),
        (False, ["FILE::v1AppointmentAgent_AssignTo"], 1),
        (True, [], 1),
        (True, ["."], 1),
        (True, ["tests"], 0),
    ],
)
def test_the_project_s_configuration_is_collected_where_it_is_asked_for(
    project: pytest.Pytester, name: str, collect: bool, arguments: list[str], count: int
) -> None:
    header = "[tool.docdouble]\n" if name == "pyproject.toml" else ""
    (project.path / name).write_text(f"{header}{ONE}collect = {str(collect).lower()}\n")
    project.mkdir("tests").joinpath("test_own.py").write_text("def test_own():\n    pass\n")
    given = [argument.replace("FILE", name) for argument in arguments]
    collected = ids(project.runpytest_inprocess("--co", "-q", *PLAIN, *given))
    assert sum("AssignTo" in node_id for node_id in collected) == count


@pytest.mark.parametrize(("testpaths", "count"), [("tests", 1), (".", 1)])
def test_what_says_collect_is_collected_though_tests_live_elsewhere(
    project: pytest.Pytester, testpaths: str, count: int
) -> None:
    project.makeini(f"[pytest]\ntestpaths = {testpaths}\n")
    project.makefile(".toml", docdouble=ONE + "collect = true\n")
    project.mkdir("tests").joinpath("test_own.py").write_text("def test_own():\n    pass\n")
    collected = ids(project.runpytest_inprocess("--co", "-q", *PLAIN))
    assert sorted(collected) == sorted(
        ["docdouble.toml::v1AppointmentAgent_AssignTo"] * count + ["tests/test_own.py::test_own"]
    )


@pytest.mark.parametrize(
    ("files", "named", "line"),
    [
        ({"docdouble.toml": "collect = tru"}, ".", "docdouble.toml: *is not valid TOML*"),
        ({"docdouble.toml": "collect = true\nsurce = 1"}, ".", "docdouble.toml*'surce' is not known; did you mean*"),
        (
            {"pyproject.toml": "[project]\nname = 'x'"},
            "pyproject.toml",
            "pyproject.toml: '*tool.docdouble*' is not in it*",
        ),
        (
            {"pyproject.toml": "[tool.docdouble]", "docdouble.toml": ""},
            "pyproject.toml",
            "pyproject.toml: '*tool.docdouble*' is not read: docdouble.toml stands beside it",
        ),
    ],
)
def test_a_configuration_that_is_wrong_is_reported_in_a_line(
    project: pytest.Pytester, files: dict[str, str], named: str, line: str
) -> None:
    for name, text in files.items():
        (project.path / name).write_text(text)
    result = project.runpytest_inprocess(named, *PLAIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.slow
def test_items_are_chosen_as_any_test(project: pytest.Pytester) -> None:
    project.makefile(".contract.toml", api=SETTINGS)
    room = "api.contract.toml::Room_Get"
    chosen = project.runpytest_inprocess("-k", "Room_Get or Room_List", "--co", "-q", *PLAIN)
    assert ids(chosen) == {room, "api.contract.toml::Room_List"}
    assert ids(project.runpytest_inprocess(room, "--co", "-q", *PLAIN)) == {room}
    left = ids(project.runpytest_inprocess("--deselect", room, "--co", "-q", *PLAIN))
    assert (len(left), room in left) == (30, False)
    project.makepyfile("def test_own():\n    pass\n")
    assert len(ids(project.runpytest_inprocess("-m", "contract", "--co", "-q", *PLAIN))) == 31


@pytest.mark.usefixtures("room_fails")
def test_failed_ones_run_again(project: pytest.Pytester) -> None:
    project.makefile(".contract.toml", api=TWO)
    project.runpytest_inprocess("-k", "Room_Get or Room_List", *PLAIN).assert_outcomes(
        passed=1, failed=1, deselected=29
    )
    project.runpytest_inprocess("--lf", *PLAIN).assert_outcomes(failed=1)
    first = project.runpytest_inprocess("--ff", "-v", "-k", "Room_Get or Room_List", *PLAIN)
    first.stdout.fnmatch_lines(["*::Room_Get FAILED*", "*::Room_List PASSED*"])


@pytest.mark.usefixtures("room_fails")
def test_a_failure_is_short_and_ends_in_what_shows_it_again(project: pytest.Pytester) -> None:
    project.makefile(".contract.toml", api=TWO)
    result = project.runpytest_inprocess("api.contract.toml::Room_Get", "--contract-source", str(HOTEL), *PLAIN)
    lines = result.outlines
    begin = next(number for number, line in enumerate(lines) if line.startswith("___"))
    shown = lines[begin + 1 : next(number for number, line in enumerate(lines) if "short test summary" in line)]
    assert shown[0] == "7 findings, the worst 5 of them:"
    assert sum(line.startswith("error: never") for line in shown) == 5
    assert shown[-2].startswith("  see it    curl -i ")
    assert shown[-1] == f"run again: pytest api.contract.toml::Room_Get --contract-source {HOTEL}"
    assert len(shown) < 35


def test_reports_tell_of_the_operation(project: pytest.Pytester) -> None:
    project.makefile(".contract.toml", api=TWO)
    project.runpytest_inprocess("--junitxml=junit.xml", "-k", "Room_Get or Guest_None", *PLAIN)
    report = (project.path / "junit.xml").read_text(encoding="utf-8")
    for name, value in {"operation": "Room_Get", "documentation": "hotel.yaml:", "calls": "", "findings": "0"}.items():
        assert f'<property name="{name}" value="{value}' in report


@pytest.mark.slow
@pytest.mark.parametrize("dist", ["load", "loadfile"])
def test_workers_share_the_items(project: pytest.Pytester, dist: str) -> None:
    project.makefile(".contract.toml", api=TWO)
    options = ("-n", "2", "--dist", dist, "-k", "Room_Get or Room_List")
    project.runpytest_inprocess(*options, *PLAIN).assert_outcomes(passed=2)


@pytest.mark.sockets
def test_the_options_go_before_what_a_file_says(project: pytest.Pytester) -> None:
    project.makefile(".contract.toml", api=SETTINGS)
    options = ("--contract-source=superoffice", "--contract-url", "http://127.0.0.1:1/", "api.contract.toml")
    result = project.runpytest_inprocess(*options, *PLAIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["http://127.0.0.1:1*refused*"])


def test_the_ready_made_suite_needs_no_test(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess(*SUITE, "-v", *PLAIN)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["docdouble.contracts.suite::v1AppointmentAgent_AssignTo PASSED*"])


@pytest.mark.usefixtures("room_fails")
def test_the_ready_made_suite_is_of_the_project(project: pytest.Pytester) -> None:
    project.makefile(".toml", docdouble=TWO)
    result = project.runpytest_inprocess(*SUITE, "--co", "-q", *PLAIN)
    assert "docdouble.contracts.suite::Room_List" in ids(result)
    name = "docdouble.contracts.suite::Room_Get"
    result = project.runpytest_inprocess("--pyargs", name, *PLAIN)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"run again: pytest --pyargs {name}"])
    assert ids(project.runpytest_inprocess(*SUITE, "--lf", "--co", "-q", *PLAIN)) == {name}


def test_the_ready_made_suite_treats_another_machine_carefully(project: pytest.Pytester) -> None:
    options = (f"--contract-source={HOTEL}", "--contract-url", "http://hotel.invalid", "-k", "GuestEntity_Delete")
    result = project.runpytest_inprocess(*SUITE, *options, "-rs", *PLAIN)
    result.assert_outcomes(skipped=1, deselected=30)
    result.stdout.fnmatch_lines(["SKIPPED *: it deletes a guest*"])


SHIPS = """
openapi: 3.1.0
info: {title: Ships, version: "1"}
paths:
  /boats/{boat_id}:
    get:
      operationId: read_boat
      parameters: [{name: boat_id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {$ref: "#/components/responses/Boat"}}
  /boats/{boat_id}/sail:
    get:
      operationId: read_sail
      parameters: [{name: boat_id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {$ref: "#/components/responses/Boat"}}
  /report:
    post:
      operationId: make_report
      responses: {"200": {$ref: "#/components/responses/Boat"}}
components:
  responses:
    Boat:
      description: ""
      content: {application/json: {schema: {type: object, required: [boat_id], properties: {boat_id: {type: integer}}}}}
"""


@pytest.fixture
def ships(project: pytest.Pytester) -> Iterator[Callable[..., tuple[pytest.RunResult, list[str]]]]:
    """Runs tests of a server that knows one boat, which only its report tells: its calls are returned, too."""
    calls: list[str] = []

    @Request.application
    def answer(request: Request) -> Response:
        calls.append(f"{request.method} {request.path}")
        if request.method != ("POST" if request.path == "/report" else "GET"):
            return Response(status=405, headers={"Allow": "GET, POST"})
        is_known = request.path in ("/report", "/boats/90210", "/boats/90210/sail")
        return Response('{"boat_id": 90210}', 200 if is_known else 404, content_type="application/json")

    def run(*arguments: str) -> tuple[pytest.RunResult, list[str]]:
        calls.clear()
        return project.runpytest_inprocess("--contract-url", url, *arguments, *PLAIN), list(calls)

    (project.path / "ships.yaml").write_text(SHIPS)
    project.makefile(".contract.toml", ships='source = "ships.yaml"\nmax-examples = 1\n')
    with running(answer) as url:
        yield run


@pytest.mark.sockets
def test_ids_that_a_later_reply_tells_are_known_to_earlier_tests(ships: Any) -> None:
    """Each operation is verified once, for its own test."""
    result, calls = ships("-v")
    result.assert_outcomes(passed=3)
    tests = [line.split("::")[1].split()[0] for line in result.outlines if "PASSED" in line]
    assert tests == ["read_boat", "read_sail", "make_report"]
    alone = ships("-k", "make_report")[1]
    assert calls.count("POST /report") == alone.count("POST /report")


@pytest.mark.sockets
def test_tests_that_are_not_chosen_tell_no_ids(ships: Any) -> None:
    result, calls = ships("-k", "read_boat")
    result.assert_outcomes(skipped=1, deselected=2)
    assert "POST /report" not in calls
