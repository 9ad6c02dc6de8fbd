"""``docdouble load`` on the command line: what is handed to Locust, and what careless users read."""

import json
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli import loading
from docdouble.contracts.cli.main import main
from docdouble.contracts.load.load_options import LoadOptions

HOTEL = str(Path(__file__).parents[2] / "docs" / "openapi.yaml")
URL = "http://127.0.0.1:4010"

needs_locust = pytest.mark.skipif(find_spec("locust") is None, reason="Locust, of docdouble[load], is not installed")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[list[str], LoadOptions]]:
    """What would be started, in the folder of the test."""
    calls: list[tuple[list[str], LoadOptions]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(loading, "run_locust", lambda arguments, options: calls.append((arguments, options)))
    return calls


def load(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["load", HOTEL, *arguments])


@needs_locust
def test_options_of_locust_are_handed_on(started: list[tuple[list[str], LoadOptions]]) -> None:
    result = load("--url", f"{URL}/v1/", "--headless", "-u", "20", "-t", "1m", "--master", "--locust=--tags=a")
    assert result.exit_code == 0, result.output
    arguments, options = started[0]
    assert arguments[:4] == ["-f", str(loading._LOCUSTFILE), "--host", f"{URL}/v1"]
    assert Path(arguments[1]).is_file()
    command_line = " ".join(arguments)
    assert (
        "--headless --master --users 20 --run-time 1m --web-host 127.0.0.1 --master-bind-host 127.0.0.1" in command_line
    )
    assert arguments[-1] == "--tags=a"
    assert options == LoadOptions((HOTEL,), f"{URL}/v1")


@needs_locust
def test_a_worker_is_given_the_port_of_its_master(started: list[tuple[list[str], LoadOptions]]) -> None:
    load("--url", URL, "--worker", "--master-host", "10.0.0.1", "--master-port", "6000")
    assert started[0][0][4:] == [
        *("--worker", "--web-host", "127.0.0.1", "--master-host", "10.0.0.1", "--master-port", "6000"),
    ]


@needs_locust
def test_processes_of_one_command_have_a_port_of_their_own(started: list[tuple[list[str], LoadOptions]]) -> None:
    load("--url", URL, "--processes", "2")
    load("--url", URL, "--processes", "2", "--master-port", "6000")
    processes = [dict(pairwise(arguments)) for arguments, _ in started]
    assert processes[0]["--master-port"] == processes[0]["--master-bind-port"] != "5557"
    assert (processes[1]["--master-port"], processes[1]["--master-bind-port"]) == ("6000", "6000")
    assert {process["--master-bind-host"] for process in processes} == {"127.0.0.1"}


@needs_locust
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--url is missing: the base URL of a server"),
        (("--url", "localhost"), "is not an http:// or https:// URL"),
        (("--url", URL, "--fail-if", "p95>300lightyears"), "of the form p95>300 or p95>300ms or p95>300s"),
        (("--url", URL, "--fail-if", "getGest: p95>300ms"), "did you mean 'getGuest'"),
        (("--url", URL, "--report", "html=/nowhere/report.html"), "a folder that is there"),
        (("--url", URL, "--only", "getGuesst"), "did you mean 'getGuest'"),
        (("--url", URL, "--only", "deleteGuest"), "a server that any operation would be sent to"),
        (("--url", URL, "--think-time", "2-1"), "not of the form SECONDS or LEAST-MOST"),
        (("--url", URL, "--update-baseline"), "given with --baseline FILE"),
    ],
)
def test_a_mistake_is_reported_before_anything_is_sent(
    started: list[tuple[list[str], LoadOptions]], arguments: tuple[str, ...], message: str
) -> None:
    result = load(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert not started


def test_without_locust_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    result = load("--url", URL)
    assert (result.exit_code, "pip install 'docdouble[load]'" in result.output) == (2, True)


@needs_locust
def test_what_the_project_says_is_handed_on(started: list[tuple[list[str], LoadOptions]], tmp_path: Path) -> None:
    keys = 'fail-if = ["p95>1s"]\njudge-every = 5\nthink-time = [1, 2.5]\nweights = {listGuests = 7}\n'
    text = f'url = "{URL}"\n[load]\n{keys}'
    (tmp_path / "docdouble.toml").write_text(text, encoding="utf-8")
    assert load().exit_code == 0
    options = started[0][1]
    settings = options.fail_if, options.judge_every, options.think_time, options.weights
    assert settings == (("p95>1s",), 5, (1.0, 2.5), {"listGuests": 7})
    load("--fail-if", "errors>1%", "--think-time", "3", "--judge-every", "1")
    options = started[1][1]
    assert (options.fail_if, options.judge_every, options.think_time) == (("errors>1%",), 1, (3.0, 3.0))


@needs_locust
def test_a_locustfile_is_written_and_nothing_sent(started: list[tuple[list[str], LoadOptions]], tmp_path: Path) -> None:
    result = load("--url", URL, "--write", "mine.py", "--think-time", "0.5-2")
    assert result.exit_code == 0
    assert "wrote mine.py: locust -f mine.py" in result.output
    assert "wait_time = between(0.5, 2)" in (tmp_path / "mine.py").read_text(encoding="utf-8")
    assert not started


@needs_locust
def test_a_recording_is_handed_on(started: list[tuple[list[str], LoadOptions]], tmp_path: Path) -> None:
    request = {"method": "GET", "url": f"{URL}/guests", "headers": []}
    entry = {"request": request, "response": {"status": 200, "headers": [], "content": {}}}
    file = tmp_path / "a.har"
    file.write_text(json.dumps({"log": {"entries": [entry]}}), encoding="utf-8")
    result = load("--url", URL, "--har", "a.har")
    assert result.exit_code == 0, result.output
    assert "1 recorded call" in result.output
    assert started[0][1].har == file
