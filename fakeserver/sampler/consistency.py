"""Consistency of what an object says: counts, totals, bounds, and ids of what stands beside them."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docdouble.schemas import Schema
from docdouble.schemas.contract.model import types_of

from .data.numbered import MEDIA_TYPES
from .data.people import latin_slug
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
    *(
        (total, ("quantity", price), lambda quantity, price: quantity * price)
        for total in ("total", "total price", "total amount", "line total", "subtotal", "sub total")
        for price in ("unit price", "price", "unit amount", "price per unit")
    ),
    *(
        (total, (net, tax), lambda net, tax: net + tax)
        for total in ("total", "total amount", "grand total", "total price")
        for net in ("subtotal", "sub total", "net", "net total", "subtotal amount")
        for tax in ("tax", "vat", "tax amount", "vat amount", "total tax")
    ),
)
"""A number of an order line → what it is worked out of, and how."""

_BOUNDS = (
    ("min", "max"),
    ("minimum", "maximum"),
    ("low", "high"),
    ("lower", "upper"),
    ("start", "end"),
    ("from", "to"),
)
"""Words of numbers of which the first is not above the second, where nothing else tells their names apart."""


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
    return [
        *_counts(numbers, arrays),
        *_sums(numbers),
        *_prices(numbers),
        *_ranges(numbers),
        *_ids(properties),
        *_files(properties),
    ]


_NARROW = {"pattern", "maxLength", "enum", "const"}
"""Keywords that another text may break."""


def mailboxes(properties: Mapping[str, Schema], documented: Collection[str]) -> Iterator[Repair]:
    """Yield what makes an e-mail address that of the person beside it whose name is documented."""
    by_words = {words(name): name for name in properties}
    email = next((by_words[spoken] for spoken in ("email", "email address") if spoken in by_words), "")
    if (
        not email
        or email in documented
        or types_of(properties[email]) != ("string",)
        or _NARROW & set(properties[email])
    ):
        return
    for names in (("name",), ("full name",), ("display name",), ("first name", "last name")):
        spelled = tuple(by_words.get(name, "") for name in names)
        if all(name in documented for name in spelled):
            yield Repair(email, (*spelled, email), str, _mailbox)
            return


def _mailbox(*texts: str) -> str:
    *names, email = texts
    parts = [latin_slug(part) for name in names for part in name.split()]
    return f"{'.'.join(parts)}@{email.partition('@')[2]}"


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


def _ranges(numbers: Mapping[str, str]) -> Iterator[Repair]:
    """Yield what puts the upper bound above the lower one: ``max_size`` above ``min_size``."""
    for low, high in _BOUNDS:
        for spoken_name, name in numbers.items():
            upper = " ".join(high if word == low else word for word in spoken_name.split())
            if upper != spoken_name and upper in numbers:
                yield Repair(numbers[upper], (name, numbers[upper]), (int, float), _above)


def _above(low: float, high: float) -> float:
    if high >= low:
        return high
    above = low + (low - high)  # as far as it was below: Unix times stay such
    return low if any(low < bound <= above for bound in (2**31, 2**63)) else above


def _ids(properties: Mapping[str, Schema]) -> Iterator[Repair]:
    """Yield what makes the text of an id that of the object beside it: ``customer_id`` that of ``customer``."""
    by_words = {words(name): name for name in properties}
    for spoken_name, name in by_words.items():
        stem, _, last = spoken_name.rpartition(" ")
        schema = properties[name]
        if last == "id" and stem in by_words and isinstance(schema, dict) and types_of(schema) == ("string",):
            yield Repair(name, (by_words[stem], name), (dict, str), _id_of)


def _files(properties: Mapping[str, Schema]) -> Iterator[Repair]:
    """Yield what makes a media type that of the file's name beside it."""
    by_words = {words(name): name for name in properties}
    name = next((by_words[spoken] for spoken in ("file name", "filename", "name") if spoken in by_words), "")
    for spoken_name in ("mime type", "content type", "media type"):
        kind = by_words.get(spoken_name, "")
        if name and kind and types_of(properties[kind]) == ("string",) and not _NARROW & set(properties[kind]):
            yield Repair(kind, (name, kind), str, _media_type)


def _media_type(name: str, kind: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2], kind)


def _id_of(shown: Any, number: Any) -> Any:
    inside = shown.get("id") if isinstance(shown, dict) else None
    return inside if isinstance(inside, str) else number


def _in_cents(work_out: Callable[..., float]) -> Callable[..., float]:
    return lambda *values: round(work_out(*values), 2)
