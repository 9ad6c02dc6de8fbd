"""Faults on request: how they are asked for, which calls they apply to, what they do."""

import http.client
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, running
from docdouble.fakeserver.app import FAULT, Arrival
from docdouble.fakeserver.control.faults import (
    MAX_FAULTS,
    Fault,
    FaultBoard,
    FaultHit,
    apply,
    cut_short,
    dropped,
    fault_from_mapping,
    parse_fault,
    wait,
)
from docdouble.schemas import Call, ConfigError, Contract, Reply

if TYPE_CHECKING:
    from ..conftest import MakeContract

REPLY = Reply((("Content-Type", "application/json"), ("X", "1")), b'{"Id":1,"Links":[]}', 200)


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        ({"latency": 200}, Fault(latency=(200, 200))),
        ({"latency": "200-500", "share": "0.5"}, Fault(latency=(200, 500), share=0.5)),
        ({"operation": "LendBook", "status": "503", "times": "3"}, Fault("LoanAgent_LendBook", status=503, times=3)),
        ({"drop": True, "operation": ""}, Fault(drop=True)),
        ({"truncate": "yes", "drop": "false"}, Fault(truncate=True)),
        ({"content-type": "text/html; charset=utf-8"}, Fault(content_type="text/html; charset=utf-8")),
        ({"content_type": "text/html"}, Fault(content_type="text/html")),
        ({"violate": "null-field:/Nowhere"}, Fault(violate="null-field:/Nowhere")),
    ],
)
def test_a_fault_is_read_and_reported_as_it_was_asked_for(
    library: Contract, mapping: dict[str, Any], fault: Fault
) -> None:
    read = fault_from_mapping(mapping, library)
    assert read.operation.endswith(fault.operation)
    assert fault_from_mapping(read.as_dict(), library) == read
    assert {**read.as_dict(), "operation": ""} == {**fault.as_dict(), "operation": ""}


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"latenci": 5}, "fault: 'latenci' is not a key of a fault; did you mean 'latency'?"),
        ({}, "it needs one of latency, status"),
        ({"share": 0.5, "drop": False}, "it needs one of"),
        ({"operation": "LendBok", "drop": True}, "did you mean 'LendBook'?"),
        ({"operation": 7, "drop": True}, "operation: 7"),
        ({"content-type": "a\r\nX: b"}, "a line of ASCII text"),
        ({"operation": "LendBook", "violate": "missing-field:/Titel"}, "did you mean 'Title'?"),
        ({"drop": "maybe"}, "drop: 'maybe' is not true or false"),
        *(({"latency": value}, "milliseconds") for value in (-1, "500-200", "60001", 60001, "x", True, None, 1.5)),
        *(({"status": value}, "a status from 200 to 599") for value in (199, 600, "2xx", True, None, [503])),
        *(({"drop": 1, "share": value}, "a share") for value in (0, 1.1, "x", "nan", True, None, 10**400)),
        *(({"drop": 1, "times": value}, "a number of calls") for value in (0, -1, "x", True, 1.5, None)),
    ],
)
def test_what_is_no_fault_is_refused(library: Contract, mapping: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        fault_from_mapping(mapping, library)
    assert message in str(raised.value)


@given(st.dictionaries(st.sampled_from(["latency", "status", "share", "times", "drop", "violate"]), st.text()))
def test_any_text_is_read_or_refused(library: Contract, mapping: dict[str, str]) -> None:
    try:
        fault = fault_from_mapping(mapping, library)
    except ConfigError:
        return
    assert fault_from_mapping(fault.as_dict(), library) == fault


def test_a_command_line_is_read() -> None:
    assert parse_fault("operation=POST /a?b=c, latency=200-500,drop") == {
        "operation": "POST /a?b=c",
        "latency": "200-500",
        "drop": "true",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [("latency", "KEY=VALUE"), ("", "KEY=VALUE"), ("drop=1,", "KEY=VALUE"), ("drop,drop", "drop is given twice")],
)
def test_a_command_line_that_can_not_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_fault(text)


def board(contract: Contract, *faults: dict[str, Any], seed: int = 0) -> FaultBoard:
    made = FaultBoard(seed)
    for fault in faults:
        made.add(fault, contract)
    return made


def test_a_fault_applies_to_its_operation_only_and_as_often_as_asked(library: Contract) -> None:
    lend = library.operation("LendBook").id
    made = board(library, {"operation": "LendBook", "status": 503, "times": 2}, {"latency": 10})
    assert [len(made.take(lend, Call())) for _ in range(3)] == [2, 2, 1]
    assert [len(made.take("other", Call())) for _ in range(2)] == [1, 1]
    assert [fault["hits"] for fault in made.all()] == [2, 5]
    made.clear()
    assert (made.all(), made.take(lend, Call())) == ([], ())


def taken(made: FaultBoard, calls: int = 2000) -> list[tuple[FaultHit, ...]]:
    return [made.take("x", Call()) for _ in range(calls)]


def test_a_run_repeats_with_its_seed_and_after_a_clear(library: Contract) -> None:
    fault = {"latency": "200-500", "share": 0.3}
    made = board(library, fault)
    first = taken(made)
    made.clear()
    made.add(fault, library)
    assert taken(made) == first == taken(board(library, fault))
    assert taken(board(library, fault, seed=1)) != first


def test_a_share_and_a_range_are_kept_to(library: Contract) -> None:
    delays = [fault.latency_seconds for fault in sum(taken(board(library, {"latency": "200-500", "share": 0.3})), ())]
    assert 500 < len(delays) < 700
    assert 0.2 <= min(delays) < 0.21 < 0.49 < max(delays) <= 0.5


def test_faults_are_independent(library: Contract) -> None:
    pairs = taken(board(library, {"status": 500, "share": 0.5}, {"status": 501, "share": 0.5}))
    assert {len(pair) for pair in pairs} == {0, 1, 2}


def test_a_board_is_full_at_its_limit(library: Contract) -> None:
    made = board(library, *[{"drop": True}] * MAX_FAULTS)
    with pytest.raises(ConfigError, match=f"at most {MAX_FAULTS}"):
        made.add({"drop": True}, library)


class TestConfigured:
    """Faults of the configuration, which may change while the server runs."""

    ALL = Call(target="/")

    def statuses(self, board: FaultBoard) -> list[int | None]:
        return [hit.fault.status for hit in board.take("any", self.ALL)]

    def test_they_take_the_place_of_those_before_and_of_no_others(self, library: Contract) -> None:
        board = FaultBoard(0)
        board.configure([{"status": 503}], library)
        board.add({"status": 418}, library)
        board.configure([{"status": 500}], library)
        assert self.statuses(board) == [500, 418]
        board.configure([], library)
        assert self.statuses(board) == [418]

    def test_one_that_stays_goes_on_counting(self, library: Contract) -> None:
        board = FaultBoard(0)
        board.configure([{"status": 503, "times": 1}], library)
        assert self.statuses(board) == [503]
        board.configure([{"status": 503, "times": 1}, {"status": 500}], library)
        assert self.statuses(board) == [500]

    def test_where_one_is_wrong_nothing_changes(self, library: Contract) -> None:
        board = FaultBoard(0)
        board.configure([{"status": 503}], library)
        for wrong in ([{"status": 500}, {"status": 99}], [{"status": 500}] * (MAX_FAULTS + 1)):
            with pytest.raises(ConfigError):
                board.configure(wrong, library)
        assert self.statuses(board) == [503]


def hits(**fault: Any) -> tuple[FaultHit, ...]:
    return (FaultHit(Fault(**fault), 0.0, 7),)


@pytest.mark.parametrize("status", [200, 299, 404, 418, 503, 599])
def test_a_status_comes_with_a_problem_that_says_why(status: int) -> None:
    reply = apply(REPLY, hits(status=status))
    assert (reply.status, reply.header("Content-Type"), reply.header("X")) == (status, "application/problem+json", "1")
    assert orjson.loads(reply.body)["detail"] == f"a fault on request: docdouble was told to answer {status} here"


@pytest.mark.parametrize(
    ("status", "documented"),
    [
        (404, {"reason": "a fault on request: docdouble was told to answer 404 here"}),
        (422, {"reason": "a fault on request: docdouble was told to answer 422 here"}),
        (503, None),
        (419, None),
        (204, None),
    ],
)
def test_a_documented_failure_has_its_documented_shape(
    make_contract: "MakeContract", status: int, documented: dict[str, str] | None
) -> None:
    reason = {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]}
    error = {"description": "", "content": {"application/json": {"schema": reason}}}
    responses = {"200": {"description": ""}, "404": error, "422": error}
    contract = make_contract({"/book": {"get": {"operationId": "book", "responses": responses}}})
    app = FakeServer(contract, faults=[{"operation": "book", "status": status}])
    reply = app.handle(Call(target="/book"))
    assert reply.status == status
    if documented:
        assert (reply.media_type, orjson.loads(reply.body)) == ("application/json", documented)
    else:
        assert reply.media_type in ("application/problem+json", "")


