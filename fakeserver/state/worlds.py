"""Worlds: what callers made of the entities that the sampler draws, each caller's own where it names one."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol, TypeVar

from docdouble.schemas import Call, ConfigError
from docdouble.schemas.jsonschema.json_text import json_bytes

from ..sampler.overlay import EntityValues, Seen
from .stores.store import MOST_WORLDS, Changes, EntityRow, Store, StoreError

HEADER = "Docdouble-World"
"""The header field by which a caller names a world of its own."""

MOST_ENTITIES = 10_000
"""Entities that callers may change in a world."""

MOST_BYTES = 1024 * 1024
"""Bytes of JSON that the values of one entity may have."""

MOST_NUMBER = 2**31 - 1 - MOST_ENTITIES
"""The largest id that an entity of the user's own may have: further ones have room behind it."""

_MOST_TRIES = 1000
"""Times that a change is worked out again, because another process was faster."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_EXPECTED = "1 to 64 letters, digits, dots, hyphens or underscores"

Rows = Mapping[str, Mapping[int, EntityValues | None]]
"""The values that callers gave the entities of each resource, by their numbers, ``None`` of those that are gone."""


DocumentedIds = Callable[[str], frozenset[int]]
"""The ids of a resource that the samples of a documentation name."""


def none_documented(resource: str) -> frozenset[int]:
    """Return the ids of a documentation without samples."""
    return frozenset()


def world_of(call: Call) -> str:
    """Return the name of the world that a call is about, empty for the usual one."""
    return (call.header(HEADER) or "").strip()


def check_name(name: str) -> None:
    """Raise ``ConfigError`` for a name that no world can have."""
    if name and not _NAME.fullmatch(name):
        raise ConfigError(HEADER, name, expected=_EXPECTED)


def check_world(call: Call) -> None:
    """Raise ``ConfigError`` for a call that is about a world which can't be: no other is taken instead.

    An empty name means the usual one: a server that can't tell it from one that can't be read refuses it before.
    """
    name = call.header(HEADER)
    if name and not _NAME.fullmatch(name.strip()):
        raise ConfigError(HEADER, name, expected=_EXPECTED)


class RefusedChangeError(StoreError):
    """A change that a world doesn't take: of one entity too many, or of one that can't be kept."""


class WorldChange(Protocol):
    """The result of a call: the rows that it writes."""

    @property
    def rows(self) -> tuple[EntityRow, ...]:
        """The rows, none where nothing changes."""


_Change = TypeVar("_Change", bound=WorldChange)


@dataclass(frozen=True, eq=False)
class WorldView:
    """A world at one moment: ``population`` entities of each resource were drawn, and ``rows`` changed since.

    ``documented`` returns the ids of a resource that samples name: those entities were drawn, too.

    ``versions`` tells at which version an entity was changed last, or with the id 0 any of a resource. That is written
    on while the world goes on; ``token`` stands for the world in all versions of a generation.
    """

    population: int
    rows: Rows
    documented: DocumentedIds = none_documented
    generation: str = ""
    version: int = 0
    versions: dict[Seen, int] = field(default_factory=dict, repr=False)
    token: object = field(default_factory=object, repr=False)
    _collections: dict[str, "WorldView"] = field(default_factory=dict, init=False, repr=False)
    _numbers: dict[str, Sequence[int]] = field(default_factory=dict, init=False, repr=False)

    @property
    def known(self) -> "WorldView | None":
        """Changes that the sampler has to know: none where all is as it was drawn."""
        return self if self.rows or not self.population else None

    def values(self, resource: str, number: int) -> EntityValues | None:
        """Return the values of an entity that callers changed, ``None`` where they changed nothing."""
        changed = self.rows.get(resource)
        return changed.get(number) if changed else None

    def is_gone(self, resource: str, number: int) -> bool:
        """Tell whether there is no such entity."""
        changed = self.rows.get(resource, {})
        if number in changed:
            return changed[number] is None
        return not 1 <= number <= self.population and number not in self.documented(resource)

    def is_as_it_was(self, version: int, seen: Iterable[Seen]) -> bool:
        """Tell whether nothing of what was seen at a version has changed since."""
        return version == self.version or all(self.versions.get(entity, 0) <= version for entity in seen)

    def changed(self, resource: str) -> Mapping[int, EntityValues | None]:
        """Return the values of all entities of a resource that callers changed, ``None`` of those deleted."""
        return self.rows.get(resource, {})

    def with_collection(self, resource: str, collection: str) -> "WorldView":
        """Return the world in which the entities of a resource are those of one of the collections they live in."""
        if collection not in self._collections:
            rows = {**self.rows, resource: self.changed(collection)}
            own = self.documented
            documented: DocumentedIds = lambda name: own(collection if name == resource else name)  # noqa: E731
            self._collections[collection] = WorldView(self.population, rows, documented)
        return self._collections[collection]

    def numbers(self, resource: str) -> Sequence[int]:
        """Return the ids of all entities of a resource, in their order."""
        if resource not in self._numbers:
            drawn, changed = range(1, self.population + 1), self.changed(resource)
            gone = {number for number, values in changed.items() if values is None}
            others = {*self.documented(resource), *changed}
            self._numbers[resource] = sorted({*drawn, *others} - gone) if others else drawn
        return self._numbers[resource]

    def following(self, resource: str, last: int = 0) -> int:
        """Return the id of the next new entity, after the ``last`` one; those of deleted ones don't come again.

        Larger ids than can follow each other are those that callers chose.
        """
        documented = self.documented(resource)
        made = (number for number in self.changed(resource).keys() - documented if number <= MOST_NUMBER)
        return next_id(last or max(self.population, *made, 0), documented)


def next_id(last: int, documented: frozenset[int]) -> int:
    """Return the first id after another that samples don't name."""
    return next(number for number in count(last + 1) if number not in documented)


