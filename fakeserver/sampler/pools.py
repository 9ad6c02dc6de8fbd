"""Faker's words, names and places, drawn once per provider and locale and then only picked from."""

from collections.abc import Callable
from threading import Lock

from faker import Faker

from docdouble.schemas import ConfigError

SIZE = 256
"""Values in a pool."""

FALLBACK = "en_US"
"""The locale of a provider that the chosen one has nothing for."""


class Pools:
    """Lazily drawn pools of one seed and locale; safe to share between threads."""

    def __init__(self, seed: int, locale: str) -> None:
        try:
            self._faker = Faker(locale)
        except AttributeError as error:
            from faker.config import AVAILABLE_LOCALES  # needed for this error only

            raise ConfigError("locale", locale, AVAILABLE_LOCALES, "a locale of Faker") from error
        self._seed = f"{seed}/{locale}"
        self._pools: dict[str, tuple[str, ...]] = {}
        self._lock = Lock()

    def get(self, provider: str) -> tuple[str, ...]:
        """Return the pool of a Faker provider, named as Faker's method."""
        pool = self._pools.get(provider)
        return pool if pool is not None else self._draw(provider)

    def _draw(self, provider: str) -> tuple[str, ...]:
        with self._lock:
            # a few locales lack a provider
            faker = self._faker if hasattr(self._faker, provider) else Faker(FALLBACK)
            faker.seed_instance(f"{self._seed}/{provider}")
            draw: Callable[[], object] = getattr(faker, provider)
            return self._pools.setdefault(provider, tuple(str(draw()) for _ in range(SIZE)))
