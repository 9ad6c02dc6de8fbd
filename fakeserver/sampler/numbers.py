"""Numbers that keep to every bound: a grid of multiples, and a key that chooses among a thousand of its points."""

from fractions import Fraction
from math import ceil, floor

from docdouble.schemas import Schema
from docdouble.schemas.formats import INTEGER_RANGES

from .keys import Draw

WINDOW = 1000
"""How many neighbouring points of a grid are drawn from: documented identifiers are small numbers, too."""

_FINEST = 12
"""Decimal places that are tried for bounds with no whole number between them."""


def number(schema: Schema, kind: str) -> Draw:
    """Return the function for an ``integer`` or a ``number``."""
    step = Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else Fraction(1)
    if kind == "integer":
        step *= step.denominator
    first, last = _grid(schema, step)
    places = 0
    while last < first and kind == "number" and "multipleOf" not in schema and places < _FINEST:
        places += 1
        step /= 10
        first, last = _grid(schema, step)
    count = max(last - first, 0) + 1
    top, bottom = step.numerator, step.denominator
    if kind == "integer":
        return lambda key: (first + key % count) * top
    return lambda key: (first + key % count) * top / bottom


def _grid(schema: Schema, step: Fraction) -> tuple[int, int]:
    """Return the first and last multiple of ``step`` to draw, counted in steps; ``last`` is less where none fits."""
    low, high = INTEGER_RANGES.get(schema.get("format", ""), INTEGER_RANGES["int64"])
    least = [ceil(low / step)]
    most = [floor(high / step)]
    if "minimum" in schema:
        least.append(ceil(Fraction(str(schema["minimum"])) / step))
    if "exclusiveMinimum" in schema:
        least.append(floor(Fraction(str(schema["exclusiveMinimum"])) / step) + 1)
    if "maximum" in schema:
        most.append(floor(Fraction(str(schema["maximum"])) / step))
    if "exclusiveMaximum" in schema:
        most.append(ceil(Fraction(str(schema["exclusiveMaximum"])) / step) - 1)
    first, last = max(least), min(most)
    if len(least) == 1:  # nothing is said of the lower end: start at one step, else end at the upper end
        first = 1 if last >= 1 else max(first, last - WINDOW + 1)
    return first, min(last, first + WINDOW - 1)