class World:
    """One world, as its store has it; what was read of that is kept, and brought up to date at each call."""

    def __init__(
        self, name: str, store: Store, population: int, seeded: Rows, documented: DocumentedIds = none_documented
    ) -> None:
        self.name = name
        self._store = store
        self._seeded = seeded
        self._untouched = WorldView(population, seeded, documented)
        self._view = self._untouched
        self._reading, self._writing = threading.Lock(), threading.Lock()

    def view(self) -> WorldView:
        """Return the world as it is now; raises ``StoreError``."""
        view = self._view
        changes = self._store.changes(self.name, view.generation, view.version)
        return view if changes is None else self._follow(changes)

    def write(self, work: Callable[[WorldView], _Change]) -> tuple[_Change, WorldView]:
        """Do what a call asks for, on top of all that was done before, and return it with the world after it.

        ``work`` may be called several times. Raises what it raises, ``RefusedChangeError`` and ``StoreError``.
        """
        with self._writing:
            for _ in range(_MOST_TRIES):
                view = self.view()
                change = work(view)
                if not change.rows:
                    return change, view
                _check_size(view, change.rows)
                changes = self._store.commit(self.name, view.generation, view.version, change.rows)
                if changes is not None:
                    return change, self._follow(changes)
        raise StoreError(f"other processes changed the world {_MOST_TRIES} times while this change was worked out")

    def rows(self) -> tuple[EntityRow, ...]:
        """Return what callers changed; raises ``StoreError``."""
        view = self.view()
        return tuple(
            EntityRow(resource, number, values)
            for resource, entities in view.rows.items()
            for number, values in entities.items()
            if self._seeded.get(resource, {}).get(number, ...) is not values
        )

    def replace(self, rows: Sequence[EntityRow]) -> None:
        """Put these rows in place of all that callers changed; none undo everything. Raises ``StoreError``."""
        with self._writing:
            _check_size(self._untouched, rows)
            self._store.replace(self.name, rows)

    def _follow(self, changes: Changes) -> WorldView:
        """Take over what changed, and return the world as it is then."""
        with self._reading:
            view = self._view
            if changes.generation != view.generation:
                view = replace(self._untouched, versions={}, token=object())
            elif changes.version <= view.version:
                return view
            changed = {name: {**view.changed(name), **entities} for name, entities in _by_number(changes.rows)}
            for row in changes.rows:
                view.versions[row.resource, row.number] = view.versions[row.resource, 0] = row.version
            rows = {**view.rows, **changed}
            self._view = replace(view, rows=rows, generation=changes.generation, version=changes.version)
            return self._view


class Worlds:
    """The worlds of one server by name, the usual one under the empty name."""

    def __init__(
        self, store: Store, population: int, seeded: Rows, documented: DocumentedIds = none_documented
    ) -> None:
        self._store, self._population, self._seeded, self._documented = store, population, seeded, documented
        self._worlds: OrderedDict[str, World] = OrderedDict()
        self._lock = threading.Lock()

    def world(self, name: str) -> World:
        """Return a world; raises ``ConfigError`` for a name that none can have."""
        check_name(name)
        with self._lock:
            world = self._worlds.get(name)
            if world is None:
                world = self._worlds[name] = World(name, self._store, self._population, self._seeded, self._documented)
            self._worlds.move_to_end(name)
            if len(self._worlds) > MOST_WORLDS:
                self._worlds.popitem(last=False)
        return world

    def names(self) -> list[str]:
        """Return the names of the worlds that were asked for last, but for the usual one."""
        with self._lock:
            return sorted(name for name in self._worlds if name)


def check_kept(values: EntityValues, name: str) -> None:
    """Raise ``RefusedChangeError`` where the values of an entity can't be kept."""
    try:
        size = len(json_bytes(dict(values)))
    except (TypeError, ValueError) as error:  # integers of more than 64 bits, octets of a form, what is too deep
        raise RefusedChangeError(f"{name} can't be kept: {error}") from error
    if size > MOST_BYTES:
        raise RefusedChangeError(f"{name} would have more than {MOST_BYTES} bytes")


def _check_size(view: WorldView, rows: Sequence[EntityRow]) -> None:
    """Raise ``RefusedChangeError`` where a world would hold too much."""
    changed = sum(map(len, view.rows.values()))
    new = sum(row.number not in view.changed(row.resource) for row in rows)
    if new and changed + new > MOST_ENTITIES:
        raise RefusedChangeError(f"callers may change {MOST_ENTITIES} entities of a world, and have done so")


def _by_number(rows: Sequence[EntityRow]) -> Iterable[tuple[str, dict[int, EntityValues | None]]]:
    """Return the resources of rows, each with what its rows say by number."""
    by_resource: dict[str, dict[int, EntityValues | None]] = {}
    for row in rows:
        by_resource.setdefault(row.resource, {})[row.number] = row.values
    return by_resource.items()
