"""TLS: who the server is, and who we are."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from docdouble.contracts.client.network import Network
from docdouble.contracts.client.target import Failure, HttpTarget
from docdouble.fakeserver.serving.tls import Certificate, self_signed
from docdouble.schemas import Call, Reply

from .misbehaving import OK, saying, serving


@pytest.fixture(scope="module")
def certificate() -> Iterator[Certificate]:
    with self_signed("localhost") as made:
        yield made


@contextmanager
def tls(certificate: Certificate, *, asking: bool = False) -> Iterator[str]:
    """Run a server that replies over TLS, and asks for a certificate that it has itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    if asking:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificate.chain)
    with serving(saying(OK), context) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def sent(url: str, **settings: Path) -> Reply | Failure | None:
    target = HttpTarget(url, Network(seconds=5, **settings))  # type: ignore[arg-type]
    try:
        return target.send(Call())
    finally:
        target.close()


@pytest.mark.sockets
def test_a_server_is_trusted_by_its_certificate(certificate: Certificate) -> None:
    with tls(certificate) as url:
        reply = sent(url, ca=certificate.chain)
    assert isinstance(reply, Reply)
    assert reply.body == b"ok"


@pytest.mark.sockets
def test_any_other_server_is_not(certificate: Certificate) -> None:
    with tls(certificate) as url:
        failure = sent(url)
    assert failure == Failure("its certificate is not trusted: self-signed certificate", connected=False)


@pytest.mark.sockets
def test_we_show_our_certificate_to_a_server_that_asks(certificate: Certificate) -> None:
    with tls(certificate, asking=True) as url:
        assert isinstance(sent(url, ca=certificate.chain), Failure)
        ours = {"certificate": certificate.chain, "key": certificate.key}
        assert isinstance(sent(url, ca=certificate.chain, **ours), Reply)


@pytest.mark.sockets
def test_threads_share_a_target(certificate: Certificate) -> None:
    replies: list[object] = []
    with tls(certificate) as url:
        target = HttpTarget(url, Network(seconds=5, ca=certificate.chain))

        def work() -> None:
            replies.extend(target.send(Call()) for _ in range(5))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [type(reply) for reply in replies] == [Reply] * 20
