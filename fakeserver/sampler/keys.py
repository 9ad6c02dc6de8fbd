"""A key is a 64-bit number that decides a value; a part's key is mixed from its owner's and the part's name.

An entity, such as the contact with the id 5, has a key of its own, wherever it appears.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

Draw = Callable[[int, int], Any]
"""A function from a key, and the key of the entity that the value tells something of, to a value."""

MASK = 2**64 - 1
ODD = 0x9E3779B97F4A7C15
"""An odd constant near 2^64 / phi: multiplying by it spreads numbers over all 64 bits."""

POPULATION = 200
"""How many entities there are of each kind: their ids count from 1."""


def mix(key: int, salt: int) -> int:
    """Return a new key."""
    mixed = ((key ^ salt) * ODD) & MASK
    return mixed ^ (mixed >> 29)


def salt(text: str) -> int:
    """Return the number that stands for a text, in any process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def id_of(key: int) -> int:
    """Return the id of the entity that a key refers to."""
    return 1 + (key >> 20) % POPULATION


def pick(values: tuple[Any, ...]) -> Draw:
    """Return the function that chooses one of the values."""
    count = len(values)
    return lambda key, entity: values[(key >> 20) % count]
