"""Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): a front end on another port may call."""

from urllib.parse import urlsplit

from docdouble.schemas import Call, Reply
from docdouble.schemas.contract.router import Route
from docdouble.schemas.http import Headers

LOCALHOST = "localhost"
"""Stands for every origin on this machine."""

ANY = "*"
"""Stands for every origin."""

_EXPOSED = "Allow, Content-Language, Docdouble-Note, Last-Modified, Link, Preference-Applied, WWW-Authenticate"


def is_preflight(call: Call) -> bool:
    """Tell whether a browser asks for leave to send something."""
    return call.method == "OPTIONS" and call.header("Access-Control-Request-Method") is not None


def preflight(call: Call, route: Route) -> Reply:
    """Return the leave to send what the browser asks for."""
    wanted = call.header("Access-Control-Request-Headers")
    headers = [("Allow", route.allow), ("Access-Control-Allow-Methods", route.allow), ("Access-Control-Max-Age", "600")]
    if wanted:
        headers.append(("Access-Control-Allow-Headers", wanted))
    return Reply(headers=tuple(headers), status=204)


def shared_with(call: Call, allowed: tuple[str, ...]) -> Headers:
    """Return what makes a reply readable for the page that asked; nothing where no page did, or one that may not."""
    origin = call.header("Origin")
    if not origin or not _is_allowed(origin, allowed):
        return ()
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", _EXPOSED),
        ("Vary", "Origin"),
    )


def _is_allowed(origin: str, allowed: tuple[str, ...]) -> bool:
    return ANY in allowed or origin.lower() in allowed or (LOCALHOST in allowed and _is_local(origin))


def _is_local(origin: str) -> bool:
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
