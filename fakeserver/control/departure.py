"""Departure of a client: whether the one that waits for a reply has closed its connection."""

from collections.abc import Callable
from contextvars import ContextVar

HAS_LEFT: ContextVar[Callable[[], bool]] = ContextVar("HAS_LEFT", default=lambda: False)
"""Whether nobody waits any more for the reply that is being made, as far as the server can know."""
