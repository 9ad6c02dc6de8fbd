"""Network settings of a server: TLS, proxies and times; URLs that lead to this machine."""

import contextlib
import re
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from docdouble.schemas import ConfigError

_OPENSSL = re.compile(r"\A\[[^]]*\] | \(_ssl\.c:\d+\)\Z")

_HOST = re.compile(r"localhost\b|[\w.-]+(:\d+|\.\w+)")
"""The beginning of an address without its scheme."""

MAX_REPLY_BYTES = 64 * 1024 * 1024
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Network:
    """Network settings of a server; certificates are always verified.

    ``ca`` is a PEM file of certificates to trust instead of the system's, ``certificate`` and ``key`` are our own.
    ``proxy`` is the URL of an HTTP proxy; without it, and only where ``environment_proxies`` is on, the environment's
    is used. A connection must be made in ``connect_seconds``, and a whole reply have come after ``seconds``, however
    slowly it comes. A body is cut off at ``max_bytes``.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = field(default="", repr=False)
    environment_proxies: bool = False
    connect_seconds: float = CONNECT_SECONDS
    seconds: float = 30.0
    max_bytes: int = MAX_REPLY_BYTES


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy; ``authorization`` is the value of ``Proxy-Authorization``, empty for none."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)


def http_url(url: str, key: str) -> SplitResult:
    """Split an http:// or https:// URL; raises ``ConfigError`` naming ``key``, and no part that may be secret."""
    shown = url if "@" not in url else "***@" + url.rpartition("@")[2]
    missing = ""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            missing = "" if parts.hostname else " with a host"
            with contextlib.suppress(ValueError):
                if parts.hostname and parts.port != 0:
                    return parts
            missing = missing or " with a port from 1 to 65535"
        elif "://" not in shown and _HOST.match(shown):
            missing = f"; did you mean http://{shown}?"
    except ValueError:  # brackets of an IPv6 address
        pass
    raise ConfigError(key, shown, expected=f"an http:// or https:// URL{missing}")


def server_url(url: str) -> SplitResult:
    """Split the URL of a server that is verified; raises ``ConfigError``, without a password."""
    parts = http_url(url, "url")
    if "@" in parts.netloc:
        shown = "***@" + url.rpartition("@")[2]
        raise ConfigError("url", shown, expected="a URL without a user: give credentials as a header")
    if parts.query or parts.fragment:
        meant = parts._replace(query="", fragment="").geturl()
        raise ConfigError("url", url, expected=f"a URL without a query and a fragment; did you mean {meant}?")
    return parts


def port_of(parts: SplitResult) -> int:
    """Return the port of a URL, else that of its scheme."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def tls_context(network: Network) -> ssl.SSLContext:
    """Return the context that verifies servers and shows our certificate; raises ``ConfigError`` for unusable files."""
    try:
        context = ssl.create_default_context(cafile=network.ca)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError("ca", str(network.ca), expected=f"a PEM file of certificates: {_what(error)}") from error
    if network.certificate:
        try:
            # an empty password, so that an encrypted key is an error and no question on the terminal
            context.load_cert_chain(network.certificate, network.key, password="")
        except (OSError, ssl.SSLError) as error:
            expected = f"a PEM file of a certificate and its key, not encrypted: {_what(error)}"
            raise ConfigError("certificate", str(network.certificate), expected=expected) from error
    return context


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def proxy_for(url: SplitResult, network: Network, *, loopback: bool) -> Proxy | None:
    """Return the proxy on the way to a URL; raises ``ConfigError`` for one that is no HTTP proxy."""
    proxy_url = network.proxy
    if not proxy_url and network.environment_proxies and not loopback and not proxy_bypass(url.hostname or ""):
        proxy_url = getproxies().get(url.scheme, "")
    if not proxy_url:
        return None
    parts = http_url(proxy_url, "proxy")
    if parts.scheme != "http":
        raise ConfigError("proxy", parts.scheme, expected="the scheme of a proxy that we can use: http")
    user = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    authorization = "Basic " + b64encode(user.encode()).decode() if parts.username else ""
    return Proxy(parts.hostname or "", port_of(parts), authorization)


def _what(error: Exception) -> str:
    """Return in words what is wrong with a file, without the place in the source code of OpenSSL."""
    return _OPENSSL.sub("", getattr(error, "strerror", None) or str(error))
