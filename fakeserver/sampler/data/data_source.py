"""Source of data for values: people, places and texts of one seed and locale."""

from collections.abc import Callable
from functools import cache, cached_property

from ..meaning.text_rules import ValueSource
from ..seeds import POPULATION, Draw, id_of, mix, part, pick, salt
from .dates import minutes_of, moment, now_of, style_of
from .faker_pools import USUAL, Pools
from .images import ELSEWHERE
from .locales import LOCAL_ID, LOCALE_TEXTS, LocaleFacts
from .numbered import NUMBERED, hexadecimal, iban
from .patterns import filled_pattern
from .people import People
from .shaped_texts import filled_shape
from .terms import TERMS
from .vocabulary import TEXTS

SHARED = ("country", "currency")
"""Resources of which all others refer to one and the same, that of the locale."""

_TYPE_NAMES = ("System.String", "System.Int32", "System.DateTime", "System.Boolean", "System.Double")
_RARELY = 8
"""One in so many texts of a field that samples show empty isn't."""


class DataSource:
    """Source that values are drawn from, by key; raises ``ConfigError`` for a locale that Faker doesn't have.

    ``population`` is how many entities of each kind are referred to, ``images`` begins the URLs of images.
    """

    def __init__(
        self,
        seed: int,
        locale: str,
        language: str = "",
        population: int = POPULATION,
        images: str = ELSEWHERE,
    ) -> None:
        self.population = population
        self._images = images
        self.seed = salt(f"seed {seed}")
        self.now = now_of(seed)
        self.minutes_now = minutes_of(self.now)
        self.pools = Pools(locale, language)
        self.people = People(self.pools)
        self._people = self.people.attributes
        self._source = cache(self._make)
        self._resource = cache(lambda name: mix(self.seed, salt(name)))

    @cached_property
    def _facts(self) -> LocaleFacts:
        return LocaleFacts(self.pools.locale, self.pools.language)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        """Numbers of entities by their keys, for the resources that all others share."""
        return {self.entity(name, number): number for name in SHARED for number in range(1, POPULATION + 1)}

    def entity(self, resource: str, number: int) -> int:
        """Return the key of an entity: the one of a resource that has this id."""
        return mix(self._resource(resource), number)

    def draw(self, choice: ValueSource) -> Draw:
        """Return the function for the texts that are chosen; raises ``ConfigError`` for a source that is none."""
        if choice.values:
            return pick(choice.values)
        is_of_somebody = self.is_of_somebody(choice.source)
        draw = self._of_person(choice.source, choice.of) if is_of_somebody else self._source(choice.source)
        return _seldom(draw) if choice.seldom else draw

    def referred(self, resource: str, number: int, salted: int) -> int:
        """Return the id that an entity refers to by a salted name."""
        return id_of(part(self.entity(resource, number), salted), self.population)

    def belonging(self, resource: str, owner: str, salted: int) -> Callable[[int], list[int]]:
        """Return the function from the key of an owner to the ids of those that refer to it by a salted id."""

        @cache
        def owned() -> dict[int, list[int]]:
            numbers: dict[int, list[int]] = {}
            for number in range(1, self.population + 1):
                key = self.entity(owner, self.referred(resource, number, salted))
                numbers.setdefault(key, []).append(number)
            return numbers

        return lambda entity: owned().get(entity, [])

    def is_of_somebody(self, source: str) -> bool:
        """Tell whether texts of a source are about a person, a company or a place."""
        return source in self._people

    def _of_person(self, name: str, of: str) -> Draw:
        """Return the function for a text of the entity's own person, or of another one of it, such as its owner."""
        text = self._people[name]
        salted = salt(of)
        return (lambda key, entity: text(mix(entity, salted))) if of else (lambda key, entity: text(entity))

    def _locale_text(self, source: str) -> Draw:
        """Return the function for a text about the locale's country or currency, or about the entity's."""
        text = cache(lambda number: LOCALE_TEXTS[source](self._facts, number))
        numbers = self._numbers
        return lambda key, entity: text(numbers.get(entity, LOCAL_ID))

    def _coded(self, source: str) -> Draw | None:
        """Return the function for codes and terms that are the same in every language, ``None`` for other sources."""
        if source in TERMS:
            return pick(TERMS[source])
        if source in NUMBERED:
            text = NUMBERED[source]
            return lambda key, entity: text(key)
        if source == "image url":
            images = self._images
            return lambda key, entity: f"{images}{hexadecimal(key, 8)}.svg"
        if source == "iban":
            country = self._facts.country(LOCAL_ID).code
            return lambda key, entity: iban(key, country)
        prefix, _, pattern = source.partition(":")
        match prefix:
            case "numerify" | "bothify":
                return lambda key, entity: filled_pattern(pattern, key)
            case "hex":
                return lambda key, entity: hexadecimal(key, int(pattern))
            case "like":
                shape = filled_shape(pattern)
                return lambda key, entity: shape(key)
        return None

    def _make(self, source: str) -> Draw:
        if source in LOCALE_TEXTS:
            return self._locale_text(source)
        if source in TEXTS:
            return self.pools.text(source)
        if coded := self._coded(source):
            return coded
        match source:
            case "type name":
                return pick(_TYPE_NAMES)
            case "moment":
                when, write = moment("", self.minutes_now), style_of()
                return lambda key, entity: write(when(entity, key))
            case "span":
                return lambda key, entity: f"{(key >> 8) % 4}:{key % 4 * 15:02}:00"
            case "url":
                domain = self._people["domain"]
                return lambda key, entity: (
                    f"https://www.{domain(key)}/{'abcdefghijkmnpqr'[key & 15]}{(key >> 8) % 1000}"
                )
        return self.pools.draw(source)


def _seldom(draw: Draw) -> Draw:
    return lambda key, entity: "" if (key >> 16) % _RARELY else draw(key, entity)


def sources() -> tuple[str, ...]:
    """Return the names of the sources that rules may name, besides Faker's providers and patterns."""
    listed = {*DataSource(0, USUAL)._people, *LOCALE_TEXTS, *TEXTS, *TERMS, *NUMBERED}
    return tuple(
        sorted(listed | {"iban", "image url", "moment", "secondary address", "slug", "span", "type name", "url"})
    )
