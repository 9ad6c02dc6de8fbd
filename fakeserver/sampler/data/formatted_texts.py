"""Texts of documented formats, also of a wanted length: for each format a function from chance to a text."""

import string
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from .vocabulary import TEXTS

_WORDS = tuple(text for text in TEXTS["word"] if text.isascii() and text.isalpha() and len(text) < 12)
_LABEL = 40
"""The longest label of a domain that is made; 63 are allowed."""

_LONGEST_NAME = 253
"""Characters of the longest host name (RFC 1035, section 2.3.4)."""

_MOST_DIGITS = 4_000
"""Digits of an integer that Python turns into a text."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SPAN = 50 * 366 * 24 * 60
"""Minutes around the epoch that moments are drawn from."""

_DURATIONS = ("P1D", "P7D", "P1M", "P1Y", "PT15M", "PT30M", "PT1H", "PT8H", "P1DT12H", "P2W", "P3M", "PT45S")

TextMaker = Callable[[Random, int], str]
"""A function from a source of chance, and the least length that is wanted, to a text."""


def formatted(format_name: str, number: int, least: int = 0) -> str | None:
    """Return the text of a format that ``number`` stands for, of a length where the format lets it have one."""
    make = MAKERS.get(format_name)
    return make(Random(number), least) if make else None


def _word(chance: Random) -> str:
    return chance.choice(_WORDS)


def _letters(chance: Random, count: int) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=count))


def _domain(chance: Random, least: int) -> str:
    """Return a host name: short, or of so many labels that it is long enough."""
    name = chance.choice((f"{_word(chance)}.example", f"{_letters(chance, 1)}.{_letters(chance, 2)}"))
    while len(name) < min(least, _LONGEST_NAME):
        name = f"{_letters(chance, max(1, min(_LABEL, least - len(name) - 1)))}.{name}"
    return name


def _email(chance: Random, least: int) -> str:
    local = chance.choice((_word(chance), _letters(chance, 1)))
    return f"{local}@{_domain(chance, least - len(local) - 1)}"


def _uri(chance: Random, least: int) -> str:
    head = chance.choice((f"https://{_domain(chance, 0)}/", f"{_letters(chance, 1)}:"))
    return head + _filled(chance, least - len(head))


def _path(chance: Random, least: int) -> str:
    return "/" + _filled(chance, least - 1)


def _filled(chance: Random, least: int) -> str:
    """Return a word, or letters where more are wanted; empty now and then, where nothing is wanted."""
    text = chance.choice((_word(chance), ""))
    return text + _letters(chance, max(0, least - len(text)))


def _moment(chance: Random) -> datetime:
    return _EPOCH + timedelta(minutes=chance.randint(-_SPAN, _SPAN))


def _date_time(chance: Random, least: int) -> str:
    fraction = "." + "".join(chance.choices(string.digits, k=max(1, least - 21))) if least > 20 else ""
    return f"{_moment(chance):%Y-%m-%dT%H:%M:%S}{fraction}Z"


def _date(chance: Random, least: int) -> str:
    return date.fromordinal(_moment(chance).toordinal()).isoformat()


def _time(chance: Random, least: int) -> str:
    fraction = "." + "".join(chance.choices(string.digits, k=max(1, least - 10))) if least > 9 else ""
    return f"{_moment(chance):%H:%M:%S}{fraction}Z"


def _duration(chance: Random, least: int) -> str:
    text = chance.choice(_DURATIONS)
    return text if len(text) >= least else f"P{'1'.zfill(least - 2)}D"


def _octets(chance: Random, least: int) -> bytes:
    return chance.randbytes(-(-least // 4) * 3 or chance.randint(0, 12))


def _decimal(chance: Random, least: int) -> str:
    text = f"{chance.randint(0, 999)}.{chance.randint(0, 99):02}"
    return text + "0" * (least - len(text))


def _integer(chance: Random, least: int) -> str:
    if least > _MOST_DIGITS:
        return "1" + "".join(chance.choices(string.digits, k=least - 1))
    return str(chance.randint(10 ** max(0, least - 1), 10 ** max(3, least) - 1))


def _pointer(chance: Random, least: int) -> str:
    return f"/{_word(chance)}" + (f"/{_letters(chance, least)}" if least else chance.choice(("", "/0")))


MAKERS: Mapping[str, TextMaker] = {
    "date-time": _date_time,
    "date": _date,
    "time": _time,
    "duration": _duration,
    "email": _email,
    "idn-email": _email,
    "hostname": _domain,
    "idn-hostname": _domain,
    "ipv4": lambda chance, least: f"192.0.2.{chance.randint(1, 254)}",
    "ipv6": lambda chance, least: f"2001:db8::{chance.randint(1, 0xFFFF):x}",
    "uri": _uri,
    "url": _uri,
    "iri": _uri,
    "uri-reference": _path,
    "iri-reference": _path,
    "uri-template": lambda chance, least: f"{_path(chance, least)}/{{{_word(chance)}}}",
    "uuid": lambda chance, least: str(UUID(int=chance.getrandbits(128), version=4)),
    "json-pointer": _pointer,
    "relative-json-pointer": lambda chance, least: f"{chance.randint(0, 3)}{_pointer(chance, least)}",
    "regex": lambda chance, least: f"^{_filled(chance, least - 2)}$",
    "byte": lambda chance, least: b64encode(_octets(chance, least)).decode(),
    "base64url": lambda chance, least: urlsafe_b64encode(_octets(chance, least)).decode(),
    "decimal": _decimal,
    **dict.fromkeys(("int32", "int64", "uint32", "uint64"), _integer),
    **dict.fromkeys(("float", "double"), _decimal),
}
"""Format → the function for its texts; numbers may be written as texts."""
