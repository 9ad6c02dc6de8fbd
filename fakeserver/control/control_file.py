"""SQLite file through which the processes of one server share what the control API keeps.

It is a temporary one, for this user alone, and gone when the server ends: calls stand there as they were received, and
values as they are pickled, which is how processes of one program hand them to each other.
"""

import contextlib
import pickle
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic

from docdouble.schemas import Call, ConfigError, Reply

from ..state.stores.sqlite_connections import SqliteConnections, log_ahead
from ..state.worlds import world_of
from .call_log import ANY_WORLD, CAPACITY, MOST_COUNTED, CapturedExchange, Numbered
from .held_values import Change, R, T

_TABLES = (
    "CREATE TABLE calls (number INTEGER PRIMARY KEY AUTOINCREMENT, world TEXT, operation TEXT, exchange BLOB)",
    "CREATE TABLE dropped (world TEXT, operation TEXT, count INTEGER, PRIMARY KEY (world, operation)) WITHOUT ROWID",
    "CREATE TABLE observed (number INTEGER PRIMARY KEY AUTOINCREMENT, exchange BLOB)",
    "CREATE TABLE held (name TEXT PRIMARY KEY, version INTEGER, value BLOB) WITHOUT ROWID",
)

_TRIM_EVERY = 50
"""Calls after which those too many are dropped: so many more than the capacity may be kept for a while."""

_PAUSE = 0.05
"""Seconds between two looks for a call of another process."""


@contextlib.contextmanager
def control_file(workers: int) -> Iterator[Path | None]:
    """Yield the file that several processes share, ``None`` for one alone; it is gone when left.

    Raises ``ConfigError`` where none can be made.
    """
    if workers == 1:
        yield None
        return
    with contextlib.ExitStack() as stack:
        try:
            # on Windows a worker that is just ending may still have it open
            folder = stack.enter_context(TemporaryDirectory(prefix="docdouble-", ignore_cleanup_errors=True))
            path = Path(folder, "control.db")
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                log_ahead(connection)
                for statement in _TABLES:
                    connection.execute(statement)
        except (OSError, sqlite3.Error) as error:
            expected = f"able to share what the control API keeps in a temporary file: {error}"
            raise ConfigError("--workers", workers, expected=expected) from error
        yield path


class FileLog:
    """A ``CallLog`` in a file that ``control_file`` made; those too many are dropped at every so many calls."""

    def __init__(self, connections: SqliteConnections, capacity: int = CAPACITY, every: int = _TRIM_EVERY) -> None:
        self._opened = connections
        self._capacity, self._every = capacity, every
        self._closed = threading.Event()

    def append(self, exchange: CapturedExchange) -> None:
        """Keep a call."""
        row = (world_of(exchange.call), exchange.operation or "", _packed(exchange))
        with self._opened.writing as connection:
            added = connection.execute("INSERT INTO calls (world, operation, exchange) VALUES (?, ?, ?)", row).lastrowid
            if added is not None and added % self._every == 0:
                self._trim(connection)

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the calls that are kept."""
        with self._opened.reading as connection:
            return [number for (number,) in connection.execute("SELECT number FROM calls ORDER BY number")]

    def after(self, number: int) -> Sequence[Numbered]:
        """Return the calls behind a number."""
        with self._opened.reading as connection:
            query = "SELECT number, exchange FROM calls WHERE number > ? ORDER BY number"
            rows = connection.execute(query, (number,)).fetchall()
        return [(kept, _unpacked(exchange)) for kept, exchange in rows]

    def last(self) -> int:
        """Return the number of the last call."""
        with self._opened.reading as connection:
            row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'calls'").fetchone()
        return row[0] if row else 0

    def wait(self, number: int, seconds: float) -> bool:
        """Wait until there is a call behind a number."""
        until = time.monotonic() + seconds
        while self.last() <= number and time.monotonic() < until:
            if self._closed.wait(_PAUSE):
                return False
        return True

    def close(self) -> None:
        """End every wait, also later ones."""
        self._closed.set()

    def clear(self, world: str) -> None:
        """Forget calls."""
        with self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in ("calls", "dropped"):
                connection.execute(f"DELETE FROM {table} WHERE ? IN ('', world)", (world,))
            connection.execute("COMMIT")

    def dropped(self, operation: str, world: str) -> int:
        """Return how many calls had to go."""
        with self._opened.reading as connection:
            query = "SELECT total(count) FROM dropped WHERE (? = '' OR world IN (?, ?)) AND ? IN ('', operation)"
            return int(connection.execute(query, (world, world, ANY_WORLD, operation)).fetchone()[0])

    def _trim(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        query = "SELECT number FROM calls ORDER BY number DESC LIMIT 1 OFFSET ?"
        if row := connection.execute(query, (self._capacity,)).fetchone():
            gone = "SELECT world, operation, count(*) FROM calls WHERE number <= ? GROUP BY world, operation"
            for world, operation, count in connection.execute(gone, row).fetchall():
                self._count(connection, world, operation, count)
            connection.execute("DELETE FROM calls WHERE number <= ?", row)
        connection.execute("COMMIT")

    def _count(self, connection: sqlite3.Connection, world: str, operation: str, count: int) -> None:
        known = connection.execute("SELECT count(*) FROM dropped").fetchone()[0]
        key = (world if known < MOST_COUNTED else ANY_WORLD, operation)
        add = "INSERT INTO dropped VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"
        connection.execute(add, (*key, count))


def _packed(exchange: CapturedExchange) -> bytes:
    """Return a call pickled by its parts: to pickle the objects would take ten times as long."""
    seconds, operation, milliseconds, call, asked, reply, answered, redaction, note = exchange
    asking = (call.headers, call.body, call.method, call.target)
    answering = (reply.headers, reply.body, reply.status)
    parts = (seconds, operation, milliseconds, asking, asked, answering, answered, redaction, note)
    return pickle.dumps(parts, pickle.HIGHEST_PROTOCOL)


def _unpacked(packed: bytes) -> CapturedExchange:
    seconds, operation, milliseconds, asking, asked, answering, answered, redaction, note = pickle.loads(packed)
    call, reply = Call(*asking), Reply(*answering)
    return CapturedExchange(seconds, operation, milliseconds, call, asked, reply, answered, redaction, note)


class FileValue(Generic[T]):
    """A ``HeldValue`` in a file that ``control_file`` made, under a name, at first ``value``."""

    def __init__(self, connections: SqliteConnections, name: str, value: T) -> None:
        self._opened = connections
        self._name = name
        self._seen: tuple[int, T] = (0, value)
        self._first = value

    @property
    def value(self) -> T:
        """The value of the moment: read again where its version is another one."""
        version, value = self._seen
        with self._opened.reading as connection:
            query = "SELECT version, value FROM held WHERE name = ? AND version <> ?"
            row = connection.execute(query, (self._name, version)).fetchone()
        if row:
            self._seen = (row[0], pickle.loads(row[1]))
            return self._seen[1]
        return value

    def change(self, work: Change[T, R]) -> R:
        """Put another value in its place."""
        with self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute("SELECT version, value FROM held WHERE name = ?", (self._name,)).fetchone()
            version, value = (row[0], pickle.loads(row[1])) if row else (0, self._first)
            changed, result = work(value)
            if changed is not value:
                written = (self._name, version + 1, pickle.dumps(changed, pickle.HIGHEST_PROTOCOL))
                connection.execute("REPLACE INTO held VALUES (?, ?, ?)", written)
            connection.execute("COMMIT")
        return result
