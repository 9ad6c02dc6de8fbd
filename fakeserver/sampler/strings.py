"""Texts: dates in the documented style, seen terms, what a field means, and what fits format, length and pattern."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import STRICT
from docdouble.schemas.jsonschema.text_kinds import KINDS

from .data.data_source import DataSource
from .data.formatted_texts import MAKERS, formatted
from .data.patterns import UnsupportedPatternError, matching_text
from .meaning.text_rules import FORMATS, ValueSource
from .no_value import Impossible, no_value
from .seeds import Draw, mix, pick
from .text_draws import date_draw, draw_of, fitting_source

LENGTHS = {"minLength", "maxLength", "pattern"}
"""Keywords that say which texts are valid."""

DATES = ("date-time", "date")
"""Formats of moments."""

OCTETS = ("byte", "binary")
"""Formats of octets, which are none unless a length is asked for."""

_DRAWS = 64
"""Texts that are tried for a format, a length or a pattern."""

_MORE_DRAWS = 2000
"""Texts of a format that are tried where none of the others fits a pattern."""

_MOST_TRIED = 500_000
"""Characters of all texts that are tried, beyond the first two."""

Test = Callable[[Any], bool]


def string(schema: Schema, name: str, choice: ValueSource, world: DataSource, test: Callable[[Schema], Test]) -> Draw:
    """Return the function for a ``string`` under the property ``name``; ``test`` makes the test of a schema."""
    format_name = schema.get("format", "")
    if schema.get("contentEncoding") == "base64" and not format_name:
        format_name = "byte"
    is_free = not LENGTHS & set(schema)
    if format_name in DATES:
        draw = date_draw(choice.style, name, format_name, world)
    elif format_name in OCTETS:
        draw = pick((b64encode(bytes(schema.get("minLength", 0))).decode(),))
    elif format_name in MAKERS and format_name not in FORMATS:
        draw = pick(tuple(_formatted(format_name, 0, _DRAWS)))
    else:
        draw = draw_of(fitting_source(choice, schema, name, world, test(schema)), schema, name, world)
        is_free = is_free and format_name not in STRICT
    return draw if is_free else _fitting(schema, format_name, draw, test(schema))


def _fitting(schema: Schema, format_name: str, draw: Draw, fits: Test) -> Draw:
    """Return the function for texts of a format, length or pattern: seen ones, else meant ones that fit, else made."""
    examples = (text for text in schema.get("examples", ()) if isinstance(text, str) and KINDS in schema)
    if seen := tuple(filter(fits, examples)):
        return pick(seen)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    strict = STRICT.get(format_name)

    def is_exact(text: str) -> bool:  # a moment without its last letters is nearly one
        return fits(text) and (strict is None or strict(text))

    @cache  # most texts fit, and never ask for it
    def others() -> Draw:
        cut = (_cut(draw(key, key), least, most) for key in (mix(number, 1) for number in _tries(_DRAWS, least)))
        matching = [*pattern_texts(schema.get("pattern", ""), least)]
        formatted_texts = [*_formatted(format_name, least, _DRAWS)]
        made = [*cut, *formatted_texts, *matching, *(_cut(text, least, most) for text in matching)]
        made += map("".join, zip(matching, formatted_texts, strict=False))
        fitting = tuple(filter(is_exact, made)) or tuple(filter(fits, made))
        fitting = fitting or tuple(filter(fits, _formatted(format_name, least, _MORE_DRAWS)))
        return pick(fitting) if fitting else Impossible(no_value(schema))

    def drawn(key: int, entity: int) -> str:
        text: str = draw(key, entity)
        if fits(text):
            return text
        cut = _cut(text, least, most)
        return cut if is_exact(cut) else others()(key, entity)

    return drawn


def _tries(count: int, least: int) -> range:
    """Return the numbers of the texts that are tried: fewer of long ones."""
    return range(max(2, min(count, _MOST_TRIED // max(1, least))))


def _cut(text: str, least: int, most: int | None) -> str:
    """Return a text of the wanted length, repeated or cut off."""
    text = text or " "
    text = " ".join([text] * -(-least // (len(text) + 1) or 1)) if len(text) < least else text
    return text.ljust(least)[: max(least, most) if most is not None else None]


def _formatted(format_name: str, least: int, count: int) -> Iterator[str]:
    texts = (formatted(format_name, number, least) for number in _tries(count, least))
    return (text for text in texts if text is not None)


def texts_from(schema: Schema, first: int) -> Iterator[str]:
    """Yield texts of which some are likely to fit the pattern, else the format of a schema, others from each number."""
    least = schema.get("minLength", 0)
    yield from pattern_texts(schema.get("pattern", ""), least, first)
    numbers = (first + number for number in _tries(_DRAWS, least))
    yield from filter(None, (formatted(schema.get("format", ""), number, least) for number in numbers))


def pattern_texts(pattern: str, least: int = 0, first: int = 0) -> Iterator[str]:
    """Yield texts of which some are likely to match a pattern; none where it can't be read, or is empty.

    Texts of another ``first`` number are others.
    """
    if not pattern:
        return
    try:
        for number in _tries(_DRAWS, least):
            yield matching_text(pattern, first + number, least if number % 2 else 0)
        for number in _tries(_DRAWS, least) if "(?=" in pattern else ():
            yield matching_text(pattern, first + number, least, "put over" if number % 2 else "written")
    except UnsupportedPatternError:
        return
