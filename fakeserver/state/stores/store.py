"""Store of worlds: of each, the entities that callers changed, as rows with the version they changed at.

Whoever answers calls keeps a copy of a world's rows, and asks for what changed since. A change is committed only on
top of the version it was worked out from, so that no writer overwrites what it hasn't seen.
"""

import math
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from docdouble.schemas import DocdoubleError
from docdouble.schemas.jsonschema.json_text import exact_json, json_bytes

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
    """Changes of an entity by callers: its changed ``values`` by property name, ``None`` when it is deleted."""

    resource: str
    number: int
    values: Mapping[str, Any] | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of a world: its present ``version``, and the rows since the one that was asked about.

    Versions count the commits of one ``generation``, which begins when the world gets its first row and when all of
    it is replaced. If it is another one than was asked about, the rows are all there are. The generation of a world
    without rows is empty, its version 0.
    """

    generation: str
    version: int
    rows: tuple[EntityRow, ...]


class Store(Protocol):
    """Keeps worlds by name; all methods may be called by several threads at once, and raise ``StoreError``.

    ``reads_at_once`` and ``writes_at_once`` tell that neither waits for a disk, another process or another machine.
    """

    reads_at_once: ClassVar[bool]
    writes_at_once: ClassVar[bool]

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return the changes since a version of a generation, ``None`` when nothing did: this is asked at each call.

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
        """Release files and connections."""


@dataclass(frozen=True, slots=True)
class WorldLimits:
    """At ``most`` so many worlds, each forgotten ``lifetime`` seconds after its last use by this ``clock``.

    Stores of several processes that share their worlds need clocks that agree: the default tells the time of day.
    """

    most: int = MOST_WORLDS
    lifetime: float = LIFETIME
    clock: Callable[[], float] = time.time

    def last_use(self, world: str) -> float:
        """When a world that is used now was last used; the usual one always is, so that it never expires."""
        return self.clock() if world else math.inf

    @property
    def expired(self) -> float:
        """A world that was last used at this moment or before it is forgotten."""
        return self.clock() - self.lifetime

    @property
    def due(self) -> float:
        """A world that was last used at this moment or before it has its use written down.

        A minute ago for a lifetime of an hour: to ask for changes seldom has to write.
        """
        return self.clock() - self.lifetime / 60

    def too_many(self) -> TooManyWorldsError:
        """Return the error that refuses a new world."""
        return TooManyWorldsError(
            f"{self.most} worlds have changes, and no more are kept; "
            f"reset one, or wait: one that nobody asks for is forgotten after {self.lifetime:g} seconds"
        )


LIMITS = WorldLimits()


def new_generation() -> str:
    """Return a name that no generation of any world has had."""
    return secrets.token_hex(8)


def versioned_rows(rows: Sequence[EntityRow], version: int) -> tuple[EntityRow, ...]:
    """Return the rows as the change of this version leaves them: of several for an entity, the last."""
    last = {(row.resource, row.number): row.values for row in rows}
    return tuple(EntityRow(resource, number, values, version) for (resource, number), values in last.items())


def to_json(row: EntityRow) -> bytes:
    """Return the values of a row as JSON, ``null`` for a deleted entity; ``StoreError`` if they have no such form."""
    try:
        return json_bytes(None if row.values is None else dict(row.values))
    except TypeError as error:
        raise StoreError(f"{row.resource} {row.number} can't be kept: {error}") from error


def from_json(resource: str, number: int | str, data: bytes | str, version: int | str) -> EntityRow:
    """Return the row whose values are this JSON; ``StoreError`` if they aren't, or it has no numbers."""
    try:
        values = exact_json(data)
        if not isinstance(values, dict | None):
            raise ValueError("it is no object")
        return EntityRow(resource, int(number), values, int(version))
    except (ValueError, TypeError) as error:  # as which orjson's counts
        raise StoreError(f"what is kept of {resource} {number} can't be read: {error}") from error


def version_of(value: int | str) -> int:
    """Return the version of a world as a store gives it; ``StoreError`` for what is none."""
    try:
        return int(value)
    except (ValueError, TypeError) as error:
        raise StoreError(f"what is kept of a world can't be read: {value!r} is no version") from error
