"""Checks, strategies, runner, reports, command line and pytest plugin: the top layer."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conformance.assert_conforms import assert_conforms as assert_conforms

__all__ = ["assert_conforms"]


def __getattr__(name: str) -> Any:
    """Import ``assert_conforms`` when it is asked for: every test run imports this package, for the pytest plugin."""
    if name == "assert_conforms":
        from .conformance.assert_conforms import assert_conforms

        return assert_conforms
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
