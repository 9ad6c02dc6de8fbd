"""``--contract-coverage``, as a user's tests see it."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from docdouble.contracts.coverage import use_recorder
from docdouble.contracts.coverage.use import How, Use
from docdouble.fakeserver import FakeServer, running
from docdouble.schemas import extract
from docdouble.schemas.contract.facts import Fact, FactKind

pytest_plugins = ["pytester"]

HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
ALONE = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:randomly")
GUEST, LIST, CREATE = "GuestEntity_Get", "GuestEntity_List", "GuestEntity_Create"
TESTS = """
    import pytest
    import requests

    @pytest.fixture(scope="module")
    def guests(fake_server):
        from werkzeug.test import Client
        client = Client(fake_server)
        assert client.post("/guests", json={"Name": "Ada"}).status_code == 200
        yield
        assert client.get("/rooms").status_code == 200

    def test_name(fake_client, guests):
        assert fake_client.get("/guests/1").json["Name"]

    def test_not_there(fake_client):
        assert fake_client.get("/guests/999999").status_code == 404

    def test_list(target, record_contract_use):
        assert [one["GuestId"] for one in requests.get(target.url + "/guests").json()]

    def test_other_client(fake_client, record_contract_use):
        assert record_contract_use(fake_client.get("/guests/2"))["Email"]
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n")
    pytester.makefile(".toml", docdouble=f'source = "{HOTEL.as_posix()}"\n')
    return pytester


def use(project: pytest.Pytester) -> Use:
    return Use.from_dict(orjson.loads((project.path / "use.json").read_bytes()))


def check_use(project: pytest.Pytester) -> None:
    used = use(project)
    tests = {test.rpartition("::")[2] for operation in used.operations.values() for test in operation.tests}
    assert tests == {"test_name", "test_not_there", "test_list", "test_other_client"}
    assert [test.rpartition("::")[2] for test in used.tests_of(Fact(GUEST, FactKind.RESPONSE, "200/Name"))] == [
        "test_name"
    ]
    assert [test.rpartition("::")[2] for test in used.tests_of(Fact(GUEST, FactKind.STATUS, "404"))] == [
        "test_not_there"
    ]
    assert used.operations[LIST].facts[FactKind.RESPONSE, "200/*/GuestId"].how is How.READ
    assert used.operations[GUEST].facts[FactKind.RESPONSE, "200/Email"].how is How.READ
    for operation in (CREATE, "Room_List"):
        assert used.operations[operation].calls
        assert used.tests_of(Fact(operation)) == (), "what a fixture of several tests calls is of none of them"


def test_ends_with_a_table_and_files(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    reports = ("--contract-coverage-report", "json=use.json", "--contract-coverage-report=html=use.html")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", *reports)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*contract coverage*",
            "operation *calls *params *body *types *status *read/sent *%",
            "GET /guests/{id} * 3 *",
            "    304 never received",
            "* documented facts touched, by 4 tests",
            "json report: use.json",
            "html report: use.html",
        ]
    )
    check_use(project)
    assert use(project).source.endswith("hotel.yaml")
    assert (project.path / "use.html").read_text().startswith("<!doctype html>")


@pytest.mark.slow
def test_processes_of_xdist_are_put_together(project: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    project.makepyfile(TESTS)
    result = project.runpytest_inprocess(*ALONE, "-n", "2", "--contract-coverage-report", "json=use.json")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["* documented facts touched, by 4 tests"])
    check_use(project)


def test_without_the_option_nothing_is_noted(project: pytest.Pytester) -> None:
    project.makepyfile(TESTS)
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist")
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*contract coverage*")


