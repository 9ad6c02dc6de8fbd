"""Choice of documented values: which of the examples and defaults of a schema is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from ..seeds import is_number_of_one

DocumentedChoice = Literal["first", "any", "varied"]
"""Choice of a documented value: the first; one for each entity; or another one that is like it, unless there are
several. What stands first in an array, and what stands alone, shows the first."""


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
