"""Header fields that carry credentials: made up for our own fake, or the user's, and calls without any."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.http import Headers

_NAME = "docdouble"


def placeholder(operation: Operation, contract: Contract) -> Headers:
    """Return made-up, well-formed credentials of the operation's first documented alternative."""
    for names in operation.security:
        schemes = [contract.security_schemes[name] for name in names if name in contract.security_schemes]
        headers = tuple(header for scheme in schemes for header in _made_up(scheme))
        if len(headers) == len(names):
            return headers
    return ()


def without_credentials(operation: Operation, contract: Contract, call: Call) -> Iterator[Call]:
    """Yield the call without credentials, then with malformed ones; nothing where none are documented."""
    if not operation.security or () in operation.security:
        return
    schemes = (contract.security_schemes.get(name, {}) for names in operation.security for name in names)
    keys = tuple(str(scheme.get("name")) for scheme in schemes if scheme.get("in") == "header")
    bare = call.with_headers(drop=("Authorization", "Cookie", *keys))
    yield bare
    yield bare.with_headers(("Authorization", _NAME))


def _made_up(scheme: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", "basic":
            yield "Authorization", "Basic " + base64.b64encode(f"{_NAME}:{_NAME}".encode()).decode()
        case "http", "bearer":
            yield "Authorization", f"Bearer {_NAME}"
        case "http", _:
            yield "Authorization", f"{scheme['scheme']} {_NAME}"
        case (("oauth2" | "openIdConnect"), _):
            yield "Authorization", f"Bearer {_NAME}"
        case "apiKey", _ if scheme.get("in") == "header":
            yield str(scheme["name"]), _NAME
