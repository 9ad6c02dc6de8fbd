"""``docdouble proxy`` on the command line: from its start to the findings at its end, and for careless users."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.cli.proxying import until_signal
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import extract

pytestmark = [pytest.mark.sockets]

PATH = "/api/v1/Agents/Appointment/AssignTo"


@contextmanager
def proxy(*arguments: str) -> Iterator[tuple[str, Callable[[], tuple[int, str, str]]]]:
    """Run the command and yield its URL, and what ends it and returns its exit code and output."""
    command = [sys.executable, "-m", "docdouble", "proxy", "superoffice", "--port", "0", *arguments]
    environment = {**os.environ, "NO_COLOR": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("DOCDOUBLE_URL="), process.communicate()

        def end() -> tuple[int, str, str]:
            for number in (signal.SIGINT, signal.SIGTERM):  # as a terminal and a parent process may send both
                process.send_signal(number)
            output, talk = process.communicate(timeout=60)
            return process.returncode, output, talk

        try:
            yield line.removeprefix("DOCDOUBLE_URL=").strip(), end
        finally:
            process.kill()


@pytest.mark.slow
def test_from_start_to_findings(tmp_path: Path) -> None:
    app = FakeServer(
        extract("superoffice").contract, Settings(auth=False), faults=[{"violate": "wrong-type:/AppointmentId"}]
    )
    record, report, cases = tmp_path / "traffic.har", tmp_path / "report.json", tmp_path / "cases"
    written = ("--record", str(record), "--report", f"json={report}", "--record-cases", str(cases), "--coverage")
    with running(app) as upstream, proxy("--url", upstream, *written) as (url, end):
        reply = requests.post(f"{url}{PATH}", json={"AppointmentId": 2}, timeout=20)
        assert json.loads(reply.headers["Docdouble-Violations"])[0]["pointer"] == "/AppointmentId"
        code, output, talk = end()
    assert code == 1
    assert "error: response-schema, v1AppointmentAgent_AssignTo.md:73" in output
    assert "documented facts touched" in output
    assert f"POST    {PATH}  200" in talk
    assert json.loads(report.read_bytes())["findings"]
    assert [file.suffix for file in cases.iterdir()] == [".json"]
    assert len(json.loads(record.read_bytes())["log"]["entries"]) == 1
    judged = CliRunner().invoke(main, ["verify", "superoffice", "--har", str(record), "--url", upstream])
    assert judged.exit_code == 1
    assert "error: response-schema, v1AppointmentAgent_AssignTo.md:73" in judged.output


@pytest.mark.slow
def test_a_server_that_is_not_there_is_reported_and_the_fake_stands_in() -> None:
    with proxy("--url", "http://127.0.0.1:1", "--fake-missing", "--quiet") as (url, end):
        reply = requests.post(f"{url}{PATH}", json={"AppointmentId": 2}, timeout=20)
        assert (reply.status_code, reply.headers["Docdouble-Answered-By"]) == (200, "fake")
        _, _, talk = end()
    assert "nothing answers at http://127.0.0.1:1 (Connection refused); until something does, calls get a 502" in talk


def test_signals_that_come_together_are_one() -> None:
    with until_signal() as wait:
        signal.raise_signal(signal.SIGINT)
        wait()
        signal.raise_signal(signal.SIGTERM)


def test_a_later_signal_interrupts_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docdouble.contracts.cli.proxying.SAME_SIGNAL", 0)
    with until_signal() as wait:
        signal.raise_signal(signal.SIGTERM)
        wait()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--url is missing: the base URL of a server to stand before, http://127.0.0.1:8000"),
        (["--url", "localhost:8000"], "url: 'localhost:8000' is not an http:// or https:// URL"),
        (["--url", "http://a:b@localhost"], "url: '***@localhost' is not a URL without a user"),
        (
            ["--url", "http://localhost:4010"],
            "--url: 'http://localhost:4010' is not another address than the proxy's own",
        ),
        (
            ["--url", "https://localhost", "--ca", "/missing.pem"],
            "ca: '/missing.pem' is not a PEM file of certificates",
        ),
        (
            ["--url", "http://localhost", "--record", "/missing/x.har"],
            "--record: '/missing/x.har' is not a file that can",
        ),
        (["--url", "http://localhost", "--report", "html"], "--report: 'html' is not of the form KIND=FILE"),
    ],
)
def test_what_cannot_be_is_reported_in_a_line(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["proxy", "superoffice", *arguments])
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
