"""The user's credentials: added to calls, and taken out of replies."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Reply
from docdouble.schemas.http import Headers

from .credential_sources import Source, Template, TokenSource, header_value
from .network import Network
from .oauth import AccessToken, fetch_token
from .redaction import Echoes

_HARMLESS = re.compile(
    r"accept.*|content-.*|if-.*|user-agent|prefer|cache-control|pragma|docdouble-world", re.IGNORECASE
)
_DROPPED = ("Authorization", "Proxy-Authorization", "Cookie")
_MASKING = Masking()


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
        self._known: set[str] = set()
        self._echoes = Echoes()

    @classmethod
    def of(cls, headers: Headers) -> "Signer":
        """Return one with fixed values."""
        signer = cls({name: Template("", name) for name, _ in headers})
        signer._values = dict(headers)
        for name, value in headers:
            signer._remember(name, value)
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

    def without_secrets(self, reply: Reply) -> Reply:
        """Return the reply with every secret that it repeats masked."""
        return self._echoes.reply(reply)

    def text_without_secrets(self, text: str) -> str:
        """Return the text with every secret in it masked."""
        return self._echoes.text(text)

    def _headers(self) -> Headers:
        with self._lock:
            return tuple((name, self._value(name, source)) for name, source in self._sources.items())

    def _value(self, name: str, source: Source) -> str:
        if isinstance(source, TokenSource):
            token = self._tokens.get(name)
            if token is None or not token.is_fresh:
                self._remember("client-secret", header_value(source.client_secret))
                token = self._tokens[name] = fetch_token(source, self._network)
                self._remember(name, token.value)
            return token.value
        if name not in self._values:
            self._values[name] = header_value(source)
            self._remember(name, self._values[name])
        return self._values[name]

    def _remember(self, name: str, value: str) -> None:
        self._known.update(_secrets(name, value))
        self._echoes = Echoes(self._known)


def _secrets(name: str, value: str) -> Iterator[str]:
    """Yield what is secret of a header field: all of it, and what stands after its scheme or in a Basic pair.

    Values of fields that are no credentials are kept as they are where they can't be told from data: a tenant's
    number stands in many replies.
    """
    is_credential = _MASKING.is_secret(name)
    if not is_credential and (_HARMLESS.fullmatch(name) or value.isdecimal() or len(value) < 6):
        return
    yield value
    scheme, _, rest = value.partition(" ")
    if rest:
        yield rest.strip()
    if scheme.lower() == "basic":
        yield from _basic(rest)
    if name.lower() == "cookie":
        yield from (pair.partition("=")[2].strip() for pair in value.split(";"))


def _basic(text: str) -> Iterable[str]:
    try:
        user, _, password = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return ()
    return (f"{user}:{password}", password)
