"""JSON (RFC 8259), read strictly: what readers of JSON disagree about is refused, with the reason.

orjson reads the value, but keeps the last of equal keys without a word, and takes numbers of any length. Where the
value could hide either, the standard library reads the text a second time; by then the syntax, the depth and the
size of integers are known to be harmless.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import orjson

from docdouble.schemas.jsonschema.json_text import has_long_integer, json_bytes

from .codec import MAX_DEPTH, BodyError, Codec, Content

MAX_DIGITS = 400
"""Number of characters that a number may have; no double needs more than 17 digits."""

_STRIDE = 40
_LONG = re.compile(rf"[0-9.eE+-]{{{MAX_DIGITS // _STRIDE}}}")
"""What every number that is too long leaves of itself when only each so-many-th character is kept."""

_SHOWN = 40
"""Number of characters of a key or a number that errors show."""

_RULES = {"depth": "depth", "infinity": "number"}
"""Word of orjson's message → the rule that is broken; any other message is about syntax."""


def encode(value: Any, content: Content) -> bytes:
    """Return a value as JSON in UTF-8."""
    return json_bytes(value)


def decode(body: bytes, content: Content) -> Any:
    """Return the value of a JSON text in its charset; raises ``BodyError``."""
    return loads(content.text(body))


def loads(text: str) -> Any:
    """Return the value of a JSON text; raises ``BodyError``.

    Refused are also: equal keys in one object, more than ``MAX_DEPTH`` levels, numbers that are infinite as a double
    or longer than ``MAX_DIGITS``, NaN and lone surrogates (RFC 8259, sections 4, 6, 8.2 and 9).
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _refused(error) from error
    # no deeper than it has brackets: looking at every level is only needed where there are many
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_too_deep(value):
        raise _too_deep()
    has_long = has_long_integer(text)
    if has_long or _may_hide(text, value):
        exact = _SECOND.decode(text)
        return exact if has_long else value
    return value


def _may_hide(text: str, value: Any) -> bool:
    """Tell whether a text may have equal keys or an overlong number, by what is seen without reading it again.

    A member that was dropped takes its colon along: if the value, written, has as many colons as the text, none was.
    """
    if "\\u" in text:  # may be an escaped colon
        return True
    is_dropped = text.count(":") != json_bytes(value).count(b":")
    return is_dropped or (len(text) > MAX_DIGITS and _LONG.search(text[::_STRIDE]) is not None)


def _refused(error: orjson.JSONDecodeError) -> BodyError:
    rule = next((rule for word, rule in _RULES.items() if word in error.msg), "syntax")
    return _too_deep() if rule == "depth" else BodyError(rule, f"no JSON: {error}")


def _too_deep() -> BodyError:
    return BodyError("depth", f"nested deeper than {MAX_DEPTH} levels")


def _is_too_deep(value: Any) -> bool:
    level = _containers([value])
    for _ in range(MAX_DEPTH):
        level = _containers(part for outer in level for part in (outer.values() if type(outer) is dict else outer))
    return bool(level)


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if type(value) is dict or type(value) is list]


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(members)
    if len(unique) < len(members):
        twice, _ = Counter(name for name, _ in members).most_common(1)[0]
        raise BodyError("unique", f"the key {_shown(json.dumps(twice))} is given more than once in one object")
    return unique


def _integer(number: str) -> int:
    return int(_short(number))


def _float(number: str) -> float:
    return float(_short(number))


def _short(number: str) -> str:
    if len(number) > MAX_DIGITS:
        raise BodyError("number", f"the number {_shown(number)} has more than {MAX_DIGITS} characters")
    return number


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_SECOND = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_float, parse_int=_integer)
CODEC = Codec(decode, encode, parameters="; charset=utf-8")
