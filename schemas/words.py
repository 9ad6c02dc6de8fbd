"""Words of names: where they begin, singular and plural, and the article before them."""

import re
from collections.abc import Iterator
from functools import lru_cache

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|[\W_]+")

_SINGULAR = re.compile(r"(?:ss|sis|status)\Z", re.IGNORECASE)
"""Ends of names that no plural has."""

_PLURAL = re.compile(r"(?:(?<=ss|sh)es|(?<=[nrt]ch)es|(?<=x)es|(?<=status)es|(?<=alias)es|s)\Z", re.IGNORECASE)
"""End of a plural behind its singular."""


@lru_cache(8192)
def words_of(name: str) -> tuple[str, ...]:
    """Return a name as lower-case words: ``SaveCRMScript`` and ``save_crm_script`` are ``save crm script``."""
    return tuple(word.lower() for word in _BOUNDARY.split(name) if word)


def endings(words: tuple[str, ...]) -> Iterator[str]:
    """Yield what the last words say together, the longest first."""
    return ("".join(words[place:]) for place in range(len(words)))


@lru_cache(maxsize=4096)
def singular(name: str) -> str:
    """Return the likeliest singular of a name: ``Category`` of ``Categories``, and a name in the singular itself."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name if _SINGULAR.search(name) else _PLURAL.sub("", name)


@lru_cache(maxsize=4096)
def singulars(name: str) -> frozenset[str]:
    """Return a name and all that may be its singular: ``cach`` and ``cache`` of ``caches``."""
    return frozenset({name, singular(name), name.removesuffix("s"), name.removesuffix("es")} - {""})


def article(name: str) -> str:
    """Return a name with its indefinite article: ``an Appointment``."""
    return f"{'an' if name[:1].upper() in tuple('AEIOU') else 'a'} {name}"
