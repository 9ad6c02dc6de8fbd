"""Keys of values: a number of 30 bits decides a value; a part's key is made of its owner's and the part's name.

An entity, such as the contact with the id 5, has a key of its own, wherever it appears. Python calculates with numbers
of 30 bits twice as fast as with those of 64.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

Draw = Callable[[int, int], Any]
"""A function from a key, and the key of the entity that the value tells something of, to a value."""

PRIME = 2**30 - 35
"""Keys of parts are products modulo this prime: of two parts of one entity, neither tells the other."""

_MASK = 2**30 - 1
_ODD = 0x278DDE6D
"""An odd number near 2^30 / phi: multiplying by it spreads numbers over all 30 bits."""

POPULATION = 200
"""Number of entities of each kind that are referred to, where all exist: their ids count from 1."""

_STRIDE = 7
"""The ids of neighbouring items are this far apart, where that makes no id come up twice."""


def mix(key: int, number: int) -> int:
    """Return a new key; good for neighbouring numbers, too."""
    mixed = ((key ^ number) * _ODD) & _MASK
    mixed = ((mixed ^ (mixed >> 15)) * _ODD) & _MASK
    return mixed ^ (mixed >> 15)


def salt(text: str) -> int:
    """Return the number that stands for a text, in any process."""
    return 2 + int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") % (PRIME - 2)


def part(key: int, salted: int) -> int:
    """Return the key of a part, whose name is given as its salt; ``Record`` does the same, inline."""
    return key * salted % PRIME


def id_of(key: int, population: int) -> int:
    """Return the id of the entity, one of so many, that a key refers to."""
    return 1 + key % population


def is_number_of_one(value: object) -> bool:
    """Tell whether a value may be the id of an entity: those are positive and fit int32."""
    return type(value) is int and 0 < value < 2**31


def ids_of(key: int, count: int, population: int) -> list[int]:
    """Return ids of so many entities, or of all there are, of which no two are the same."""
    stride = _STRIDE if population % _STRIDE else 1
    return [1 + (key + place * stride) % population for place in range(min(count, population))]


class Constant:
    """The function for one value, whatever the key (a ``Draw``)."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, key: int, entity: int) -> Any:
        """Return the value."""
        return self.value


def pick(values: tuple[Any, ...]) -> Draw:
    """Return the function that chooses one of the values."""
    count = len(values)
    return Constant(values[0]) if count == 1 else lambda key, entity: values[key % count]
