"""Numbers of trade with check digits, and random texts of digits and letters."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import blake2b

from ..seeds import mix, pick
from .vocabulary import TEXTS

Text = Callable[[int], str]
"""A function from a key to a text."""

_IBAN = {"GB": ("NWBK", 14), "NL": ("ABNA", 10), "FR": ("", 23), "ES": ("", 20), "NO": ("", 11), "DE": ("", 18)}
"""Country → the bank's letters and the number of digits of its account numbers (ISO 13616)."""


def digits(key: int, count: int) -> str:
    """Return so many random digits, of which the first is not 0."""
    made = []
    for place in range(count):
        key = mix(key, place + 1)
        made.append(str((key >> 4) % 10) if place else str(1 + (key >> 4) % 9))
    return "".join(made)


def hexadecimal(key: int, count: int) -> str:
    """Return so many random hexadecimal digits, as hashes are written."""
    made = ""
    while len(made) < count:
        made += blake2b(f"{key} {len(made)}".encode(), digest_size=32).hexdigest()
    return made[:count]


def token(key: int) -> str:
    """Return a secret of 32 letters and digits."""
    return urlsafe_b64encode(blake2b(str(key).encode(), digest_size=30).digest()).decode().translate(_ALPHANUMERIC)[:32]


_ALPHANUMERIC = str.maketrans("-_", "xq")


def ean(key: int) -> str:
    """Return an article number of 13 digits (GTIN-13)."""
    return _with_gtin_check("40" + digits(key, 10))


def isbn(key: int) -> str:
    """Return the number of a book (ISBN-13)."""
    return _with_gtin_check("978" + digits(key, 9))


def _with_gtin_check(text: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text))
    return f"{text}{-total % 10}"


def card_number(key: int) -> str:
    """Return a number of a payment card that nobody has: of the range of test cards, with its check digit."""
    text = "424242" + digits(key, 9)
    doubled = (int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(text))
    return f"{text}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def iban(key: int, country: str) -> str:
    """Return an account number (ISO 13616) of a country, of Germany where its shape isn't known."""
    code = country if country in _IBAN else "DE"
    letters, count = _IBAN[code]
    account = letters + digits(key, count)
    as_number = "".join(str(int(character, 36)) for character in f"{account}{code}00")
    return f"{code}{98 - int(as_number) % 97:02}{account}"


def semantic_version(key: int) -> str:
    """Return a version of three numbers."""
    return f"{key % 4}.{(key >> 4) % 15}.{(key >> 9) % 10}"


MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
    "json": "application/json",
    "zip": "application/zip",
    "mp4": "video/mp4",
}
"""Extension of a file's name → its media type."""

_FILES = (
    "report",
    "invoice",
    "contract",
    "floor-plan",
    "photo",
    "minutes",
    "price-list",
    "summary",
    "backup",
    "letter",
)


def file_called(key: int) -> str:
    """Return the name of a file, with the extension of one of the ``MEDIA_TYPES``."""
    extensions = tuple(MEDIA_TYPES)
    return f"{_FILES[key % len(_FILES)]}-{1 + (key >> 4) % 40}.{extensions[(key >> 10) % len(extensions)]}"


NUMBERED: dict[str, Text] = {
    "token": token,
    "article number": ean,
    "book number": isbn,
    "card number": card_number,
    "semantic version": semantic_version,
    "money": lambda key: f"{5 + key % 495}.{(key >> 10) % 100:02}",
    "quantity": lambda key: str(1 + key % 20),
    "time of day": lambda key: f"{8 + key % 10:02}:{(key >> 8) % 4 * 15:02}",
    "time of day in seconds": lambda key: f"{8 + key % 10:02}:{(key >> 8) % 4 * 15:02}:00",
    "house number": lambda key: str(1 + key % 180),
    "percentage": lambda key: f"{key % 100}",
    "bank code": lambda key: "NWBKGB2L" if key & 1 else "DEUTDEFF",
    "secondary address": lambda key: f"{'Suite' if key & 1 else 'Apt.'} {1 + (key >> 8) % 120}",
    "file": file_called,
    "slug": lambda key: "-".join(re.findall("[a-z]+", pick(TEXTS["product"])(key, key).lower())),
    "language tag": lambda key: ("en-US", "en-GB", "de-DE", "fr-FR")[key % 4],
}
"""Source → the function for its texts."""
