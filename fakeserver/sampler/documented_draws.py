"""Documented values as draws: which of the examples and defaults of a schema are shown at a position."""

from dataclasses import replace
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.documented_values import documented_values

from .meaning.documented_choice import DocumentedChoice, DocumentedDraw
from .meaning.string_meaning import SchemaPosition
from .sampler_context import SamplerContext


def documented_by(schema: Schema, merged: Schema, position: SchemaPosition) -> SchemaPosition:
    """Return the position with the documented values of its schema, which follow those of what is around it.

    What an example of the whole shows is not mixed with other examples of a part that is an object.
    """
    if any(isinstance(value, dict) for value in position.documented):
        return position
    values = documented_values(schema) or documented_values(merged)
    return replace(position, documented=(*position.documented, *values)) if values else position


def documented_draw(schema: Schema, position: SchemaPosition, context: SamplerContext) -> DocumentedDraw | None:
    """Return the function for the documented values that fit a merged schema.

    It is ``None`` where none fits, and where the only one is to be varied.
    """
    if not position.documented:
        return None
    values = tuple(filter(context.test(schema), position.documented))
    if position.choice == "first":
        values = values[:1]
    elif position.choice == "varied" and len(values) < 2:
        return None
    return DocumentedDraw(values) if values else None


def shows_documented(schema: Any, position: SchemaPosition) -> bool:
    """Tell whether a property shows the first of its documented values."""
    is_first = position.choice == "first" and isinstance(schema, dict)
    return is_first and bool(position.documented or documented_values(schema))


def later_choice(choice: DocumentedChoice) -> DocumentedChoice:
    """Return which documented value is drawn for the later items of an array, by that for the first."""
    return "varied" if choice == "first" else choice
