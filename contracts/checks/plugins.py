"""Checks that come from installed packages."""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from docdouble.schemas import PluginError

from .check import Check

GROUP = "docdouble.checks"
"""Entry points that are a ``Check``, or a sequence of them."""


@cache
def added_checks(known: frozenset[str] = frozenset()) -> tuple[Check, ...]:
    """Return the checks of installed packages, whose ids are none of those ``known``.

    Raises ``PluginError`` for one that can't be loaded.
    """
    found: list[Check] = []
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        package = point.dist.name if point.dist else "an unknown package"
        try:
            found += _checks(point.load(), {*known, *(one.id for one in found)})
        except Exception as error:
            raise PluginError(GROUP, point.name, package, str(error)) from error
    return tuple(found)


def _checks(loaded: Any, known: set[str]) -> list[Check]:
    """Return what an entry point holds; raises ``TypeError`` or ``ValueError`` for what is no check."""
    checks = [loaded] if isinstance(loaded, Check) else list(loaded)
    for check in checks:
        if not isinstance(check, Check):
            raise TypeError(f"expected a Check, or a sequence of them, got {check!r}")
        if check.id in known:
            raise ValueError(f"there is a check {check.id!r} already")
        known.add(check.id)
    return checks
