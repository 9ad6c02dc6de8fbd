"""Sessions of pytest in which operations are not verified: none passes, and too few verified ones are no success."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from docdouble.contracts.engine import verification
from docdouble.contracts.model.verdict import Cause, OperationOutcome, OperationVerdict
from docdouble.contracts.plugin.pytest_verdict import ItemOutcome
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Reply

pytest_plugins = ["pytester"]

PLAIN = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
Answering = Callable[[Callable[[Call], Reply]], None]


def operation(name: str, *parameters: str, **more: Any) -> dict[str, Any]:
    ids = [{"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in parameters]
    content = {"application/json": {"schema": {"type": "object"}}}
    return {"get": {"operationId": name, "parameters": ids, "responses": {"200": {"content": content}}, **more}}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "harbour", "version": "1"},
    "paths": {
        "/ships": operation("Ships"),
        "/quays": operation("Quays"),
        "/ships/{ship}": operation("Ship", "ship"),
        "/quays/{quay}": operation("Quay", "quay"),
        "/locks/{lock}": operation("Lock", "lock", security=[{"key": []}]),
    },
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Let a function answer in place of the fake."""

    def serve(answer: Callable[[Call], Reply]) -> None:
        class Harbour(FakeServer):
            def handle(self, call: Call) -> Reply:
                return answer(call)

        monkeypatch.setattr(verification, "FakeServer", Harbour)

    return serve


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makefile(".json", harbour=json.dumps(DOCUMENT))
    return pytester


def write(project: pytest.Pytester, only: list[str], more: str = "") -> None:
    settings = f'source = "harbour.json"\nmax-examples = 1\n[verify]\nonly = {json.dumps(only)}\n{more}'
    project.makefile(".contract.toml", api=settings)


def contract_lines(result: pytest.RunResult) -> list[str]:
    """The lines about contracts at the end."""
    start = next((index for index, line in enumerate(result.outlines) if line.strip("= ") == "contracts"), None)
    lines = result.outlines[start + 1 :] if start is not None else []
    return lines[: next((index for index, line in enumerate(lines) if line.startswith("==")), len(lines))]


OK = Reply((("Content-Type", "application/json"),), b"{}")
NOTHING = Reply(status=404)


def test_a_server_that_knows_nothing_fails_and_the_cause_is_reported_once(
    project: pytest.Pytester, answering: Answering
) -> None:
    answering(lambda call: NOTHING)
    write(project, ["Ships", "Quays"])
    result = project.runpytest_inprocess(*PLAIN)
    assert (result.ret, result.parseoutcomes()) == (1, {"failed": 2, "skipped": 3})
    cause = "404 to every valid call: the server knows nothing here"
    assert contract_lines(result) == [
        f"not verified: 2 operations, {cause}",
        "  GET /ships, GET /quays",
        f"api.contract.toml: failed: nothing was verified; {cause}; 2 not verified, 3 not sent",
    ]
    result.stdout.fnmatch_lines(["error: not-verified, harbour.json:*, as for Ships"])
    assert sum(f"  got       {cause}" == line for line in result.outlines) == 1


def test_ids_that_had_to_be_guessed_are_no_failure_and_no_pass(project: pytest.Pytester, answering: Answering) -> None:
    answering(lambda call: OK if call.path in ("/ships", "/quays") else NOTHING)
    write(project, ["Ships", "Quays", "Ship"])
    result = project.runpytest_inprocess("-rs", *PLAIN)
    assert (result.ret, result.parseoutcomes()) == (0, {"passed": 2, "skipped": 3})
    why = "404 to every valid call: the ids are unknown to the server: name some of ship in [verify.values]"
    result.stdout.fnmatch_lines([f"SKIPPED *: not verified: {why.replace('[', '[[]')}"])
    assert contract_lines(result)[1:] == [
        "  GET /ships/{ship}",
        "api.contract.toml: 2 verified, 1 not verified, 2 not sent",
    ]


