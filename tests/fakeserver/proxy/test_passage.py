"""Bodies, streams and connections through a proxy: as they come, to the end that each side makes of them."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
import requests

from docdouble.fakeserver.proxy.body_copies import MAX_COPY_BYTES
from docdouble.fakeserver.proxy.forwarding import ProxyOptions, ValidatingProxy
from docdouble.fakeserver.proxy.judging import JudgedReply, JudgedRequest, ProxiedExchange
from docdouble.fakeserver.proxy.upstream import Upstream, UpstreamNetwork
from docdouble.fakeserver.serving.proxy_server import running_proxy
from docdouble.fakeserver.serving.servers import Address
from docdouble.schemas import Call
from docdouble.schemas.openapi.reader import from_openapi

pytestmark = [pytest.mark.sockets]

CHUNK = b"x" * 65536
LARGE = MAX_COPY_BYTES + len(CHUNK)
EVENT, MANY = b"data: 1\n\n", 20_000
CONTRACT = from_openapi({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {}}})


class Noted:
    """A judge that finds nothing, and keeps what it was handed."""

    def __init__(self) -> None:
        self.exchanges: list[ProxiedExchange] = []

    def request(self, call: Call, *, is_whole: bool) -> JudgedRequest:
        return JudgedRequest()

    def reply(self, exchange: ProxiedExchange) -> JudgedReply:
        self.exchanges.append(exchange)
        return JudgedReply()


class Waiting(Noted):
    """A judge that takes note of a reply once it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.goes_on = threading.Event(), threading.Event()

    def reply(self, exchange: ProxiedExchange) -> JudgedReply:
        self.is_asked.set()
        assert self.goes_on.wait(20)
        return super().reply(exchange)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gone = threading.Event()
    dropped: ClassVar[list[str]] = []

    def log_message(self, *arguments: Any) -> None:
        """Print nothing."""

    def answer(self, body: bytes, media_type: str = "text/plain") -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        count, left = 0, int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding"):
            while size := int(self.rfile.readline(), 16):
                count += len(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
        while left:
            read = len(self.rfile.read(min(left, len(CHUNK))))
            left, count = left - read, count + read
        self.answer(str(count).encode())

    def do_GET(self) -> None:
        match self.path:
            case "/large" | "/breaks":
                self.send_response(200)
                self.send_header("Content-Length", str(LARGE))
                self.end_headers()
                for _ in range(LARGE // len(CHUNK) if self.path == "/large" else 1):
                    self.wfile.write(CHUNK)
                self.close_connection = self.path == "/breaks"
            case "/events" | "/many-events":
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(EVENT * (MANY if self.path == "/many-events" else 1) + b"data: ")
                self.wait_for_the_end()
            case "/drops":
                self.dropped.append(self.command)
                self.close_connection = True
            case "/wait":
                self.wait_for_the_end()
            case "/hints":
                self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
                self.answer(b"ok")
            case "/none":
                self.send_response(204)
                self.end_headers()
            case _:
                self.answer(json.dumps([self.path, self.headers.items()]).encode(), "application/json")

    do_HEAD = do_POST = do_GET  # noqa: N815

    def wait_for_the_end(self) -> None:
        """Wait until the other side closes the connection."""
        self.connection.recv(1)
        type(self).gone.set()
        self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def serving() -> Iterator[str]:
    Handler.gone.clear()
    Handler.dropped.clear()
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def judge() -> Noted:
    return Noted()


@pytest.fixture
def port(judge: Noted) -> Iterator[int]:
    with serving() as url, before(url, judge) as passage:
        yield passage


def proxy_of(url: str, judge: Noted) -> ValidatingProxy:
    return proxy_before(Upstream(urlsplit(url), UpstreamNetwork()), judge)


def proxy_before(upstream: Upstream, judge: Noted) -> ValidatingProxy:
    return ValidatingProxy(CONTRACT, upstream, judge, ProxyOptions(token="open"))


@contextmanager
def before(url: str, judge: Noted) -> Iterator[int]:
    with running_proxy(proxy_of(url, judge), Address()) as address:
        yield int(address.rpartition(":")[2])


@contextmanager
def asked(port: int, method: str, target: str, body: Any = None, **fields: str) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, target, body, fields)
    with connection.getresponse() as response:
        yield response
    connection.close()


def status_of(port: int, method: str, target: str, body: bytes | None = None, **fields: str) -> int:
    with asked(port, method, target, body, **fields) as response:
        response.read()
        return response.status


def test_a_target_arrives_as_it_was_sent(port: int) -> None:
    with asked(port, "GET", "/a%2Fb;c=1/~d?x=%20+&y=z") as response:
        assert json.loads(response.read())[0] == "/a%2Fb;c=1/~d?x=%20+&y=z"


@pytest.mark.parametrize("framing", ["length", "chunks"])
@pytest.mark.parametrize("size", [0, 10, LARGE])
def test_bodies_of_any_size_and_framing_arrive(framing: str, size: int, port: int, judge: Noted) -> None:
    pieces = [CHUNK] * (size // len(CHUNK)) + [b"y" * (size % len(CHUNK))] * (size % len(CHUNK) > 0)
    body: Any = b"".join(pieces) if framing == "length" else iter(pieces)
    with asked(port, "PUT", "/up", body) as response:
        assert int(response.read()) == size
    (exchange,) = judge.exchanges
    assert (exchange.call_is_whole, len(exchange.call.body)) == ((True, size) if size < LARGE else (False, 0))


def test_a_large_reply_passes_and_no_copy_of_it_is_kept(port: int, judge: Noted) -> None:
    with asked(port, "GET", "/large") as response:
        assert len(response.read()) == LARGE
    assert [(exchange.reply_is_whole, exchange.reply.body) for exchange in judge.exchanges] == [(False, b"")]


def test_a_large_reply_is_noted_before_its_client_has_all_of_it() -> None:
    judge = Waiting()
    with serving() as url, before(url, judge) as port, closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/large")
        response = connection.getresponse()
        assert len(response.read(LARGE - len(CHUNK))) == LARGE - len(CHUNK)
        connection.sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            response.read(len(CHUNK))
        assert judge.exchanges == []
        judge.goes_on.set()
        response.close()


def test_a_judgement_of_large_bodies_holds_no_other_call_up() -> None:
    judge = Waiting()
    with serving() as url, before(url, judge) as port, ThreadPoolExecutor() as threads:
        large = threads.submit(status_of, port, "PUT", "/up", body=CHUNK * 2)
        assert judge.is_asked.wait(20)
        small = threads.submit(status_of, port, "GET", "/a")
        assert status_of(port, "OPTIONS", "/a", **{"Max-Forwards": "0"}) == 204
        assert not judge.exchanges
        judge.goes_on.set()
        assert (large.result(), small.result()) == (200, 200)


@pytest.mark.parametrize("value", ["r\u00e9sum\u00e9", "\u65e5\u672c"])
def test_header_fields_in_utf8_arrive_as_they_were_sent(value: str, port: int) -> None:
    with asked(port, "GET", "/a", **{"X-Note": value.encode().decode("latin-1")}) as response:
        fields = dict(json.loads(response.read())[1])
    assert fields["X-Note"].encode("latin-1").decode() == value


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1)])
def test_only_what_may_be_repeated_is_sent_once_more(method: str, times: int, port: int) -> None:
    assert status_of(port, method, "/drops") == 502
    assert Handler.dropped == [method] * times


