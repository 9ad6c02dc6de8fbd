"""Faker's words, names and places: each value drawn once, when it is first picked, and then only picked again.

Those of the usual locale are shipped, drawn beforehand: to import Faker takes 0.1 s.
"""

from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import orjson

from docdouble.schemas import ConfigError

from ..seeds import Draw, pick
from .vocabulary import TEXTS

if TYPE_CHECKING:
    from faker.generator import Generator

SIZE = 256
"""Values in a pool."""

USUAL = "en_US"
"""The locale whose pools are shipped, and of providers that another one has nothing for."""

SHIPPED = Path(__file__).with_name(f"{USUAL}.json")
"""The values of each provider; made by ``tests/make_pools.py``."""

TRANSLATED = frozenset({"job", "sentence", "title", "word"})
"""Providers of what is translated; everything else is somebody's name or address."""

_PROVIDERS = [
    f"faker.providers.{name}"
    for name in (
        *("address", "color", "company", "currency", "date_time", "file", "geo", "internet", "job", "lorem", "misc"),
        *("person", "phone_number"),
    )
]
"""Providers that our own rules draw from; loading all of Faker's takes twice the time."""

_FOREIGN = {"title": "title", "project": "title", "text": "sentence", "position": "job"}
"""Kind of text → the provider of it in languages that have words of their own; ``word`` for all others."""

_TITLE_WORDS = 3
_TRIES = 8


class Pools:
    """Lazily drawn pools of one locale; safe to share between threads.

    Words are those of ``language``, another locale, where one is given; names and places stay the same. Raises
    ``ConfigError`` for a locale that Faker doesn't have.
    """

    def __init__(self, locale: str, language: str = "") -> None:
        self.locale = locale
        self.language = language or locale
        self._pools: dict[str, Draw] = {}
        self._lock = Lock()
        for name in {self.locale, self.language} - {USUAL}:
            check_locale(name)

    def draw(self, provider: str) -> Draw:
        """Return the function that picks from the pool of a Faker provider, named as Faker's method.

        Raises ``ConfigError`` for a provider that Faker doesn't have.
        """
        if provider not in self._pools:
            locale = self.language if provider in TRANSLATED else self.locale
            shipped = _shipped().get(provider) if locale == USUAL else None
            self._pools[provider] = pick(tuple(shipped)) if shipped else self._pool(provider, *self._maker(provider))
        return self._pools[provider]

    def has(self, provider: str) -> bool:
        """Tell whether the locale itself has a provider."""
        return self.locale == USUAL or hasattr(self._names, provider)

    def text(self, kind: str) -> Draw:
        """Return the function that picks one of the ``TEXTS``, in another language words of Faker's."""
        return pick(TEXTS[kind]) if self._is_english else self.draw(_FOREIGN.get(kind, "word"))

    def values(self, provider: str) -> list[str]:
        """Return all values of a pool, drawn anew."""
        draw = self._pool(provider, *self._maker(provider))
        return [draw(place, 0) for place in range(SIZE)]

    @cached_property
    def _names(self) -> "Generator":
        return _generator(self.locale)

    @cached_property
    def _words(self) -> "Generator":
        return self._names if self.language == self.locale else _generator(self.language)

    @cached_property
    def _is_english(self) -> bool:
        """Whether texts are in English: Faker's words are, or are Latin for want of any in the language."""
        if self.language.startswith("en"):
            return True
        providers: list[Any] = self._words.providers
        lorem = next(provider for provider in providers if provider.__provider__.endswith("lorem"))
        return str(lorem.__lang__).startswith(("en", "la"))

    def _maker(self, provider: str) -> tuple["Generator", Callable[[], object]]:
        """Return the generator of a provider and its method, of a locale that has it."""
        generator_of_locale = self._words if provider in TRANSLATED else self._names
        if provider in _ADDED:
            return generator_of_locale, partial(_ADDED[provider], generator_of_locale, self.locale)
        for is_own, everything in ((True, False), (False, False), (False, True)):
            generator = generator_of_locale if is_own else _generator(USUAL, everything=everything)
            method: Callable[[], object] | None = getattr(generator, provider, None)
            if callable(method) and not provider.startswith("_"):
                return generator, method
        raise ConfigError("provider", provider, _providers(generator), "a provider of Faker")

    def _pool(self, name: str, generator: "Generator", make: Callable[[], object]) -> Draw:
        values: list[str | None] = [None] * SIZE

        def drawn(place: int) -> str:
            with self._lock:
                generator.seed_instance(f"{self.locale}/{name}/{place}")
                value = values[place] = str(make())
            return value

        def chosen(key: int, entity: int) -> str:
            place = key % SIZE
            value = values[place]
            return drawn(place) if value is None else value

        return chosen


def check_locale(name: str) -> None:
    """Raise ``ConfigError`` for a locale that Faker doesn't have."""
    if name not in known_locales():
        raise ConfigError("locale", name, known_locales(), "a locale of Faker")


@cache
def _shipped() -> Mapping[str, list[str]]:
    return cast(Mapping[str, list[str]], orjson.loads(SHIPPED.read_bytes())["pools"])


def _title(faker: Any, locale: str) -> str:
    return str(faker.sentence(nb_words=_TITLE_WORDS)).rstrip(".。")


def _company(faker: Any, locale: str) -> str:
    """Return the name of a company, of several words where the language has such."""
    names = [str(faker.company()) for _ in range(_TRIES)]
    return next((name for name in names if " " in name), names[0])


def _coordinates(faker: Any, locale: str) -> str:
    """Return latitude and longitude of a town of the country; of any town, where Faker knows none there."""
    territory = locale.partition("_")[2]
    coordinates = faker.local_latlng(territory, coords_only=True) or faker.location_on_land(coords_only=True)
    return " ".join(coordinates)


_ADDED: Mapping[str, Callable[[Any, str], str]] = {"title": _title, "company": _company, "coordinates": _coordinates}
"""Providers that Faker doesn't have, or not as they are wanted."""


def known_locales() -> list[str]:
    """Return the names of Faker's locales."""
    from faker.config import AVAILABLE_LOCALES  # here because it looks for them on disk

    return list(AVAILABLE_LOCALES)


def _generator(locale: str, *, everything: bool = False) -> "Generator":
    from faker import Faker  # here because it takes 0.1 s to import, and the usual locale rarely needs it

    faker = Faker(locale) if everything else Faker(locale, providers=_PROVIDERS)
    return cast("Generator", faker._factories[0])


def _providers(generator: "Generator") -> list[str]:
    names = (name for provider in generator.providers for name in dir(provider))
    return sorted({name for name in names if not name.startswith("_")})
