"""People, companies and places of entities: each a whole, whose texts fit each other.

All functions take the key of an entity: first name, full name and e-mail address of one key are of one person.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from ..seeds import mix, salt
from .faker_pools import Pools

Text = Callable[[int], str]
"""A function from the key of an entity to a text."""

_LAST_FIRST = {"hu": " ", "ja": " ", "ko": "", "zh": "", "vi": " "}
"""Language whose people put the family name first → what stands between the names."""

_DOMAINS = ("example.com", "example.org", "example.net")
"""Domains of e-mail addresses (RFC 2606): nobody gets mail by mistake."""

_MOST_SLUGS = 10_000
_NO_WORD = re.compile(r"[^a-z0-9]+")
_FIRST, _LAST, _COMPANY, _PLACE, _MIDDLE = (salt(name) for name in ("first", "last", "company", "place", "middle"))


class People:
    """The people, companies and places of one seed and locale."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._language = pools.locale.partition("_")[0]
        self.attributes: dict[str, Text] = {
            "first name": self.first_name,
            "middle name": lambda key: self._gendered("first_name", key, _MIDDLE),
            "last name": self.last_name,
            "full name": self.full_name,
            "formal name": lambda key: f"{self.last_name(key)}, {self.first_name(key)}",
            "initials": lambda key: f"{self.first_name(key)[:1]}{self.last_name(key)[:1]}".upper(),
            "user name": lambda key: latin_slug(self.first_name(key)[:1] + self.last_name(key)),
            "prefix": lambda key: self._gendered("prefix", key, 0),
            "person e-mail": self.email,
            "company": self.company,
            "domain": self.domain,
            "company e-mail": lambda key: f"post@{self.domain(key)}",
            "web site": lambda key: f"https://www.{self.domain(key)}/",
            "street": self._place("street_address"),
            "city": self._place("city"),
            "zip code": self._place("postcode"),
            "state": self._place("administrative_unit" if pools.has("administrative_unit") else "city"),
            "address": self.address,
        }

    def first_name(self, key: int) -> str:
        """Return the given name of the person."""
        return self._gendered("first_name", key, _FIRST)

    def last_name(self, key: int) -> str:
        """Return the family name of the person."""
        return self._gendered("last_name", key, _LAST)

    def full_name(self, key: int) -> str:
        """Return both names of the person, in the order of the language."""
        between = _LAST_FIRST.get(self._language)
        names = self.first_name(key), self.last_name(key)
        return " ".join(names) if between is None else between.join(reversed(names))

    def email(self, key: int) -> str:
        """Return the person's e-mail address."""
        local = ".".join(latin_slug(name) for name in (self.first_name(key), self.last_name(key)))
        return f"{local}@{_DOMAINS[key % len(_DOMAINS)]}"

    def company(self, key: int) -> str:
        """Return the name of the company."""
        return cast(str, self._pools.draw("company")(mix(key, _COMPANY), key))

    def domain(self, key: int) -> str:
        """Return the domain of the company, below a name that nobody can have (RFC 2606)."""
        return f"{latin_slug(self.company(key), '-')}.example"

    def address(self, key: int) -> str:
        """Return street, postal code and city in a line."""
        street, code, city = (self.attributes[name](key) for name in ("street", "zip code", "city"))
        return f"{street}, {code} {city}"

    def coordinate(self, axis: int) -> Callable[[int], float]:
        """Return the function for the latitude (``axis`` 0) or the longitude (1) of the place, in degrees."""
        towns = self._place("coordinates")
        return lambda key: float(towns(key).split()[axis])

    def _gendered(self, provider: str, key: int, salted: int) -> str:
        gender = "male" if key & 1 else "female"
        return cast(str, self._pools.draw(f"{provider}_{gender}")(mix(key, salted), key))

    def _place(self, provider: str) -> Text:
        draw = self._pools.draw(provider)
        return lambda key: cast(str, draw(mix(key, _PLACE), key))


@lru_cache(_MOST_SLUGS)
def latin_slug(name: str, between: str = "") -> str:
    """Return a name in letters that every mailbox and domain may have."""
    if not name.isascii():
        from anyascii import anyascii  # here because most locales never need it

        name = anyascii(name)
    return _NO_WORD.sub(between, name.lower()).strip(between) or "x"
