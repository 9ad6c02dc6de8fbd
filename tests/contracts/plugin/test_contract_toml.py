"""Contract files, verified one operation at a time: what their items share, and what becomes of ``[verify]``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from docdouble.contracts.checks import Check
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine import verification
from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.plugin import contract_toml
from docdouble.contracts.plugin.contract_toml import FileRun
from docdouble.fakeserver import ControlClient, FakeServer, Settings
from docdouble.fakeserver.requests.authentication import Caller
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import Call, ConfigError, TargetError, extract

pytest_plugins = ["pytester"]

FIXTURES = Path(__file__).parents[2] / "fakeserver"
HOTEL = f'source = "{(FIXTURES / "hotel.yaml").as_posix()}"\nmax-examples = 1\n'
CONTACT = f'source = "{(FIXTURES / "contact").as_posix()}"\nmax-examples = 1\n'
PLAIN = ("-p", "no:cacheprovider", "-p", "no:schemathesis")
"""Without plugins that the tests below don't need."""


def never(exchange: Exchange) -> Iterator[Finding]:
    yield exchange.finding("never", Severity.ERROR, expected="this", got="that")


@pytest.fixture
def nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "all_checks", lambda: (Check("never", "nothing passes", never),))


@pytest.fixture
def server() -> Iterator[tuple[str, FakeServer]]:
    """A fake that lets in one caller only."""
    contract = extract(str(FIXTURES / "contact")).contract
    app = FakeServer(contract, Settings(callers=(Caller({"Bearer": "of-anna"}),)))
    with running(app) as url:
        yield url, app


def written(folder: Path, text: str) -> FileRun:
    path = folder / "api.contract.toml"
    path.write_text(text, encoding="utf-8")
    return FileRun(path)


def statuses(run: FileRun, *names: str) -> dict[int, int]:
    """Verify operations and return the statuses of the last one's replies."""
    results = [run.verify(run.contract.operation(name))[0] for name in names]
    return dict(results[-1].statuses)


def test_operations_come_in_the_order_in_which_values_get_known(tmp_path: Path) -> None:
    names = [operation.id for operation in written(tmp_path, HOTEL).operations]
    assert names.index("GuestEntity_List") < names.index("GuestEntity_Get") < names.index("GuestEntity_Delete")


def test_values_of_one_operation_s_replies_are_asked_for_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "guests.json").write_text(json.dumps({"guest": [{"GuestId": 48151623, "Name": "Ann"}]}))
    text = HOTEL + '[serve]\npopulation = 0\nseed-data = "guests.json"\n'
    assert 200 not in statuses(written(tmp_path, text), "GuestEntity_Get")
    assert statuses(written(tmp_path, text), "GuestEntity_List", "GuestEntity_Get")[200] > 0


def test_an_operation_that_is_not_in_the_plan_is_skipped_with_the_reason(pytester: pytest.Pytester) -> None:
    text = HOTEL + '[verify]\ncareful = true\nonly = ["GuestEntity_Get", "GuestEntity_Create"]\n'
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess("-rs", *PLAIN)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines_random(
        ["SKIPPED *: it creates a guest", "SKIPPED *: not asked for by --only"],
    )


def test_where_nothing_may_be_sent_all_is_skipped(pytester: pytest.Pytester) -> None:
    pytester.makefile(".contract.toml", api=HOTEL + '[verify]\ncareful = true\nonly = ["GuestEntity_Create"]\n')
    outcomes = pytester.runpytest_inprocess(*PLAIN).parseoutcomes()
    assert outcomes.keys() == {"skipped"}


def test_an_operation_without_a_call_is_skipped_with_the_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docdouble.contracts.safety.guard.Guard.refusal", lambda *_, **__: "the moon is full")
    pytester.makefile(".contract.toml", api=HOTEL + '[verify]\nonly = ["GuestEntity_Get"]\n')
    result = pytester.runpytest_inprocess("-rs", *PLAIN)
    assert "passed" not in result.parseoutcomes()
    result.stdout.fnmatch_lines(["SKIPPED *: no call was sent: the moon is full"])


