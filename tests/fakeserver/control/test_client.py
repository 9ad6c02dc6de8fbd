"""The client of the control API says what a test needs to know, and never the token."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from docdouble.fakeserver.control.admission import PREFIX
from docdouble.fakeserver.control.api import Control
from docdouble.fakeserver.control.client import ControlClient
from docdouble.fakeserver.control.controls import Controls
from docdouble.fakeserver.control.faults import FaultBoard
from docdouble.fakeserver.control.journal import MAX_BODY, Journal
from docdouble.fakeserver.control.prepared import PreparedAnswers
from docdouble.schemas import Call, ConfigError, Contract, Reply, TargetError

TOKEN = "open-sesame"
URL = "http://localhost:4010"
GET, LEND = "v1Book_Get", "v1LoanAgent_LendBook"


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def control(journal: Journal, prepared: PreparedAnswers, faults: FaultBoard, library: Contract) -> Control:
    return Control(TOKEN, Controls(journal, prepared, faults), lambda: library)


@pytest.fixture
def client(control: Control) -> ControlClient:
    return ControlClient(URL, TOKEN, control.handle)


def lend(journal: Journal, body: Any) -> None:
    call = Call((("Content-Type", "application/json"),), orjson.dumps(body), "POST", "/api/v1/Agents/Loan/LendBook")
    journal.record(call, Reply(), LEND, 1)


def test_calls_are_found(client: ControlClient, journal: Journal) -> None:
    lend(journal, {"CopyId": 1})
    journal.record(Call(target="/api/v1/Book/a b"), Reply(status=404), GET, 1)
    assert [call["number"] for call in client.calls()] == [1, 2]
    assert [call["body"] for call in client.calls("LendBook")] == [{"CopyId": 1}]
    assert [call["number"] for call in client.calls(method="GET", path="/api/v1/Book/a b", status=404, last=1)] == [2]


def test_an_operation_was_called(client: ControlClient, journal: Journal) -> None:
    lend(journal, {"CopyId": 1})
    client.assert_called("LendBook")
    client.assert_called("LendBook", times=1, body={"copyId": 1})
    client.assert_called("LendBook", at_least=1, at_most=1)
    client.assert_called(GET, times=0)


def test_an_operation_was_not_called(client: ControlClient) -> None:
    with pytest.raises(AssertionError) as caught:
        client.assert_called(GET, at_least=2)
    assert str(caught.value) == "expected v1Book_Get called at least 2 times, but the count is 0"


def test_the_nearest_calls_are_shown(client: ControlClient, journal: Journal) -> None:
    lend(journal, {"CopyId": 1, "Days": 14})
    with pytest.raises(AssertionError) as caught:
        client.assert_called("LendBook", body={"CopyId": 2, "Member": None})
    assert str(caught.value).splitlines() == [
        "expected v1LoanAgent_LendBook called at least once with this body, but the count is 0",
        "  nearest: call 1, POST /api/v1/Agents/Loan/LendBook, answered 200",
        '    body {"CopyId":1,"Days":14}',
        "    /CopyId: expected 2, found 1",
        "    /Member: expected null, found nothing",
    ]


def test_what_the_journal_does_not_know_is_reported(client: ControlClient, journal: Journal) -> None:
    lend(journal, {"Reason": "x" * MAX_BODY})
    with pytest.raises(AssertionError) as caught:
        client.assert_called("LendBook", body={"CopyId": 2}, times=0)
    lines = str(caught.value).splitlines()
    assert lines[1].startswith("  1 more may have been: the journal has dropped them or cut their bodies")
    assert lines[3].endswith("... cut: the first 32768 of 32781 characters")


def test_an_answer_is_set_and_cleared(client: ControlClient, prepared: PreparedAnswers) -> None:
    assert client.set_answer(GET, answer={"Title": "maps"}, times=1) == 1
    assert client.set_answer(method="GET", path="/nowhere", status=204) == 2
    taken = prepared.take(GET, Call())
    assert taken is not None
    assert taken.body == b'{"Title":"maps"}'
    assert prepared.take(None, Call(target="/nowhere")) == Reply(status=204)
    client.clear_answers()
    assert prepared.all() == []


def test_null_is_an_answer(client: ControlClient, prepared: PreparedAnswers) -> None:
    client.set_answer(GET, answer=None, body=None)
    assert prepared.all()[0]["answer"] is None
    assert prepared.all()[0]["body"] is None


def test_faults_are_added_and_cleared(client: ControlClient, faults: FaultBoard) -> None:
    client.add_fault(operation=GET, status=503)
    assert faults.all() == [
        {"id": 1, "operation": GET, "status": 503, "hits": 0, "option": f"--fault operation={GET},status=503"}
    ]
    client.clear_faults()
    assert faults.all() == []


def test_a_reset_forgets_everything(client: ControlClient, journal: Journal, prepared: PreparedAnswers) -> None:
    lend(journal, {})
    client.set_answer(GET)
    client.reset()
    assert (journal.entries(), prepared.all()) == ((), [])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"operation": "LendBok"}, "operation: 'LendBok' is not documented; did you mean 'LendBook'?"),
        ({"operation": GET, "anser": 1}, "key: 'anser' is not known; did you mean 'answer'?"),
        ({"operation": GET, "xyzzy": 1}, "key: 'xyzzy' is not known; expected one of operation, method"),
        ({"operation": GET, "status": 0}, "status: 0 is not a final status, 200 to 599"),
        ({"operation": GET, "query": ["a"]}, "query: \"['a']\" is not an object of names and texts"),
        ({"operation": GET, "answer": {1}}, "value: 'dict' is not a JSON value"),
    ],
)
def test_wrong_use_is_named(client: ControlClient, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        client.set_answer(**wrong)
    assert message in str(caught.value)


def test_a_wrong_token_is_reported(control: Control) -> None:
    with pytest.raises(TargetError, match="401 expected the bearer token that this server was started with"):
        ControlClient(URL, "wrong", control.handle).reset()


def test_a_server_under_another_name_is_reported(control: Control) -> None:
    with pytest.raises(TargetError, match="403 the Host is neither"):
        ControlClient("http://evil.test", TOKEN, control.handle).reset()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}"])
def test_another_server_is_reported(body: bytes) -> None:
    with pytest.raises(TargetError, match=r"http://localhost:4010 can't be reached: 404 Not Found$"):
        ControlClient(URL, TOKEN, lambda _: Reply((), body, 404)).calls()


@pytest.mark.parametrize("url", ["localhost:4010", "ftp://localhost", "http://", "http://a:hunter2@localhost", ""])
def test_a_wrong_url_is_named_without_its_secret(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ControlClient(url, TOKEN)
    assert "is not an http:// or https:// URL, without a user" in str(caught.value)
    assert "hunter2" not in repr(caught.value)


def test_the_token_is_in_no_representation(client: ControlClient) -> None:
    assert repr(client) == "ControlClient('http://localhost:4010')"
    assert TOKEN not in repr(ControlClient(f"{URL}/", TOKEN))


def frames(error: BaseException) -> Iterator[Any]:
    trace = error.__traceback__
    while trace := trace.tb_next if trace else None:
        yield trace.tb_frame


def test_no_frame_of_an_error_shows_the_token() -> None:
    def broken(call: Call) -> Reply:
        raise OSError(5, "Input/output error")

    with pytest.raises(TargetError, match="http://localhost:4010 can't be reached: Input/output error") as caught:
        ControlClient(URL, TOKEN, broken).reset()
    assert caught.value.__suppress_context__
    assert all(TOKEN not in repr(frame.f_locals) for frame in frames(caught.value))


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the control API does, and with a redirect where asked for ``calls``."""

    control: Control

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))

    def do_GET(self) -> None:
        self.send_response(307)
        self.send_header("Location", PREFIX)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, body: bytes) -> None:
        reply = self.control.handle(Call(tuple(self.headers.items()), body, self.command, self.path))
        self.send_response(reply.status)
        for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


@pytest.fixture
def url(control: Control) -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"control": control})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.sockets
def test_a_server_is_driven_over_http(url: str, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    lend(journal, {"CopyId": 1})
    client = ControlClient(url, TOKEN)
    client.assert_called("LendBook", times=1, body={"CopyId": 1})
    assert client.set_answer(GET, status=404) == 1
    client.reset()
    assert journal.entries() == ()
    with pytest.raises(ConfigError, match="did you mean 'LendBook'"):
        client.assert_called("LendBok")


@pytest.mark.sockets
def test_a_redirect_is_not_followed(url: str) -> None:
    with pytest.raises(TargetError, match="307 Temporary Redirect"):
        ControlClient(url, TOKEN).calls()


@pytest.mark.sockets
def test_a_server_that_is_gone_is_reported() -> None:
    with pytest.raises(TargetError, match=r"http://127\.0\.0\.1:9 can't be reached: \w+") as caught:
        ControlClient("http://127.0.0.1:9", TOKEN).reset()
    assert TOKEN not in repr(caught.value)
    assert all(TOKEN not in repr(frame.f_locals) for frame in frames(caught.value))
