"""Settings of the sampler, and the parts that all functions for the values of one contract share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from docdouble.schemas import Contract, Schema
from docdouble.schemas.dialects.base import SampleRule
from docdouble.schemas.dialects.dialect_registry import dialect_of
from docdouble.schemas.resources.naming import TypeKey

from .data.data_source import DataSource
from .data.images import ELSEWHERE
from .guarded import DrawBudget, Guarded, drawn_values
from .meaning.documented_choice import DocumentedChoice
from .meaning.string_meaning import Meaning
from .meaning.user_rules import UserRules
from .no_value import NoValueError
from .recursion import Endings
from .references import SampledResources
from .seeds import POPULATION, Draw
from .shapes import value_test
from .sizes import Sizes

Nulls = Literal["never", "sometimes", "documented"]


@dataclass(frozen=True)
class Sampling:
    """Settings of the sampler: ``language`` is the locale of words, where it is another than that of names.

    ``nulls`` says when what may be null is; ``samples`` are the user's rules, sources or values by ``Type.Property``
    pattern, ``added`` those of plugins. ``kept`` is how many entities are kept, as values and as JSON.

    Entities refer to ``population`` of each kind; the resources in ``stateful`` may be changed by callers. With
    ``documented`` nothing is made up where the documentation has an example or a default. ``images`` begins the URLs of
    images.
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
    documented: bool = False
    images: str = ELSEWHERE


@dataclass(frozen=True, slots=True)
class SamplerContext:
    """Context that the values of one contract are drawn with; ``settings`` says how.

    ``choice`` is the documented value that is drawn for what stands alone. Pages show samples instead of such values.
    """

    contract: Contract
    settings: Sampling
    world: DataSource
    resources: SampledResources
    meaning: Meaning
    user_rules: UserRules
    endings: Endings
    sizes: Sizes
    choice: DocumentedChoice
    budget: DrawBudget
    tests: dict[str, Callable[[Any], bool]] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract, settings: Sampling) -> "SamplerContext":
        """Return the parts for a contract; raises ``ConfigError`` for a locale or a source of samples that is none."""
        world = DataSource(settings.seed, settings.locale, settings.language, settings.population, settings.images)
        resources = SampledResources(contract.schemas, _keys(contract))
        meaning = Meaning(resources, dialect_of(contract), settings.added)
        user_rules = UserRules(settings.samples, resources, world, contract)
        choice: DocumentedChoice = "varied" if contract.dialect else "first"
        endings = Endings(contract.schemas)
        sizes = Sizes(contract, endings)
        return cls(contract, settings, world, resources, meaning, user_rules, endings, sizes, choice, DrawBudget())

    def guarded(
        self, draws: tuple[Draw, ...], fits: Callable[[Any], bool], error: NoValueError, weight: int = 1
    ) -> Guarded:
        """Return the function for those values of several draws that fit; each weighs as much as so many draws."""
        return Guarded(draws, fits, error, self.budget, weight)

    def hits(self, draw: Draw, fits: Callable[[Any], bool], weight: int = 1) -> int:
        """Return how many of the first values of a function fit; each weighs as much as so many draws."""
        return sum(fits(value) for value in drawn_values(draw, spend=partial(self.budget.spend, weight)))

    def test(self, schema: Schema) -> Callable[[Any], bool]:
        """Return the test that a value fits a schema; it is made once for each schema."""
        written = repr(schema)
        known = self.tests.get(written)
        return known or self.tests.setdefault(written, value_test(schema, self.contract))


def _keys(contract: Contract) -> dict[str, TypeKey]:
    """Return the keys of the named types that show entities of which there is one list only."""
    resources = (resource for resource in contract.resources.resources if not resource.collection and not resource.path)
    return {view: TypeKey(name, resource.name) for resource in resources for view, name in resource.views.items()}