@pytest.mark.parametrize("given", ["option", "file"])
def test_too_little_fails(project: pytest.Pytester, given: str) -> None:
    project.makepyfile("def test_one(fake_client):\n    fake_client.get('/guests/1')\n")
    arguments = ["--contract-coverage"]
    if given == "option":
        arguments = ["--contract-coverage-fail-under", "99"]
    else:
        with (project.path / "docdouble.toml").open("a") as file:
            file.write("\n[coverage]\nfail-under = 99\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", *arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["failed: * % of the documented facts touched, less than 99 %"])


def test_what_is_configured_counts_called_or_not(project: pytest.Pytester) -> None:
    with (project.path / "docdouble.toml").open("a") as file:
        file.write('\n[coverage]\nonly = ["GuestEntity_*"]\nskip = ["GuestEntity_Create"]\n')
    project.makepyfile("def test_one(fake_client):\n    fake_client.get('/guests'); fake_client.get('/rooms')\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", "--contract-coverage-report", "json=use.json")
    result.stdout.fnmatch_lines(["never called: *DELETE /guests/{id}*"])
    assert {LIST, GUEST} <= use(project).operations.keys()
    assert not {CREATE, "Room_List"} & use(project).operations.keys()


def test_a_selector_that_means_nothing_fails_the_tests_in_a_line(project: pytest.Pytester) -> None:
    with (project.path / "docdouble.toml").open("a") as file:
        file.write('\n[coverage]\nonly = ["GuestEntity_Lits"]\n')
    project.makepyfile("def test_one(fake_client):\n    pass\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", "--contract-coverage")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["docdouble: operation: 'GuestEntity_Lits' is not documented; did you mean *"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--contract-coverage-report", "xml=a"), "ERROR: --contract-coverage-report: 'xml' is not a kind of report*"),
        (("--contract-coverage-report", "json"), "ERROR: *is not of the form KIND=FILE*"),
        (("--contract-coverage-report", "json=no/a"), "ERROR: *a file in a folder that is there*"),
        (("--contract-coverage-fail-under", "101"), "ERROR: *101.0 is not a percentage from 0 to 100"),
    ],
)
def test_options_that_mean_nothing_end_the_run_at_its_start(
    project: pytest.Pytester, arguments: tuple[str, ...], line: str
) -> None:
    project.makepyfile("def test_one():\n    pass\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([line])


def test_a_run_that_calls_nothing_says_so(project: pytest.Pytester) -> None:
    project.makepyfile("def test_one():\n    pass\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", "--contract-coverage")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["nothing was called"])


def test_a_fault_of_ours_fails_the_run_and_no_test(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(use_recorder, "use_of_call", broken)
    project.makepyfile("def test_one(fake_client):\n    assert fake_client.get('/guests').status_code == 200\n")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", "--contract-coverage")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ZeroDivisionError: on purpose"])


@pytest.fixture
def real_url() -> Iterator[str]:
    with running(FakeServer(extract(str(HOTEL)).contract)) as url:
        yield url


def test_a_real_server(project: pytest.Pytester, real_url: str) -> None:
    project.makepyfile(
        """
        import requests

        def test_one(target, record_contract_use):
            assert requests.get(target.url + "/guests/1").json()["Name"]
        """
    )
    arguments = ("--contract-url", real_url, "--contract-coverage-report", "json=use.json")
    result = project.runpytest_inprocess(*ALONE, "-p", "no:xdist", *arguments)
    assert result.ret == 0
    assert use(project).operations[GUEST].facts[FactKind.RESPONSE, "200/Name"].how is How.READ


def test_a_source_of_the_project_is_named_by_its_path_there(project: pytest.Pytester) -> None:
    (project.path / "docs").mkdir()
    (project.path / "docs" / "hotel.yaml").write_bytes(HOTEL.read_bytes())
    (project.path / "docdouble.toml").write_text('source = "docs/hotel.yaml"\n')
    project.makepyfile("def test_rooms(fake_client):\n    assert fake_client.get('/rooms').json")
    project.runpytest_inprocess(*ALONE, "--contract-coverage-report", "json=use.json")
    assert use(project).source == "docs/hotel.yaml"
