import gzip
import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.validate import validator

import pytest

from docdouble.contracts.client.http1 import wire_target
from docdouble.contracts.client.network import Network, is_loopback
from docdouble.contracts.client.target import Failure, HttpTarget, WsgiTarget, wsgi_environ
from docdouble.schemas import Call, ConfigError, Reply

from .misbehaving import OK, Behaviour, dripping, endlessly, saying, serving

CALL = Call((("X-One", "1"), ("Content-Type", "text/plain")), b"body", "PUT", "/a%20b?c=d%26e")
SHORT = Network(seconds=0.15, connect_seconds=0.5, max_bytes=100_000)


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with the request line, a header field and the body."""
    start_response("201 Created", [("Content-Type", "text/plain"), ("Location", "/elsewhere")])
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']} {environ.get('HTTP_X_ONE')} "
    return [line.encode(), body]


def outcome(behaviour: Behaviour, call: Call | None = None, network: Network = SHORT) -> Reply | Failure | None:
    with serving(behaviour) as url:
        return HttpTarget(url, network).send(call or Call())


def reason(behaviour: Behaviour) -> str:
    failure = outcome(behaviour)
    assert isinstance(failure, Failure)
    assert failure.connected
    return failure.reason


def replying(message: bytes, call: Call | None = None) -> Reply:
    reply = outcome(saying(message), call)
    assert isinstance(reply, Reply), reply
    return reply


def heard(call: Call, network: Network = SHORT, path: str = "") -> bytes:
    """Return the message that a server gets."""
    messages = []

    def behave(connection: socket.socket, head: bytes) -> None:
        messages.append(head)
        connection.sendall(OK)

    with serving(behave) as url:
        HttpTarget(url + path, network).send(call)
    return messages[0]


def test_a_wsgi_application_is_called_in_process() -> None:
    reply = WsgiTarget(echo).send(CALL)
    headers = (("Content-Type", "text/plain"), ("Location", "/elsewhere"))
    assert reply == Reply(headers, b"PUT /a b?c=d%26e 1 body", 201)


def test_an_application_gets_an_environment_as_from_a_server() -> None:
    headers = (("Host", "shop.example"), ("X-One", "1"), ("x-one", "2"), ("Content-Length", "9"))
    environ = wsgi_environ(Call(headers, b"body", "PUT", "/a%2Fb/%C3%B8?q=\u00f8%26"), "/base")
    text = "".join(chr(octet) for octet in "\u00f8".encode())
    assert environ["PATH_INFO"] == f"/base/a/b/{text}"
    assert environ["REQUEST_URI"] == "/base/a%2Fb/%C3%B8?q=\u00f8%26"
    assert environ["QUERY_STRING"] == f"q={text}%26"
    assert (environ["HTTP_HOST"], environ["HTTP_X_ONE"]) == ("shop.example", "1, 2")
    assert environ["CONTENT_LENGTH"] == "4"
    assert not {"CONTENT_TYPE", "HTTP_CONTENT_LENGTH"} & environ.keys()
    assert WsgiTarget(validator(echo)).send(CALL).status == 201


class _Chunks(list[bytes]):
    """Chunks of a body that have to be closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_an_application_may_write_its_body_and_end_with_another_status() -> None:
    chunks = _Chunks([b"second"])

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        start_response("500 Internal Server Error", [], (ValueError, ValueError(), None))(b"first ")
        return chunks

    assert WsgiTarget(app).send(Call()) == Reply((), b"first second", 500)
    assert chunks.is_closed


@pytest.mark.sockets
@pytest.mark.parametrize("media_type", ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain"])
def test_an_empty_body_stays_empty_in_process(media_type: str) -> None:
    call = Call((("Content-Type", media_type),), b"", "POST", "/")
    assert WsgiTarget(echo).send(call).body == b"POST /? None "


def test_a_server_gets_the_call_as_it_is() -> None:
    lines = heard(CALL, path="/base/").split(b"\r\n")
    assert lines[0] == b"PUT /base/a%20b?c=d%26e HTTP/1.1"
    assert lines[-2:] == [b"", b"body"]
    assert {b"X-One: 1", b"Content-Type: text/plain", b"Content-Length: 4"} <= set(lines)


@pytest.mark.sockets
def test_a_call_cant_choose_another_host_or_length() -> None:
    message = heard(Call((("Host", "evil.example"), ("Content-Length", "9"), ("Transfer-Encoding", "chunked"))))
    assert b"evil" not in message
    assert b"Content-Length" not in message
    assert b"chunked" not in message


@pytest.mark.sockets
@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\0", "\u20ac"])
def test_what_is_no_header_field_is_not_sent(value: str) -> None:
    asked: list[bytes] = []
    assert outcome(lambda connection, head: asked.append(head), Call((("X-One", value),))) is None
    assert asked == []


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/a/../b;x=1/%2e%2E//?q=%", "/a/../b;x=1/%2e%2E//?q=%25"),
        ("/a b?$filter=name eq 'ø'", "/a%20b?$filter=name%20eq%20'%C3%B8'"),
        ("/a\r\nX: 1#f", "/a%0D%0AX:%201%23f"),
    ],
)
def test_a_target_is_encoded_where_it_has_to_be(target: str, sent: str) -> None:
    assert wire_target(target) == sent


