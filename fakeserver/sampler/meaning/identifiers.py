"""Identifiers as texts: the id of the entity of each number, in the shape of the documented example, pattern or format.

Two numbers never have the same id, as far as the shape has room for them; number 1 has the documented example.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from docdouble.schemas import Contract, Schema
from docdouble.schemas.jsonschema.documented_values import documented_values
from docdouble.schemas.words import words_of

from ..data.patterns import UnsupportedPatternError, matching_text
from ..data.shaped_texts import Numbered, filled_shape
from ..data.vocabulary import TEXTS
from ..seeds import mix
from ..shapes import value_test

_NO_CONTRACT = Contract("", "", ())
_OPAQUE = "q7d2m9xk4t"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COUNTED = re.compile(r"(?P<before>|[A-Za-z]{1,6}|.*[^0-9A-Za-z])(?P<digits>\d{1,9})")
_WORDS = re.compile(r"[a-z]{2,}([-_][a-z]{2,})*")
_TRIED = (1, 2, 3, 25, 200)
"""Numbers whose ids have to fit the schema before a shape is believed."""

_ENOUGH = 128
"""Ids that a shape has room for, so that those of entities that callers create are in it, too."""

_LONG = 10
"""The least length of ids that a pattern describes, where it allows that."""


def id_texts(schema: Schema, name: str, seed: int = 0) -> Numbered:
    """Return the function for the ids of a text property, by its merged schema and its name.

    Where nothing is documented they are letters and digits, or words for a name such as ``slug``. Where the best
    documented shape has room for few ids, the later ones have another.
    """
    fits, small = _test(schema), None
    for texts in _candidates(schema, name, seed):
        if all(fits(texts(number)) for number in _TRIED):
            if _room(texts) == _ENOUGH:
                return _continued(small, texts) if small else texts
            small = small or texts
    return small or shaped(_OPAQUE)


def _room(texts: Numbered) -> int:
    """Return how many numbers, from 1 on, have ids that differ; no more than are looked for."""
    made: set[str] = set()
    for number in range(1, _ENOUGH + 1):
        made.add(texts(number))
        if len(made) < number:
            return number - 1
    return _ENOUGH


def _continued(texts: Numbered, others: Numbered) -> Numbered:
    room = _room(texts)
    return lambda number: texts(number) if number <= room else others(number)


def _candidates(schema: Schema, name: str, seed: int) -> Iterator[Numbered]:
    """Yield functions for ids, the best documented first."""
    for example in documented_values(schema):
        if isinstance(example, str) and example:
            yield shaped(example, seed)
    spoken = words_of(name)
    if schema.get("format") == "uuid" or {"uuid", "guid"} & set(spoken):
        yield _uuids(seed)
    if schema.get("format") in ("email", "idn-email"):
        yield lambda number: f"member{number}@example.com"
    if schema.get("format") in ("uri", "url", "iri"):
        yield lambda number: f"https://example.com/{number}"
    if {"slug", "name", "handle", "username", "login"} & set(spoken[-1:]):
        yield _slugs(1, "-")
    least, most = schema.get("minLength", 1), schema.get("maxLength", 64)
    opaque = filled_shape(_OPAQUE)(1 + mix(seed, 1)) if seed else _OPAQUE
    yield shaped(opaque)
    if "pattern" in schema:
        yield from _by_pattern(schema["pattern"], min(most, max(least, _LONG)), least)
    yield shaped((opaque * (1 + least // len(opaque)))[: max(least, min(most, len(opaque)))])


def shaped(example: str, seed: int = 0) -> Numbered:
    """Return the function for ids that look like an example, which is that of number 1."""
    if _UUID.fullmatch(example):
        made, write = _uuids(seed), (str.upper if example.upper() == example else str)
        return lambda number: example if number == 1 else write(made(number))
    if match := _COUNTED.fullmatch(example):
        before, digits = match["before"], match["digits"]
        return lambda number: f"{before}{int(digits) + number - 1:0{len(digits)}}"
    if _WORDS.fullmatch(example):
        between = "_" if "_" in example else "-"
        slugs = _slugs(len(re.split("[-_]", example)), between, example)
        return lambda number: example if number == 1 else slugs(number)
    return filled_shape(example)


def _uuids(seed: int) -> Numbered:
    """Return the function for random UUIDs (RFC 9562, version 4)."""
    return lambda number: str(UUID(bytes=blake2b(f"{seed} {number}".encode(), digest_size=16).digest(), version=4))


@cache
def _slug_words() -> tuple[str, ...]:
    words = (word for text in (*TEXTS["label"], *TEXTS["product"]) for word in re.findall("[a-z]+", text.lower()))
    return tuple(dict.fromkeys(word for word in words if len(word) > 2))


def _slugs(count: int, between: str, taken: str = "") -> Numbered:
    """Return the function for ids of so many words, the later ones with a number."""

    def text(number: int) -> str:
        known = _slug_words()
        lap, place = divmod(number - 1, len(known))
        chosen = [known[(place + step * 11 * (lap + 1)) % len(known)] for step in range(count)]
        made = between.join([*chosen, *([str(lap + 1)] if lap else [])])
        return f"{made}{between}{number}" if made == taken else made

    return text


def _by_pattern(pattern: str, usual: int, least: int) -> Iterator[Numbered]:
    """Yield the function for the shape of a text that matches, and for texts that match by chance."""
    try:
        examples = [matching_text(pattern, 1, length) for length in (usual, least)]
    except UnsupportedPatternError:
        return
    yield from map(filled_shape, examples)
    yield lambda number: matching_text(pattern, number, least)


def _test(schema: Schema) -> Callable[[Any], bool]:
    """Return the test of what a schema itself says of texts."""
    own: Schema = {word: schema[word] for word in ("minLength", "maxLength", "pattern", "format") if word in schema}
    return value_test(own, _NO_CONTRACT)
