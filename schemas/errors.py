"""Errors that docdouble raises.

``DocdoubleError``
├── ``PageError``      a documentation page can't be read (a ``ValueError``)
├── ``ContractError``  an OpenAPI document or a schema can't be used (a ``ValueError``)
├── ``ConfigError``    a name or value that the user gave is not known (a ``LookupError``)
├── ``TargetError``    a server can't be reached (a ``ConnectionError``)
└── ``PluginError``    an entry point can't be loaded (an ``ImportError``)

A broken promise of a server is a *finding*, a value, never one of these.
"""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """Return the member of ``valid`` that ``value`` most likely meant, without regard to case."""
    by_folded = {name.casefold(): name for name in valid}
    close = get_close_matches(value.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[close[0]] if close else None


def did_you_mean(value: str, valid: Iterable[str]) -> str:
    """Return the end of a message that names the nearest valid value; empty where none is near."""
    near = nearest(value, valid)
    return f"; did you mean '{near}'?" if near else ""


class DocdoubleError(Exception):
    """Anything that docdouble refuses, with a message for its user."""


class PageError(DocdoubleError, ValueError):
    """A source that can't be read as documentation.

    ``line`` is the 1-based line of the fault, 0 for the file as a whole.
    """

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path, self.line, self.message = path, line, message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class ContractError(DocdoubleError, ValueError):
    """A contract that contradicts its own format; ``pointer`` is the JSON Pointer (RFC 6901) of the place."""

    def __init__(self, pointer: str, message: str, source: str = "") -> None:
        super().__init__(pointer, message, source)
        self.pointer, self.message, self.source = pointer, message, source

    def __str__(self) -> str:
        return f"{self.source}#{self.pointer}: {self.message}"


class ConfigError(DocdoubleError, LookupError):
    """A setting or a name from the user that is not among the valid ones.

    ``valid`` holds what would have been accepted, or is empty when ``expected`` says it in words.
    """

    def __init__(self, key: str, value: object, valid: Iterable[str] = (), expected: str = "") -> None:
        self.key, self.value, self.valid, self.expected = key, value, tuple(valid), expected
        super().__init__(key, value, self.valid, expected)

    def __str__(self) -> str:
        text = f"{self.key}: {self.value!r} is not {self.expected or 'known'}"
        hint = did_you_mean(str(self.value), self.valid)
        return text + (hint or (f"; expected one of {', '.join(self.valid[:10])}" if self.valid else ""))


class TargetError(DocdoubleError, ConnectionError):
    """A server that doesn't answer at ``url``."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason

    def __str__(self) -> str:
        return f"{self.url} can't be reached: {self.reason}"


class PluginError(DocdoubleError, ImportError):
    """An entry point ``name`` of ``group``, shipped by ``package``, that can't be loaded."""

    def __init__(self, group: str, name: str, package: str, reason: str) -> None:
        super().__init__(group, name, package, reason)
        self.group, self.name, self.package, self.reason = group, name, package, reason

    def __str__(self) -> str:
        return f"{self.group}: {self.name!r} of package {self.package!r} can't be loaded: {self.reason}"
