"""Broken values: valid ones, changed at random so that they break their schema at one place or at several.

Some of them are valid all the same, such as a number that a schema doesn't bound: ask before relying on it.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from .fields import kind_of_values

_ABSENT = object()

_COUNTS = (1, 1, 1, 2, 3)
"""Numbers of breaks in a value, each as likely as it stands here often."""

_LEFT_OUT = 0.5
"""The share of breaks of required properties that leave them out."""

_MOST_PLACES = 200
"""Places of a value that are looked at."""

_LONG = 1_000
"""Characters of a long text, and digits of a long number."""

_LARGE = 1e300
"""Numbers from here on can't have a fraction added."""

_SYNTAX_SHARE = 10
"""One in so many bodies is no JSON."""

_TEXTS = ("", " ", "\x00", "null", "true", "-1", "1e400", "NaN", "0x1F", "١٢", "a\r\nb", "../..", "'\"<>&%;", "😀")
_NUMBERS = (0, -1, 1.5, -0.0, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, -(2**63) - 1, 1e308, 5e-324, 10**30)
_PLAIN_TEXTS = (
    "",
    " ",
    "null",
    "true",
    "-1",
    "1.5",
    "NaN",
    "0x1F",
    "١٢",
    "2147483648",
    "a,b",
    "[]",
    "{}",
    "'\"<>&;",
)
"""Texts of parameters, which hold numbers and flags as well."""


def broken_value(value: Any, schema: Schema, random: Random) -> Any:
    """Return a value with breaks of its schema at random places."""
    for _ in range(random.choice(_COUNTS)):
        place = random.choice(list(_places(value, schema)))
        is_left_out = place.is_required and random.random() < _LEFT_OUT
        value = _replaced(value, place.steps, _ABSENT if is_left_out else _wrong(place.value, place.schema, random))
    return value


def broken_parameters(values: Mapping[str, Any], schemas: Mapping[str, Schema], random: Random) -> dict[str, Any]:
    """Return parameters of a path or a query of which one is another text, or breaks its schema."""
    if not values:
        return {}
    name = random.choice(list(values))
    kind = kind_of_values(schemas.get(name, {}))
    if kind == "array" and isinstance(values[name], list) and random.random() < 0.5:
        return {**values, name: broken_value(values[name], schemas[name], random)}
    return {**values, name: random.choice(_PLAIN_TEXTS) or " "}


def broken_text(body: bytes, random: Random) -> bytes:
    """Return the octets of a body, or others, broken off or with some that don't belong there."""
    start, end = sorted(random.randrange(len(body) + 1) for _ in range(2))
    junk = random.choice(
        (random.randbytes(random.randint(1, 20)), b"\xff\xfe", b'"', b"{", b"]", b",", b"\x00", b"\\u12")
    )
    return random.choice((body[:end], junk, body[:start] + junk + body[end:], body + junk, body[start:]))


def is_no_json(random: Random) -> bool:
    """Tell whether the next body is to be no JSON at all."""
    return random.randrange(_SYNTAX_SHARE) == 0


class _Place(NamedTuple):
    """A part of a value: the steps that lead there, its schema, and whether it is required where it stands."""

    steps: tuple[str | int, ...]
    value: Any
    schema: Schema
    is_required: bool = False


def _places(value: Any, schema: Schema) -> Iterator[_Place]:
    """Yield the parts of a value, those nearest to the root first."""
    waiting = deque([_Place((), value, _meant(schema))])
    for _ in range(_MOST_PLACES):
        if not waiting:
            return
        place = waiting.popleft()
        yield place
        steps, documented = place.steps, place.schema
        if isinstance(place.value, dict):
            properties, rest = documented.get("properties", {}), documented.get("additionalProperties")
            for name, part in place.value.items():
                is_required = name in documented.get("required", ())
                waiting.append(_Place((*steps, name), part, _meant(properties.get(name, rest)), is_required))
        elif isinstance(place.value, list):
            items = _meant(documented.get("items"))
            waiting += [_Place((*steps, number), part, items) for number, part in enumerate(place.value)]


