import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from docdouble.contracts.safety import closed_world, is_loopback
from docdouble.contracts.target import HttpTarget, WsgiTarget
from docdouble.schemas import Call, ConfigError, Contract, Reply, TargetError

PATH = "/api/v1/Agents/Appointment/AssignTo"


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer with the request line, a header field and the body."""
    start_response("201 Created", [("Content-Type", "text/plain"), ("Location", "/elsewhere")])
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']} {environ.get('HTTP_X_ONE')} "
    return [line.encode(), body]


@pytest.fixture
def server() -> Iterator[str]:
    made = make_server("127.0.0.1", 0, echo)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


CALL = Call((("X-One", "1"), ("Content-Type", "text/plain")), b"body", "PUT", "/a%20b?c=d%26e")
REPLY = b"PUT /a b?c=d%26e 1 body"


def test_a_wsgi_application_is_called_in_process() -> None:
    reply = WsgiTarget(echo).send(CALL)
    assert reply == Reply((("Content-Type", "text/plain"), ("Location", "/elsewhere")), REPLY, 201)


@pytest.mark.sockets
def test_a_server_gets_the_same_call(server: str) -> None:
    reply = HttpTarget(server, lambda method, path: True).send(CALL)
    assert reply is not None
    assert (reply.status, reply.body, reply.media_type) == (201, REPLY, "text/plain")


@pytest.mark.sockets
def test_what_is_not_allowed_is_not_sent(server: str) -> None:
    asked = []

    def allowed(method: str, path: str) -> bool:
        asked.append((method, path))
        return False

    assert HttpTarget(server, allowed).send(Call(method="GET", target="/a/../b?c")) is None
    assert asked == [("GET", "/b")]


def test_a_dead_server() -> None:
    with pytest.raises(TargetError) as caught:
        HttpTarget("http://127.0.0.1:9", lambda method, path: True).send(Call())
    assert str(caught.value) == "http://127.0.0.1:9 can't be reached: Connection refused"


def test_a_url_that_is_none() -> None:
    with pytest.raises(ConfigError, match="'localhost' is not an http:// or https:// URL"):
        HttpTarget("localhost", lambda method, path: True)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", PATH, True),
        ("POST", PATH.lower(), True),
        ("DELETE", PATH, False),
        ("OPTIONS", PATH, False),
        ("POST", f"{PATH}/more", False),
        ("POST", PATH.replace("/AssignTo", "/x/../AssignTo"), False),
        ("POST", PATH.replace("/AssignTo", "/x/%2e%2e/AssignTo"), False),
    ],
)
def test_the_closed_world(contract: Contract, method: str, path: str, allowed: bool) -> None:
    assert closed_world(contract)(method, path) is allowed


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
