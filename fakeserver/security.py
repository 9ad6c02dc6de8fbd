"""Documented security schemes: is one of them present and well formed? Which names and passwords fit is not asked."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from werkzeug.sansio.http import parse_cookie

from docdouble.schemas import Call, Contract, Operation, Reply

from .problem import problem

_TOKEN = re.compile(r"[A-Za-z0-9._~+/:=-]+\Z")
_PARAMETERS = re.compile(r'[\w-]+=("[^"]*"|[^\s",]+)(\s*,\s*[\w-]+=("[^"]*"|[^\s",]+))*\Z')


def refuse(operation: Operation, call: Call, contract: Contract) -> Reply | None:
    """Return the 401 for a call without usable credentials (RFC 9110, section 11.6.1), else ``None``."""
    if not operation.security:
        return None
    schemes = contract.security_schemes
    for names in operation.security:
        if all(name not in schemes or _is_present(schemes[name], call) for name in names):
            return None
    evidence = str(operation.security_evidence) if operation.security_evidence else None
    wanted = sorted({name for names in operation.security for name in names})
    detail = f"expected well-formed credentials of one of the documented schemes: {', '.join(wanted)}"
    return problem(401, detail, ("WWW-Authenticate", _challenges(operation, schemes)), documentation=evidence)


def _challenges(operation: Operation, schemes: Mapping[str, Mapping[str, Any]]) -> str:
    names = {name for alternative in operation.security for name in alternative if name in schemes}
    words = [_challenge(schemes[name]) for name in sorted(names)]
    return ", ".join(dict.fromkeys(word for word in words if word)) or 'Bearer realm="docdouble"'


def _challenge(scheme: Mapping[str, Any]) -> str:
    word = _authorization_scheme(scheme)
    return f'{word.title() if word.islower() else word} realm="docdouble"' if word else ""


def _authorization_scheme(scheme: Mapping[str, Any]) -> str:
    """Return the word that the ``Authorization`` header starts with, empty for an API key."""
    if scheme.get("type") == "http":
        return str(scheme.get("scheme", ""))
    return "bearer" if scheme.get("type") in ("oauth2", "openIdConnect") else ""


def _is_present(scheme: Mapping[str, Any], call: Call) -> bool:
    if scheme.get("type") == "mutualTLS":
        return True  # settled below HTTP, where this server has no say
    if scheme.get("type") == "apiKey":
        return bool(_api_key(scheme, call))
    word, _, credentials = (call.header("Authorization") or "").partition(" ")
    if word.lower() != _authorization_scheme(scheme).lower():
        return False
    credentials = credentials.strip()
    if word.lower() == "basic":
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
            return parse_cookie(call.header("Cookie")).get(name, "")
    return call.header(name) or ""