@pytest.mark.usefixtures("nothing_passes")
def test_credentials_are_sent_and_never_shown(
    server: tuple[str, FakeServer], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, app = server
    monkeypatch.setenv("ANNA", "of-anna")
    text = f'url = "{url}"\n{CONTACT}[verify]\nonly = ["GET *"]\n[verify.headers]\nAuthorization = "Bearer ${{ANNA}}"\n'
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess(*PLAIN)
    assert result.parseoutcomes()["failed"] == 2
    result.stdout.fnmatch_lines(['*curl * -H "Authorization: $AUTHORIZATION" *'])
    result.stdout.no_fnmatch_line("*of-anna*")
    assert 200 in {entry.status for entry in app.journal.entries()}


def test_a_missing_credential_is_reported_in_a_line(tmp_path: Path) -> None:
    run = written(tmp_path, HOTEL + '[verify.headers]\nAuthorization = "Bearer ${NOWHERE_SET}"\n')
    with pytest.raises(ConfigError, match="NOWHERE_SET"):
        run.verify(run.operations[0])


def test_a_server_that_is_not_there_fails_each_item_in_a_line(pytester: pytest.Pytester) -> None:
    text = f'url = "http://127.0.0.1:1"\n{HOTEL}[verify]\nonly = ["GET /guests*"]\n'
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess(*PLAIN)
    assert result.parseoutcomes().keys() == {"failed", "skipped"}
    result.stdout.fnmatch_lines(["http://127.0.0.1:1*refused*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_server_that_is_not_there_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = written(tmp_path, f'url = "http://127.0.0.1:1"\n{HOTEL}')
    with pytest.raises(TargetError):
        run.verify(run.operations[0])
    monkeypatch.setattr("docdouble.contracts.engine.runner.Runner.run", lambda *_: pytest.fail("tried again"))
    with pytest.raises(TargetError):
        run.verify(run.operations[1])


@pytest.mark.usefixtures("nothing_passes")
def test_a_run_that_has_to_stop_fails_its_items_with_what_was_found(pytester: pytest.Pytester) -> None:
    text = HOTEL + '[verify]\nmax-requests = 3\nonly = ["GuestEntity_Get", "Room_Get"]\n'
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess(*PLAIN)
    assert result.parseoutcomes()["failed"] == 2
    result.stdout.fnmatch_lines(
        [
            "not finished, after 3 calls: the budget of 3 requests is spent",
            "error: never, *",
            "run again: pytest api.contract.toml::*",
            "not finished, after 0 calls: the budget of 3 requests is spent",
            "run again: pytest api.contract.toml::*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_items_create_is_removed_when_the_file_is_done(
    server: tuple[str, FakeServer], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, app = server
    removed: list[str] = []
    tear_down = Transport.tear_down

    def watched(transport: Transport) -> tuple[Call, ...]:
        removed.append("now")
        return tear_down(transport)

    monkeypatch.setattr(Transport, "tear_down", watched)
    monkeypatch.setenv("ANNA", "of-anna")
    headers = '[verify.headers]\nAuthorization = "Bearer ${ANNA}"\n'
    settings = '[verify]\ncareful = true\nallow-writes = ["classified"]\nrate = 0\n'
    pytester.makefile(".contract.toml", api=f'url = "{url}"\n{CONTACT}{settings}{headers}')
    pytester.runpytest_inprocess(*PLAIN)
    assert removed == ["now"]
    state = ControlClient(url, app.token).save_state()["resources"]
    assert all(entity is None for resource in state.values() for entity in resource.get("changed", {}).values())


def test_what_is_left_is_warned_of(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    left = (Call(method="DELETE", target="/guests/26"),)
    monkeypatch.setattr(Transport, "tear_down", lambda _: left)
    pytester.makefile(".contract.toml", api=HOTEL + '[verify]\nonly = ["GuestEntity_Get"]\n')
    result = pytester.runpytest_inprocess("-W", "default", *PLAIN)
    assert result.parseoutcomes()["passed"] == 1
    result.stdout.fnmatch_lines(["*api.contract.toml: could not be removed again: DELETE /guests/26"])


def test_a_file_of_which_nothing_ran_has_nothing_to_remove(tmp_path: Path) -> None:
    assert written(tmp_path, HOTEL).finish() == ()


@pytest.mark.usefixtures("nothing_passes")
def test_known_findings_do_not_fail(pytester: pytest.Pytester) -> None:
    entry = {"operation": "GuestEntity_Get", "check": "never", "pointer": "", "rule": "", "severity": "error"}
    pytester.makefile(".json", known=json.dumps({"version": 1, "findings": [entry]}))
    text = HOTEL + '[verify]\nbaseline = "known.json"\nonly = ["GuestEntity_Get", "GuestEntity_List"]\n'
    pytester.makefile(".contract.toml", api=text)
    result = pytester.runpytest_inprocess("-rP", *PLAIN)
    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["failed"]) == (1, 1)
    result.stdout.fnmatch_lines(["error: never, * (known)"])


def test_a_missing_baseline_is_reported_in_a_line(tmp_path: Path) -> None:
    run = written(tmp_path, HOTEL + '[verify]\nbaseline = "nowhere.json"\n')
    with pytest.raises(ConfigError, match="nowhere"):
        run.verify(run.operations[0])


def test_failing_calls_are_kept_where_the_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract_toml, "store_cases", lambda folder, run: kept.append((folder, run)))
    kept: list[object] = []
    run = written(tmp_path, HOTEL + '[verify]\ncases = "cases"\n')
    result, _ = run.verify(run.operations[0])
    run.finish()
    [(folder, reported)] = kept  # type: ignore[misc]
    assert (folder, reported.results) == (tmp_path / "cases", (result,))  # type: ignore[has-type]
