"""A key is a 64-bit number that decides a value; a part's key is mixed from its owner's and the part's name."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

Draw = Callable[[int], Any]
"""A function from a key to a value."""

_MASK = 2**64 - 1


def mix(key: int, salt: int) -> int:
    """Return a new key, spread by a multiplication with an odd constant near 2^64 / phi."""
    mixed = ((key ^ salt) * 0x9E3779B97F4A7C15) & _MASK
    return mixed ^ (mixed >> 29)


def salt(text: str) -> int:
    """Return the number that stands for a text, in any process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def pick(values: tuple[Any, ...]) -> Draw:
    """Return the function that chooses one of the values."""
    return lambda key: values[key % len(values)]
