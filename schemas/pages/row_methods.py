"""Methods that rows are limited to where operations share a table: ``PUT, POST``, "Required for DELETE requests"."""

import re
from collections.abc import Iterable, Sequence

from .inline_text import plain_text
from .request_lines import METHODS

_METHOD = "|".join(METHODS)
_ONLY_METHODS = re.compile(rf"(?:{_METHOD})(?:[\s,/|]+(?:and\s+|or\s+)?(?:{_METHOD}))*")
_CLAUSE = re.compile(
    r"(?P<word>\brequired|\bmandatory|\boptional|\bmust be (?:set|specified|provided|given|included)(?: to \S+)?)"
    r"\s+(?:for|with|in|on|by|when using)\s+(?P<which>[^.;()]{1,120})",
    re.IGNORECASE,
)


def limiting_methods(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the methods of the first cell that names nothing else, none where all may have the row."""
    bare = (plain_text(cell).strip() for cell in cells)
    only = next((cell for cell in bare if _ONLY_METHODS.fullmatch(cell)), "")
    return tuple(re.findall(_METHOD, only))


def required_by(method: str, text: str, known: bool | None) -> bool | None:
    """Return whether a description says that something is required for a method, else what is ``known`` of it."""
    clauses = [(match["word"].lower() != "optional", _named(match["which"])) for match in _CLAUSE.finditer(text)]
    if not any(named for _, named in clauses):
        return known
    return next((required for required, named in clauses if method in named), None)


def _named(text: str) -> Sequence[str]:
    """Return the methods that a clause names, in capitals or as code."""
    return [word.strip("`").upper() for word in re.findall(rf"\b(?:{_METHOD})\b|`(?i:{_METHOD})`", text)]
