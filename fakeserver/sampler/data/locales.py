"""Countries, currencies and languages: those of a locale, and all others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies

LOCAL_ID = 1
"""The id of the country and the currency of the locale; everybody lives there."""

_ALIASES = {"no": "nb", "dk": "da", "tl": "fil", "tw": "ak"}
"""Language of a Faker locale → the code that Babel has for it."""

_CURRENCIES = ("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "JPY", "CNY", "CAD", "AUD", "PLN", "CZK", "INR", "BRL")

_CAPITALS = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/New_York",
}
"""Country of several time zones → the one that most people live in, where it isn't the first by name."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its codes (ISO 3166-1), its name, and that in English."""

    code: str
    long_code: str
    number: str
    name: str
    english: str


class LocaleFacts:
    """Country, currency and language of one of Faker's locales, in words of another; number 1 is that of the locale."""

    def __init__(self, locale: str, language: str) -> None:
        self.speaks, _, territory = locale.partition("_")
        self._territory = next(code for code in (territory, _likely(self.speaks), "US") if code and _is_country(code))
        self._spoken = language

    def country(self, number: int) -> Country:
        """Return a country."""
        return self._local if number == LOCAL_ID else self._countries[(number - 1) % len(self._countries)]

    def currency(self, number: int) -> str:
        """Return the code of a currency (ISO 4217)."""
        local = next(iter(get_territory_currencies(self._territory)), "EUR")
        others = [code for code in _CURRENCIES if code != local]
        return [local, *others][(number - 1) % (1 + len(others))]

    def currency_name(self, number: int) -> str:
        """Return the name of a currency."""
        return get_currency_name(self.currency(number), locale=self._words)

    @cached_property
    def language_name(self) -> str:
        """The name of the locale's language."""
        return str(self._words.languages.get(_ALIASES.get(self.speaks, self.speaks), self.speaks))

    @property
    def culture(self) -> str:
        """The language and the country (RFC 5646)."""
        return f"{self.speaks}-{self._territory}"

    @cached_property
    def time_zone(self) -> str:
        """The time zone of the locale, of the IANA database."""
        zones = get_global("zone_territories")
        named = (zone for zone, territory in zones.items() if territory == self._territory and "/" in zone)
        return _CAPITALS.get(self._territory) or min(named, default="UTC")

    @cached_property
    def _words(self) -> Locale:
        return _babel(self._spoken)

    @cached_property
    def _local(self) -> Country:
        return self._named(self._territory, _codes()[self._territory])

    @cached_property
    def _countries(self) -> list[Country]:
        others = [
            self._named(code, codes) for code, codes in sorted(_codes().items()) if get_territory_currencies(code)
        ]
        return [self._local, *(country for country in others if country != self._local)]

    def _named(self, code: str, codes: tuple[str, str]) -> Country:
        english = str(Locale("en").territories.get(code, code))
        return Country(code, *codes, str(self._words.territories.get(code, english)), english)


LOCALE_TEXTS: Mapping[str, Callable[[LocaleFacts, int], str]] = {
    "country": lambda facts, number: facts.country(number).name,
    "country in english": lambda facts, number: facts.country(number).english,
    "country code": lambda facts, number: facts.country(number).code,
    "country long code": lambda facts, number: facts.country(number).long_code,
    "country number": lambda facts, number: facts.country(number).number,
    "currency": LocaleFacts.currency_name,
    "currency code": LocaleFacts.currency,
    "language": lambda facts, number: facts.language_name,
    "language code": lambda facts, number: facts.speaks,
    "culture": lambda facts, number: facts.culture,
    "time zone": lambda facts, number: facts.time_zone,
}
"""Kind of text → the function for it, of a number that says which country or currency is meant."""


def _codes() -> dict[str, tuple[str, str]]:
    """Return the three-letter and the numeric code of each country, by its code of two letters."""
    aliases_by_code: dict[str, list[str]] = {}
    for alias, meant in get_global("territory_aliases").items():
        if len(meant) == 1 and len(alias) == 3:
            aliases_by_code.setdefault(meant[0], []).append(alias)
    codes = {}
    for code, aliases in aliases_by_code.items():
        letters, digits = [text for text in aliases if text.isalpha()], [text for text in aliases if text.isdigit()]
        if letters and digits:
            # of a country that took in another, such as Germany, the first is the other's
            codes[code] = max(letters, key=lambda letter: letter.startswith(code)), digits[0]
    return codes


def _is_country(code: str) -> bool:
    return code in _codes() and bool(get_territory_currencies(code))


def _likely(language: str) -> str:
    """Return where most people speak a language."""
    return str(get_global("likely_subtags").get(language, "en_Latn_US").rpartition("_")[2])


def _babel(locale: str) -> Locale:
    """Return the locale of words; English for those that Babel doesn't know."""
    language = locale.partition("_")[0]
    try:
        return Locale.parse(_ALIASES.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
