"""Loading of entry points: what installed packages add to ours."""

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import metadata
from typing import Any, TypeVar, cast

from .errors import PluginError

T = TypeVar("T")


def entry_points(*, group: str) -> metadata.EntryPoints:
    """Return the entry points of a group."""
    return cast(metadata.EntryPoints, _entry_points(tuple(sys.path)).select(group=group))


@lru_cache(1)
def _entry_points(_: tuple[str, ...]) -> Any:
    """Return those of all packages on a path: to look through hundreds of packages takes 5 ms."""
    return metadata.entry_points()  # a type of its own before Python 3.12


def load_plugins(group: str, read: Callable[[str, Any], Iterable[T]]) -> tuple[T, ...]:
    """Return what ``read`` makes of the name and the value of each entry point of a group, in the order of the names.

    Raises ``PluginError`` for an entry point that can't be loaded, or of which ``read`` raises an error.
    """
    values: list[T] = []
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        try:
            values += read(point.name, point.load())
        except Exception as error:
            package = point.dist.name if point.dist else "an unknown package"
            raise PluginError(group, point.name, package, str(error)) from error
    return tuple(values)


def plugin_names(group: str) -> tuple[str, ...]:
    """Return the names of the entry points of a group, sorted; none of them is loaded."""
    return tuple(sorted({point.name for point in entry_points(group=group)}))


def plugin_modules(group: str) -> tuple[str, ...]:
    """Return the names of the modules that the entry points of a group stand in, sorted."""
    return tuple(sorted({point.module for point in entry_points(group=group)}))


def one_or_many(loaded: Any, kind: type[T]) -> tuple[T, ...]:
    """Return the value of an entry point that holds an instance of a class, or several; raises ``TypeError``."""
    values = (loaded,) if isinstance(loaded, kind) else tuple(loaded)
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"expected a {kind.__name__}, or a sequence of them, got {value!r}")
    return values
