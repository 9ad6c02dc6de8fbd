"""Counts that equal lengths, and totals that equal sums."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import types_of

from .meaning.text_rules import words
from .narrow import BOUNDS

_COUNT = re.compile(
    r"(?:(?:row|item|total )?count(?: of)?|(?:number|num|no)(?: of)?|active) (?P<after>.+)|(?P<before>.+) counte?r?"
)
_TOTALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("total", ("in use", "free")),
    ("new total", ("in use", "new free")),
)
"""Last words of a total → those of its parts, under the same words before."""


_LINES: tuple[tuple[str, tuple[str, ...], Callable[..., float]], ...] = (
    ("sub total", ("quantity", "unit list price"), lambda quantity, price: quantity * price),
    ("discount amount", ("sub total", "discount percent"), lambda total, percent: total * percent / 100),
    ("total price", ("sub total", "discount amount"), lambda total, discount: total - discount),
    ("earning amount", ("total price", "earning percent"), lambda total, percent: total * percent / 100),
    ("amount in base currency", ("amount",), lambda amount: amount),
)
"""A number of an order line → what it is worked out of, and how."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A property that is worked out of others, where all of them have values that it can be worked out of."""

    name: str
    needs: tuple[str, ...]
    kind: type | tuple[type, ...]
    work_out: Callable[..., Any]

    def __call__(self, value: dict[str, Any]) -> None:
        """Change the property of an object."""
        needed = [value.get(name) for name in self.needs]
        if self.name in value and all(isinstance(needed_value, self.kind) for needed_value in needed):
            value[self.name] = self.work_out(*needed)


def repairs(properties: Mapping[str, Schema]) -> list[Repair]:
    """Return what makes numbers of an object agree with its other properties, in the order in which it is done."""
    spoken = {words(name): name for name, schema in properties.items() if isinstance(schema, dict)}
    numbers = {spoken_name: name for spoken_name, name in spoken.items() if _is_free_number(properties[name])}
    arrays = {spoken_name: name for spoken_name, name in spoken.items() if types_of(properties[name]) == ("array",)}
    return [*_counts(numbers, arrays), *_sums(numbers), *_prices(numbers)]


def _is_free_number(schema: Schema) -> bool:
    return types_of(schema) in (("integer",), ("number",)) and not {*BOUNDS, "enum", "const"} & set(schema)


def _counts(numbers: Mapping[str, str], arrays: Mapping[str, str]) -> Iterator[Repair]:
    for spoken_name, name in numbers.items():
        if match := _COUNT.fullmatch(spoken_name):
            counted = match["after"] or match["before"]
            array = next((arrays[array_name] for array_name in arrays if array_name in (counted, f"{counted}s")), None)
            if array is not None:
                yield Repair(name, (array,), list, len)


def _sums(numbers: Mapping[str, str]) -> Iterator[Repair]:
    for total, parts in _TOTALS:
        for spoken_name, name in numbers.items():
            named = tuple(numbers.get(spoken_name.removesuffix(total) + part, "") for part in parts)
            if spoken_name.endswith(total) and all(named):
                yield Repair(name, named, (int, float), lambda *values: sum(values))


def _prices(numbers: Mapping[str, str]) -> Iterator[Repair]:
    """Yield what works out the price of an order line from its quantity, unit price and discount."""
    for spoken_name, needed, work_out in _LINES:
        if spoken_name in numbers and all(name in numbers for name in needed):
            needs = tuple(numbers[name] for name in needed)
            yield Repair(numbers[spoken_name], needs, (int, float), _in_cents(work_out))


def _in_cents(work_out: Callable[..., float]) -> Callable[..., float]:
    return lambda *values: round(work_out(*values), 2)
