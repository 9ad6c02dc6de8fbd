"""Errors that docdouble raises.

``DocdoubleError``
├── ``PageError``      a documentation page can't be read (a ``ValueError``)
├── ``ContractError``  an OpenAPI document or a schema can't be used (a ``ValueError``)
├── ``ConfigError``    a name or value that the user gave is not known (a ``LookupError``)
├── ``TargetError``    a server can't be reached (a ``ConnectionError``)
└── ``PluginError``    an entry point can't be loaded (an ``ImportError``)

A broken promise of a server is a *finding*, a value, never one of these.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_MOST_LISTED = 10
"""Valid values that an error lists."""

_BEGINNING = 3
"""Characters from which on a part of a name means the name."""


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """Return the member of ``valid`` that ``value`` most likely meant, without regard to case.

    It differs in one character of three, one at least; or one of the two begins the other, or has all of its words.
    """
    by_folded = {name.casefold(): name for name in valid}
    folded = value.casefold()
    close = get_close_matches(folded, by_folded, n=3, cutoff=0.5)
    most = max(1, len(folded) // 3)
    near = [name for name in close if _differing(folded, name) <= most]
    if len(folded) < _BEGINNING:
        near = [name for name in near if name.startswith(folded)]
    near += [name for name in by_folded if _is_part(folded, name)]
    return by_folded[near[0]] if near else None


def _is_part(value: str, name: str) -> bool:
    words, of_name = (frozenset(re.split(r"[\W_]+", text)) for text in (value, name))
    begins = len(value) >= _BEGINNING and name.startswith(value)
    return bool(value and name) and (begins or words <= of_name or of_name <= words)


def _differing(value: str, name: str) -> int:
    """Return how many characters of the longer one have no partner in the other."""
    matching = sum(block.size for block in SequenceMatcher(None, value, name, autojunk=False).get_matching_blocks())
    return max(len(value), len(name)) - matching


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
        return text + (hint or self._listed())

    def _listed(self) -> str:
        names = list(dict.fromkeys(self.valid))
        more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
        return f"; expected one of {', '.join(names[:_MOST_LISTED])}{more}" if names else ""


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
