"""Worlds in the memory of this process: gone when it ends, and seen by no other."""

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import ClassVar

from .store import LIMITS, Changes, EntityRow, WorldLimits, new_generation, versioned_rows


@dataclass(slots=True)
class _MemoryWorld:
    """Its rows are in the order of their versions, so that what changed last is found from the end."""

    generation: str = field(default_factory=new_generation)
    version: int = 0
    used: float = 0.0
    rows: OrderedDict[tuple[str, int], EntityRow] = field(default_factory=OrderedDict)

    def put(self, rows: tuple[EntityRow, ...]) -> None:
        for row in rows:
            entity = (row.resource, row.number)
            self.rows[entity] = row
            self.rows.move_to_end(entity)

    def since(self, version: int) -> tuple[EntityRow, ...]:
        newest_first = takewhile(lambda row: row.version > version, reversed(self.rows.values()))
        return tuple(newest_first)[::-1]


_EMPTY = _MemoryWorld(generation="", used=math.inf)


class MemoryStore:
    """A ``Store`` for one process; what it is given is kept as it is, not copied."""

    reads_at_once: ClassVar[bool] = True
    writes_at_once: ClassVar[bool] = True

    def __init__(self, limits: WorldLimits = LIMITS) -> None:
        self._limits = limits
        self._worlds: dict[str, _MemoryWorld] = {}
        self._lock = threading.Lock()

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return the changes; the answer that nothing did takes the same time however much is kept."""
        with self._lock:
            held = self._held(world)
            if held.used <= self._limits.due:
                held.used = self._limits.last_use(world)
            if (held.generation, held.version) == (generation, since):
                return None
            rows = held.since(since if held.generation == generation else 0)
            return Changes(held.generation, held.version, rows)

    def commit(self, world: str, generation: str, version: int, rows: Sequence[EntityRow]) -> Changes | None:
        """Write rows on top of a version."""
        with self._lock:
            held = self._held(world)
            if (held.generation, held.version) != (generation, version):
                return None
            return self._write(world, rows) if rows else Changes(generation, version, ())

    def replace(self, world: str, rows: Sequence[EntityRow]) -> None:
        """Put rows in place of all others."""
        with self._lock:
            self._worlds.pop(world, None)
            if rows:
                self._write(world, rows)

    def close(self) -> None:
        """Do nothing: what is kept goes with the store."""

    def _held(self, world: str) -> _MemoryWorld:
        held = self._worlds.get(world, _EMPTY)
        return held if held is _EMPTY or held.used > self._limits.expired else _EMPTY

    def _write(self, world: str, rows: Sequence[EntityRow]) -> Changes:
        held = self._held(world)
        if held is _EMPTY:
            self._make_room()
            held = self._worlds[world] = _MemoryWorld()
        held.version += 1
        held.used = self._limits.last_use(world)
        changed = versioned_rows(rows, held.version)
        held.put(changed)
        return Changes(held.generation, held.version, changed)

    def _make_room(self) -> None:
        expired = self._limits.expired
        self._worlds = {name: world for name, world in self._worlds.items() if world.used > expired}
        if len(self._worlds) >= self._limits.most:
            raise self._limits.too_many()