@pytest.mark.parametrize(
    ("only", "failure"),
    [
        (["Ship"], "nothing was verified; 404 to every valid call: the ids are unknown to the server"),
        (["Ships", "Ship", "Quay"], "2 of 3 operations are not verified; 404 to every valid call: the ids are unknown"),
    ],
)
def test_a_session_that_verified_too_little_fails_though_no_test_does(
    only: list[str], failure: str, project: pytest.Pytester, answering: Answering
) -> None:
    answering(lambda call: OK if call.path == "/ships" else NOTHING)
    write(project, only)
    result = project.runpytest_inprocess(*PLAIN)
    assert (result.ret, "failed" in result.parseoutcomes()) == (1, False)
    assert contract_lines(result)[-1].startswith(f"api.contract.toml: failed: {failure}")


def test_refused_credentials_fail_the_session_though_open_operations_are_verified(
    project: pytest.Pytester, answering: Answering
) -> None:
    answering(lambda call: Reply(status=401) if call.path.startswith("/locks") else OK)
    write(project, ["Ships", "Quays", "Lock"], '[verify.headers]\nAuthorization = "Bearer of-yesterday"\n')
    result = project.runpytest_inprocess(*PLAIN)
    assert result.ret == 1
    assert contract_lines(result)[-1] == (
        "api.contract.toml: failed: the credentials are refused everywhere: 1 operation answered 401 or 403; "
        "2 verified, 1 not verified, 2 not sent"
    )


def test_what_may_stay_unverified_is_an_expected_failure(project: pytest.Pytester, answering: Answering) -> None:
    answering(lambda call: OK if call.path == "/ships" else NOTHING)
    write(project, ["Ships", "Quays"], 'expect-unverified = ["Quays"]\n')
    result = project.runpytest_inprocess(*PLAIN)
    assert (result.ret, result.parseoutcomes()) == (0, {"passed": 1, "xfailed": 1, "skipped": 3})
    assert contract_lines(result)[1:] == [
        "  GET /quays (expected)",
        "api.contract.toml: 1 verified, 1 not verified, 3 not sent",
    ]


def test_where_all_is_verified_nothing_is_reported(project: pytest.Pytester, answering: Answering) -> None:
    answering(lambda call: OK)
    write(project, ["Ships", "Ship"])
    result = project.runpytest_inprocess("--junitxml=junit.xml", *PLAIN)
    assert (result.ret, contract_lines(result)) == (0, [])
    assert (project.path / "junit.xml").read_text().count('<property name="verdict" value="verified"') == 2


def test_reports_tell_the_verdict_and_its_cause(project: pytest.Pytester, answering: Answering) -> None:
    answering(lambda call: NOTHING)
    write(project, ["Ships"])
    project.runpytest_inprocess("--junitxml=junit.xml", *PLAIN)
    report = (project.path / "junit.xml").read_text()
    assert '<property name="verdict" value="not verified"' in report
    assert '<property name="cause" value="404 to every valid call: the server knows nothing here"' in report


@pytest.mark.slow
def test_processes_of_a_session_have_one_verdict(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "FakeServer", FakeServer)  # what conftest.py sets in this process is undone
    project.makeconftest(
        """
        from docdouble.contracts.engine import verification
        from docdouble.fakeserver import FakeServer
        from docdouble.schemas import Reply

        class Harbour(FakeServer):
            def handle(self, call):
                is_known = call.path == "/ships"
                return Reply((("Content-Type", "application/json"),), b"{}") if is_known else Reply(status=404)

        verification.FakeServer = Harbour
        """
    )
    write(project, ["Ships", "Ship", "Quay"])
    result = project.runpytest_inprocess("-n", "2", *PLAIN)
    assert (result.ret, result.parseoutcomes()) == (1, {"passed": 1, "skipped": 4})
    assert contract_lines(result)[-1].startswith("api.contract.toml: failed: 2 of 3 operations are not verified; 404 ")


@pytest.mark.parametrize("cause", [None, Cause("ids", "404")])
def test_an_outcome_is_the_same_after_its_way_through_a_report(cause: Cause | None) -> None:
    outcome = OperationOutcome("GET /ships", OperationVerdict.NOT_VERIFIED, cause, is_unexpected=True)
    item = ItemOutcome("api.contract.toml", outcome, has_credentials=True)
    assert ItemOutcome.from_dict(json.loads(json.dumps(item.as_dict()))) == item
