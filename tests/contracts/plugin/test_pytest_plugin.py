"""The plugin, as a user's test run sees it."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

CONTRACT_FILE = 'source = "superoffice"\nmax-examples = 2\n'
WITHOUT_OTHERS = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:faker")
"""The plugins of packages that docdouble needs, which each import their package in every test run."""


@pytest.fixture(autouse=True)
def strict(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfilterwarnings = error\n")


def test_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import json
        from urllib.request import Request, urlopen

        PATH = "/api/v1/Agents/Appointment/AssignTo"

        def test_contract(contract):
            assert [operation.id for operation in contract.operations] == ["v1AppointmentAgent_AssignTo"]

        def test_client(fake_client):
            reply = fake_client.post(PATH, json={"AppointmentId": 7}, headers={"Authorization": "Bearer x"})
            assert (reply.status_code, reply.json["AppointmentId"]) == (200, 7)

        def test_api(fake_api):
            headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
            with urlopen(Request(fake_api.url + PATH, b'{"appointmentId": 8}', headers)) as reply:
                assert json.load(reply)["AppointmentId"] == 8
            fake_api.control.assert_called("AssignTo", times=1, body={"AppointmentId": 8})
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_the_fakes_answer_with_the_data_that_the_project_asks_for(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", docdouble='[samples]\n"*.Title" = ["Lunch"]\n')
    pytester.makepyfile(
        """
        PATH = "/api/v1/Agents/Appointment/AssignTo"

        def test_client(fake_client):
            reply = fake_client.post(PATH, json={"AppointmentId": 7}, headers={"Authorization": "Bearer x"})
            assert reply.json["Title"] == "Lunch"
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_contract_file_is_a_test_per_operation(pytester: pytest.Pytester) -> None:
    pytester.makefile(".contract.toml", api=CONTRACT_FILE)
    result = pytester.runpytest_inprocess("-v", "api.contract.toml::v1AppointmentAgent_AssignTo")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["api.contract.toml::v1AppointmentAgent_AssignTo PASSED*"])


@pytest.mark.slow
def test_findings_fail_the_item_and_are_shown_without_a_traceback(pytester: pytest.Pytester) -> None:
    pytester.makefile(".contract.toml", api=CONTRACT_FILE)
    pytester.makeconftest(
        """
        from docdouble.contracts.engine import verification
        from docdouble.contracts.checks import Check
        from docdouble.contracts.model.finding import Severity

        def run(exchange):
            yield exchange.finding("never", Severity.ERROR, expected="this", got="that")

        verification.all_checks = lambda: (Check("never", "nothing passes", run),)
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["error: never, v1AppointmentAgent_AssignTo.md:10", "  expected  this", "  got       that"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('surce = "x"', "api.contract.toml:1: key: 'surce' is not known; did you mean 'source'?"),
        ("source = 1", "api.contract.toml:1: source: 1 is not a path, or the name of a shipped contract"),
        ("source =", "api.contract.toml: 'Invalid value (at end of document)' is not valid TOML"),
        ('source = "nowhere"', "source: 'nowhere' is not there: *"),
        ("[samples]\nTitle = 1", "api.contract.toml:2: samples.Title: 1 is not a source, or an array of values"),
        ("max-examples = 0", "api.contract.toml:1: max-examples: 0 is not a whole number from 1 to 100000"),
        ('fail-on = "eror"', "api.contract.toml:1: fail-on: 'eror' is not a severity; did you mean 'error'?"),
    ],
)
def test_a_broken_contract_file_is_reported_in_a_line(pytester: pytest.Pytester, text: str, line: str) -> None:
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([line])


@pytest.mark.slow
def test_items_are_spread_over_workers(pytester: pytest.Pytester) -> None:
    pytester.makefile(".contract.toml", one=CONTRACT_FILE, two=CONTRACT_FILE)
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=2)


@pytest.mark.slow
def test_a_project_with_a_package_of_its_own_named_schemas(pytester: pytest.Pytester) -> None:
    pytester.mkpydir("schemas").joinpath("__init__.py").write_text("OWN = True\n")
    pytester.makeconftest("")
    pytester.makepyfile("def test_own(contract):\n    import schemas\n    assert schemas.OWN and contract.operations\n")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=pytester.path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_unused_plugin_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            heavy = {"hypothesis", "schemathesis", "faker", "werkzeug", "jsonschema_rs", "docdouble.schemas"}
            assert not heavy & sys.modules.keys()
        """
    )
    pytester.runpytest_subprocess(*WITHOUT_OTHERS).assert_outcomes(passed=1)


@pytest.mark.slow
def test_plugins_of_dependencies_may_be_off(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*WITHOUT_OTHERS, "--pyargs", "docdouble.contracts.suite")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*1 passed*"])
