"""Credentials that are made up for the fake, which takes any that are well formed."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from docdouble.schemas import Contract, Operation

MADE_UP = "docdouble"
"""The user, the password, the token and the key that are made up."""


class MadeUp(NamedTuple):
    """A credential for our own fake: where it stands in a call, its name there, and its value."""

    location: str
    name: str
    value: str


def made_up(operation: Operation, contract: Contract) -> tuple[MadeUp, ...]:
    """Return the credentials of an operation's first alternative that may be had."""
    for names in operation.security:
        credentials = [
            credential for name in names for credential in _of_scheme(contract.security_schemes.get(name, {}))
        ]
        needed = [name for name in names if contract.security_schemes.get(name, {}).get("type") != "mutualTLS"]
        by_field: dict[tuple[str, str], MadeUp] = {}
        for credential in sorted(credentials, key=_is_any_text):
            by_field.setdefault((credential.location, credential.name.lower()), credential)
        # one token may be that of two schemes, and any text is a key, but a field holds no two values
        others = {credential for credential in credentials if not _is_any_text(credential)}
        chosen = {*by_field.values()}
        if len(credentials) == len(needed) and others <= chosen:
            return tuple(credential for credential in dict.fromkeys(credentials) if credential in chosen)
    return ()


def _is_any_text(credential: MadeUp) -> bool:
    return credential.value == MADE_UP


def _of_scheme(scheme: Mapping[str, Any]) -> Iterator[MadeUp]:
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", "basic":
            user = base64.b64encode(f"{MADE_UP}:{MADE_UP}".encode()).decode()
            yield MadeUp("header", "Authorization", f"Basic {user}")
        case "http", "bearer":
            yield MadeUp("header", "Authorization", f"Bearer {MADE_UP}")
        case "http", word if word:
            yield MadeUp("header", "Authorization", f"{scheme['scheme']} {MADE_UP}")
        case (("oauth2" | "openIdConnect"), _):
            yield MadeUp("header", "Authorization", f"Bearer {MADE_UP}")
        case "apiKey", _ if scheme.get("in") in ("header", "query", "cookie") and scheme.get("name"):
            yield MadeUp(str(scheme["in"]), str(scheme["name"]), MADE_UP)