def test_events_come_as_they_are_sent_and_end_with_the_client(port: int) -> None:
    with asked(port, "GET", "/events") as response:
        assert response.readline() == b"data: 1\n"
        assert not Handler.gone.is_set()
    assert Handler.gone.wait(20)


def test_a_client_that_goes_away_ends_the_call(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not Handler.gone.wait(0.5)
    assert Handler.gone.wait(20)


def test_a_client_that_goes_away_within_its_body_ends_the_call(port: int, judge: Noted) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"PUT /up HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (3 * LARGE))
        client.sendall(CHUNK * (LARGE // len(CHUNK)) + CHUNK)
    assert status_of(port, "GET", "/a") == 200
    assert [exchange.call.method for exchange in judge.exchanges] == ["GET"]


def test_a_stream_is_judged_as_far_as_it_came_when_the_proxy_ends(judge: Noted) -> None:
    with serving() as url, before(url, judge) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/events")
        response = connection.getresponse()
        assert response.readline() == b"data: 1\n"
    response.close()
    connection.close()
    assert [exchange.reply.body for exchange in judge.exchanges] == [b"data: 1\n\n"]


def test_a_long_stream_is_judged_to_its_end_when_the_proxy_ends() -> None:
    judge = Waiting()
    with serving() as url, before(url, judge) as port, closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/many-events")
        assert len(connection.getresponse().read(len(EVENT) * MANY)) == len(EVENT) * MANY
        threading.Timer(0.5, judge.goes_on.set).start()
    assert [exchange.reply.body == EVENT * MANY for exchange in judge.exchanges] == [True]


def test_a_reply_that_breaks_off_breaks_off_here(port: int) -> None:
    with asked(port, "GET", "/breaks") as response, pytest.raises(http.client.IncompleteRead):
        response.read()


def test_replies_without_a_body_and_interim_ones(port: int) -> None:
    with asked(port, "HEAD", "/a") as response:
        assert int(response.headers["Content-Length"]) > 0
        assert response.read() == b""
    assert status_of(port, "GET", "/none") == 204
    assert status_of(port, "GET", "/hints") == 200


def test_what_is_not_forwarded_is_refused_with_the_reason(port: int) -> None:
    with asked(port, "GET", "/a", Upgrade="websocket", Connection="Upgrade") as response:
        assert response.status == 501
        assert "WebSockets are not forwarded" in json.loads(response.read())["detail"]
    assert status_of(port, "OPTIONS", "/a", **{"Max-Forwards": "0"}) == 204


def test_a_server_behind_an_http_proxy_is_asked_through_it(judge: Noted) -> None:
    with serving() as url:
        network = UpstreamNetwork(proxy=url, proxy_headers={"Proxy-Authorization": "Basic eDp5"})
        upstream = Upstream(urlsplit("http://hotel.example:81/v1"), network)
        with running_proxy(proxy_before(upstream, judge), Address()) as address:
            target, fields = requests.get(f"{address}/a?b=c", timeout=20).json()
    assert target == "http://hotel.example:81/v1/a?b=c"
    assert {"Host": "hotel.example:81", "Proxy-Authorization": "Basic eDp5"}.items() <= dict(fields).items()


def test_a_proxy_that_leads_to_itself_says_so(judge: Noted) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        free = int(held.getsockname()[1])
    with running_proxy(proxy_of(f"http://127.0.0.1:{free}", judge), Address(port=free)):
        assert status_of(free, "GET", "/a") == 508


def test_a_server_that_is_not_there_is_a_502_with_the_reason(judge: Noted) -> None:
    with before("http://127.0.0.1:1", judge) as port, asked(port, "GET", "/a") as response:
        assert response.status == 502
        assert json.loads(response.read())["detail"] == "http://127.0.0.1:1 gave no reply: Connection refused"
