"""Authentication by documented security schemes: credentials that are well formed and, if callers are listed, known."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs

from docdouble.schemas import Call, Contract, Operation

from ..http.header_fields import cookie_values
from ..http.problem import without_none
from ..http.refusal import Refusal

_TOKEN = re.compile(r"[A-Za-z0-9._~+/:=-]+\Z")
_PARAMETERS = re.compile(r'[\w-]+=("[^"]*"|[^\s",]+)(\s*,\s*[\w-]+=("[^"]*"|[^\s",]+))*\Z')
Schemes = Mapping[str, Mapping[str, Any]]
"""Security schemes by name."""

_ANY = "any"
"""A key that is well formed, as every text is."""

_SAMPLE = {"basic": base64.b64encode(b"user:password").decode()}


@dataclass(frozen=True, slots=True)
class Caller:
    """Caller who is let in: ``credentials`` by the name of a documented scheme, and what they may call.

    Basic credentials are ``user-id:password``, others what the header carries. ``only`` holds patterns of operation
    ids and ``METHOD /path`` labels, with ``*`` for any text; empty, everything is allowed. ``scopes`` are those that
    were granted, ``None`` for all.
    """

    credentials: Mapping[str, str] = field(repr=False)
    only: tuple[str, ...] = ()
    scopes: tuple[str, ...] | None = None

    def may_call(self, operation: Operation) -> bool:
        """Tell whether this caller is allowed to call an operation."""
        names = operation.id.lower(), operation.label.lower()
        return not self.only or any(fnmatchcase(name, pattern.lower()) for name in names for pattern in self.only)

    def missing_scopes(self, needed: Iterable[str]) -> list[str]:
        """Return the scopes that are needed and were not granted."""
        return [] if self.scopes is None else [scope for scope in needed if scope not in self.scopes]


def refuse(operation: Operation, call: Call, contract: Contract, callers: tuple[Caller, ...] = ()) -> Refusal | None:
    """Return the 401 or 403 for a call that is not let in (RFC 9110, sections 11.6.1 and 15.5.4), else ``None``.

    Without ``callers``, well-formed credentials of a documented scheme are enough. A scheme that is named, but not
    defined, lets nobody in.
    """
    if not operation.security:
        return None
    schemes = contract.security_schemes
    if not callers and any(_is_complete(names, schemes, call) for names in operation.security):
        return None
    present = [names for names in operation.security if _is_complete(names, schemes, call)]
    if () in present:
        return None
    documentation = {"documentation": str(operation.security_evidence)} if operation.security_evidence else {}
    known = [(caller, names) for caller in callers for names in present if _are_of(caller, names, schemes, call)]
    if not known:
        nobody = "the credentials are well formed, but of nobody who is let in"
        challenge = ("WWW-Authenticate", _challenges(operation, schemes))
        sample = _samples(operation, schemes) or None
        detail = nobody if present else _expected(operation, schemes)
        return Refusal(401, detail, (challenge,), members=without_none({**documentation, "sample": sample}))
    allowed = [(caller, names) for caller, names in known if caller.may_call(operation)]
    if not allowed:
        return Refusal(403, f"the caller is known, but may not call {operation.id}", members=documentation)
    missing = [caller.missing_scopes(_scopes(operation, names)) for caller, names in allowed]
    if not all(missing):
        return None
    # RFC 6750, section 3.1
    words = f'Bearer realm="docdouble", error="insufficient_scope", scope="{" ".join(missing[0])}"'
    detail = f"the caller is known, but lacks the scope {' '.join(missing[0])}"
    return Refusal(403, detail, (("WWW-Authenticate", words),), members=documentation)


def _scopes(operation: Operation, names: tuple[str, ...]) -> list[str]:
    """Return the scopes that an alternative of an operation needs."""
    if not operation.scopes:
        return []
    needed = operation.scopes[operation.security.index(names)]
    return [scope for of_scheme in needed for scope in of_scheme]


def _expected(operation: Operation, schemes: Schemes) -> str:
    """Return in words what would be let in."""
    wanted = ", ".join(sorted({" and ".join(names) for names in operation.security}))
    undefined = sorted({name for names in operation.security for name in names if name not in schemes})
    advice = f"; nobody has {' or '.join(undefined)}, which nothing defines" if undefined else ""
    return f"expected well-formed credentials of one of the documented schemes: {wanted}{advice}"


def _are_of(caller: Caller, names: tuple[str, ...], schemes: Schemes, call: Call) -> bool:
    asked = [name for name in names if schemes[name].get("type") != "mutualTLS"]
    return all(name in caller.credentials and _is(caller.credentials[name], schemes[name], call) for name in asked)


def _is(secret: str, scheme: Mapping[str, Any], call: Call) -> bool:
    sent = _sent(scheme, call)
    return hmac.compare_digest(sent.encode(), secret.encode())


def _sent(scheme: Mapping[str, Any], call: Call) -> str:
    if scheme.get("type") == "apiKey":
        return _api_key(scheme, call)
    word, _, credentials = (call.header("Authorization") or "").partition(" ")
    if word.lower() == "basic":
        return base64.b64decode(credentials.strip()).decode("utf-8", "replace")
    return credentials.strip()


def _samples(operation: Operation, schemes: Schemes) -> dict[str, str]:
    """Return header fields that would have been well formed, of the first alternative that header fields make up."""
    for names in operation.security:
        samples = [_sample(schemes.get(name, {})) for name in names]
        others = {field: value for sample in samples for field, value in sample.items() if value != _ANY}
        together = dict.fromkeys((field for sample in samples for field in sample), _ANY) | others
        fits = (value in (_ANY, together[field]) for sample in samples for field, value in sample.items())
        if all(samples) and all(fits):
            return together
    return {}


def _sample(scheme: Mapping[str, Any]) -> dict[str, str]:
    if scheme.get("type") == "apiKey":
        return {str(scheme.get("name")): _ANY} if scheme.get("in") == "header" else {}
    word = _authorization_scheme(scheme)
    return {"Authorization": f"{_capital(word)} {_SAMPLE.get(word.lower(), 'any')}"} if word else {}


def _challenges(operation: Operation, schemes: Schemes) -> str:
    """Return the challenges that fit (RFC 9110, section 11.6.1): keys have none of their own, and stand for another."""
    scopes: dict[str, list[str]] = {}
    for names in operation.security:
        for name in names:
            scopes.setdefault(name, []).extend(_scopes(operation, names) if _is_token(schemes.get(name, {})) else ())
    words = [_challenge(schemes[name], scopes[name]) for name in sorted(scopes) if name in schemes]
    keys = [schemes[name] for name in sorted(scopes) if schemes.get(name, {}).get("type") == "apiKey"]
    place = f', in="{keys[0].get("in")}", name="{keys[0].get("name")}"' if keys else ""
    return ", ".join(dict.fromkeys(filter(None, words))) or f'{"ApiKey" if keys else "Bearer"} realm="docdouble"{place}'


def _challenge(scheme: Mapping[str, Any], scopes: Iterable[str]) -> str:
    word = _authorization_scheme(scheme)
    wanted = " ".join(dict.fromkeys(scopes))
    return f'{_capital(word)} realm="docdouble"' + (f', scope="{wanted}"' if wanted else "") if word else ""


def _is_token(scheme: Mapping[str, Any]) -> bool:
    return scheme.get("type") in ("oauth2", "openIdConnect")


def _capital(word: str) -> str:
    return word.title() if word.islower() else word


def _authorization_scheme(scheme: Mapping[str, Any]) -> str:
    """Return the word that the ``Authorization`` header starts with, empty for an API key."""
    if scheme.get("type") == "http":
        return str(scheme.get("scheme", ""))
    return "bearer" if scheme.get("type") in ("oauth2", "openIdConnect") else ""


def _is_complete(names: tuple[str, ...], schemes: Schemes, call: Call) -> bool:
    for name in names:  # noqa: SIM110 - all() takes twice as long, for every call
        if not _is_present(schemes.get(name), call):
            return False
    return True


def _is_present(scheme: Mapping[str, Any] | None, call: Call) -> bool:
    if scheme is None:
        return False  # named, but defined nowhere: what protects the operation isn't known, and so it stays closed
    kind = scheme.get("type")
    if kind == "mutualTLS":
        return True  # settled below HTTP, where this server has no say
    if kind == "apiKey":
        return bool(_api_key(scheme, call))
    word, _, credentials = (call.header("Authorization") or "").partition(" ")
    word, credentials = word.lower(), credentials.strip()
    if word != _authorization_scheme(scheme).lower():
        return False
    if word == "basic":
        return _is_basic(credentials)
    return bool(_TOKEN.match(credentials) or _PARAMETERS.match(credentials))


def _is_basic(credentials: str) -> bool:
    """Accept base64 of ``user-id:password`` (RFC 7617, section 2)."""
    try:
        return b":" in base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return False


def _api_key(scheme: Mapping[str, Any], call: Call) -> str:
    name = str(scheme.get("name", ""))
    match scheme.get("in"):
        case "query":
            return "".join(parse_qs(call.query).get(name, []))
        case "cookie":
            return next(iter(cookie_values(call, name)), "")
    # WSGI servers write an underscore in the name of a header field as they write a hyphen
    return call.header(name) or call.header(name.replace("_", "-")) or ""
