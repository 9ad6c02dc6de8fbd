"""Numbers beyond what servers keep: integers of more than 64 bits, and those near the ends of a double."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, unquote

from docdouble.schemas import Call
from docdouble.schemas.http import is_json, json_body

_HUGE, _TINY = 2**63, 1e-100
_LONG_INTEGER = re.compile(r"-?\d{19,400}")
_SIGNS = re.compile(rb"\d{19}|[eE][+-]?\d\d")
"""Parts of the text of such a number, of which it has one."""


def holds_extreme_number(call: Call) -> bool:
    """Tell whether a call holds a number that databases and languages have no room for."""
    texts = [*unquote(call.path).split("/"), *(value for _, value in parse_qsl(call.query))]
    if any(_LONG_INTEGER.fullmatch(text) and _is_extreme(int(text)) for text in texts):
        return True
    if not is_json(call.media_type) or not _SIGNS.search(call.body):
        return False
    with suppress(ValueError):
        return any(map(_is_extreme, _numbers(json_body(call))))
    return False


def _is_extreme(number: float) -> bool:
    return not -_HUGE <= number < _HUGE or 0 < abs(number) <= _TINY


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value
