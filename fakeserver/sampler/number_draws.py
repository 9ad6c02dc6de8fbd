"""Draws of numbers: Unix times, coordinates of places, figures that a name or an example tells, else small numbers."""

from docdouble.schemas import Schema

from .data.dates import unix_time
from .guarded import TRIED
from .meaning.string_meaning import SchemaPosition
from .meaning.text_rules import words
from .narrow import BOUNDS
from .no_value import no_value
from .numbers import exact_test, number
from .sampler_context import SamplerContext
from .seeds import Draw


def number_draw(schema: Schema, kind: str, position: SchemaPosition, context: SamplerContext) -> Draw:
    """Return the function for an ``integer`` or a ``number`` at a position."""
    meant = _meant(schema, kind, position, context)
    if BOUNDS.isdisjoint(schema):
        return meant or _figure(schema, kind, position, context)
    fits = exact_test(schema, context.test(schema))
    error = no_value(schema, position.owner, position.name)
    with context.budget.spending():
        if meant and context.hits(meant, fits) == TRIED:
            return context.guarded((meant,), fits, error)
        draw = _figure(schema, kind, position, context)
        is_sure = context.hits(draw, fits) == TRIED and "multipleOf" not in schema
    return draw if is_sure else context.guarded((draw,), fits, error)


def _figure(schema: Schema, kind: str, position: SchemaPosition, context: SamplerContext) -> Draw:
    return number(schema, kind, context.meaning.figure(schema, kind, position))


def _meant(schema: Schema, kind: str, position: SchemaPosition, context: SamplerContext) -> Draw | None:
    """Return the function for a moment or a place, ``None`` for other numbers."""
    if unit := context.meaning.unix_unit(schema, position.name, position.documented):
        return unix_time(words(position.name), context.world.minutes_now, unit)
    axis = context.meaning.axis(position.name) if kind == "number" else None
    if axis is None:
        return None
    coordinate = context.world.people.coordinate(axis)
    return lambda key, entity: coordinate(entity)
