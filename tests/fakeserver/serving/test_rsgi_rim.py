"""The RSGI rim with requests of our own making: no sockets, no granian."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, LoggedRequest, Settings
from docdouble.fakeserver.control.control_file import control_file
from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES, MAX_HEADER_BYTES, MAX_URL_BYTES
from docdouble.fakeserver.http.internal_error import ERROR
from docdouble.fakeserver.serving.rsgi_rim import RsgiRim
from docdouble.schemas import Call, Contract

from .made_headers import Fields, MadeHeaders

LEND = "/api/v1/Agents/Loan/LendBook"
BOOK = "/api/v1/Book/7"
BODY = b'{"CopyId": 7}'
CREDENTIALS = (("host", "here"), ("authorization", "Basic YTpi"), ("content-type", "application/json"))


@pytest.fixture
def app(library: Contract) -> FakeServer:
    """A fake of its own for each test: a rim that ends closes its journal."""
    return FakeServer(library, Settings(state="off"))


@dataclass
class MadeScope:
    """A request's head."""

    method: str = "GET"
    path: str = BOOK
    query_string: str = ""
    fields: Fields = CREDENTIALS
    authority: str | None = None
    http_version: str = "1.1"

    @property
    def headers(self) -> MadeHeaders:
        return MadeHeaders(self.fields)


class ClosedError(RuntimeError):
    """The error of a body that ends too soon."""


