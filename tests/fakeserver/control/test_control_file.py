"""Several processes of one server share calls, prepared answers and faults."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import requests

from docdouble.contracts.coverage.use_recorder import UseRecorder
from docdouble.fakeserver import ControlClient, FakeServer
from docdouble.fakeserver.control import shared_use
from docdouble.fakeserver.control.control_file import FileLog, control_file
from docdouble.fakeserver.control.journal import Journal
from docdouble.fakeserver.state.stores.sqlite_connections import SqliteConnections
from docdouble.schemas import Call, ConfigError, Contract, Reply

TOKEN, BOOK = "open-sesame", "/api/v1/Book/7"
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")
CALLS = 40
"""So many connections that no process gets none of them."""


@pytest.fixture
def pair(library: Contract) -> Iterator[tuple[FakeServer, FakeServer]]:
    """Two servers as two workers have them."""
    with control_file(2) as path:
        first, second = (FakeServer(library, token=TOKEN, control_file=path) for _ in range(2))
        yield first, second
        first.close()
        second.close()


def status(app: FakeServer) -> int:
    return app.handle(Call((BASIC,), target=BOOK)).status


def control(app: FakeServer) -> ControlClient:
    return ControlClient("http://localhost", TOKEN, app.handle)


def test_one_process_needs_no_file() -> None:
    with control_file(1) as path:
        assert path is None


def test_the_file_is_gone_with_the_server() -> None:
    with control_file(2) as path:
        assert path
        assert path.is_file()
    assert not path.parent.exists()


def test_no_room_for_the_file_is_a_wrong_number_of_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with (
        pytest.raises(ConfigError, match="workers: 2 is not able to share what the control API keeps"),
        control_file(2),
    ):
        pass


def test_calls_of_both_are_seen_by_both(pair: tuple[FakeServer, FakeServer]) -> None:
    first, second = pair
    assert [status(first), status(second), status(first)] == [200] * 3
    for app in pair:
        assert [call["number"] for call in control(app).calls()] == [1, 2, 3]
    control(second).reset()
    assert control(first).calls() == []
    status(first)
    assert [call["number"] for call in control(second).calls()] == [4]


def test_an_answer_prepared_once_is_sent_once(pair: tuple[FakeServer, FakeServer]) -> None:
    first, second = pair
    number = control(first).set_answer("v1Book_Get", status=409, times=3)
    assert [status(first), status(second), status(second), status(first), status(second)] == [409] * 3 + [200] * 2
    control(first).set_answer("v1Book_Get", status=410)
    assert control(second).set_answer("v1Book_Get", status=411) == number + 2
    assert status(first) == 411
    control(first).clear_answers()
    assert status(second) == 200


def test_a_fault_is_counted_in_both(pair: tuple[FakeServer, FakeServer]) -> None:
    first, second = pair
    control(second).add_fault(operation="v1Book_Get", status=503, times=2)
    assert [status(first), status(second), status(first)] == [503, 503, 200]
    control(first).add_fault(status=500)
    assert status(second) == 500
    control(second).reset("faults")
    assert status(first) == 200


def test_a_configured_fault_is_in_force_once(library: Contract) -> None:
    with control_file(2) as path:
        pair = [FakeServer(library, control_file=path, faults=[{"status": 503, "times": 2}]) for _ in range(2)]
        assert [status(pair[0]), status(pair[1]), status(pair[0])] == [503, 503, 200]
        for app in pair:
            app.close()


def test_old_calls_make_room_and_are_counted() -> None:
    with control_file(2) as path:
        assert path
        shared = SqliteConnections(path, "calls")
        journal = Journal(FileLog(shared, 2, every=4))
        for number in range(10):
            world = (("Docdouble-World", "w"),) if number % 2 else ()
            journal.record(Call(world), Reply(), f"op{number // 5}", 1)
        assert [entry.number for entry in journal.entries()] == [7, 8, 9, 10]
        assert (journal.dropped(), journal.dropped("op0"), journal.dropped("op1", "w")) == (6, 5, 1)
        journal.clear("w")
        assert [entry.number for entry in journal.entries()] == [7, 9]
        assert (journal.dropped(), journal.dropped(world="w")) == (3, 0)
        shared.close()


SCRIPT = """
import sys
from docdouble.fakeserver import Address, Application, Load, Settings, serve
from docdouble.schemas import extract

