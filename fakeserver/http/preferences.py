"""Preferences among the documented answers: ``Prefer`` (RFC 7240) and its twin in the query, as Prism knows them."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from docdouble.schemas import Call

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_PREFERENCE = re.compile(
    rf'\s*(?P<name>[\w-]+)\s*(=\s*({_QUOTED.replace("(", "(?P<quoted>", 1)}|(?P<bare>[^\s;,"]*)))?'
    rf'(?P<rest>({_QUOTED}|[^,"])*)',
    re.ASCII,
)
_ESCAPED = re.compile(r"\\(.)")
_CODE = re.compile(r"[1-5]\d\d", re.ASCII)
_SEED = re.compile(r"-?\d{1,18}", re.ASCII)
_NAME = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_TOKEN = re.compile(r"[\w!#$%&'*+.^`|~-]*", re.ASCII)
_YES = ("", "true", "yes")
_NO = ("false", "0", "no")
_KNOWN = ("code", "example", "dynamic", "seed")

QUERY_PREFIX = "__"


class Preferences(NamedTuple):
    """Preferences of a call: a status, a documented example, data that are ``generated``, other data by a seed.

    An example may be asked for by its ``name``. ``applied`` is what was understood, as ``Preference-Applied`` tells it.
    """

    code: int | None = None
    example: bool = False
    seed: int | None = None
    applied: str = ""
    name: str = ""
    generated: bool = False


_NONE = Preferences()


def read_preferences(call: Call) -> Preferences:
    """Return the preferences of a call, the query before the header; raises ``ValueError`` for a senseless value."""
    query, header = call.query, call.header("Prefer")
    if not header and (not query or QUERY_PREFIX not in unquote(query)):
        return _NONE
    preferred: dict[str, str] = {}
    for name, value in (*_of_query(query), *_of_header(header or "")):
        preferred.setdefault(name, value)  # of a preference that is stated twice, the first counts
    if not preferred:
        return _NONE
    dynamic, example = preferred.get("dynamic"), preferred.get("example")
    if (dynamic or "").lower() not in (*_YES, "1", *_NO):
        raise ValueError(f"dynamic: expected true or false, got {dynamic!r}")
    if not _NAME.fullmatch(example or ""):
        raise ValueError(f"example: expected the name of an example, got {example!r}")
    code, seed = preferred.get("code"), preferred.get("seed")
    if code is not None and not _CODE.fullmatch(code):
        raise ValueError(f"code: expected a status from 100 to 599, got {code!r}")
    if seed is not None and not _SEED.fullmatch(seed):
        raise ValueError(f"seed: expected a whole number, got {seed!r}")
    is_static = dynamic is not None and dynamic.lower() in _NO
    refuses = example is not None and example.lower() in _NO
    return Preferences(
        code=int(code) if code else None,
        example=not refuses if example is not None else is_static,
        seed=int(seed) if seed else None,
        applied=", ".join(_applied(name, value) for name, value in preferred.items()),
        name="" if example is None or example.lower() in (*_YES, *_NO) else example,
        generated=refuses if example is not None else dynamic is not None and not is_static,
    )


def _applied(name: str, value: str) -> str:
    """Return a preference as it is written; what is no text of a header field is percent-encoded."""
    if not value:
        return name
    if not value.isascii():
        value = quote(value)
    if _TOKEN.fullmatch(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'


def _of_header(text: str) -> Iterator[tuple[str, str]]:
    for match in _PREFERENCE.finditer(text):
        name = match["name"].lower()
        if name in _KNOWN:
            if not _is_whole(match, text):
                raise ValueError(f"{name}: expected a word or a quoted text, got {match.group().strip()!r}")
            yield name, _ESCAPED.sub(r"\1", match["quoted"] or "") or match["bare"] or ""


def _is_whole(match: re.Match[str], text: str) -> bool:
    """Tell whether a preference stands between commas, with nothing behind its value but parameters."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return before[-1:] in ("", ",") and after[:1] in ("", ",") and match["rest"].strip()[:1] in ("", ";")


def _of_query(query: str) -> Iterator[tuple[str, str]]:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.startswith(QUERY_PREFIX) and name.removeprefix(QUERY_PREFIX) in _KNOWN:
            yield name.removeprefix(QUERY_PREFIX), value
