"""Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): a front end on another port may call."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from docdouble.schemas import Call, Reply
from docdouble.schemas.contract.router import Route
from docdouble.schemas.http import Headers

LOCALHOST = "localhost"
"""Word for every origin on this machine, also under the address by which it is called."""

ANY = "*"
"""Word for every origin."""

_ALWAYS_READABLE = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
"""Header fields of a reply that every page may read (https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name)."""

_NEVER_READABLE = ("set-cookie", "access-control-")


def is_preflight(call: Call) -> bool:
    """Tell whether a browser asks for leave to send something."""
    return call.method == "OPTIONS" and call.header("Access-Control-Request-Method") is not None


def preflight(call: Call, route: Route | None) -> Reply:
    """Return the leave to send what the browser asks for, documented or not: the page shall see the 404 or the 405."""
    wanted = call.header("Access-Control-Request-Method") or ""
    documented = route.allow.split(", ") if route else []
    asked = {
        "Allow": ", ".join(documented),
        "Access-Control-Allow-Methods": ", ".join(dict.fromkeys((*documented, wanted))),
        "Access-Control-Max-Age": "600",
        "Access-Control-Allow-Headers": call.header("Access-Control-Request-Headers"),
        "Access-Control-Allow-Private-Network": call.header("Access-Control-Request-Private-Network"),
    }
    return Reply(headers=tuple((name, value) for name, value in asked.items() if value), status=204)


def shared_with(call: Call, allowed: tuple[str, ...], sent: Headers) -> Headers:
    """Return what makes a reply with the header fields ``sent`` readable, all of it, for the page that asked.

    Nothing is returned where no page asked, or one that may not.
    """
    origin = call.header("Origin")
    if not origin or not _is_allowed(origin, allowed, call):
        return ()
    names = {name.lower(): name for name, _ in sent}
    kept = [name for low, name in names.items() if low not in _ALWAYS_READABLE and not low.startswith(_NEVER_READABLE)]
    exposed = (("Access-Control-Expose-Headers", ", ".join(kept)),) if kept else ()
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        *exposed,
        ("Vary", "Origin"),
    )


def _is_allowed(origin: str, allowed: tuple[str, ...], call: Call) -> bool:
    return ANY in allowed or origin.lower() in allowed or (LOCALHOST in allowed and _is_local(origin, call))


def _is_local(origin: str, call: Call) -> bool:
    """Tell whether a page is from this machine: by a name of it, or by the address under which it is called."""
    host = _host(origin)
    if host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost"):
        return True
    return _is_address(host) and host == _host(f"//{call.header('Host') or ''}")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    """Tell whether a host is an IP address: a name could be made to lead here by whoever owns it."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
