"""Charsets of texts: those that are read, by the names that IANA registered for them.

No other name is looked up: Python imports a module for any name that it is asked for, and has codecs that are no
charsets, some of which take minutes for a megabyte.
"""

import codecs
import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

_OF_WORLD = "utf_8 utf_8_sig utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le ascii"
_OF_ISO = " ".join(f"iso8859_{number}" for number in range(1, 17) if number != 12)  # nobody wrote the twelfth
_OF_WINDOWS = " ".join(
    f"cp{number}" for number in (437, 850, 852, 855, 858, 866, 874, 932, 949, 950, *range(1250, 1259))
)
_OF_EAST_ASIA = "big5 big5hkscs euc_jp euc_kr gb2312 gbk gb18030 hz iso2022_jp iso2022_kr johab shift_jis"
_OTHERS = "latin_1 koi8_r koi8_u kz1048 mac_cyrillic mac_roman tis_620"
_CODECS = frozenset(" ".join((_OF_WORLD, _OF_ISO, _OF_WINDOWS, _OF_EAST_ASIA, _OTHERS)).split())
"""Python's names of the codecs of charsets in use: those of https://encoding.spec.whatwg.org/, and their like."""

_NAME = re.compile(r"[A-Za-z0-9!#$%&+^_`{}~:.-]{1,40}")
"""Names of charsets (RFC 2978, section 2.3); the longest that is registered has 40 characters."""


def codec_name(charset: str) -> str | None:
    """Return the name of the codec of a charset, ``None`` for one that isn't read."""
    return _codec_name(charset.lower()) if _NAME.fullmatch(charset) else None


def load_codecs() -> None:
    """Import the codecs of all charsets."""
    for name in _CODECS:
        codecs.lookup(name)


@lru_cache(200)
def _codec_name(charset: str) -> str | None:
    label = normalize_encoding(charset)
    name = aliases.get(label, label)
    return codecs.lookup(name).name if name in _CODECS else None
