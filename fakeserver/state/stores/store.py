"""Store of worlds: of each, the entities that callers changed, as rows with the version they changed at.

Whoever answers calls keeps a copy of a world's rows, and asks for what changed since. A change is committed only on
top of the version it was worked out from, so that no writer overwrites what it hasn't seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from docdouble.schemas import DocdoubleError

MOST_WORLDS = 1000
"""Worlds with changes that a store holds at the same time."""

LIFETIME = 3600
"""Seconds after which a world that nobody asks for is forgotten; the usual one, with the empty name, never is."""


class StoreError(DocdoubleError, RuntimeError):
    """A store that can't be read or written: what was tried, and why it failed."""


class TooManyWorldsError(StoreError):
    """A store that holds ``MOST_WORLDS`` worlds that are all in use."""


@dataclass(frozen=True, slots=True)
class EntityRow:
    """What callers made of an entity: its changed ``values`` by property name, ``None`` when it is deleted."""

    resource: str
    number: int
    values: Mapping[str, Any] | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a world: its present ``version``, and the rows since the one that was asked about.

    Versions count the commits of one ``generation``, which begins when the world gets its first row and when all of
    it is replaced. If it is another one than was asked about, the rows are all there are. The generation of a world
    without rows is empty, its version 0.
    """

    generation: str
    version: int
    rows: tuple[EntityRow, ...]


class Store(Protocol):
    """Keeps worlds by name; all methods may be called by several threads at once, and raise ``StoreError``."""

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return what changed since a version of a generation, ``None`` when nothing did: this is asked at each call.

        To ask is to use: it keeps a world from being forgotten.
        """

    def commit(self, world: str, generation: str, version: int, rows: Sequence[EntityRow]) -> Changes | None:
        """Write the rows of one change, on top of a version, and return them as written: with the new version.

        All are written or none, and whoever gets the answer can rely on it. Returns ``None``, with nothing written,
        when the world has come to another version since; raises ``TooManyWorldsError`` for a new world too many.
        """

    def replace(self, world: str, rows: Sequence[EntityRow]) -> None:
        """Put these rows in place of all that a world has, as a new generation; none reset it."""

    def close(self) -> None:
        """Let go of files and connections."""
