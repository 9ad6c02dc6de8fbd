"""An access token from a token endpoint (RFC 6749, section 4.4)."""

import time
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlencode, urlsplit

import orjson

from docdouble.schemas import Call, ConfigError, Reply

from .credential_sources import TokenSource, header_value, sendable
from .network import Network
from .target import HttpTarget

_EARLY_SECONDS = 30.0
"""A token is renewed so long before it expires."""

_ERRORS = frozenset(
    ("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type")
) | {"invalid_scope"}


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A header field's value, and the monotonic time in seconds from which another is needed."""

    value: str = field(repr=False)
    until: float

    @property
    def is_fresh(self) -> bool:
        """Whether it can still be used."""
        return time.monotonic() < self.until


def fetch_token(source: TokenSource, network: Network) -> AccessToken:
    """Ask for a token; raises ``ConfigError``, which shows neither the token nor our secret."""
    secret = header_value(source.client_secret)
    client = f"{quote_plus(header_value(source.client_id))}:{quote_plus(secret)}"
    form = {"grant_type": "client_credentials"} | ({"scope": source.scope} if source.scope else {})
    url = urlsplit(source.url)
    headers = (
        ("Authorization", "Basic " + b64encode(client.encode()).decode()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Accept", "application/json"),
    )
    target = url.path + (f"?{url.query}" if url.query else "")
    endpoint = HttpTarget(f"{url.scheme}://{url.netloc}", network=network)
    try:
        reply = endpoint.send(Call(headers, urlencode(form).encode(), "POST", target or "/"))
    finally:
        endpoint.close()
    if not isinstance(reply, Reply):
        raise _refused(source, "it can't be reached" if reply is None else reply.reason)
    return _token(source, reply)


def _token(source: TokenSource, reply: Reply) -> AccessToken:
    try:
        answer = orjson.loads(reply.body)
    except ValueError:
        answer = None
    answer = answer if isinstance(answer, dict) else {}
    value = answer.get("access_token")
    if reply.status != 200 or not isinstance(value, str) or not value:
        error = answer.get("error")
        raise _refused(source, f"it answered {reply.status}" + (f" {error}" if error in _ERRORS else ""))
    seconds = answer.get("expires_in")
    lasts = float(seconds) if isinstance(seconds, int | float) and seconds > 0 else float("inf")
    until = time.monotonic() + max(lasts - _EARLY_SECONDS, lasts / 2)
    return AccessToken(sendable(source.prefix + value, source.where), until)


def _refused(source: TokenSource, why: str) -> ConfigError:
    return ConfigError(f"{source.where}.token-url", source.url, expected=f"an endpoint that gives a token: {why}")