@dataclass
class MadeProtocol:
    """A body in parts, of which ``None`` never comes and an error breaks it off; keeps what is responded."""

    parts: Sequence[bytes | Exception | None] = ()
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None
    sent: list[bytes] = field(default_factory=list)
    read: int = 0

    async def __call__(self) -> bytes:
        return b"".join([part async for part in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if part is None:
                await asyncio.Event().wait()
            if isinstance(part, Exception):
                raise part
            self.read += len(part or b"")
            yield part or b""

    async def send_bytes(self, data: bytes) -> None:
        self.sent.append(data)
        raise ClosedError

    async def client_disconnect(self) -> None:
        await asyncio.Event().wait()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers, self.body = status, headers, None

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "MadeProtocol":
        self.status, self.headers = status, headers
        return self

    @property
    def detail(self) -> str:
        return str(orjson.loads(self.body or b"{}").get("detail", ""))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


def run_alone(whole: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in a thread of its own: that of the tests may have an event loop, of a browser's driver."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, whole).result()


def is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def answered(app: FakeServer, *asked: tuple[MadeScope, MadeProtocol], seconds: float = 30) -> list[MadeProtocol]:
    """Send requests one after the other through one rim."""
    rim = RsgiRim(app, seconds, 4)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        rim.__rsgi_init__(loop)
        for scope, protocol in asked:
            await rim.__rsgi__(scope, protocol)
        rim.__rsgi_del__(loop)

    run_alone(run())
    return [protocol for _, protocol in asked]


def asked(app: FakeServer, scope: MadeScope, *parts: bytes | Exception | None, seconds: float = 30) -> MadeProtocol:
    return answered(app, (scope, MadeProtocol(parts)), seconds=seconds)[0]


def lend(*fields: tuple[str, str | None], length: str | None = str(len(BODY)), **head: Any) -> MadeScope:
    stated = () if length is None else (("content-length", length),)
    return MadeScope("POST", LEND, fields=(*CREDENTIALS, *stated, *fields), **head)


def test_a_call_is_answered_as_in_process(app: FakeServer) -> None:
    expected = app.handle(Call((("Host", "here"),), target=f"{BOOK}?$select=Title"))
    protocol = asked(app, MadeScope(query_string="$select=Title"))
    assert (protocol.status, protocol.body) == (expected.status, expected.body)
    assert protocol.headers == [*expected.headers, ("Content-Length", str(len(expected.body)))]
    whole = asked(app, MadeScope())
    head = asked(app, MadeScope("HEAD"))
    assert (head.status, head.body, head.headers) == (whole.status, None, whole.headers)


@pytest.mark.parametrize("http_version", ["1.1", "2"])
@pytest.mark.parametrize("parts", [(BODY,), (BODY[:4], BODY[4:])])
@pytest.mark.parametrize("length", [str(len(BODY)), None])
def test_bodies_are_read(app: FakeServer, http_version: str, parts: tuple[bytes, ...], length: str | None) -> None:
    scope = lend(*(() if length else (("transfer-encoding", "chunked"),)), length=length, http_version=http_version)
    protocol = asked(app, scope, *parts)
    assert (protocol.status, orjson.loads(protocol.body or b"")["CopyId"]) == (200, 7)


def test_no_body_is_waited_for_where_none_is_announced(app: FakeServer) -> None:
    protocol = asked(app, lend(length=None), None)
    assert (protocol.status, b"the body is missing" in (protocol.body or b"")) == (400, True)


@pytest.mark.parametrize("length", ["99", None])
def test_a_body_that_takes_too_long_is_a_408(app: FakeServer, length: str | None) -> None:
    logged: list[LoggedRequest] = []
    app.log = logged.append
    protocol = asked(app, lend(("transfer-encoding", "chunked"), length=length), b"{", None, seconds=0.1)
    assert (protocol.status, protocol.header("Connection")) == (408, "close")
    assert "within 0.1 s" in protocol.detail
    assert [(line.call.method, line.call.target, line.reply.status) for line in logged] == [("POST", LEND, 408)]


def test_one_slow_body_is_no_matter_to_the_next(app: FakeServer) -> None:
    slow, quick = answered(app, (lend(), MadeProtocol([b"{", None])), (lend(), MadeProtocol([BODY])), seconds=0.1)
    assert (slow.status, quick.status) == (408, 200)


@pytest.mark.parametrize("length", ["99", None])
def test_a_body_that_breaks_off_is_a_400(app: FakeServer, length: str | None) -> None:
    protocol = asked(app, lend(("transfer-encoding", "chunked"), length=length), b"{", ClosedError())
    assert protocol.status == 400
    assert "the body ends before" in protocol.detail


def test_a_body_that_is_too_large_is_not_read_on(app: FakeServer) -> None:
    million = b" " * 1_000_000
    protocol = asked(app, lend(("transfer-encoding", "chunked"), length=None), *[million] * 30)
    assert (protocol.status, protocol.read) == (413, 17_000_000)
    protocol = asked(app, lend(length=str(MAX_BODY_BYTES + 1)), million)
    assert (protocol.status, protocol.read) == (413, 0)


@pytest.mark.parametrize(
    ("scope", "status", "detail"),
    [
        (MadeScope(path="/" + "a" * MAX_URL_BYTES), 414, "the URL"),
        (MadeScope(fields=[("x", "a" * MAX_HEADER_BYTES)]), 431, "the header fields"),
        (lend(length="5, 6"), 400, "one number"),
        (MadeScope(path="/\N{REPLACEMENT CHARACTER}"), 400, "the path is no UTF-8"),
        (MadeScope(query_string="a=%4"), 400, "'%4' in the query"),
        (MadeScope(query_string="a=%ff"), 400, "the query is no UTF-8"),
        (MadeScope(fields=[("docdouble-wrld", "a")]), 400, "did you mean 'Docdouble-World'?"),
        (MadeScope(fields=[("upgrade", "WebSocket"), ("connection", "upgrade")]), 400, "WebSockets are not served"),
        *(
            (MadeScope(fields=[("x", "1"), ("x", "2"), (name, value)]), 400, "is empty or no ASCII text")
            for name in ("docdouble-world", "docdouble-test", "prefer", "content-type")
            for value in ("", None)
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused(app: FakeServer, scope: MadeScope, status: int, detail: str) -> None:
    protocol = asked(app, scope, b"unread")
    assert (protocol.status, protocol.read) == (status, 0)
    assert detail in protocol.detail


def test_the_call_is_as_it_was_sent(app: FakeServer) -> None:
    scope = MadeScope(
        "get",
        "/b\xe5/x y",
        "q=\xe9&r=%C3%A9",
        [("x_b", "1"), ("cookie", "a=1"), ("x", "1"), ("x", "2"), ("cookie", "b=2"), ("y", None)],
        "other:80",
    )
    asked(app, scope)
    (entry,) = app.journal.entries()
    assert (entry.method, entry.target) == ("GET", "/b%C3%A5/x%20y?q=%C3%A9&r=%C3%A9")
    fields = [(name, value) for name, value in entry.headers if name != "Cookie"]
    assert fields == [("X_B", "1"), ("X", "1"), ("X", "2"), ("Y", ""), ("Host", "other:80")]
    assert [name for name, _ in entry.headers].count("Cookie") == 1


def test_slashes_that_granian_has_decoded_are_found(library: Contract) -> None:
    app = FakeServer(library)
    asked(app, MadeScope(path="//api/v1/Book/7"))
    (entry,) = app.journal.entries()
    assert (entry.target, entry.status) == (BOOK, 200)


def test_errors_are_a_500_with_a_number(app: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "arrival", lambda call, **_: 1 / 0)
    protocol = asked(app, MadeScope())
    assert protocol.status == 500
    assert protocol.header(ERROR)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_connections_fail_on_request(library: Contract, method: str) -> None:
    dropped = asked(FakeServer(library, faults=[{"drop": True}]), MadeScope(method))
    assert (dropped.sent, [value for name, value in dropped.headers if name == "Content-Length"]) == ([b""], ["1", "2"])
    whole = FakeServer(library).handle(Call((("Host", "here"),), target=BOOK)).body
    cut = asked(FakeServer(library, faults=[{"truncate": True}]), MadeScope(method))
    assert cut.body == (None if method == "HEAD" else whole[: len(whole) // 2])
    assert (cut.header("Content-Length"), cut.header("Connection")) == (str(len(whole)), "close")


def threads_of(
    app: FakeServer, monkeypatch: pytest.MonkeyPatch, *requests: tuple[MadeScope, MadeProtocol]
) -> list[bool]:
    """Return of requests whether the thread of the event loop answered them."""
    answer = app.answer
    seen: list[bool] = []

    def noted(arrival: Any) -> Any:
        seen.append(is_in_event_loop())
        return answer(arrival)

    monkeypatch.setattr(app, "answer", noted)
    answered(app, *requests)
    return seen


def test_what_answers_quickly_is_answered_in_the_event_loop(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docdouble.fakeserver.serving.rsgi_rim._QUICK_SECONDS", 60)
    app = FakeServer(library)
    book = [(MadeScope(), MadeProtocol()) for _ in range(3)]
    nowhere = [(MadeScope(path="/nowhere"), MadeProtocol()) for _ in range(2)]
    large = b'{"CopyId": 7}' + b" " * 65536
    lent = [(lend(length=str(len(body))), MadeProtocol([body])) for body in (BODY, BODY, large, BODY)]
    assert threads_of(app, monkeypatch, *book) == [False, True, True]
    assert threads_of(app, monkeypatch, *nowhere) == [False, False]
    assert threads_of(app, monkeypatch, *lent) == [False, True, False, True]
    calls = (("host", "localhost"), ("authorization", f"Bearer {app.token}"))
    control = [(MadeScope(path="/__docdouble__/api/calls", fields=calls), MadeProtocol()) for _ in range(2)]
    assert threads_of(app, monkeypatch, *control) == [False, False]


def test_what_answers_slowly_is_answered_by_threads(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    app = FakeServer(library)
    answer = app.answer

    def slow(arrival: Any) -> Any:
        until = time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
        return answer(arrival)

    monkeypatch.setattr(app, "answer", slow)
    assert threads_of(app, monkeypatch, *[(MadeScope(), MadeProtocol()) for _ in range(3)]) == [False] * 3


@pytest.mark.parametrize("kind", ["latency", "shared"])
def test_what_may_wait_is_answered_by_threads(library: Contract, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    with control_file(2 if kind == "shared" else 1) as shared:
        app = FakeServer(library, faults=[{"latency": "1"}] if kind == "latency" else [], control_file=shared)
        assert threads_of(app, monkeypatch, *[(MadeScope(), MadeProtocol()) for _ in range(3)]) == [False] * 3
        app.close()


def test_only_changes_of_a_file_may_wait(library: Contract, tmp_path: Path) -> None:
    app = FakeServer(library, Settings(state=str(tmp_path / "state.db")))
    waiting = {app.may_wait(operation) for operation in library.operations if not operation.only_reads}
    assert (waiting, {app.may_wait(operation) for operation in library.operations if operation.only_reads}) == (
        {True},
        {False},
    )
    app.close()


def test_another_contract_is_compiled_by_a_thread(library: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docdouble.fakeserver.serving.rsgi_rim._QUICK_SECONDS", 60)
    app = FakeServer(library)

    class Replacing(MadeProtocol):
        def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            app.replace(library)

    requests = [(MadeScope(), protocol) for protocol in (MadeProtocol(), Replacing(), MadeProtocol(), MadeProtocol())]
    assert threads_of(app, monkeypatch, *requests) == [False, True, False, True]


def test_who_waits_for_calls_is_let_go_when_the_server_ends(app: FakeServer) -> None:
    rim = RsgiRim(app, 30, 4)
    fields = (("host", "localhost"), ("authorization", f"Bearer {app.token}"))
    protocol = MadeProtocol()

    async def run() -> None:
        scope = MadeScope(path="/__docdouble__/api/calls/stream", query_string="wait=30", fields=fields)
        loop = asyncio.get_running_loop()
        waiting = asyncio.create_task(rim.__rsgi__(scope, protocol))
        await asyncio.sleep(0.05)
        rim.__rsgi_del__(loop)
        await waiting

    began = time.monotonic()
    run_alone(run())
    assert protocol.status == 200
    assert time.monotonic() - began < 20
