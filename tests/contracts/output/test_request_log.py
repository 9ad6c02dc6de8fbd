"""Request log of ``docdouble serve``: lines for people, JSON lines for machines, and nothing secret in either."""

import json
import time

import pytest

from docdouble.contracts.output import request_log
from docdouble.contracts.output.request_log import RequestLines
from docdouble.fakeserver import FakeServer, LoggedRequest, Settings
from docdouble.schemas import Call, Reply, extract
from docdouble.schemas.source import DEFAULT_SOURCE

JSON = ("Content-Type", "application/json")


@pytest.fixture
def app() -> FakeServer:
    return FakeServer(extract(DEFAULT_SOURCE).contract, Settings(auth=False))


def written(lines: RequestLines, capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines.flush()
    return capsys.readouterr().err.splitlines()


def requested(target: str = "/", status: int = 200, note: str = "", violations: str = "") -> LoggedRequest:
    headers = (("Docdouble-Violations", violations),) if violations else ()
    return LoggedRequest(0.0, Call(target=target), Reply(headers, status=status), None, 1.25, note)


def test_a_line_tells_request_answer_and_first_violation(app: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    app.log = lines = RequestLines("text")
    path = "/api/v1/Agents/Appointment/AssignTo"
    app.handle(Call((JSON,), b'{"AppointmentId": 2}', "POST", path))
    app.handle(Call((JSON,), b'{"AppointmentId": "2"}', "POST", path))
    app.handle(Call(target="/nothing"))
    first, second, third = written(lines, capsys)
    assert first.split()[1:4] == ["POST", path, "200"]
    assert first.endswith(" ms  v1AppointmentAgent_AssignTo")
    assert second.split()[3] == "400"
    assert second.endswith('/AppointmentId in the body: expected integer (int32), got "2"')
    assert third.split()[1:4] == ["GET", "/nothing", "404"]


def test_json_lines_hold_the_same(app: FakeServer, capsys: pytest.CaptureFixture[str]) -> None:
    app.log = lines = RequestLines("json")
    app.handle(Call((JSON,), b'{"AppointmentId": "2"}', "POST", "/api/v1/Agents/Appointment/AssignTo?a=b"))
    app.handle(Call(target="/nothing"))
    refused, unknown = map(json.loads, written(lines, capsys))
    assert (refused["method"], refused["target"]) == ("POST", "/api/v1/Agents/Appointment/AssignTo?a=b")
    assert (refused["status"], refused["operation"]) == (400, "v1AppointmentAgent_AssignTo")
    assert (refused["violation"]["pointer"], refused["violation"]["rule"]) == ("/AppointmentId", "type")
    assert refused["time"].endswith("Z")
    assert (unknown["operation"], unknown["violation"]) == (None, None)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("query", ["token=abcdef", "%74oken=abcdef", "a=1&api_key=abcdef&b=2"])
def test_secrets_of_the_query_are_masked(form: str, query: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = RequestLines(form)  # type: ignore[arg-type]
    lines(requested(f"/things?{query}"))
    (line,) = written(lines, capsys)
    assert "abcdef" not in line
    assert "=***" in line


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("shown", ["sk_Live+9f8A", "sk_Live\\u002B9f8A", "c2tfTGl2ZSs5Zjh"])
def test_a_violation_that_quotes_credentials_shows_none(
    form: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = RequestLines(form)  # type: ignore[arg-type]
    call = Call((("Authorization", "Bearer sk_Live+9f8A"),))
    violations = json.dumps([{"message": f"expected integer, got {shown}"}])
    lines(requested(violations=violations, note=f"at {shown}")._replace(call=call))
    (line,) = written(lines, capsys)
    assert shown not in line
    assert line.count("***") == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_written_stays_on_its_line_and_commands_nothing(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = RequestLines(form)  # type: ignore[arg-type]
    lines(requested(violations=json.dumps([{"message": "\x1b[31m\n::error::\u202e ##[group] \x7f"}])))
    (line,) = written(lines, capsys)
    assert not {"\x1b", "\x7f", "\u202e"} & set(line)
    assert "##[" not in line


def test_lines_come_by_themselves_and_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    lines = RequestLines("text")
    for number in range(500):
        lines(requested(f"/{number}"))
    printed = written(lines, capsys)
    assert [line.split()[2] for line in printed] == [f"/{number}" for number in range(500)]


def test_a_line_after_a_pause_comes_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    lines = RequestLines("text")
    text = ""
    for target in ("/first", "/second"):
        lines(requested(target))
        ends = time.monotonic() + 20
        while target not in text and time.monotonic() < ends:
            time.sleep(0.02)
            text += capsys.readouterr().err
    assert [line.split()[2] for line in text.splitlines()] == ["/first", "/second"]


@pytest.mark.parametrize("letter", ["a", "\N{SNOWMAN}"])
def test_a_pipe_takes_each_piece_as_a_whole(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[str] = []
    monkeypatch.setattr(request_log.click, "echo", lambda text, **options: pieces.append(text))
    lines = RequestLines("text")
    monkeypatch.setattr(lines, "_start", lambda: None)
    notes = [f"{number} {letter * (number % 7 * 50)}" for number in range(100)]
    notes[40] = letter * 6000
    for note in notes:
        lines(requested(note=note))
    lines.flush()
    printed = "\n".join(pieces).split("\n")
    assert [line.split("ms  ")[1] for line in printed] == notes
    assert all(len(piece.encode()) < 4096 for piece in pieces if "\n" in piece)
    assert len(pieces) < len(notes) / 2


def test_colours_that_are_forced_reach_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    lines = RequestLines("text")
    lines(requested(status=404))
    (line,) = written(lines, capsys)
    assert "\x1b[33m404" in line


def test_requests_that_nobody_takes_are_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_log, "_MOST_WAITING", 2)
    lines = RequestLines("text")
    monkeypatch.setattr(lines, "_start", lambda: None)
    for number in range(5):
        lines(requested(f"/{number}"))
    *shown, last = written(lines, capsys)
    assert [line.split()[2] for line in shown] == ["/0", "/1"]
    assert last == "docdouble: no line of 3 requests: stderr took no more"


def test_a_request_that_cannot_be_read_and_a_fault_are_reported(app: FakeServer) -> None:
    logged: list[LoggedRequest] = []
    app.log = logged.append
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/a", "QUERY_STRING": "x=%zz"}
    list(app(environ, lambda status, headers, *_: bytes))  # type: ignore[arg-type, return-value]
    assert [(entry.call.method, entry.call.target, entry.reply.status) for entry in logged] == [
        ("GET", "/a?x=%zz", 400)
    ]
    app._controls.faults.add({"status": 503, "latency": 0}, app.contract)
    app.handle(Call((JSON,), b"{}", "POST", "/api/v1/Agents/Appointment/AssignTo"))
    assert logged[1].note == "fault latency, fault status"


def test_the_control_api_is_not_logged(app: FakeServer) -> None:
    logged: list[LoggedRequest] = []
    app.log = logged.append
    app.handle(Call((("Host", "localhost"),), target="/__docdouble__/calls"))
    assert logged == []