@pytest.mark.sockets
def test_a_connection_is_used_again() -> None:
    connections = []

    def behave(connection: socket.socket, head: bytes) -> None:
        connections.append(connection)
        connection.sendall(OK)
        while connection.recv(65536):
            connection.sendall(OK)

    with serving(behave) as url:
        target = HttpTarget(url)
        assert [type(target.send(Call())) for _ in range(3)] == [Reply] * 3
        target.close()
    assert len(connections) == 1


@pytest.mark.sockets
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_server_closed_is_made_again(method: str) -> None:
    with serving(saying(OK)) as url:
        target = HttpTarget(url)
        first = target.send(Call(method=method))
        time.sleep(0.05)
        assert [type(first), type(target.send(Call(method=method)))] == [Reply, Reply]


def once_per_connection(after: bytes, messages: list[bytes]) -> Behaviour:
    """Answer the first message of a connection, and to the next one send ``after`` and close."""

    def behave(connection: socket.socket, head: bytes) -> None:
        messages.append(head)
        connection.sendall(OK)
        messages.append(connection.recv(65536))
        connection.sendall(after)

    return behave


@pytest.mark.sockets
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "QUERY"])
@pytest.mark.parametrize(
    "after", [b"", b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"]
)
def test_a_kept_connection_that_ends_without_a_reply_is_no_reply_to_the_call(method: str, after: bytes) -> None:
    messages: list[bytes] = []
    with serving(once_per_connection(after, messages)) as url:
        target = HttpTarget(url)
        statuses = [reply.status for _ in range(2) if isinstance(reply := target.send(Call(method=method)), Reply)]
        target.close()
    assert statuses == [200, 200]
    assert len(messages[:3]) == 3, "sent, sent in vain, sent once more"


@pytest.mark.sockets
def test_a_call_is_sent_once_more_and_not_again() -> None:
    messages: list[bytes] = []

    def behave(connection: socket.socket, head: bytes) -> None:
        messages.append(head)
        if len(messages) == 1:
            connection.sendall(OK)
            messages.append(connection.recv(65536))

    with serving(behave) as url:
        target = HttpTarget(url)
        target.send(Call(method="POST"))
        assert target.send(Call(method="POST")) == Failure("the connection was closed without a reply")
    assert len(messages) == 3


@pytest.mark.sockets
def test_a_reply_that_breaks_off_on_a_kept_connection_counts() -> None:
    messages: list[bytes] = []
    with serving(once_per_connection(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", messages)) as url:
        target = HttpTarget(url)
        target.send(Call())
        assert target.send(Call()) == Failure("the body ended 8 bytes before its Content-Length")
    assert len(messages) == 2


@pytest.mark.sockets
def test_a_call_that_was_interrupted_is_not_sent_once_more() -> None:
    messages: list[bytes] = []
    waiting = threading.Event()

    def behave(connection: socket.socket, head: bytes) -> None:
        messages.append(head)
        connection.sendall(OK)
        messages.append(connection.recv(65536))
        waiting.set()
        connection.recv(65536)

    with serving(behave) as url:
        target = HttpTarget(url, Network(seconds=5))
        target.send(Call(method="POST"))
        threading.Thread(target=lambda: (waiting.wait(5), target.interrupt())).start()
        assert isinstance(target.send(Call(method="POST")), Failure)
    assert len(messages) == 2


@pytest.mark.sockets
def test_a_redirect_is_a_reply() -> None:
    reply = replying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
    assert (reply.status, reply.header("Location")) == (302, "http://127.0.0.1:9/")


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("message", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\n\nbare lines", b"bare lines"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\nT: 1\r\n\r\n",
            b"abcde",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", b"x"),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 2 + b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            b"x",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"packed", mtime=0), b"packed"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed", b"not packed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1 \r\nX: 1\t\r\n\r\nx", b"x"),
        (b"HTTP/1.1 204 No Content\r\n\r\nnot a body", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n", b""),
    ],
)
def test_odd_replies_are_read(message: bytes, body: bytes) -> None:
    assert replying(message).body == body


@pytest.mark.sockets
def test_white_space_around_the_values_of_fields_is_none_of_them() -> None:
    reply = replying(b"HTTP/1.1 200 OK\r\nX-A: 7 \r\nX-B: \r\nX-C: a,\r\n  b\t\r\nX-A:\t8\r\nContent-Length: 0\r\n\r\n")
    assert [reply.header(name) for name in ("X-A", "X-B", "X-C")] == ["7, 8", "", "a, b"]


@pytest.mark.sockets
def test_head_has_no_body() -> None:
    assert replying(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Call(method="HEAD")).body == b""


@pytest.mark.sockets
def test_a_refusal_before_the_body_has_come_is_read() -> None:
    message = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    def behave(connection: socket.socket, head: bytes) -> None:
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1_000_000):
            pass

    reply = outcome(behave, Call(body=b"x" * 3_000_000, method="POST"), Network(seconds=5))
    assert isinstance(reply, Reply)
    assert reply.status == 413


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"", "the connection was closed without a reply"),
        (b"<html>HTTP/0.9</html>", "the reply is no HTTP: '<html>HTTP/0.9</html>'"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "the reply is no HTTP: 'HTTP/1.1 abc OK'"),
        (b"\x16\x03\x01\x02\x00", r"the reply is no HTTP: '\x16\x03\x01\x02\x00'"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "the body ended 7 bytes before its Content-Length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", "the body is cut off or wrongly chunked"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "the body is cut off or wrongly chunked"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200, "the reply can't be read: got more than 100 headers"),
        (
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
            "the reply can't be read: got more than 65536 bytes when reading header line",
        ),
    ],
)
def test_broken_replies_are_failures(message: bytes, expected: str) -> None:
    assert reason(saying(message)) == expected


