"""Requests that no client should send are answered below 500, soon."""

import socket
from collections.abc import Sequence
from random import Random
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import run_wsgi_app

from docdouble.fakeserver import FakeServer, running
from docdouble.schemas import Contract

from ...malformed import Target, malformed, malformed_environ

SECONDS = 5


def targets(contract: Contract) -> Sequence[Target]:
    return [(operation.method, operation.path) for operation in contract.operations]


@pytest.mark.parametrize("seed", range(30))
def test_the_app_answers_each_below_500(app: FakeServer, shipped_app: FakeServer, seed: int) -> None:
    random = Random(seed)
    for server in (shipped_app, app):
        for _ in range(10):
            environ = malformed_environ(random, targets(server.contract))
            chunks, status, _ = run_wsgi_app(server, environ)
            list(chunks)
            assert 200 <= int(status[:3]) < 500, (status, environ)


@given(
    path=st.text(st.characters(max_codepoint=255)),
    query=st.text(st.characters(max_codepoint=255)),
    length=st.text(st.characters(max_codepoint=255), max_size=5),
)
def test_any_text_in_path_query_and_length_is_answered_below_500(
    app: FakeServer, path: str, query: str, length: str
) -> None:
    environ = malformed_environ(Random(1), [("GET", "/api/v1/Book")])
    environ |= {"PATH_INFO": path, "QUERY_STRING": query, "CONTENT_LENGTH": length}
    assert run_wsgi_app(app, environ)[1] < "5"


def answer(url: str, request: bytes) -> bytes:
    """Return what comes back on a connection that sends this and then nothing more."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=SECONDS) as connection:
        received = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except TimeoutError:
            raise
        except OSError:
            pass  # closed before all was sent or read: an answer, too
    return received


@pytest.mark.sockets
def test_a_server_answers_each_below_500_or_closes_the_connection(shipped_app: FakeServer) -> None:
    random = Random(7)
    with running(shipped_app) as url:
        for _ in range(60):
            request = malformed(random, targets(shipped_app.contract))
            received = answer(url, request)
            status = received[9:12] if received.startswith(b"HTTP/") else b""
            assert not status.startswith(b"5") or status == b"505", (request[:500], received[:500])