if __name__ == "__main__":
    application = Application(extract(sys.argv[1]).contract, Settings(state=sys.argv[2]), token=sys.argv[3])
    serve(application, Address(), Load(workers=2), lambda url: print(url, flush=True))
"""


@pytest.fixture(params=["a file", "no state"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a granian with two workers."""
    script = tmp_path / "serve_library.py"
    script.write_text(SCRIPT, encoding="utf-8")
    state = str(tmp_path / "state.db") if request.param == "a file" else "off"
    command = [sys.executable, str(script), str(Path(__file__).parents[1] / "library"), state, TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def asked(url: str, path: str = BOOK, **headers: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", path, headers={**dict([BASIC]), **headers})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def statuses(url: str) -> list[int]:
    return sorted(asked(url) for _ in range(CALLS))


def seen(url: str, query: str) -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", f"/__docdouble__/api/{query}", headers={"Authorization": f"Bearer {TOKEN}"})
    value = orjson.loads(connection.getresponse().read())
    connection.close()
    return value


@pytest.mark.slow
@pytest.mark.sockets
def test_two_workers_are_one_server(url: str) -> None:
    assert statuses(url) == [200] * CALLS
    assert [seen(url, "calls?last=1")["calls"][0]["number"] for _ in range(CALLS)] == [CALLS] * CALLS
    client = ControlClient(url, TOKEN)
    client.assert_called("v1Book_Get", times=CALLS)
    client.set_answer("v1Book_Get", status=409, times=CALLS // 2)
    assert statuses(url) == [200] * (CALLS // 2) + [409] * (CALLS // 2)
    client.set_answer("v1Book_Get", status=409)
    client.add_fault(operation="v1Book_Get", status=503, times=CALLS // 2)
    assert statuses(url) == [409] * (CALLS // 2) + [503] * (CALLS // 2)
    with requests.Session() as browser:
        opened = browser.post(
            f"{url}/__docdouble__/session", json={"token": TOKEN}, headers={"Origin": url}, timeout=30
        )
        cookie = opened.headers["Set-Cookie"].partition(";")[0]
    shown = [asked(url, f"/__docdouble__/console/call?number={number}", Cookie=cookie) for number in range(1, CALLS)]
    assert shown == [200] * (CALLS - 1)
    client.reset()
    counts = {"calls": 0, "dropped": 0, "answers": 0, "faults": 0}
    assert [seen(url, "")["counts"] for _ in range(CALLS)] == [counts] * CALLS
    assert statuses(url) == [200] * CALLS


def test_what_calls_touch_in_both_is_noted_once(library: Contract) -> None:
    with control_file(2) as path:
        pair = [FakeServer(library, token=TOKEN, observer=UseRecorder(library), control_file=path) for _ in range(2)]
        whole = FakeServer(library, token=TOKEN, observer=UseRecorder(library))
        for number in range(5):
            for app in (pair[number % 2], whole):
                app.handle(Call((BASIC, ("Docdouble-Test", f"test_{number}")), target=f"/api/v1/Book/{number}"))
            use = [orjson.loads(app.handle(use_of(app)).body) for app in (*pair, whole)]
            assert use[0] == use[1] == use[2]
        control(pair[1]).reset("use")
        assert orjson.loads(pair[0].handle(use_of(pair[0])).body)["operations"] == {}
        for app in pair:
            app.close()


def test_many_calls_are_looked_at_before_somebody_asks(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_use, "MOST_UNREAD", 3)
    with control_file(2) as path:
        assert path
        app = FakeServer(library, token=TOKEN, observer=UseRecorder(library), control_file=path)
        for _ in range(7):
            status(app)
        opened = SqliteConnections(path, "calls")
        with opened.reading as connection:
            assert connection.execute("SELECT count(*) FROM observed").fetchone() == (1,)
        assert orjson.loads(app.handle(use_of(app)).body)["operations"]["v1Book_Get"]["calls"] == 7
        opened.close()
        app.close()


def use_of(app: FakeServer) -> Call:
    return Call((("Host", "localhost"), ("Authorization", f"Bearer {TOKEN}")), target="/__docdouble__/api/use")