def test_a_status_without_a_body_has_none() -> None:
    assert apply(REPLY, hits(status=204)) == Reply((("X", "1"),), b"", 204)


def test_content_type_and_promises_are_broken() -> None:
    assert apply(REPLY, hits(content_type="text/html")).media_type == "text/html"
    assert apply(REPLY, hits(violate="missing-field:/links")).body == b'{"Id":1}'
    assert apply(REPLY, hits(violate="missing-field:/nowhere")) == REPLY
    for body in (b"", b"no JSON", b"\xff"):
        assert apply(Reply(body=body), hits(violate="null-field:/a")).body == body


def test_waiting_takes_as_long_as_all_faults_together(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("docdouble.fakeserver.control.faults.time.sleep", slept.append)
    wait((FaultHit(Fault(), 0.25, 1), FaultHit(Fault(), 0.5, 1)))
    wait(hits())
    assert slept == [0.75]


def sent(reply: Reply, method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    head: list[Any] = []
    body = b"".join(cut_short(reply, {"REQUEST_METHOD": method}, lambda *args: head.extend(args) or io.BytesIO().write))  # type: ignore[arg-type,func-returns-value]
    return head[0], dict(head[1]), body


def test_half_a_body_is_sent_under_the_length_of_the_whole() -> None:
    status, headers, body = sent(REPLY)
    assert (status, headers["Content-Length"], body) == ("200 OK", "19", REPLY.body[:9])
    assert sent(Reply(status=599))[0] == "599 UNKNOWN"
    assert sent(REPLY, "HEAD")[2] == b""
    assert "Content-Length" not in sent(Reply(status=204))[1]


def test_in_process_a_drop_is_an_error() -> None:
    with pytest.raises(ConnectionResetError):
        dropped({}, lambda *_: io.BytesIO().write)  # type: ignore[arg-type,return-value]


class Faulty(FakeServer):
    """Drops, cuts short, or answers with a status, by its path."""

    def answer(self, arrival: Arrival) -> Reply:
        path = arrival.call.path
        if path == "/drop":
            return Reply(((FAULT, "drop"),))
        if path.startswith("/status/"):
            return apply(REPLY, hits(status=int(path[8:])))
        if path == "/cut":
            return Reply((*REPLY.headers, (FAULT, "truncate")), b"x" * 100_000)
        return super().answer(arrival)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from test_faults import Faulty
from docdouble.fakeserver import Settings
from docdouble.fakeserver.serving.servers import Address, Application, Load, serve
from docdouble.schemas import extract

class Made(Application):
    def made(self):
        return Faulty(self.contract)

if __name__ == "__main__":
    serve(Made(extract(sys.argv[2]).contract, Settings()), Address(), Load(), lambda url: print(url, flush=True))
"""


@pytest.fixture
def granian(tmp_path: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    """A granian with ``Faulty``: its URL, and a function that stops it and returns what it wrote."""
    script = tmp_path / "serve_faulty.py"
    script.write_text(SCRIPT, encoding="utf-8")
    here = Path(__file__).parent
    command = [sys.executable, str(script), str(here), str(here.parent / "library")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            yield (
                process.stdout.readline().strip(),
                lambda: (process.terminate(), process.communicate(timeout=30)[0])[1],
            )
        finally:
            process.kill()


def check_drop_and_cut(url: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        connection.request(method, "/drop", body=b"{}" if method == "POST" else None)
        with pytest.raises(ConnectionError):
            connection.getresponse()
        connection.close()
    connection.request("GET", "/cut")
    with pytest.raises(http.client.IncompleteRead) as raised:
        connection.getresponse().read()
    assert (len(raised.value.partial), raised.value.expected) == (50_000, 50_000)
    connection.close()
    for status in (204, 299, 419, 420, 498, 509, 599):
        connection.request("GET", f"/status/{status}")
        reply = connection.getresponse()
        assert (reply.status, bool(reply.read())) == (status, status != 204)
    connection.request("GET", "/nowhere")
    assert connection.getresponse().status == 404
    connection.close()


@pytest.mark.sockets
def test_werkzeugs_server_drops_and_cuts_short(library: Contract, capfd: pytest.CaptureFixture[str]) -> None:
    with running(Faulty(library)) as url:
        check_drop_and_cut(url)
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.sockets
def test_granian_drops_and_cuts_short(granian: tuple[str, Callable[[], str]]) -> None:
    url, stopped = granian
    check_drop_and_cut(url)
    assert stopped() == ""
