"""Overlay of changes by callers over drawn entities, while one of their calls is answered."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

EntityValues = Mapping[str, Any]
"""Values of an entity, by property names in lower case; ``contactid`` names the contact that is shown, too."""


Seen = tuple[str, int]
"""An entity of which something was asked, by resource and id; with the id 0 all of a resource."""


class WorldState(Protocol):
    """A world as callers left it, at one of its versions; ``token`` stands for all of these together."""

    @property
    def token(self) -> object: ...  # noqa: D102  the class says it

    @property
    def version(self) -> int: ...  # noqa: D102

    def values(self, resource: str, number: int) -> EntityValues | None:
        """Return the values of an entity that callers changed, ``None`` where they changed nothing."""

    def is_gone(self, resource: str, number: int) -> bool:
        """Tell whether there is no such entity."""

    def changed(self, resource: str) -> Mapping[int, EntityValues | None]:
        """Return the values of all entities of a resource that callers changed, ``None`` of those deleted."""

    def is_as_it_was(self, version: int, seen: Iterable[Seen]) -> bool:
        """Tell whether nothing of what was seen at a version has changed since."""


class ShownWorld(threading.local):
    """The world that a thread's call is about, ``None`` while it is as it was drawn; and what was ``seen`` of it."""

    known: WorldState | None = None
    seen: set[Seen] | None = None

    @contextmanager
    def showing(self, known: WorldState | None) -> Iterator[None]:
        """Show a world in what this thread makes."""
        before, self.known = self.known, known
        try:
            yield
        finally:
            self.known = before

    def values(self, resource: str, number: int) -> EntityValues | None:
        """Return the values of an entity that callers changed, ``None`` where they changed nothing."""
        if self.known is None:
            return None
        self._see(resource, number)
        return self.known.values(resource, number)

    def is_gone(self, resource: str, number: int) -> bool:
        """Tell whether there is no such entity."""
        if self.known is None:
            return False
        self._see(resource, number)
        return self.known.is_gone(resource, number)

    def _see(self, resource: str, number: int) -> None:
        if self.seen is not None:
            self.seen.add((resource, number))

    def belonging(
        self, drawn: list[int], resource: str, id_name: str, owner: Callable[[int], int], wanted: Callable[[int], bool]
    ) -> list[int]:
        """Return the ids of what belongs to an entity: those that were drawn, but for what callers made of them.

        ``id_name`` is the property with the owner's id, ``owner`` the drawn owner of an entity, and ``wanted`` tells
        whether an id is the one of the owner that is asked about.
        """
        if self.known is None:
            return drawn
        self._see(resource, 0)
        changed = self.known.changed(resource)
        owners = {
            number: values.get(id_name, owner(number)) for number, values in changed.items() if values is not None
        }
        kept = {number for number in drawn if number not in changed and not self.known.is_gone(resource, number)}
        return sorted(kept | {number for number, shown in owners.items() if type(shown) is int and wanted(shown)})


@dataclass(slots=True)
class _Made:
    """What was made at a version, and what of the world was seen for that."""

    value: Any
    version: int
    seen: frozenset[Seen]


class EntityCache:
    """Cache of what was made of entities: in a world, as long as nothing changes that was seen while it was made."""

    def __init__(self, make: Callable[[str, int, int], Any], present: ShownWorld, most: int) -> None:
        self._make, self._present, self._most = make, present, most
        self._drawn = lru_cache(most)(make)
        self._made: OrderedDict[tuple[object, str, int, int], _Made] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, name: str, depth: int, number: int) -> Any:
        """Return what a named type, so deep inside others, shows of an entity."""
        present, known = self._present, self._present.known
        if known is None:
            return self._drawn(name, depth, number)
        key = known.token, name, depth, number
        made = self._made.get(key)
        if made is None or not known.is_as_it_was(made.version, made.seen):
            made = self._make_anew(key, known)
        elif made.version < known.version:
            made.version = known.version
        if present.seen is not None:
            present.seen |= made.seen
        return made.value

    def _make_anew(self, key: tuple[object, str, int, int], known: WorldState) -> _Made:
        present, outer, seen = self._present, self._present.seen, set[Seen]()
        present.seen = seen
        try:
            value = self._make(*key[1:])
        finally:
            present.seen = outer
        made = _Made(value, known.version, frozenset(seen))
        with self._lock:
            if len(self._made) >= self._most:
                self._made.popitem(last=False)
            self._made[key] = made
        return made
