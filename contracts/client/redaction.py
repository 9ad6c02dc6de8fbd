"""Redaction of replies: secrets that a server sends back are masked."""

import html
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from docdouble.fakeserver.http.masking import MASK
from docdouble.schemas import Reply

_SHORTEST = 6
"""Shorter texts stand in many replies by chance, where masking them would break what is documented."""


class Echoes:
    """Masks secrets in replies: as they are, percent-encoded, in Base64, and escaped as in JSON or HTML."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        found = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        # the longer first: one may be a part of another
        self._forms = sorted((form for form in found if len(form) >= _SHORTEST), key=lambda form: (-len(form), form))

    def __repr__(self) -> str:
        return f"Echoes of {len(self._forms)} forms"

    def reply(self, reply: Reply) -> Reply:
        """Return the reply without the secrets."""
        body = self._masked(reply.body)
        headers = tuple((name, self.text(value)) for name, value in reply.headers)
        if body == reply.body and headers == reply.headers:
            return reply
        return Reply(headers, body, reply.status)

    def text(self, text: str) -> str:
        """Return a text without the secrets."""
        return self._masked(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def _masked(self, data: bytes) -> bytes:
        for form in self._forms:
            if form in data:
                data = data.replace(form, MASK.encode())
        return data


def _forms(secret: str) -> Iterator[bytes]:
    for charset in ("utf-8", "latin-1"):
        raw = secret.encode(charset, "ignore")
        yield raw
        yield from _in_base64(raw)
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield encoded.encode()
        yield _lower_hex(encoded).encode()
    escaped = json.dumps(secret)[1:-1]
    yield from (
        escaped.encode(),
        escaped.replace("/", "\\/").encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
    )
    yield html.escape(secret).encode()


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield what of Base64 depends on the secret alone, at each of the three places where it may begin."""
    for before in range(3):
        padded = b"\0" * before + raw
        first = (before * 8 + 5) // 6
        last = len(padded) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(padded)[first:last]


def _lower_hex(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])