@pytest.mark.sockets
@pytest.mark.parametrize(
    "behaviour",
    [
        endlessly(b"HTTP/1.1 200 OK\r\n", b"X-Again: 1\r\n"),
        endlessly(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 10_000),
        endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    ],
)
def test_a_head_without_an_end_is_a_failure(behaviour: Behaviour) -> None:
    assert reason(behaviour)


@pytest.mark.sockets
def test_a_byte_at_a_time_does_not_last() -> None:
    done = threading.Event()
    try:
        for start in (b"", b"HTTP/1.1 200 OK\r\n\r\n"):
            assert reason(dripping(start + b"HTTP/1.1 200 OK" * 100, done)) == "no whole reply after 0.15 s"
    finally:
        done.set()


@pytest.mark.sockets
@pytest.mark.parametrize("start", [b"Content-Length: 1000000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"])
def test_a_huge_body_is_cut_off(start: bytes) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    reply = outcome(endlessly(b"HTTP/1.1 200 OK\r\n" + start, chunk), network=Network(max_bytes=100_000))
    assert isinstance(reply, Reply)
    assert len(reply.body) == 100_000


@pytest.mark.sockets
def test_a_packed_body_is_cut_off() -> None:
    packed = gzip.compress(b"\0" * 10_000_000)
    assert len(replying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed).body) == 100_000


@pytest.mark.sockets
def test_waiting_can_be_interrupted() -> None:
    waiting = threading.Event()
    done = threading.Event()

    def behave(connection: socket.socket, head: bytes) -> None:
        waiting.set()
        done.wait(5)

    with serving(behave) as url:
        target = HttpTarget(url, Network(seconds=5))
        threading.Thread(target=lambda: (waiting.wait(5), target.interrupt())).start()
        failure = target.send(Call())
        done.set()
    assert failure == Failure("the connection was closed without a reply")


def test_a_dead_server() -> None:
    assert HttpTarget("http://127.0.0.1:9").send(Call()) == Failure("Connection refused", connected=False)


@pytest.mark.sockets
def test_a_server_without_tls_is_not_reached_by_https() -> None:
    with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        failure = HttpTarget(url.replace("http:", "https:"), SHORT).send(Call())
    assert isinstance(failure, Failure)
    assert not failure.connected


@pytest.mark.sockets
def test_a_proxy_is_asked_for_the_whole_url() -> None:
    messages = []

    def behave(connection: socket.socket, head: bytes) -> None:
        messages.append(head)
        connection.sendall(OK)

    with serving(behave) as proxy:
        network = Network(proxy=proxy.replace("//", "//user:p%40ss@"))
        reply = HttpTarget("http://staging.example/base", network).send(Call(target="/x"))
    assert isinstance(reply, Reply)
    assert messages[0].startswith(b"GET http://staging.example/base/x HTTP/1.1\r\nHost: staging.example\r\n")
    assert b"\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n" in messages[0]
    assert "p%40ss" not in repr(network)


@pytest.mark.sockets
def test_a_proxy_that_opens_no_tunnel() -> None:
    with serving(saying(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")) as proxy:
        failure = HttpTarget("https://staging.example", Network(proxy=proxy)).send(Call())
    assert failure == Failure("the proxy answered 407", connected=False)


@pytest.mark.sockets
def test_the_environments_proxy_is_used_when_asked_and_never_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(saying(OK)) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        asked = Network(environment_proxies=True, connect_seconds=0.2)
        assert isinstance(HttpTarget("http://staging.invalid", asked).send(Call()), Reply)
        assert isinstance(HttpTarget("http://staging.invalid", SHORT).send(Call()), Failure)
        assert isinstance(HttpTarget("http://127.0.0.1:9", asked).send(Call()), Failure)


@pytest.mark.parametrize("url", ["localhost", "ftp://a", "http://", "http://a:99999", "http://user:pass@a"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        HttpTarget(url)
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize("network", [Network(ca=Path("none.pem")), Network(certificate=Path("none.pem"))])
def test_certificates_that_are_none(network: Network) -> None:
    with pytest.raises(ConfigError, match=r"none\.pem"):
        HttpTarget("https://127.0.0.1", network)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://localhost:1", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:80/x", True),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://192.168.1.1", False),
    ],
)
def test_loopback(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback
