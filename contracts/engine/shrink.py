"""Shrinking of calls: of one that shows a finding, a smaller one that shows it, too.

Greedy and deterministic: header fields, parts of the query and of a JSON or form body are left out, and what remains
is made simpler, one place at a time, until nothing smaller shows the finding or enough was tried. The call itself is
where it starts from, so what is found never gets lost.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, quote_plus, unquote

from docdouble.schemas import Call
from docdouble.schemas.http import FORM, is_json

from ..model.case import size_of

_Part = TypeVar("_Part")

_INVALID = object()

_NEEDED = ("accept", "authorization", "content-type", "cookie")
"""Header fields that belong to any call of an operation, in lower case."""


def smaller(call: Call, reproduces: Callable[[Call], bool], limit: int) -> Call:
    """Return the smallest call found that ``reproduces``, after at most ``limit`` tries."""
    tried = {call}
    improved = True
    while improved:
        improved = False
        for candidate in _candidates(call):
            if candidate in tried or size_of(candidate) >= size_of(call):
                continue
            if len(tried) > limit:
                return call
            tried.add(candidate)
            if reproduces(candidate):
                call, improved = candidate, True
                break
    return call


def _candidates(call: Call) -> Iterator[Call]:
    """Yield simpler calls, those that leave out most first."""
    if call.query:
        yield replace(call, target=call.path)
    extra = [name for name, _ in call.headers if name.lower() not in _NEEDED]
    yield from (call.with_headers(drop=tuple(names)) for names in ([extra] if len(extra) > 1 else []))
    body = _json(call)
    if body is not _INVALID:
        for value in _simpler(body):
            if octets := _as_sent(value, call.body):
                yield replace(call, body=octets)
    if call.media_type == FORM:
        pairs = call.body.decode(errors="replace")
        yield from (replace(call, body=form.encode()) for form in _simpler_pairs(pairs, quote_plus))
    yield from (call.with_headers(drop=(name,)) for name in extra)
    yield from (replace(call, target=target) for target in _simpler_targets(call))


def _json(call: Call) -> Any:
    if not call.body or not is_json(call.media_type):
        return _INVALID
    try:
        return json.loads(call.body)
    except ValueError:
        return _INVALID


def _as_sent(value: Any, sent: bytes) -> bytes | None:
    """Return JSON with what is no ASCII written as in the body that was sent; ``None`` where it can't be written so.

    An escape of half a character is JSON, its octets are not: a server that stumbles over one may not over the other.
    """
    try:
        return json.dumps(value, ensure_ascii=sent.isascii(), allow_nan=False).encode()
    except ValueError:
        return None


def _simpler_targets(call: Call) -> Iterator[str]:
    if call.query:
        yield from (
            f"{call.path}?{query}" for query in _simpler_pairs(call.query, lambda text: quote(text, safe="$,/"))
        )
    segments = call.path.split("/")
    for index, segment in enumerate(segments):
        if segment.removeprefix("-").isdecimal():
            for number in _simpler(int(segment)):
                path = "/".join([*segments[:index], str(number), *segments[index + 1 :]])
                yield f"{path}?{call.query}" if call.query else path


def _simpler_pairs(text: str, encode: Callable[[str], str]) -> Iterator[str]:
    """Yield simpler queries and forms: parts left out, then values made simpler, without any being left out."""
    parts = text.split("&")
    yield from ("&".join(kept) for kept in _fewer(parts) if kept)
    for index, part in enumerate(parts):
        name, equals, _ = part.partition("=")
        value = dict(parse_qsl(part, keep_blank_values=True)).get(unquote(name), "") if equals else ""
        for simpler in _simpler_text(value):
            yield "&".join([*parts[:index], f"{name}={encode(simpler)}", *parts[index + 1 :]])


def _simpler_text(text: str) -> Iterator[str]:
    """Yield simpler texts of the same kind: numbers stay numbers."""
    simpler = _simpler(int(text)) if text.removeprefix("-").isdecimal() and len(text) < _MOST_DIGITS else _simpler(text)
    return map(str, simpler)


_MOST_DIGITS = 40


def _simpler(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            yield from _simpler_object(value)
        case list():
            yield from _simpler_array(value)
        case bool() | None:
            return
        case str():
            yield from _simpler_string(value)
        case int():
            yield from _simpler_integer(value)
        case float():
            whole = int(value) if math.isfinite(value) else 0
            yield from (number for number in dict.fromkeys((0, whole)) if number != value)


def _fewer(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield the parts without some of them: all, half of them, a quarter, and so on, then each one."""
    size = len(parts)
    while size:
        for start in range(0, len(parts), size):
            yield [*parts[:start], *parts[start + size :]]
        size //= 2


def _simpler_object(value: dict[str, Any]) -> Iterator[Any]:
    names = sorted(value, key=lambda name: -len(json.dumps(value[name])))
    for kept in _fewer(names):
        yield {name: part for name, part in value.items() if name in kept}
    for name in names:
        for part in _simpler(value[name]):
            yield {**value, name: part}


def _simpler_array(value: list[Any]) -> Iterator[Any]:
    yield from _fewer(value)
    for index, item in enumerate(value):
        for part in _simpler(item):
            yield [*value[:index], part, *value[index + 1 :]]


def _simpler_string(value: str) -> Iterator[str]:
    """Yield shorter texts, then plainer ones of the same length."""
    step = len(value)
    while step:
        yield value[:-step]
        yield value[step:]
        step //= 2
    yield "A" * len(value)


def _simpler_integer(value: int) -> Iterator[int]:
    """Yield numbers nearer to zero: each bit cleared in turn, with all below it set.

    What was tried of a number comes up again of the smaller one that it led to, and is not tried twice; so it takes no
    more tries than there are bits to find the least number above a limit.
    """
    distance = abs(value)
    sign = 1 if value > 0 else -1
    if value < 0:
        yield distance
    if distance:
        yield 0
    for bit in reversed(range(distance.bit_length())):
        if distance >> bit & 1:
            yield sign * ((distance >> bit + 1 << bit + 1) + (1 << bit) - 1)
