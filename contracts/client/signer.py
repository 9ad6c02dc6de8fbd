"""The user's credentials, which are added to calls, and known as secrets from then on."""

from collections.abc import Mapping
from threading import Lock

from docdouble.fakeserver.http.secret_values import secrets_of_field
from docdouble.schemas import Call
from docdouble.schemas.http import Headers

from ..output.known_secrets import KNOWN_SECRETS
from .credential_sources import Source, Template, TokenSource, header_value
from .network import Network
from .oauth import AccessToken, fetch_token

_DROPPED = ("Authorization", "Proxy-Authorization", "Cookie")


class Signer:
    """Holds the header fields of the user; safe to be used by several threads at once.

    Tokens are fetched when they are first needed, and again when they have expired or are refused. Nothing that it
    shows has a value in it.
    """

    def __init__(self, sources: Mapping[str, Source], network: Network | None = None) -> None:
        self._sources = dict(sources)
        self._network = network or Network()
        self._lock = Lock()
        self._values: dict[str, str] = {}
        self._tokens: dict[str, AccessToken] = {}

    @classmethod
    def of(cls, headers: Headers) -> "Signer":
        """Return one with fixed values."""
        signer = cls({name: Template("", name) for name, _ in headers})
        signer._values = dict(headers)
        for name, value in headers:
            _remember(name, value)
        return signer

    def __repr__(self) -> str:
        return f"Signer({', '.join(self.names)})"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the header fields."""
        return tuple(self._sources)

    def resolve(self) -> None:
        """Get all values now; raises ``ConfigError`` for one that can't be had."""
        self._headers()

    def signed(self, call: Call) -> Call:
        """Return the call with the user's header fields, and no other credentials; raises ``ConfigError``."""
        return call.with_headers(*self._headers(), drop=_DROPPED) if self._sources else call

    def renew(self, refused: Call) -> bool:
        """Fetch anew the tokens that a refused call was signed with; tell whether others can be tried now.

        Raises ``ConfigError`` when the endpoint gives none.
        """
        with self._lock:
            kept = {name: token for name, token in self._tokens.items() if token.value != refused.header(name)}
            self._tokens = kept
        self._headers()
        return bool(self._tokens)

    def _headers(self) -> Headers:
        with self._lock:
            return tuple((name, self._value(name, source)) for name, source in self._sources.items())

    def _value(self, name: str, source: Source) -> str:
        if isinstance(source, TokenSource):
            token = self._tokens.get(name)
            if token is None or not token.is_fresh:
                _remember("client-secret", header_value(source.client_secret))
                token = self._tokens[name] = fetch_token(source, self._network)
                _remember(name, token.value)
            return token.value
        if name not in self._values:
            self._values[name] = header_value(source)
            _remember(name, self._values[name])
        return self._values[name]


def _remember(name: str, value: str) -> None:
    KNOWN_SECRETS.remember(secrets_of_field(name, value))
