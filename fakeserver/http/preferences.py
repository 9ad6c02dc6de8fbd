"""Preferences among the documented answers: ``Prefer`` (RFC 7240) and its twin in the query, as Prism knows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from docdouble.schemas import Call

_PREFERENCE = re.compile(r'\s*(?P<name>[\w-]+)\s*(=\s*("(?P<quoted>[^"]*)"|(?P<bare>[^\s;,"]*)))?[^,]*', re.ASCII)
_CODE = re.compile(r"[1-5]\d\d", re.ASCII)
_SEED = re.compile(r"-?\d{1,18}", re.ASCII)
_WORD = re.compile(r"[\w.-]{0,60}", re.ASCII)
_NO = ("false", "0", "no")
_KNOWN = ("code", "example", "dynamic", "seed")

QUERY_PREFIX = "__"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a call prefers: a status, a documented sample instead of generated data, other data by a seed."""

    code: int | None = None
    example: bool = False
    seed: int | None = None
    applied: str = ""
    """What was understood, as ``Preference-Applied`` tells it."""


_NONE = Preferences()


def read_preferences(call: Call) -> Preferences:
    """Return what a call prefers, the query before the header; raises ``ValueError`` for a value that means nothing."""
    query, header = call.query, call.header("Prefer")
    if not header and QUERY_PREFIX not in unquote(query):
        return _NONE
    preferred: dict[str, str] = {}
    for name, value in (*_of_query(query), *_of_header(header or "")):
        preferred.setdefault(name, value)  # of a preference that is told twice, the first counts
    if not preferred:
        return _NONE
    for name in ("example", "dynamic"):
        if not _WORD.fullmatch(preferred.get(name, "")):
            raise ValueError(f"{name}: expected a word, got {preferred[name]!r}")
    code, seed = preferred.get("code"), preferred.get("seed")
    if code is not None and not _CODE.fullmatch(code):
        raise ValueError(f"code: expected a status from 100 to 599, got {code!r}")
    if seed is not None and not _SEED.fullmatch(seed):
        raise ValueError(f"seed: expected a whole number, got {seed!r}")
    dynamic = preferred.get("dynamic")
    example = preferred.get("example", "false" if dynamic is None else str(dynamic.lower() in _NO).lower())
    applied = ", ".join(f"{name}={value}" if value else name for name, value in preferred.items())
    return Preferences(
        code=int(code) if code else None,
        example=example.lower() not in _NO,
        seed=int(seed) if seed else None,
        applied=applied,
    )


def _of_header(text: str) -> Iterator[tuple[str, str]]:
    for match in _PREFERENCE.finditer(text):
        if match["name"].lower() in _KNOWN:
            yield match["name"].lower(), match["quoted"] or match["bare"] or ""


def _of_query(query: str) -> Iterator[tuple[str, str]]:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.startswith(QUERY_PREFIX) and name.removeprefix(QUERY_PREFIX) in _KNOWN:
            yield name.removeprefix(QUERY_PREFIX), value
