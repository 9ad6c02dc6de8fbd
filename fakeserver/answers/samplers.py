"""Samplers of one contract: one for each language and seed that callers ask for, of which the latest are kept."""

from dataclasses import replace
from functools import lru_cache

from docdouble.schemas import Contract

from ..sampler import Sampler, Sampling
from ..sampler.meaning.user_rules import added_rules
from ..settings import Settings

_SAMPLERS = 16
"""Samplers that are kept, of other languages and seeds than the server's own."""

_KEPT = 256
"""Entities that each of those keeps."""


class Samplers:
    """The samplers of a contract; ``stateful`` resources are kept, ``None`` where nothing is."""

    def __init__(self, contract: Contract, settings: Settings, images: str, stateful: frozenset[str] | None) -> None:
        self._contract = contract
        self._settings = settings
        self._images = images
        self._stateful = stateful
        self.of = lru_cache(_SAMPLERS)(self._make)

    def _make(self, language: str, seed: int) -> Sampler:
        settings = self._settings
        sampling = Sampling(seed, settings.locale, language, settings.nulls, settings.samples, added_rules())
        sampling = replace(sampling, documented=settings.answers == "documented", images=self._images)
        if language or seed != settings.seed:
            sampling = replace(sampling, kept=_KEPT)
        if self._stateful is not None:
            sampling = replace(sampling, population=max(settings.population, 1), stateful=self._stateful)
        return Sampler(self._contract, sampling)
