"""Checks of installed packages, found by their entry points."""

from functools import cache
from typing import Any

from docdouble.schemas.plugins import load_plugins, one_or_many

from .check import Check

GROUP = "docdouble.checks"
"""Entry points that are a ``Check``, or a sequence of them."""


@cache
def added_checks(known: frozenset[str] = frozenset()) -> tuple[Check, ...]:
    """Return the checks of installed packages, whose ids are none of those ``known``.

    Raises ``PluginError`` for one that can't be loaded.
    """
    ids = set(known)

    def read(name: str, loaded: Any) -> tuple[Check, ...]:
        checks = one_or_many(loaded, Check)
        for check in checks:
            if check.id in ids:
                raise ValueError(f"there is a check {check.id!r} already")
            ids.add(check.id)
        return checks

    return load_plugins(GROUP, read)
