"""Draws of texts: the source whose texts fit the schema and look like the documented example, and its function."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from docdouble.schemas import Schema

from .data.data_source import DataSource
from .data.dates import day_of, moment, role_of, style_of, undocumented_style
from .data.locales import LOCALE_TEXTS
from .meaning.api_texts import ID, IMAGE, NAMED_MOMENTS, UNKNOWN, is_alike, is_code
from .meaning.identifiers import id_texts
from .meaning.text_rules import ValueSource, words
from .seeds import Draw, mix

_TRIED_KEYS = tuple(mix(number, 1) for number in range(8))
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONG_CODE = 3
_LONG_URL = 120
_MOST_IDS = 9_973
"""So many ids of entities are made up: few enough for four digits."""


def fitting_source(
    choice: ValueSource, schema: Schema, name: str, world: DataSource, fits: Callable[[Any], bool]
) -> ValueSource:
    """Return the first of the sources of a choice whose texts fit a schema and look like the documented example.

    Without one, texts are the example with other letters and digits where it is a code, else the example itself.
    """
    if choice.like and not fits(choice.like):
        choice = replace(choice, like="")
    if not choice.others and not choice.like:
        return choice
    sources = (choice.source, *choice.others)
    if choice.source == IMAGE and ("pattern" in schema or schema.get("maxLength", _LONG_URL) < _LONG_URL):
        sources = ("url",)  # where an image is, is only known when it is sent
    if choice.like and (choice.source in LOCALE_TEXTS or choice.source == UNKNOWN or _is_pattern_of_code(choice)):
        sources = ()  # of one country, currency and language; what the example shows is known better
    for source in sources:
        candidate = replace(choice, source=source, others=())
        draw = draw_of(candidate, schema, name, world)
        texts = [draw(key, key) for key in _TRIED_KEYS]
        is_meant = source in (ID, *NAMED_MOMENTS) or not choice.like
        if schema.get("maxLength", _LONG_CODE + 1) <= _LONG_CODE:
            texts = [text if text.isascii() else "" for text in texts]  # names of countries may be short, too
        if (
            sum(bool(text) and fits(text) and (is_meant or is_alike(text, choice.like)) for text in texts)
            > len(texts) // 2
        ):
            return candidate
    if not choice.like:
        return replace(choice, others=())
    if is_code(choice.like) and choice.source not in LOCALE_TEXTS:
        return replace(choice, source=f"like:{choice.like}", why="the shape of its example", others=())
    return replace(choice, source="example", why="the documentation shows it", values=(choice.like,), others=())


def _is_pattern_of_code(choice: ValueSource) -> bool:
    return choice.source.startswith(("numerify:", "bothify:")) and is_code(choice.like)


def draw_of(choice: ValueSource, schema: Schema, name: str, world: DataSource) -> Draw:
    """Return the function for the texts of a source, which may depend on the schema and the name of the property."""
    if choice.source == ID and not choice.values:
        texts = id_texts({**schema, "examples": [choice.like]} if choice.like else schema, name)
        return lambda key, entity: texts(1 + key % _MOST_IDS)
    if choice.source in NAMED_MOMENTS and not choice.values:
        format_name = "date" if _DAY.fullmatch(choice.like) else NAMED_MOMENTS[choice.source]
        return date_draw(choice.like, name, format_name, world)
    return world.draw(choice)


def date_draw(style: str, name: str, format_name: str, world: DataSource) -> Draw:
    """Return the function for the moment that a property's name tells of; a moment is written like ``style``."""
    when = moment(words(name), world.minutes_now, of_days=format_name == "date")
    if not style and format_name == "date-time":
        stamp = undocumented_style(role_of(words(name)))
        return lambda key, entity: stamp(when(entity, key), entity)
    write = style_of(style) if format_name == "date-time" else day_of
    return lambda key, entity: write(when(entity, key))
