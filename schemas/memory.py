"""Making millions of values that all stay: looking for garbage meanwhile costs a third of the time and finds none."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_collecting() -> Iterator[None]:
    """Keep Python from looking for cyclic garbage while the context is entered."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