def _meant(schema: Any) -> Schema:
    """Return a schema without the alternative null."""
    if not isinstance(schema, dict):
        return {}
    branches = [
        branch for branch in schema.get("anyOf", ()) if isinstance(branch, dict) and branch.get("type") != "null"
    ]
    return _meant(branches[0]) if len(branches) == 1 else schema


def _replaced(value: Any, steps: tuple[str | int, ...], new: Any) -> Any:
    """Return a value with another part, or without it."""
    if not steps:
        return new
    parts = dict(value.items() if isinstance(value, dict) else enumerate(value))
    parts[steps[0]] = _replaced(parts[steps[0]], steps[1:], new)
    kept = {step: part for step, part in parts.items() if part is not _ABSENT}
    return kept if isinstance(value, dict) else list(kept.values())


def _wrong(value: Any, schema: Schema, random: Random) -> Any:
    """Return a value near another one, or one of another type."""
    near = list(_near(value, schema, random))
    return random.choice(near) if near and random.random() < 0.5 else _of_another_type(value, random)


def _near(value: Any, schema: Schema, random: Random) -> Iterator[Any]:
    """Yield values of the same type that may break a rule of a schema."""
    if isinstance(value, str):
        yield from _texts_near(value, schema, random)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high = INTEGER_RANGES.get(str(schema.get("format", "")), (None, None))
        bounds = (schema.get("minimum", low), schema.get("maximum", high))
        yield from (
            bound + sign * 10 ** random.randint(0, 6)
            for bound, sign in zip(bounds, (-1, 1), strict=True)
            if bound is not None
        )
        yield from (-value, random.choice(_NUMBERS))
        if abs(value) < _LARGE:
            yield value + random.random()
    elif isinstance(value, list):
        yield value * random.randint(2, 5)
        yield [*value, any_value(random)]
        yield value[: random.randint(0, len(value))]
    elif isinstance(value, dict):
        yield {**value, _name(random): any_value(random)}
        if value:
            name = random.choice(list(value))
            yield {(name.swapcase() if key == name else key): part for key, part in value.items()}
            yield {(f" {name}" if key == name else key): part for key, part in value.items()}


def _texts_near(value: str, schema: Schema, random: Random) -> Iterator[str]:
    """Yield texts near another one; of one that has a format only such as are plainly not of it.

    What nearly is one, such as an e-mail address with an emoji, servers take as their own readers of it do.
    """
    if "format" not in schema or "pattern" in schema:
        place = random.randint(0, len(value))
        yield value[:place] + random.choice(_TEXTS) + value[place:]
        yield value[:place]
        yield value.swapcase()
    yield "x" * (schema.get("maxLength", _LONG) + random.randint(1, 10))
    yield "x" * max(schema.get("minLength", 0) - random.randint(1, 10), 0)


def _of_another_type(value: Any, random: Random) -> Any:
    others = [other for other in (any_value(random) for _ in range(4)) if type(other) is not type(value)]
    return others[0] if others else None


def any_value(random: Random, depth: int = 0) -> Any:
    """Return any JSON value."""
    kind = random.randrange(5 if depth > 1 else 7)
    match kind:
        case 0:
            return None
        case 1:
            return random.random() < 0.5
        case 2:
            return random.choice((*_NUMBERS, random.randint(-(10**6), 10**6)))
        case 3 | 4:
            return random.choice((*_TEXTS, _name(random), "x" * _LONG))
        case 5:
            return [any_value(random, depth + 1) for _ in range(random.randint(0, 3))]
    return {_name(random): any_value(random, depth + 1) for _ in range(random.randint(0, 3))}


def _name(random: Random) -> str:
    return "".join(
        chr(random.choice((random.randint(0x20, 0x7E), random.randint(0xA1, 0xD7FF))))
        for _ in range(random.randint(1, 8))
    )
