"""Numbers that keep to every bound: a grid of multiples, and a key that chooses one of its points."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES

from .meaning.number_rules import Figure
from .seeds import Draw

WINDOW = 1000
"""Number of neighbouring points of a grid that are drawn from: documented identifiers are small numbers, too."""

_FINEST = 12
"""Decimal places that are tried for bounds with no whole number between them."""


def number(schema: Schema, kind: str, figure: Figure | None = None) -> Draw:
    """Return the function for an ``integer`` or a ``number``; a ``figure`` is kept to where the bounds let it."""
    if figure and "multipleOf" not in schema and (draw := believed(schema, kind, figure)):
        return draw
    step = Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else Fraction(1)
    if kind == "integer":
        step *= step.denominator
    first, last = _grid(schema, step)
    places = 0
    while last < first and kind == "number" and "multipleOf" not in schema and places < _FINEST:
        places += 1
        step /= 10
        first, last = _grid(schema, step)
    return _points(first, max(last - first, 0) + 1, step, kind)


def exact_test(schema: Schema, fits: Callable[[float], bool]) -> Callable[[float], bool]:
    """Return the test of a number by a schema, also where fractions are divided as floating-point numbers."""
    step = schema.get("multipleOf")
    if not isinstance(step, float):
        return fits
    return lambda value: fits(value) and (value / step).is_integer()


def believed(schema: Schema, kind: str, figure: Figure) -> Draw | None:
    """Return the function for the numbers of a figure that are within the bounds, ``None`` where there are none."""
    step = Fraction(figure.step)
    least, most = _bounds(schema, step)
    low, high = Fraction(str(figure.low)), Fraction(str(figure.high))
    first, last = max([ceil(low / step), *least]), min([floor(high / step), *most])
    if last < first:
        return None
    draw = _points(first, last - first + 1, step, kind)
    if figure.rarely == 100:
        return draw
    usual = _points(first, 1, step, kind)
    return lambda key, entity: (draw if (key >> 10) % 100 < figure.rarely else usual)(key, 0)


def _points(first: int, count: int, step: Fraction, kind: str) -> Draw:
    top, bottom = step.numerator, step.denominator
    if kind == "integer":
        return lambda key, entity: (first + key % count) * top
    return lambda key, entity: (first + key % count) * top / bottom


def _grid(schema: Schema, step: Fraction) -> tuple[int, int]:
    """Return the first and last multiple of ``step`` to draw, counted in steps; ``last`` is less where none fits."""
    least, most = _bounds(schema, step)
    first, last = max(least), min(most)
    if len(least) == 1:  # no lower end is documented: start at one step, else end at the upper end
        first = 1 if last >= 1 else max(first, last - WINDOW + 1)
    return first, min(last, first + WINDOW - 1)


def _bounds(schema: Schema, step: Fraction) -> tuple[list[int], list[int]]:
    """Return the least and the most multiples of ``step``, one for each bound of them."""
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
    return least, most
