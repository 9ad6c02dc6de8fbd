"""Settings of the sampler."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from docdouble.schemas.dialects.base import SampleRule

from .seeds import POPULATION

Nulls = Literal["never", "sometimes", "documented"]


@dataclass(frozen=True)
class Sampling:
    """How values are made: ``language`` is the locale of words, where it is another than that of names.

    ``nulls`` says when what may be null is; ``samples`` are the user's rules, sources or values by ``Type.Property``
    pattern, ``added`` those of plugins. ``kept`` is how many entities are kept, as values and as JSON.

    Things refer to ``population`` of each kind; the resources in ``stateful`` may be changed by callers.
    """

    seed: int = 0
    locale: str = "en_US"
    language: str = ""
    nulls: Nulls = "sometimes"
    samples: Mapping[str, str | Sequence[Any]] = field(default_factory=dict)
    added: tuple[SampleRule, ...] = ()
    kept: int = 4096
    population: int = POPULATION
    stateful: frozenset[str] = frozenset()
