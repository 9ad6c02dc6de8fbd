"""Masking of secrets in calls and replies by ``***``.

A name tells: of a header field, a query parameter, a form field or a JSON property. Rather one value too many than
one too few, save where the documented data would vanish: ``Ticket`` may be an entity, ``TicketId`` is a number.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

from docdouble.schemas import Contract
from docdouble.schemas.http import MASK, SECRET_WORDS, Headers

_FIELDS = r"(?:proxy-)?authorization|(?:set-)?cookie"
_SECRET = re.compile(rf"{SECRET_WORDS}|\A(?:{_FIELDS})\Z", re.IGNORECASE)
_STEMS = (
    *("passw", "phrase", "pwd", "token", "secret", "credential", "ticket", "authorization", "cookie"),
    *("apikey", "api-key", "api_key", "api.key", "api key"),
)
"""One of these stands in every secret name; far faster to look for than the expressions."""

_AUTHORIZATION = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z-]*)\s+\S")
_DELIMITER = re.compile(r"([?;#=])")


def secret_names(contract: Contract) -> tuple[str, ...]:
    """Return the names under which calls carry the keys of a contract's security schemes."""
    names = [str(scheme["name"]) for scheme in contract.security_schemes.values() if "name" in scheme]
    # WSGI servers write an underscore in the name of a header field as they write a hyphen
    return tuple(dict.fromkeys((*names, *(name.replace("_", "-") for name in names))))


class Masking:
    """Masking of what has a secret name; ``names`` are secret too, without regard to case.

    Its methods never fail, whatever a client sent, but for ``json``, which needs JSON.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(name.lower() for name in names if name)
        self._stems = (*_STEMS, *(name.casefold() for name in self._names))
        listed = "".join(rf"|\b{re.escape(name)}\b" for name in sorted(self._names))
        self._mention = re.compile(rf"(?:{SECRET_WORDS}|\b(?:{_FIELDS})\b{listed})[\w-]{{0,60}}", re.IGNORECASE)
        self._given = re.compile(rf"(?:{self._mention.pattern})[\"'\\\]]{{0,4}}\s{{0,4}}[:=>]", re.IGNORECASE)

    def is_secret(self, name: str) -> bool:
        """Tell whether what has this name is shown to nobody."""
        return self.concerns(name) and (name.lower() in self._names or _SECRET.search(name) is not None)

    def concerns(self, text: str) -> bool:
        """Tell whether there may be a secret name in a text, which is no JSON with escaped letters."""
        folded = text.casefold()
        for stem in self._stems:  # noqa: SIM110 - any() takes twice as long, for every name and string of a body
            if stem in folded:
                return True
        return False

    def headers(self, headers: Headers) -> Headers:
        """Return the header fields; of an ``Authorization`` the scheme stays, and of a URL what is not secret."""
        return tuple((name, self._header(name, value)) for name, value in headers)

    def pairs(self, text: str) -> str:
        """Return a request target, or a form's body, with the values of secret names masked."""
        return "&".join(self._pair(pair) for pair in text.split("&"))

    def text(self, text: str) -> str:
        """Return a text of no known form, up to the first secret name: what follows may be the secret."""
        match = self._mention.search(text)
        return text[: match.end()] + MASK if match else text

    def json(self, value: Any) -> Any:
        """Return a JSON value with all that stands under a secret name masked; raises ``RecursionError``."""
        if isinstance(value, dict):
            masked = {name: self._property(name, inner) for name, inner in value.items()}
            return self._violation(masked)
        if isinstance(value, list):
            return [self.json(inner) for inner in value]
        return self._string(value) if isinstance(value, str) else value

    def _header(self, name: str, value: str) -> str:
        if not self.is_secret(name):
            return self.pairs(value) if "=" in value else value
        scheme = _AUTHORIZATION.match(value) if name.lower().endswith("authorization") else None
        return f"{scheme['scheme']} {MASK}" if scheme else MASK

    def _pair(self, pair: str) -> str:
        parts, end = _DELIMITER.split(pair), 0
        for text, delimiter in zip(parts[::2], parts[1::2], strict=False):
            end += len(text) + 1
            if delimiter != "=":
                continue
            name = unquote_plus(text)
            if self.is_secret(name) or (_is_ticket(name) and not pair[end:].isdecimal()):
                return pair[:end] + MASK
        return pair

    def _property(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value  # says no more than that there is one
        if self.is_secret(name) or (_is_ticket(name) and isinstance(value, str)):
            return MASK
        return self.json(value)

    def _violation(self, value: dict[str, Any]) -> dict[str, Any]:
        """Mask the message of a violation, which quotes what was sent."""
        place = f"{value.get('pointer', '')} {value.get('name', '')}"
        return {**value, "message": MASK} if "message" in value and self.is_secret(place) else value

    def _string(self, text: str) -> str:
        """Mask what follows a secret name inside a string: a URL, a quoted body."""
        match = self._given.search(text) if self.concerns(text) else None
        return text[: match.end()] + MASK if match else text


def _is_ticket(name: str) -> bool:
    return name.lower() == "ticket"
