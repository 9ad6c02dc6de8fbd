"""Faker's words, names and places, drawn once per provider and locale and then only picked from."""

from collections.abc import Callable
from threading import Lock

from faker import Faker

from docdouble.schemas import ConfigError

SIZE = 256
"""Values in a pool."""

FALLBACK = "en_US"
"""The locale of a provider that the chosen one has nothing for."""


WORDS = frozenset({"catch_phrase", "country", "job", "sentence", "word"})
"""Providers of what is translated; everything else is somebody's name or address."""


class Pools:
    """Lazily drawn pools of one seed and locale; safe to share between threads.

    Words are those of ``language``, another locale, where one is given; names and places stay the same.
    """

    def __init__(self, seed: int, locale: str, language: str = "") -> None:
        self._faker = _faker(locale)
        self._words = _faker(language) if language else self._faker
        self._seed = f"{seed}/{locale}"
        self._pools: dict[str, tuple[str, ...]] = {}
        self._lock = Lock()

    def get(self, provider: str) -> tuple[str, ...]:
        """Return the pool of a Faker provider, named as Faker's method."""
        pool = self._pools.get(provider)
        return pool if pool is not None else self._draw(provider)

    def _draw(self, provider: str) -> tuple[str, ...]:
        with self._lock:
            faker = self._words if provider in WORDS else self._faker
            # a few locales lack a provider
            faker = faker if hasattr(faker, provider) else Faker(FALLBACK)
            faker.seed_instance(f"{self._seed}/{provider}")
            draw: Callable[[], object] = getattr(faker, provider)
            return self._pools.setdefault(provider, tuple(str(draw()) for _ in range(SIZE)))


def known_locales() -> list[str]:
    """Return the names of Faker's locales."""
    from faker.config import AVAILABLE_LOCALES  # here because it looks for them on disk

    return list(AVAILABLE_LOCALES)


def _faker(locale: str) -> Faker:
    try:
        return Faker(locale)
    except AttributeError as error:
        raise ConfigError("locale", locale, known_locales(), "a locale of Faker") from error
