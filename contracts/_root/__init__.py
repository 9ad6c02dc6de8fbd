"""API documentation that can be run: contracts, a fake server and checks, read from reference pages."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Return ``__version__``, asked for only when somebody wants it: looking it up takes 50 ms."""
    if name == "__version__":
        from importlib.metadata import version

        return version("docdouble")
    raise AttributeError(name)
