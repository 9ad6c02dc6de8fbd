"""Schemas for which no value is found within a bounded number of draws."""

from collections.abc import Mapping
from typing import Any

from docdouble.schemas import DocdoubleError

from .meaning.string_meaning import SchemaPosition
from .narrow import constrains

_SHOWN = 6
"""More keywords of a schema are not named."""


class NoValueError(DocdoubleError, ValueError):
    """A schema that no drawn value fits; the message names where it stands, and its keywords."""


def no_value(schema: Any, owner: str = "", name: str = "") -> NoValueError:
    """Return the error for a schema under a property ``name`` of the named type ``owner``; both may be empty."""
    place = " of ".join(filter(None, (f"the property {name}" if name else "", owner.strip()))) or "the schema"
    keywords = [word for word in schema if constrains({word: True})] if isinstance(schema, Mapping) else ["false"]
    words = ", ".join(keywords[:_SHOWN]) + (" and more" if len(keywords) > _SHOWN else "")
    return NoValueError(f"no value was found that fits {place}: {words}")


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
