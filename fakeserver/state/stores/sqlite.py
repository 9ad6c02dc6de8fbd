"""Worlds in an SQLite file, which may be shared by the processes of one machine, and which keeps them when all end."""

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar, NamedTuple

from docdouble.schemas import ConfigError

from .sqlite_connections import PATIENCE, SqliteConnections, log_ahead
from .store import (
    LIMITS,
    Changes,
    EntityRow,
    WorldLimits,
    from_json,
    new_generation,
    to_json,
    version_of,
    versioned_rows,
)

_APPLICATION = int.from_bytes(b"dcdb")
"""Says in the header of the file that it is ours."""

_FORMAT = 1
"""The version of the tables."""

_TABLES = (
    """CREATE TABLE worlds (
        name TEXT PRIMARY KEY, generation TEXT NOT NULL, version INTEGER NOT NULL, used REAL NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE entities (
        world TEXT NOT NULL, resource TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL,
        data TEXT NOT NULL, PRIMARY KEY (world, resource, number)
    )""",
    "CREATE INDEX entities_by_version ON entities (world, version)",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_FORMAT}",
)


class _SqliteWorld(NamedTuple):
    generation: str
    version: int
    used: float


_EMPTY = _SqliteWorld("", 0, math.inf)


class SqliteStore:
    """A ``Store`` in the SQLite file at ``path``, which is made if it isn't there.

    Raises ``ConfigError`` for a file that can't be written or holds something else, which is left as it was.
    """

    reads_at_once: ClassVar[bool] = True
    writes_at_once: ClassVar[bool] = False

    def __init__(self, path: str | Path, limits: WorldLimits = LIMITS) -> None:
        self._path = Path(path).absolute()
        self._limits = limits
        self._opened = SqliteConnections(self._path, "the state")
        _prepare(self._path, str(path))

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return the changes; the answer that nothing did costs one look at a row."""
        with self._opened.reading as connection:
            held = self._held(connection, world)
            is_news = (held.generation, held.version) != (generation, since)
            changes = self._read(connection, world, generation, since) if is_news else None
        if held.used <= self._limits.due:
            self._use(world)
        return changes

    def commit(self, world: str, generation: str, version: int, rows: Sequence[EntityRow]) -> Changes | None:
        """Write rows on top of a version, which another process may do at the same time."""
        with self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            held = self._held(connection, world)
            if (held.generation, held.version) != (generation, version):
                return None
            if not rows:
                return Changes(generation, version, ())
            changes = self._write(connection, world, held, rows)
            connection.execute("COMMIT")
            return changes

    def replace(self, world: str, rows: Sequence[EntityRow]) -> None:
        """Put rows in place of all others."""
        with self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM entities WHERE world = ?", (world,))
            connection.execute("DELETE FROM worlds WHERE name = ?", (world,))
            if rows:
                self._write(connection, world, _EMPTY, rows)
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file in this process; a later call opens it again."""
        self._opened.close()

    def _held(self, connection: sqlite3.Connection, world: str) -> _SqliteWorld:
        query = "SELECT generation, version, used FROM worlds WHERE name = ?"
        row = connection.execute(query, (world,)).fetchone()
        if not row or not isinstance(row[2], float) or row[2] <= self._limits.expired:
            return _EMPTY
        return _SqliteWorld(row[0], version_of(row[1]), row[2])

    def _read(self, connection: sqlite3.Connection, world: str, generation: str, since: int) -> Changes:
        connection.execute("BEGIN")  # the version and the rows are of one moment
        held = self._held(connection, world)
        after = since if held.generation == generation else 0
        query = "SELECT resource, number, data, version FROM entities WHERE world = ? AND version > ? ORDER BY version"
        rows = connection.execute(query, (world, after)) if held is not _EMPTY else ()
        return Changes(held.generation, held.version, tuple(from_json(*row) for row in rows))

    def _use(self, world: str) -> None:
        with self._opened.writing as connection:
            connection.execute("UPDATE worlds SET used = ? WHERE name = ?", (self._limits.last_use(world), world))

    def _write(
        self, connection: sqlite3.Connection, world: str, held: _SqliteWorld, rows: Sequence[EntityRow]
    ) -> Changes:
        if held is _EMPTY:
            self._make_room(connection)
        generation, version = held.generation or new_generation(), held.version + 1
        changed = versioned_rows(rows, version)
        values = [(world, row.resource, row.number, version, to_json(row).decode()) for row in changed]
        connection.executemany("REPLACE INTO entities VALUES (?, ?, ?, ?, ?)", values)
        used = self._limits.last_use(world)
        connection.execute("REPLACE INTO worlds VALUES (?, ?, ?, ?)", (world, generation, version, used))
        return Changes(generation, version, changed)

    def _make_room(self, connection: sqlite3.Connection) -> None:
        expired = (self._limits.expired,)
        connection.execute("DELETE FROM entities WHERE world IN (SELECT name FROM worlds WHERE used <= ?)", expired)
        connection.execute("DELETE FROM worlds WHERE used <= ?", expired)
        if connection.execute("SELECT count(*) FROM worlds").fetchone()[0] >= self._limits.most:
            raise self._limits.too_many()


def _prepare(path: Path, shown_path: str) -> None:
    try:
        if path.exists() and not path.is_file():
            raise ConfigError("state", shown_path, expected="a file")
        if not path.parent.is_dir():
            raise ConfigError("state", shown_path, expected="in a folder that exists")
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            _claim(connection, shown_path)
            log_ahead(connection)
    except (OSError, ValueError, sqlite3.Error) as error:
        raise ConfigError("state", shown_path, expected=f"a file that can keep the state: {error}") from error


def _claim(connection: sqlite3.Connection, shown_path: str) -> None:
    """Make the tables of a new file, and refuse that of somebody else before anything is locked or written."""
    connection.execute("BEGIN")
    _is_new(connection, shown_path)
    connection.execute("COMMIT")
    connection.execute("BEGIN IMMEDIATE")
    if _is_new(connection, shown_path):
        for statement in _TABLES:
            connection.execute(statement)
    connection.execute("COMMIT")


def _is_new(connection: sqlite3.Connection, shown_path: str) -> bool:
    application, version, tables = (
        connection.execute(query).fetchone()[0]
        for query in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if (application, version, tables) == (0, 0, 0):
        return True
    if application != _APPLICATION:
        raise ConfigError("state", shown_path, expected="a state of docdouble, but a database of something else")
    if version != _FORMAT:
        raise ConfigError(
            "state", shown_path, expected=f"a state that this version reads: its format is {version}, not {_FORMAT}"
        )
    return False
