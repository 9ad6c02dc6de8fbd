"""Authentication by documented security schemes: credentials that are well formed and, if callers are listed, known."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs

from docdouble.schemas import Call, Contract, Operation, Reply

from ..http.header_fields import cookie_values
from ..http.problem import problem

_TOKEN = re.compile(r"[A-Za-z0-9._~+/:=-]+\Z")
_PARAMETERS = re.compile(r'[\w-]+=("[^"]*"|[^\s",]+)(\s*,\s*[\w-]+=("[^"]*"|[^\s",]+))*\Z')
_SAMPLE = {"basic": base64.b64encode(b"user:password").decode()}


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who is let in: ``credentials`` by the name of a documented scheme, and what they may call.

    Basic credentials are ``user-id:password``, others what the header carries. ``only`` holds patterns of operation
    ids and ``METHOD /path`` labels, with ``*`` for any text; empty, everything is allowed.
    """

    credentials: Mapping[str, str] = field(repr=False)
    only: tuple[str, ...] = ()

    def may_call(self, operation: Operation) -> bool:
        """Tell whether this caller is allowed to call an operation."""
        names = operation.id.lower(), operation.label.lower()
        return not self.only or any(fnmatchcase(name, pattern.lower()) for name in names for pattern in self.only)


def refuse(operation: Operation, call: Call, contract: Contract, callers: tuple[Caller, ...] = ()) -> Reply | None:
    """Return the 401 or 403 for a call that is not let in (RFC 9110, sections 11.6.1 and 15.5.4), else ``None``.

    Without ``callers``, well-formed credentials of a documented scheme are enough.
    """
    if not operation.security:
        return None
    schemes = contract.security_schemes
    if not callers and any(_is_complete(names, schemes, call) for names in operation.security):
        return None
    evidence = str(operation.security_evidence) if operation.security_evidence else None
    present = [names for names in operation.security if _is_complete(names, schemes, call)]
    if not present:
        wanted = ", ".join(sorted({name for names in operation.security for name in names}))
        detail = f"expected well-formed credentials of one of the documented schemes: {wanted}"
    else:
        known = [caller for caller in callers if any(_are_of(caller, names, schemes, call) for names in present)]
        if any(caller.may_call(operation) for caller in known) or () in present:
            return None
        if known:
            return problem(403, f"the caller is known, but may not call {operation.id}", documentation=evidence)
        detail = "the credentials are well formed, but of nobody who is let in"
    challenge = ("WWW-Authenticate", _challenges(operation, schemes))
    return problem(401, detail, challenge, documentation=evidence, sample=_samples(operation, schemes) or None)


def _are_of(caller: Caller, names: tuple[str, ...], schemes: Mapping[str, Mapping[str, Any]], call: Call) -> bool:
    asked = [name for name in names if name in schemes and schemes[name].get("type") != "mutualTLS"]
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


def _samples(operation: Operation, schemes: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return a header field that would have been well formed."""
    names = (name for alternative in operation.security for name in alternative if name in schemes)
    scheme = next((schemes[name] for name in names), {})
    if scheme.get("type") == "apiKey":
        return {str(scheme.get("name")): "any"} if scheme.get("in") == "header" else {}
    word = _authorization_scheme(scheme)
    return {"Authorization": f"{_capital(word)} {_SAMPLE.get(word.lower(), 'any')}"} if word else {}


def _challenges(operation: Operation, schemes: Mapping[str, Mapping[str, Any]]) -> str:
    names = {name for alternative in operation.security for name in alternative if name in schemes}
    words = [_challenge(schemes[name]) for name in sorted(names)]
    return ", ".join(dict.fromkeys(word for word in words if word)) or 'Bearer realm="docdouble"'


def _challenge(scheme: Mapping[str, Any]) -> str:
    word = _authorization_scheme(scheme)
    return f'{_capital(word)} realm="docdouble"' if word else ""


def _capital(word: str) -> str:
    return word.title() if word.islower() else word


def _authorization_scheme(scheme: Mapping[str, Any]) -> str:
    """Return the word that the ``Authorization`` header starts with, empty for an API key."""
    if scheme.get("type") == "http":
        return str(scheme.get("scheme", ""))
    return "bearer" if scheme.get("type") in ("oauth2", "openIdConnect") else ""


def _is_complete(names: tuple[str, ...], schemes: Mapping[str, Mapping[str, Any]], call: Call) -> bool:
    for name in names:  # noqa: SIM110 - all() takes twice as long, for every call
        if not _is_present(schemes.get(name), call):
            return False
    return True


def _is_present(scheme: Mapping[str, Any] | None, call: Call) -> bool:
    if scheme is None:
        return True  # named, but described nowhere: nothing can be asked for
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
    return call.header(name) or ""
