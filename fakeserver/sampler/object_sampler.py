"""Objects and arrays: drawn part by part, and made to agree with each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .bounds import MOST_REPEATS
from .consistency import Repair
from .no_value import NoValueError
from .seeds import POPULATION, PRIME, Constant, Draw, id_of, ids_of, is_number_of_one, mix

ById = Callable[[int], Any]
"""A function from the id of an entity to a value that shows it, or tells something of it."""

KnownProperties = Mapping[str, Any]
"""Values of an object that are known beforehand, by property names in lower case."""

_TRIES = 50
"""Draws per item that must differ from all others."""

_FIRST = 2**20
"""Number from which those of the parts that an array begins with count down."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that shows another entity, by its id (a ``Draw``).

    ``fixed`` is the id of the only one that is ever meant, ``population`` how many there are. ``about`` makes the value
    of an id with what is known of it, and ``id_names`` are the names under which that id may be known, in lower case.
    ``gone`` tells whether callers deleted one; where it is given, they may have changed the others.
    """

    by_id: ById
    fixed: int = 0
    about: Callable[[int, KnownProperties], Any] | None = None
    id_names: tuple[str, ...] = ()
    population: int = POPULATION
    gone: Callable[[int], bool] | None = None

    def __call__(self, key: int, entity: int) -> Any:
        """Return the value of the entity that a key stands for."""
        return self.by_id(self.fixed or id_of(key, self.population))

    def draw_known(self, key: int, entity: int, known: KnownProperties) -> Any:
        """Return the value of the entity that is known, else of the one that a key stands for."""
        ids = (known[name] for name in self.id_names if type(known.get(name)) is int)
        number = next(ids, self.fixed or id_of(key, self.population))
        others = known.keys() - {*self.id_names}
        return self.about(number, known) if self.about and others else self.by_id(number)

    def present(self, numbers: list[int]) -> list[int]:
        """Return those of the ids that entities have."""
        return [number for number in numbers if not self.gone(number)] if self.gone else numbers

    def up_to_date(self, values: Any) -> Any:
        """Return an array of entities that callers sent as these look now; those without an id as they were sent."""
        if not isinstance(values, list):
            return values
        numbered = [(self._id_in(value), value) for value in values]
        return [self.by_id(number) if number else value for number, value in numbered if not number or self._is(number)]

    def _is(self, number: int) -> bool:
        return self.gone is None or not self.gone(number)

    def _id_in(self, value: Any) -> int:
        names = value if isinstance(value, dict) else ()
        number = next((value[name] for name in names if name.lower() == self.id_names[0]), 0)
        return number if is_number_of_one(number) else 0


@dataclass(frozen=True, slots=True)
class RecordProperty:
    """A property: ``salted`` is mixed into its owner's key, ``stem`` is what it refers to, in lower case.

    ``items`` shows one of the entities of an array that callers may have changed. Nobody can say what ``is_fixed``: the
    array of those that refer to the owner, and what ends because it stands too deep. ``nothing`` holds what is shown
    where it is known to refer to nothing. What no value fits is left out, unless it ``is_required``.
    """

    name: str
    salted: int
    draw: Draw
    stem: str = ""
    by_id: ById | None = None
    items: Reference | None = None
    is_fixed: bool = False
    nothing: tuple[Any, ...] = ()
    is_required: bool = False


class ObjectSampler:
    """The function for an object of given properties (a ``Draw``); ``repairs`` make them agree, in their order."""

    def __init__(self, parts: Sequence[RecordProperty], repairs: Sequence[Repair] = ()) -> None:
        self._repairs = tuple(repairs)
        constants = {part.name: part.draw.value for part in parts if isinstance(part.draw, Constant)}
        self._start = {part.name: constants.get(part.name) for part in parts}
        self._drawn = tuple((part.name, part.salted, part.draw) for part in parts if part.name not in constants)
        self._by_name = {part.name.lower(): part.name for part in parts if not part.is_fixed}
        self._referring: dict[str, list[RecordProperty]] = {}
        for part in parts:
            if part.stem and part.by_id:
                self._referring.setdefault(f"{part.stem}id", []).append(part)
        self._items = {part.name: part.items for part in parts if part.items}
        self._required = frozenset(part.name for part in parts if part.is_required)

    def __call__(self, key: int, entity: int) -> dict[str, Any]:
        """Return the object of a key, which tells of an entity."""
        value = self._start.copy()
        for name, salted, draw in self._drawn:
            try:
                value[name] = draw(key * salted % PRIME, entity)
            except NoValueError:
                if name in self._required:
                    raise
                del value[name]
        for repair in self._repairs:
            repair(value)
        return value

    def draw_known(self, key: int, entity: int, known: KnownProperties) -> dict[str, Any]:
        """Return the object with what is known of it: with ``contactid`` 5 its ``Contact`` is the one of id 5."""
        value = self(key, entity)
        for name, number in known.items():
            for part in self._referring.get(name, ()):
                if part.by_id and is_number_of_one(number):
                    value[part.name] = part.by_id(number)
                elif number == 0 and part.nothing:
                    value[part.name] = part.nothing[0]
        named = {self._by_name[name]: known[name] for name in known.keys() & self._by_name.keys()}
        repeated = {name: part for name, part in named.items() if name in value}  # nothing fits what was left out
        for name in repeated.keys() & self._items.keys():
            repeated[name] = self._items[name].up_to_date(repeated[name])
        value |= repeated
        for repair in self._repairs:
            if repair.name not in repeated:
                repair(value)
        return value


@dataclass(frozen=True, slots=True)
class Items:
    """The function for an array (a ``Draw``): ``first`` once each, then ``low`` items and fewer than ``span`` more.

    ``belonging`` tells the ids of what belongs to an entity, for an array of just these. ``leading`` make the first of
    the items, instead of ``item``. There are never less than ``least``.
    """

    item: Draw
    low: int
    span: int
    first: tuple[Draw, ...] = ()
    is_set: bool = False
    belonging: Callable[[int], list[int]] | None = None
    leading: tuple[Draw, ...] = ()
    least: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether it never has an item: what leads back to itself ends there."""
        return not self.first and self.low + self.span == 1

    def __call__(self, key: int, entity: int) -> list[Any]:
        """Return the array of a key; its first item tells of the entity, further ones of others."""
        if self.belonging and isinstance(self.item, Reference):
            return [self.item.by_id(number) for number in self.belonging(entity)]
        wanted = self.low + key % self.span
        if isinstance(self.item, Reference) and not self.first:
            numbers = self._numbers(key, self.item)
            shown = self.item.present(numbers) or numbers[: self.low]
            return self._enough([self.item.by_id(number) for number in (shown, numbers)[len(shown) < self.least]])
        values: list[Any] = []
        seen: set[Any] = set()
        try:
            for place, draw in enumerate(self.first, 1):
                self._begin(values, seen, place, draw, key, entity)
            repeats = 0
            for place in range(1, wanted * (_TRIES if self.is_set else 1) + 1):
                if len(values) >= wanted or repeats > MOST_REPEATS:
                    break
                mixed = mix(key, place)
                draw = self.leading[place - 1] if place <= len(self.leading) else self.item
                value = draw(mixed, entity if place == 1 else mixed)
                repeats = 0 if self._adds(value, values, seen) else repeats + 1
        except NoValueError:
            if len(values) < self.least:
                raise
        return self._enough(values)

    def _enough(self, values: list[Any]) -> list[Any]:
        if len(values) < self.least:
            raise NoValueError(f"no {self.least} different items were found")
        return values

    def _adds(self, value: Any, values: list[Any], seen: set[Any]) -> bool:
        """Add a value, unless it has to differ from those before and doesn't; tell whether it did."""
        if self.is_set:
            frozen = _frozen(value)
            if frozen in seen:
                return False
            seen.add(frozen)
        values.append(value)
        return True

    def _begin(self, values: list[Any], seen: set[Any], place: int, draw: Draw, key: int, entity: int) -> None:
        """Add what stands at one of the first places, another value where it has to differ from those before."""
        for attempt in range(_TRIES if self.is_set else 1):
            value = draw(mix(key, (attempt + 1) * _FIRST - place), entity)
            if self._adds(value, values, seen):
                return
        raise NoValueError(f"no value was found for the item {place} that differs from those before")

    def _numbers(self, key: int, item: Reference) -> list[int]:
        """Return the ids of the entities that the items show, of which no two are the same."""
        wanted = self.low + key % self.span
        numbers = ids_of(mix(key, 1), wanted, item.population)
        if not self.leading:
            return numbers
        known = (draw.fixed for draw in self.leading if isinstance(draw, Reference) and draw.fixed)
        return list(dict.fromkeys((*known, *numbers)))[:wanted]

    def draw_known(self, key: int, entity: int, known: KnownProperties) -> Any:
        """Return the array with what is known of its items: with ``contactids`` one item for each of them."""
        item = self.item
        if not isinstance(item, Reference) or item.about is None or self.first:
            return self(key, entity)
        ids = next((known[f"{name}s"] for name in item.id_names if isinstance(known.get(f"{name}s"), list)), None)
        if not ids or not all(map(is_number_of_one, ids)) or len(set(ids)) < len(ids):
            ids = self._numbers(key, item)
        id_names = {*item.id_names, *(f"{name}s" for name in item.id_names)}
        others = {name: value for name, value in known.items() if name not in id_names}
        return [item.about(number, others) if others else item.by_id(number) for number in ids]


def _frozen(value: Any) -> Any:
    """Return a value that can be looked up among others."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(part)) for name, part in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


class Deferred:
    """A function that is made when it is first called (a ``Draw``): types may lead back to themselves."""

    def __init__(self, make: Callable[[], Draw]) -> None:
        self._make = make
        self._made: Draw | None = None

    def __call__(self, key: int, entity: int) -> Any:
        """Return what the function returns."""
        return self._function()(key, entity)

    def draw_known(self, key: int, entity: int, known: KnownProperties) -> Any:
        """Return what the function makes with what is known, where it can."""
        return draw_known(self._function(), key, entity, known)

    def _function(self) -> Draw:
        if self._made is None:
            self._made = self._make()
        return self._made


def draw_known(draw: Draw, key: int, entity: int, known: KnownProperties) -> Any:
    """Return the value of a function with what is known of it, where it is of an object or of several."""
    if known and (drawn := getattr(draw, "draw_known", None)):
        return drawn(key, entity, known)
    return draw(key, entity)
