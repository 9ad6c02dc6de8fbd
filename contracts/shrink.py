"""A call that shows a finding → a smaller one that shows it, too.

Greedy and deterministic: parts of the query and of a JSON body are left out, and what remains is made simpler, one
place at a time, until nothing smaller shows the finding or enough was tried. The call itself is where it starts from,
so what is found never gets lost.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from docdouble.schemas import Call
from docdouble.schemas.message import is_json

Size = tuple[int, bytes, str]

_INVALID = object()


def size_of(call: Call) -> Size:
    """Order calls: the shorter first, then the smaller."""
    length = len(call.body) + len(call.target) + sum(len(name) + len(value) for name, value in call.headers)
    return length, call.body, call.target


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
    body = _json(call)
    if call.query:
        yield replace(call, target=call.path)
    if body is not _INVALID:
        for value in _simpler(body):
            yield replace(call, body=json.dumps(value, ensure_ascii=False).encode())
    for target in _simpler_targets(call):
        yield replace(call, target=target)


def _json(call: Call) -> Any:
    if not call.body or not is_json(call.media_type):
        return _INVALID
    try:
        return json.loads(call.body)
    except ValueError:
        return _INVALID


def _simpler_targets(call: Call) -> Iterator[str]:
    parts = call.query.split("&") if call.query else []
    for index in range(len(parts) if len(parts) > 1 else 0):
        yield f"{call.path}?{'&'.join(parts[:index] + parts[index + 1 :])}"
    segments = call.path.split("/")
    for index, segment in enumerate(segments):
        if segment.removeprefix("-").isdecimal():
            for number in _simpler(int(segment)):
                path = "/".join([*segments[:index], str(number), *segments[index + 1 :]])
                yield f"{path}?{call.query}" if call.query else path


def _simpler(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            yield from _simpler_object(value)
        case list():
            yield from _simpler_array(value)
        case bool() | None:
            return
        case str():
            yield from (text for text in ("", value[: len(value) // 2], value[:-1]) if text != value)
        case int():
            yield from _simpler_integer(value)
        case float():
            yield from (0, int(value))


def _simpler_object(value: dict[str, Any]) -> Iterator[Any]:
    if value:
        yield {}
    names = sorted(value, key=lambda name: -len(json.dumps(value[name])))
    half = len(names) // 2
    for kept in (names[half:], names[:half]) if half else ():
        yield {name: part for name, part in value.items() if name in kept}
    for gone in names:
        yield {name: part for name, part in value.items() if name != gone}
    for name in names:
        for part in _simpler(value[name]):
            yield {**value, name: part}


def _simpler_array(value: list[Any]) -> Iterator[Any]:
    if value:
        yield []
    for index in range(len(value) if len(value) > 1 else 0):
        yield value[:index] + value[index + 1 :]
    for index, item in enumerate(value):
        for part in _simpler(item):
            yield [*value[:index], part, *value[index + 1 :]]


def _simpler_integer(value: int) -> Iterator[int]:
    """Yield numbers nearer to zero: far ones first, so that few tries find the smallest that will do."""
    distance = abs(value)
    sign = 1 if value > 0 else -1
    if value < 0:
        yield distance
    step = distance
    while step:
        yield sign * (distance - step)
        step //= 2
