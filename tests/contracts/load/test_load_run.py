"""Real runs of Locust on a fake: figures and findings beside each other, reports, exit codes, workers."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests

from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Contract

pytestmark = [
    pytest.mark.sockets,
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("locust") is None, reason="Locust, of the extra docdouble[load], is not installed"),
]

HOTEL = str(Path(__file__).parents[2] / "docs" / "openapi.yaml")


def load(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command for some seconds, without Locust's page."""
    usual = ("--headless", "--users", "4", "--spawn-rate", "4", "--run-time", "2s", "--think-time", "0")
    command = [sys.executable, "-m", "docdouble", "load", HOTEL, "--url", url, *usual, *arguments]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


def guests(url: str) -> list[str]:
    """The names of the guests that the fake has."""
    return [guest["name"] for guest in requests.get(f"{url}/guests", timeout=20).json()]


@pytest.fixture
def hotel_app(hotel_of_docs: Contract) -> FakeServer:
    return FakeServer(hotel_of_docs, Settings())


def test_a_right_server_passes_and_keeps_nothing(hotel_app: FakeServer, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    written = ("--report", f"json={report}", "--csv", str(tmp_path / "run"))
    with running(hotel_app) as url:
        before = guests(url)
        result = load(url, *written, "--fail-if", "violations>0", "--processes", "2")
        assert result.returncode == 0, result.stdout + result.stderr
        assert sorted(guests(url)) == sorted(before)
    assert "passed: no finding of severity error; 4 verified" in result.stdout
    assert "judged: " in result.stdout
    loaded = json.loads(report.read_bytes())
    assert loaded["calls"] > 20
    assert {operation["verdict"] for operation in loaded["operations"]} == {"verified"}
    assert "GET /guests/{id}" in (tmp_path / "run_violations.csv").read_text()
    assert (tmp_path / "run_stats.csv").exists()


def test_a_broken_promise_fails_with_its_operation_and_line(hotel_of_docs: Contract) -> None:
    broken = FakeServer(hotel_of_docs, Settings(), faults=[{"operation": "getGuest", "violate": "wrong-type:/name"}])
    with running(broken) as url:
        result = load(url, "--fail-if", "requests>1", "--fail-if", "getGuest: p95>90s", "--judge-every", "2")
    assert result.returncode == 1
    assert "failed: requests>1: requests is " in result.stdout
    assert "90s" not in result.stdout
    assert 30 < float(result.stdout.partition("judged: ")[2].partition(" %")[0]) < 70
    assert "error   GET /guests/{id}" in result.stdout
    assert "error: response-schema, " in result.stdout
    assert "openapi.yaml:" in result.stdout


def recorded(method: str, path: str, sent: object, body: object, status: int) -> dict[str, object]:
    headers = [{"name": "Content-Type", "value": "application/json"}]
    data = {"postData": {"mimeType": "application/json", "text": json.dumps(sent)}} if sent else {}
    request = {"method": method, "url": f"http://recorded{path}", "headers": headers, **data}
    return {
        "request": request,
        "response": {"status": status, "headers": headers, "content": {"text": json.dumps(body)}},
    }


def test_a_recording_is_replayed_with_the_ids_of_now_and_cleaned_up(hotel_app: FakeServer, tmp_path: Path) -> None:
    guest = {"name": "Recorded", "email": "r@example.org"}
    shown = {"id": 4711, **guest}
    entries = [recorded("POST", "/guests", guest, shown, 201), recorded("GET", "/guests/4711", None, shown, 200)]
    file = tmp_path / "recorded.har"
    file.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    with running(hotel_app) as url:
        before = guests(url)
        result = load(url, "--har", str(file), "--fail-if", "errors>0")
        assert result.returncode == 0, result.stdout + result.stderr
        assert sorted(guests(url)) == sorted(before)
    assert "passed: no finding of severity error; 2 verified" in result.stdout


def test_workers_of_a_careful_run_share_its_rate_and_only_read(hotel_app: FakeServer, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with running(hotel_app) as url:
        result = load(url, "--careful", "--rate", "6", "--processes", "2", "--report", f"json={report}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "POST /guests" not in result.stdout
    loaded = json.loads(report.read_bytes())
    assert 0 < loaded["calls"] <= 6 * loaded["seconds"] + 4


def test_nothing_that_answers_is_never_green() -> None:
    result = load("http://127.0.0.1:1")
    assert result.returncode == 1
    assert "failed: no reply: " in result.stdout
