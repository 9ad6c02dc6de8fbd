"""A certificate for this machine, made on the fly."""

import contextlib
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from docdouble.schemas import ConfigError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LIFE = timedelta(days=30)
_WITHOUT_CRYPTOGRAPHY = (
    "possible without cryptography: pip install 'docdouble[tls]', or name a certificate with --tls-cert and --tls-key"
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: a certificate chain, and its private key without a password."""

    chain: Path
    key: Path


@contextlib.contextmanager
def self_signed(host: str) -> Iterator[Certificate]:
    """Yield a certificate for the loopback names and ``host``; its files are gone when left.

    Raises ``ConfigError`` where the package ``cryptography``, which makes it, is not installed.
    """
    with TemporaryDirectory(prefix="docdouble-") as folder:
        certificate = Certificate(Path(folder, "docdouble.crt"), Path(folder, "docdouble.key"))
        chain, key = _made(tuple(dict.fromkeys((*_LOOPBACK, host))))
        certificate.chain.write_bytes(chain)
        certificate.key.touch(mode=0o600)
        certificate.key.write_bytes(key)
        yield certificate


def _made(names: tuple[str, ...]) -> tuple[bytes, bytes]:
    try:
        from cryptography import x509  # here because it takes 50 ms to import, and is an extra
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ModuleNotFoundError as error:
        raise ConfigError("tls", True, expected=_WITHOUT_CRYPTOGRAPHY) from error

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "docdouble")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(_in_ascii(name)) for name in names if _address(name) is None]
    alternatives += [x509.IPAddress(address) for name in names if (address := _address(name))]
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    chain = (
        builder.not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return chain.public_bytes(serialization.Encoding.PEM), written


def _in_ascii(name: str) -> str:
    """Return a host name as certificates hold it (RFC 5890's A-labels)."""
    return name if name.isascii() else name.encode("idna").decode()


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
