"""Texts in the shape of an example: its letters and digits are others, the rest stays."""

import re
import string
from collections.abc import Callable
from math import isqrt, prod

Numbered = Callable[[int], str]
"""A function from a number to a text, of which no two numbers have the same."""

_PREFIX = re.compile(r".*[_:./-](?=.{6,}\Z)|[a-z]+_(?=\w{2,}\Z)")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_HEX = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}|(?=.*\d)(?=.*[A-F])[0-9A-F]{8,}")
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


def filled_shape(example: str) -> Numbered:
    """Return the function that puts other letters and digits for those behind an example's prefix."""
    prefix = match[0] if (match := _PREFIX.match(example)) else ""
    if _ULID.fullmatch(example):
        prefix = example[:4]  # where the time stands
    tail = example[len(prefix) :]
    if prefix and len(example) == 26 and _ULID.fullmatch(example):
        alphabets = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ"] * len(tail)
    elif _HEX.fullmatch(tail):
        alphabets = ["0123456789abcdef" if tail.lower() == tail else "0123456789ABCDEF"] * len(tail)
    else:
        alphabets = [
            next((characters for characters in _CLASSES if character in characters), character) for character in tail
        ]
    space = prod(map(len, alphabets))
    stride = max((isqrt(5 * space * space) - space) // 2, 1)  # by the golden ratio: neighbours are far apart
    while any(stride % prime == 0 for prime in (2, 5, 13)):  # the prime factors of all spaces
        stride += 1

    def text(number: int) -> str:
        rest = (number - 1) * stride % space
        characters = []
        for character, alphabet in zip(reversed(tail), reversed(alphabets), strict=True):
            rest, digit = divmod(rest, len(alphabet))
            characters.append(alphabet[(alphabet.index(character) + digit) % len(alphabet)])
        return prefix + "".join(reversed(characters))

    return text
