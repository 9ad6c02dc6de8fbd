"""Schemas for which no value is found within a bounded number of draws."""

from collections.abc import Mapping
from typing import Any

from docdouble.schemas import DocdoubleError, Schema

from .bounds import MOST_CHARACTERS, MOST_PLACES, MOST_PROPERTIES, MOST_VALUES
from .meaning.string_meaning import SchemaPosition
from .narrow import constrains

_SHOWN = 6
"""More keywords of a schema are not named."""


class NoValueError(DocdoubleError, ValueError):
    """A schema that no drawn value fits; the message names where it stands, and its keywords."""


def no_value(schema: Any, owner: str = "", name: str = "") -> NoValueError:
    """Return the error for a schema under a property ``name`` of the named type ``owner``; both may be empty."""
    place = _place(owner, name)
    keywords = [word for word in schema if constrains({word: True})] if isinstance(schema, Mapping) else ["false"]
    words = ", ".join(keywords[:_SHOWN]) + (" and more" if len(keywords) > _SHOWN else "")
    return NoValueError(f"no value was found that fits {place}: {words}")


def _place(owner: str, name: str) -> str:
    return " of ".join(filter(None, (f"the property {name}" if name else "", owner.strip()))) or "the schema"


def too_large(schema: Schema, position: SchemaPosition) -> NoValueError:
    """Return the error for a schema whose values are all too large, where it stands."""
    place = _place(position.owner, position.name)
    for keyword, most, what in _BOUNDS:
        if schema.get(keyword, 0) > most:
            return NoValueError(f"{place} asks for more than {most:,} {what} ({keyword}): no value is made")
    if len(schema.get("required", ())) > MOST_PROPERTIES:
        return NoValueError(f"{place} asks for more than {MOST_PROPERTIES:,} properties (required): no value is made")
    return NoValueError(f"{place} asks for more than {MOST_VALUES:,} values: no value is made")


_BOUNDS = (
    ("minLength", MOST_CHARACTERS, "characters"),
    ("minItems", MOST_VALUES, "values"),
    ("minProperties", MOST_PROPERTIES, "properties"),
    ("minContains", MOST_PLACES, "values"),
)


class Impossible:
    """The function for a schema that no value fits (a ``Draw``): it raises ``NoValueError``."""

    def __init__(self, error: NoValueError) -> None:
        self._message = str(error)

    def __call__(self, key: int, entity: int) -> Any:
        """Raise the error."""
        raise NoValueError(self._message)


def impossible(schema: Any, position: SchemaPosition) -> Impossible:
    """Return the function for a schema that no value fits, where it stands."""
    return Impossible(no_value(schema, position.owner, position.name))
