"""What may be sent to a server that is not ours: documented methods on documented paths, and nothing else."""

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from docdouble.fakeserver.routes import Router
from docdouble.schemas import Contract

from .target import Allowed


def closed_world(contract: Contract) -> Allowed:
    """Return the test that admits a method and an encoded path only where the contract documents them."""
    router = Router(contract)

    def allowed(method: str, path: str) -> bool:
        decoded = unquote(path)
        route = None if "/../" in f"{decoded}/" else router.find(decoded)
        return route is not None and method in route.operations

    return allowed


def is_loopback(url: str) -> bool:
    """Tell whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
