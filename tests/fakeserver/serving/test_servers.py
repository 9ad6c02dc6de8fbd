"""Real sockets on the loopback address."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES
from docdouble.fakeserver.serving.servers import Address, Application, Load, reserved, serve
from docdouble.schemas import Call, ConfigError, Contract

pytestmark = pytest.mark.sockets

BOOK = "/api/v1/Book/7"
LEND = "/api/v1/Agents/Loan/LendBook"
HEADERS = {"Authorization": "Basic YTpi", "Content-Type": "application/json"}
SECONDS = 30


def connected(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


def expected(app: FakeServer, path: str = BOOK) -> tuple[int, bytes]:
    reply = app.handle(Call(target=path))
    return reply.status, reply.body


def test_a_running_server_answers_as_the_app_does(app: FakeServer) -> None:
    with running(app) as url:
        assert url.startswith("http://127.0.0.1:")
        assert get(connected(url), BOOK) == expected(app)
        assert get(connected(url), "/nowhere") == expected(app, "/nowhere")


def test_one_connection_serves_many_requests(app: FakeServer) -> None:
    with running(app) as url:
        connection = connected(url)
        assert [get(connection, f"/api/v1/Book/{number}") for number in range(5)] == [
            expected(app, f"/api/v1/Book/{number}") for number in range(5)
        ]


def test_a_body_that_is_refused_unread_does_not_spoil_the_next_request(app: FakeServer) -> None:
    with running(app) as url:
        connection = connected(url)
        connection.request("POST", LEND, body=b" " * (MAX_BODY_BYTES + 1), headers=HEADERS)
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (413, True)
        assert get(connection, BOOK) == expected(app)


def test_a_chunked_body_is_read(app: FakeServer) -> None:
    with running(app) as url:
        connection = connected(url)
        connection.request("POST", LEND, body=iter([b'{"Copy', b'Id": 7}']), headers=HEADERS, encode_chunked=True)
        assert orjson.loads(connection.getresponse().read())["CopyId"] == 7


def test_a_server_that_was_left_is_gone(app: FakeServer) -> None:
    threads = set(threading.enumerate())
    with running(app) as url:
        pass
    with pytest.raises(ConnectionRefusedError):
        get(connected(url), BOOK)
    assert set(threading.enumerate()) <= threads


def test_a_server_stops_though_the_test_fails(app: FakeServer) -> None:
    urls: list[str] = []

    def test_that_fails() -> None:
        with running(app) as url:
            urls.append(url)
            raise KeyError

    with pytest.raises(KeyError):
        test_that_fails()
    with pytest.raises(ConnectionRefusedError):
        get(connected(urls[0]), BOOK)


def test_several_servers_run_side_by_side(app: FakeServer, shipped_app: FakeServer) -> None:
    with running(app) as first, running(shipped_app) as second:
        assert (get(connected(first), BOOK)[0], get(connected(second), BOOK)[0]) == (200, 404)


def test_an_ipv6_address_is_bracketed_in_the_url(app: FakeServer) -> None:
    with running(app, "::1") as url:
        assert url.startswith("http://[::1]:")
        assert get(connected(url), BOOK) == expected(app)


def test_a_server_can_be_put_on_a_chosen_port(app: FakeServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(app, port=port) as url:
        assert (url, get(connected(url), BOOK)) == (f"http://127.0.0.1:{port}", expected(app))


SCRIPT = """
import sys
from docdouble.fakeserver import Settings
from docdouble.fakeserver.serving.servers import Address, Application, Load, serve
from docdouble.schemas import extract

if __name__ == "__main__":
    application = Application(extract(sys.argv[1]).contract, Settings())
    serve(application, Address(), Load(), lambda url: print(url, flush=True))
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that serves the library with granian and prints its URL once it is ready."""
    script = tmp_path / "serve_library.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(Path(__file__).parents[1] / "library")]
    # its own group: a signal is then sent to it as a terminal would, to its workers, too
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("stop", [os.kill, os.killpg], ids=["the process alone", "as a terminal does"])
def test_granian_serves_until_it_is_interrupted(
    served: subprocess.Popen[str], app: FakeServer, stop: Callable[[int, int], None]
) -> None:
    assert served.stdout is not None
    url = served.stdout.readline().strip()
    connection = connected(url)
    assert [get(connection, BOOK), get(connection, BOOK)] == [expected(app)] * 2
    connection.request("POST", LEND, body=b'{"CopyId": 7}', headers=HEADERS)
    response = connection.getresponse()
    assert (response.status, orjson.loads(response.read())["CopyId"]) == (200, 7)
    connection.close()
    stop(served.pid, signal.SIGINT)
    output, errors = served.communicate(timeout=SECONDS)
    assert (served.returncode, output, errors) == (0, "", "")


def never(url: str) -> None:
    pytest.fail(f"it serves at {url}")


def test_a_taken_port_is_refused_with_the_process_that_holds_it(library: Contract) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(ConfigError) as raised:
            serve(Application(library, Settings()), Address(port=port), Load(), never)
    assert str(raised.value).startswith(f"port: {port} is not free: process {os.getpid()} (")
    assert str(raised.value).endswith(" holds it; --port 0 takes any free one")


@pytest.mark.skipif(sys.platform == "win32", reason="of TIME-WAIT in POSIX systems")
def test_a_port_is_free_though_connections_of_another_server_wait_to_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ended:
        address = ended.getsockname()
        with socket.create_connection(address) as client:
            ended.accept()[0].close()
            assert client.recv(1) == b""
    with reserved(*address) as port:
        assert port == address[1]


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_refused(library: Contract, port: int) -> None:
    with pytest.raises(ConfigError, match=f"127.0.0.1:{port}"):
        serve(Application(library, Settings()), Address(port=port), Load(), never)


def test_an_address_of_another_machine_is_refused(library: Contract) -> None:
    with pytest.raises(ConfigError, match=r"^address: '192\.0\.2\.1:0' is not available on this machine: "):
        serve(Application(library, Settings()), Address("192.0.2.1"), Load(), never)


def test_an_application_that_can_not_be_made_is_refused_before_any_port_is_taken(library: Contract) -> None:
    with pytest.raises(ConfigError, match="locale"):
        serve(Application(library, Settings(locale="xx_XX")), Address(), Load(), never)
