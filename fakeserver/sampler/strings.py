"""Texts: dates in the documented style, seen terms, Faker's words, and whatever fits length and pattern."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.formats import STRICT

from .dates import moment, written
from .keys import Draw, pick
from .patterns import UnsupportedPatternError, matching
from .pools import SIZE, Pools
from .rules import provider

_BOUNDS = {"minLength", "maxLength", "pattern"}


Test = Callable[[Any], bool]


def string(schema: Schema, name: str, pools: Pools, test: Callable[[Schema], Test]) -> Draw:
    """Return the function for a ``string`` under the property ``name``; ``test`` makes the test of a schema."""
    examples = tuple(text for text in schema.get("examples", ()) if isinstance(text, str))
    format_name = schema.get("format", "")
    if format_name == "date-time":
        style = examples[0] if examples else ""
        return lambda key: written(moment(key), style)
    if format_name == "date":
        return lambda key: moment(key).date().isoformat()
    if format_name in ("byte", "binary"):
        return pick((b64encode(bytes(schema.get("minLength", 0))).decode(),))
    chosen = provider(name, format_name)
    if _BOUNDS & set(schema):
        return pick(_fitting(schema, examples, pools.get(chosen), test(schema)))
    if examples and format_name not in STRICT:
        return pick(examples)
    if seen := examples and tuple(filter(test(schema), examples)):
        return pick(seen)

    def draw(key: int) -> str:
        pool = pools.get(chosen)
        return pool[key % len(pool)]

    return draw


def _fitting(schema: Schema, examples: tuple[str, ...], pool: tuple[str, ...], fits: Test) -> tuple[str, ...]:
    """Return the texts to choose from: seen ones, else made ones that fit, else whatever was made."""
    if seen := tuple(filter(fits, examples)):
        return seen
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    made = tuple(_cut(text, least, most) for text in pool)
    if "pattern" in schema:
        made += tuple(_by_pattern(schema["pattern"], least))
    return tuple(filter(fits, made)) or made


def _cut(text: str, least: int, most: int | None) -> str:
    """Return a text of the wanted length, repeated or cut off."""
    while len(text) < least:
        text = f"{text} {text}" if text else " "
    return text[: max(least, most) if most is not None else None]


def _by_pattern(pattern: str, least: int) -> Iterator[str]:
    try:
        for number in range(SIZE):
            yield matching(pattern, number, least if number % 2 else 0)
    except UnsupportedPatternError:
        return
