"""Groups of operations that belong together: those of a resource, and those in and below one collection of paths."""

from collections.abc import Iterable, Iterator, Mapping

from ..contract.model import Contract
from .path_resources import path_template


def operation_groups(contract: Contract) -> Mapping[str, str]:
    """Return, by the id of an operation, that of the first one of its group; one alone is a group, too."""
    leaders = {operation.id: operation.id for operation in contract.operations}

    def leader(name: str) -> str:
        while leaders[name] != name:
            leaders[name] = name = leaders[leaders[name]]
        return name

    for group in (*_of_resources(contract), *_of_collections(contract)):
        names = [leader(name) for name in group if name in leaders]
        leaders.update(dict.fromkeys(names, min(names, default="")))
    return {name: leader(name) for name in leaders}


def _of_resources(contract: Contract) -> Iterator[Iterable[str]]:
    return ([role.operation for role in resource.roles] for resource in contract.resources.resources)


def _of_collections(contract: Contract) -> Iterable[Iterable[str]]:
    """Return the operations of each path that is followed by a key: ``/books``, ``/books/{id}``, ``/books/new``.

    What has several segments below an entity, such as ``/books/{id}/scans/settings``, is a group of its own.
    """
    paths = {operation.id: path_template(operation.path) for operation in contract.operations}
    above = {path: tuple(_above(path)) for path in paths.values()}
    outer = {ancestor for ancestors in above.values() for ancestor in ancestors[1:]}
    groups: dict[str, list[str]] = {}
    for name, path in paths.items():
        # what stands above a key is a collection
        nearest = next(
            (ancestor for ancestor in above[path] if f"{ancestor}/{{}}" in outer or f"{ancestor}/{{}}" in above), ""
        )
        inside = next(
            (ancestor for ancestor in above[path] if ancestor in outer and ancestor.startswith(f"{nearest}/{{}}/")), ""
        )
        if nearest:
            groups.setdefault(inside or nearest, []).append(name)
    return groups.values()


def _above(path: str) -> Iterator[str]:
    """Yield a path and those that it begins with, the longest first."""
    while path:
        yield path
        path = path.rpartition("/")[0]
