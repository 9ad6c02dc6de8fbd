"""Documented values of schemas: the examples and the default that their author gives, the first choice of data.

The ``examples`` of pages are not among them: those are texts that samples showed, kept beside their kinds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from docdouble.schemas import Schema
from docdouble.schemas.pages.text_kinds import KINDS

from ..seeds import is_number_of_one

DocumentedChoice = Literal["first", "any", "varied"]
"""Which documented value is drawn: the first; one for each entity; or another one that is like it, unless there are
several. What stands first in an array, and what stands alone, shows the first."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})
"""Defaults that say nothing of what data looks like."""


def documented_values(schema: Schema) -> tuple[Any, ...]:
    """Return the examples of a schema, and after them its default, without what the schema is composed of."""
    examples = [] if KINDS in schema else list(_examples(schema))
    default = schema.get("default")
    return (*examples, *([default] if "default" in schema and default not in _EMPTY else []))


def _examples(schema: Schema) -> Iterator[Any]:
    for word in ("example", "x-example"):
        if word in schema:
            yield schema[word]
    for word in ("examples", "x-examples"):
        listed = schema.get(word, ())
        if isinstance(listed, dict):  # as Media Type Objects and some editors write them, by name
            yield from (one["value"] if isinstance(one, dict) and "value" in one else one for one in listed.values())
        elif isinstance(listed, list):
            yield from listed


def example_members(values: Iterable[Any], name: str) -> tuple[Any, ...]:
    """Return what examples of an object show of a property."""
    return tuple(value[name] for value in values if isinstance(value, dict) and name in value)


def example_items(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return the items of examples of an array."""
    return tuple(item for value in values if isinstance(value, list) for item in value)


@dataclass(frozen=True, slots=True)
class DocumentedDraw:
    """The function for documented values (a ``Draw``): which of several is shown depends on the entity."""

    values: tuple[Any, ...]

    def __call__(self, key: int, entity: int) -> Any:
        """Return a value; those of one entity are of one example."""
        return self.values[entity % len(self.values)]


def documented_ids(values: Iterable[Any], name: str) -> tuple[int, ...]:
    """Return the ids that examples of an entity show under the name of its key."""
    return tuple(filter(is_number_of_one, example_members(values, name)))
