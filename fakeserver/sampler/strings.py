"""Texts: dates in the documented style, seen terms, what a field means, and whatever fits length and pattern."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import STRICT

from .data.data_source import DataSource
from .data.dates import day_of, moment, style_of
from .data.patterns import UnsupportedPatternError, matching_text
from .meaning.text_rules import ValueSource, words
from .seeds import Draw, mix, pick

LENGTHS = {"minLength", "maxLength", "pattern"}
"""Keywords that say which texts are valid."""

DATES = ("date-time", "date")
"""Formats of moments."""

_DRAWS = 64
"""Texts that are tried for a length or a pattern."""

Test = Callable[[Any], bool]


def string(schema: Schema, name: str, choice: ValueSource, world: DataSource, test: Callable[[Schema], Test]) -> Draw:
    """Return the function for a ``string`` under the property ``name``; ``test`` makes the test of a schema."""
    format_name = schema.get("format", "")
    if format_name in DATES:
        return _date(choice.style, name, format_name, world)
    if format_name in ("byte", "binary"):
        return pick((b64encode(bytes(schema.get("minLength", 0))).decode(),))
    examples = tuple(text for text in schema.get("examples", ()) if isinstance(text, str))
    if LENGTHS & set(schema) or (format_name in STRICT and choice.source == "examples"):
        return _fitting(schema, examples, choice, world, test(schema))
    return world.draw(choice)


def _date(style: str, name: str, format_name: str, world: DataSource) -> Draw:
    when = moment(words(name), world.minutes_now)
    write = style_of(style) if format_name == "date-time" else day_of
    return lambda key, entity: write(when(entity, key))


def _fitting(schema: Schema, examples: tuple[str, ...], choice: ValueSource, world: DataSource, fits: Test) -> Draw:
    """Return the function for texts of a length or pattern: seen ones, else meant ones that fit, else made ones."""
    if seen := tuple(filter(fits, examples)):
        return pick(seen)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    draw = world.draw(choice)

    @cache  # most texts fit, and never ask for it
    def others() -> Draw:
        keys = [mix(number, 1) for number in range(_DRAWS)]
        made = tuple(_cut(draw(key, key), least, most) for key in keys)
        if "pattern" in schema:
            made += tuple(_by_pattern(schema["pattern"], least))
        return pick(tuple(filter(fits, made)) or made)

    def drawn(key: int, entity: int) -> str:
        text = _cut(draw(key, entity), least, most)
        return text if fits(text) else others()(key, entity)

    return drawn


def _cut(text: str, least: int, most: int | None) -> str:
    """Return a text of the wanted length, repeated or cut off."""
    while len(text) < least:
        text = f"{text} {text}" if text else " "
    return text[: max(least, most) if most is not None else None]


def _by_pattern(pattern: str, least: int) -> Iterator[str]:
    try:
        for number in range(_DRAWS):
            yield matching_text(pattern, number, least if number % 2 else 0)
    except UnsupportedPatternError:
        return
