"""TLS spoken to a server that takes none, and the reverse: the message names the scheme that is probably meant."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import BadStatusLine
from pathlib import Path

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer, running
from docdouble.fakeserver.serving.tls import self_signed
from docdouble.schemas import Contract
from docdouble.schemas.openapi.tls_mismatch import NO_TLS, ONLY_TLS, tls_mismatch

pytest.importorskip("cryptography")
pytestmark = pytest.mark.sockets


class AlertsLikeAProxy(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"\x15\x03\x03\x00\x02\x02\x32")


@contextmanager
def tcp(handler: type[socketserver.BaseRequestHandler]) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def silent_tls() -> Iterator[str]:
    """A server that closes each connection which doesn't begin with a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with self_signed("127.0.0.1") as certificate:
        context.load_cert_chain(certificate.chain, certificate.key)

        class Closing(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                if self.request.recv(1, 2) != b"\x16":  # MSG_PEEK: a handshake
                    return
                with context.wrap_socket(self.request, server_side=True):
                    pass

        with tcp(Closing) as url:
            yield url


def verified(url: str, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", "superoffice", "--url", url, "--max-examples", "1", *arguments])
    return result.exit_code, result.stdout.splitlines()[-1]


@pytest.mark.slow
def test_https_to_a_server_of_http(contract: Contract) -> None:
    with running(FakeServer(contract)) as url:
        code, verdict = verified(url.replace("http:", "https:"))
    assert code == 3
    assert f"can't be reached: {NO_TLS}" in verdict


@pytest.mark.slow
@pytest.mark.parametrize("server", [lambda: tcp(AlertsLikeAProxy), silent_tls], ids=["alert", "closed"])
def test_http_to_a_server_of_https(server: "type[Iterator[str]]") -> None:
    with server() as url:  # type: ignore[attr-defined]
        code, verdict = verified(url)
    assert code == 3
    assert f"can't be reached: {ONLY_TLS}" in verdict


def test_a_document_by_the_wrong_scheme(contract: Contract) -> None:
    with running(FakeServer(contract)) as url:
        result = CliRunner().invoke(main, ["list", f"{url.replace('http:', 'https:')}/openapi.json"])
    assert (result.exit_code, NO_TLS in result.stderr) == (2, True)
    with tcp(AlertsLikeAProxy) as url:
        result = CliRunner().invoke(main, ["list", f"{url}/openapi.json"])
    assert (result.exit_code, ONLY_TLS in result.stderr) == (2, True)


def test_another_error_is_none_of_both(tmp_path: Path) -> None:
    assert tls_mismatch(OSError("no route")) == ""
    assert tls_mismatch(BadStatusLine("nonsense")) == ""
