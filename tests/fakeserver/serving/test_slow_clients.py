"""Bodies that come in too slowly, sent to granian itself: nothing else shows how it takes what is done to it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docdouble.fakeserver.control.admission import PREFIX
from docdouble.fakeserver.control.calls_api import MOST_SECONDS, MOST_WAITING
from docdouble.fakeserver.serving.silent_connections import Traffic, open_sockets, silent_ones

pytestmark = pytest.mark.sockets

LEND = "/api/v1/Agents/Loan/LendBook"
HEAD = f"POST {LEND} HTTP/1.1\r\nHost: here\r\nAuthorization: Basic YTpi\r\nContent-Type: application/json\r\n"
HALF = f'{HEAD}Content-Length: 13\r\n\r\n{{"Copy'.encode()
CHUNK = f'{HEAD}Transfer-Encoding: chunked\r\n\r\n6\r\n{{"Copy'.encode()
SLOW = 300
"""Clients that send half a body: more than there were threads once."""

SECONDS = 20.0
SCRIPT = """
import os, sys, threading
from docdouble.fakeserver import Settings
from docdouble.fakeserver.serving.servers import Address, Application, Load, serve
from docdouble.schemas import extract

if __name__ == "__main__":
    os.register_at_fork(before=lambda: print(threading.active_count(), flush=True))
    contract, seconds = extract(sys.argv[1]).contract, float(sys.argv[2])
    application = Application(contract, Settings(), token="open", body_seconds=seconds)
    serve(application, Address(), Load(), lambda url: print(url, flush=True))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Where a granian serves the library, with a deadline of a second."""
    script = tmp_path_factory.mktemp("server") / "serve_library.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(Path(__file__).parents[1] / "library"), "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "1\n", "a thread ran when the worker was forked"
            url = urlsplit(process.stdout.readline().strip())
            yield str(url.hostname), int(url.port or 0)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the connection is closed."""
    connection.settimeout(SECONDS)
    return b"".join(iter(lambda: connection.recv(65536), b""))


def status(address: tuple[str, int], body: bytes, *headers: tuple[str, str]) -> int:
    connection = http.client.HTTPConnection(*address, timeout=SECONDS)
    fields = {"Authorization": "Basic YTpi", "Content-Type": "application/json", **dict(headers)}
    connection.request("POST", LEND, body, fields)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@pytest.mark.parametrize("sent", [HALF, CHUNK, HALF[:-6]], ids=["half", "a chunk", "a head"])
def test_a_body_that_stops_is_a_408_and_the_connection_is_closed(address: tuple[str, int], sent: bytes) -> None:
    started = time.monotonic()
    with socket.create_connection(address) as connection:
        connection.sendall(sent)
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"within 1 s" in answer
    assert 0.5 < time.monotonic() - started < SECONDS / 2


def test_a_body_that_trickles_is_a_408(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(HALF.replace(b"Content-Length: 13", b"Content-Length: 9999"))
        connection.settimeout(0.1)
        answer = b""
        until = time.monotonic() + SECONDS
        while not answer and time.monotonic() < until:
            connection.sendall(b" ")
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_good_clients_are_answered_beside_slow_ones(address: tuple[str, int]) -> None:
    slow = [socket.create_connection(address) for _ in range(SLOW)]
    try:
        for connection in slow:
            connection.sendall(HALF)
        assert [status(address, b'{"CopyId": 7}') for _ in range(5)] == [200] * 5
        answers = [received(connection) for connection in slow]
    finally:
        for connection in slow:
            connection.close()
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 408 "}
    assert status(address, b'{"CopyId": 7}') == 200


def test_connections_on_which_nothing_comes_are_closed_sooner_in_a_crowd() -> None:
    few = [
        Traffic(10_500, 0),
        Traffic(9_000, 0),
        None,
        Traffic(99_000, 1),
        Traffic(50_000, 7, 1),
        Traffic(61_000, 7, 1),
    ]
    assert silent_ones(few) == [0, 5]
    assert silent_ones([*few, *[Traffic(500, 0)] * 600]) == [0, 1, 4, 5]


LOCKS = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux silence can be measured")
def test_looking_for_silent_connections_ends_no_lock_of_a_file(tmp_path: Path) -> None:
    import fcntl  # here because Windows has none

    path = tmp_path / "state.db"
    path.touch()
    with path.open("r+b") as file, socket.socket() as opened:
        fcntl.lockf(file, fcntl.LOCK_EX)
        families = []
        for copy in open_sockets():
            families.append(copy.family)
            copy.close()
        assert opened.family in families
        done = subprocess.run([sys.executable, "-c", LOCKS, str(path)], capture_output=True, text=True, check=False)
    assert "BlockingIOError" in done.stderr


def test_without_proc_no_silence_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docdouble.fakeserver.serving.silent_connections._FILES", str(tmp_path / "proc"))
    assert list(open_sockets()) == []


def test_a_connection_on_which_nothing_comes_is_closed(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        assert received(connection) == b""


@pytest.mark.parametrize("name", ["Docdouble-World", "Docdouble-Test", "Prefer", "Content-Type"])
def test_granian_hides_what_is_no_ascii_and_it_is_refused(address: tuple[str, int], name: str) -> None:
    assert status(address, b'{"CopyId": 7}', (name, "café")) == 400


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "x" * 5000])
def test_a_charset_that_is_none_stops_no_thread(address: tuple[str, int], charset: str) -> None:
    answers = {status(address, b"{}", ("Content-Type", f"application/json; charset={charset}")) for _ in range(3)}
    assert answers == {415}


def test_streams_whose_clients_have_left_make_room_for_others(address: tuple[str, int]) -> None:
    waiting = [streaming(address, "30") for _ in range(MOST_WAITING)]
    until = time.monotonic() + MOST_SECONDS / 2
    while not is_full(address):
        assert time.monotonic() < until, "the streams don't wait"
    for connection in waiting:
        connection.close()
    while is_full(address):
        assert time.monotonic() < until, "streams wait for nobody"


def streaming(address: tuple[str, int], seconds: str) -> socket.socket:
    connection = socket.create_connection(address, SECONDS)
    path, fields = f"{PREFIX}api/calls/stream?wait={seconds}", "Host: localhost\r\nAuthorization: Bearer open\r\n"
    connection.sendall(f"GET {path} HTTP/1.1\r\n{fields}\r\n".encode())
    return connection


def is_full(address: tuple[str, int]) -> bool:
    """Tell whether a further stream is to come again later."""
    with streaming(address, "0.01") as connection:
        received = b""
        while b"nothing new" not in received:
            some = connection.recv(65536)
            assert some, received
            received += some
    return b"retry: 2000" in received
