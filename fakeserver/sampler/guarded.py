"""Guarding of values that fit their schema only by chance: each is tested, and drawn again within a bound."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from docdouble.schemas import Schema

from .bounds import MOST_TESTED
from .narrow import BOUNDS, constrains, is_never
from .no_value import NoValueError
from .object_sampler import KnownProperties, draw_known
from .seeds import Draw, mix

TRIES = 60
"""Draws per value; after so many that don't fit, there is none."""

TRIED = 8
"""Values that tell how likely others fit."""

Test = Callable[[Any], bool]


class DrawBudget(threading.local):
    """The tested draws that are left to the value that a thread makes; ``depth`` counts the values around a part."""

    left: int = MOST_TESTED
    depth: int = 0

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Make a value, or find out how, with a budget of its own unless it is a part of another."""
        if not self.depth:
            self.left = MOST_TESTED
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def spend(self, weight: int = 1) -> None:
        """Count a draw, a large value as several; raises ``NoValueError`` where none is left."""
        self.left -= weight
        if self.left < 0:
            raise NoValueError(f"no value was found within {MOST_TESTED:,} draws")


def drawn_values(draw: Draw, count: int = TRIED, spend: Callable[[], None] = lambda: None) -> Iterator[Any]:
    """Yield the values of a function for a few keys, as far as there are any; ``spend`` counts them."""
    for key in (mix(number, 1) for number in range(count)):
        try:
            spend()
            yield draw(key, key)
        except NoValueError:
            return


class Guarded:
    """The function for values of one of several draws that fit (a ``Draw``); raises ``NoValueError`` without any."""

    def __init__(
        self, draws: tuple[Draw, ...], fits: Test, error: NoValueError, budget: DrawBudget, weight: int
    ) -> None:
        self._draws = draws
        self._budget = budget
        self._weight = weight
        self._fits = fits
        self._message = str(error)
        self._failed = 0

    def __call__(self, key: int, entity: int) -> Any:
        """Return the value of a key: the first of its draws that fits."""
        return self.draw_known(key, entity, {})

    def draw_known(self, key: int, entity: int, known: KnownProperties) -> Any:
        """Return a value with what is known of it, as far as one with that fits: else with the ids alone."""
        ids = {name: value for name, value in known.items() if name.endswith("id")}
        with self._budget.spending():
            for beforehand in (known, ids, {}) if known else ({},):
                for value in self._tried(key, entity, beforehand):
                    if self._fits(value):
                        self._failed = 0
                        return value
        self._failed += 1
        raise NoValueError(self._message)

    def _tried(self, key: int, entity: int, known: KnownProperties) -> Iterator[Any]:
        """Yield values: at first of the entity itself, then of others; few after several keys without any."""
        count, tries = len(self._draws), TRIES >> min(self._failed, 5)
        impossible = 0
        for attempt in range(tries):
            mixed = mix(key, attempt) if attempt else key
            about = entity if attempt < TRIES // 2 else mixed
            self._budget.spend(self._weight)
            try:
                yield draw_known(self._draws[(key + attempt) % count], mixed, about, known)
            except NoValueError:
                impossible += 1
                if impossible == count:  # a part has been drawn often enough
                    return


_CERTAIN = frozenset(
    {
        *("type", "enum", "const", "$ref", "anyOf", "oneOf", "format", "minLength", "maxLength", "pattern"),
        *("contentEncoding", "contentMediaType", "contentSchema", "properties", "required", "additionalProperties"),
        *("items", "prefixItems", "minItems", "maxItems", "uniqueItems", *BOUNDS),
    }
)
"""Keywords that the functions of the types keep to."""


def is_certain(schema: Schema) -> bool:
    """Tell whether the values that are drawn for a merged schema fit it by construction, if all of their parts do."""
    names = schema.get("propertyNames", True)
    words = (word for word in schema if word not in _CERTAIN and constrains({word: True}))
    return all(word == "propertyNames" and not constrains(names) and names is not False for word in words)


def own_test(schema: Schema) -> Schema:
    """Return what there is to test of a value whose parts fit: nothing of the parts of a schema that isn't merged."""
    if "allOf" in schema or "$ref" in schema:
        return schema
    return {word: _opened(word, part) for word, part in schema.items()}


def _opened(word: str, part: Any) -> Any:
    """Return the value of a keyword with each schema of a part as ``true``, or ``false`` where there is no value."""
    if word in ("properties", "patternProperties"):
        return {name: not is_never(inner) for name, inner in part.items()}
    if word == "prefixItems":
        return [not is_never(inner) for inner in part]
    return not is_never(part) if word in ("items", "additionalProperties") else part
