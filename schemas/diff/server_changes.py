"""Changes of the addresses of an operation: base paths and hosts of its servers."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..contract.base_paths import base_paths
from ..contract.model import Contract, Operation, Server
from ..contract.paths import unnamed_template
from .change import Change
from .diff_rules import BREAKING, RISKY, SAFE
from .operation_pair import OperationPair


def first_address(operation: Operation, contract: Contract) -> str:
    """Return the path of an operation below its first server, without the names of variables."""
    return unnamed_template(base_paths(_servers(operation, contract))[0] + operation.path)


def has_moved(pair: OperationPair) -> bool:
    """Tell whether an operation has another method, or another path by itself and below each server."""
    old, new = pair.old, pair.new
    if old.method != new.method:
        return True
    contracts = pair.comparisons
    is_same = unnamed_template(old.path) == unnamed_template(new.path)
    return not is_same and _addresses(old, contracts.old).isdisjoint(_addresses(new, contracts.new))


def server_changes(pair: OperationPair) -> Iterator[Change]:
    """Yield added and removed base paths and hosts; a prefix that only moved into a server's path or back is neither.

    Where one side names no host, nothing is known to have changed.
    """
    contracts = pair.comparisons
    servers = _servers(pair.old, contracts.old), _servers(pair.new, contracts.new)
    if servers[0] == servers[1] or has_moved(pair):
        return
    yield from _base_path_changes(pair, *servers)
    hosts = _hosts(servers[0]), _hosts(servers[1])
    if all(hosts):
        for host in sorted(hosts[0] - hosts[1]):
            yield _change(pair, "server-removed", f"{host} is no server any more")
        for host in sorted(hosts[1] - hosts[0]):
            yield _change(pair, "server-added", f"{host} is a server now")


def _base_path_changes(pair: OperationPair, old: tuple[Server, ...], new: tuple[Server, ...]) -> Iterator[Change]:
    before, after = _addresses(pair.old, pair.comparisons.old), _addresses(pair.new, pair.comparisons.new)
    if before.isdisjoint(after):
        names = [", ".join(path or "/" for path in base_paths(servers)) for servers in (old, new)]
        yield _change(pair, "server-path-changed", f"the servers' path was {names[0]}, is {names[1]} now")
        return
    if before - after:
        yield _change(pair, "server-removed", "one of the servers' paths is gone")
    if after - before:
        yield _change(pair, "server-added", "the servers have another path, too")


_JUDGEMENTS = {"server-path-changed": BREAKING, "server-removed": RISKY, "server-added": SAFE}


def _change(pair: OperationPair, rule: str, message: str) -> Change:
    return pair.change(rule, _JUDGEMENTS[rule], pair.fact(), message, pair.old.evidence, pair.new.evidence)


def _servers(operation: Operation, contract: Contract) -> tuple[Server, ...]:
    return operation.servers or contract.servers


def _addresses(operation: Operation, contract: Contract) -> frozenset[str]:
    paths = base_paths(_servers(operation, contract))
    return frozenset(unnamed_template(path + operation.path) for path in paths)


def _hosts(servers: tuple[Server, ...]) -> frozenset[str]:
    return frozenset(host for server in servers if (host := urlsplit(server.default_url).netloc.lower()))
