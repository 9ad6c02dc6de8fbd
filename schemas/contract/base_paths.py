"""Base paths: the parts of server URLs that stand before the documented path of an operation."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from .model import Contract, Operation, Server


def base_paths(servers: Iterable[Server]) -> tuple[str, ...]:
    """Return the paths of servers that differ, the first server's first; an empty one where there is no server."""
    return tuple(dict.fromkeys(path for server in servers for path in server.paths)) or ("",)


def base_path(contract: Contract, operation: Operation) -> str:
    """Return the first base path of an operation, empty for none."""
    return base_paths(operation.servers or contract.servers)[0]


def shared_base_path(contract: Contract) -> str:
    """Return the base path that all operations have, empty where some have another."""
    path = base_paths(contract.servers)[0]
    if path and all(path in base_paths(operation.servers or contract.servers) for operation in contract.operations):
        return path
    return ""


def missing_base_path(contract: Contract, url: str) -> str:
    """Return the documented base path where a URL has no path at all, empty where it has one or needs none."""
    paths = base_paths(contract.servers)
    return "" if "" in paths or urlsplit(url).path.strip("/") else paths[0]


def with_base_path(contract: Contract, path: str) -> Contract:
    """Return a contract all of whose operations are served below one path, whatever is documented."""
    operations = tuple(
        replace(operation, servers=()) if operation.servers else operation for operation in contract.operations
    )
    return replace(contract, operations=operations, servers=(Server(path),) if path else ())


def with_whole_paths(contract: Contract, prefix: str = "") -> Contract:
    """Return a contract in which each path begins with a prefix and the base path, so that its servers have none."""
    if not prefix and not any(server.path for server in contract.servers):
        return contract
    operations = tuple(
        replace(operation, path=prefix + base_path(contract, operation) + operation.path, servers=())
        for operation in contract.operations
    )
    hosts = dict.fromkeys(urlunsplit((*urlsplit(server.default_url)[:2], "", "", "")) for server in contract.servers)
    return replace(contract, operations=operations, servers=tuple(Server(host) for host in hosts if host))
