"""Garbage collection in a process that is there for a run: rare, since most of what a run makes stays to its end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (500_000, 20, 100)
"""Python's own are some hundred times smaller, with which a fifth of a run's time goes into looks at what stays."""


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage rarely, and never again among what there is by now. Not for a library: it is the process's."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
