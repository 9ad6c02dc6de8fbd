"""A certificate made on the fly: a client that trusts it can speak with this machine."""

import re
import ssl
import sys
from pathlib import Path

import pytest
from cryptography import x509

from docdouble.fakeserver.serving.tls import Certificate, self_signed
from docdouble.schemas import ConfigError


def names(certificate: Certificate) -> list[str]:
    loaded = x509.load_pem_x509_certificate(certificate.chain.read_bytes())
    general_names = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in general_names]


def shake_hands(certificate: Certificate, name: str, trusted: Path) -> str | None:
    """Return the TLS version that a client who calls ``name`` and its server agree on; raises ``SSLError``."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate.chain, certificate.key)
    client_side = ssl.create_default_context(cafile=str(trusted))
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT
    client = client_side.wrap_bio(to_client, to_server, server_hostname=name)
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    open_sides = [client, server]
    for _ in range(10):
        for side in tuple(open_sides):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            open_sides.remove(side)
    assert not open_sides
    return client.version()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "books.example"])
def test_a_client_that_trusts_it_speaks_with_each_name(name: str) -> None:
    with self_signed("books.example") as certificate:
        assert shake_hands(certificate, name, certificate.chain) == "TLSv1.3"


def test_another_name_is_refused() -> None:
    with (
        self_signed("localhost") as certificate,
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
    ):
        shake_hands(certificate, "books.example", certificate.chain)


def test_another_certificate_is_not_trusted() -> None:
    with (
        self_signed("localhost") as first,
        self_signed("localhost") as second,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        shake_hands(first, "localhost", second.chain)


@pytest.mark.parametrize(
    ("host", "also"),
    [
        ("localhost", []),
        ("127.0.0.1", []),
        ("0.0.0.0", ["0.0.0.0"]),
        ("192.0.2.7", ["192.0.2.7"]),
        ("2001:db8::7", ["2001:db8::7"]),
        ("books.example", ["books.example"]),
        ("bücher.example", ["xn--bcher-kva.example"]),
    ],
)
def test_it_names_the_loopback_and_the_host(host: str, also: list[str]) -> None:
    with self_signed(host) as certificate:
        assert sorted(names(certificate)) == sorted(["localhost", "127.0.0.1", "::1", *also])


def test_its_files_are_for_the_owner_alone_and_gone_afterwards() -> None:
    with self_signed("localhost") as certificate:
        assert certificate.key.stat().st_mode & 0o077 == 0
        assert certificate.key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
        assert b"PRIVATE" not in certificate.chain.read_bytes()
    assert not certificate.key.parent.exists()


def test_without_cryptography_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ConfigError, match=re.escape("pip install 'docdouble[tls]'")), self_signed("localhost"):
        pytest.fail("a certificate was made")
