"""Connections to an SQLite file that threads and processes share."""

import os
import sqlite3
import threading
import time
from functools import partial
from pathlib import Path

from .store import StoreError

PATIENCE = 10.0
"""Seconds that one connection waits while another writes."""


class LentConnection:
    """Lends a connection to one thread at a time; what that has not committed in the end is taken back.

    One for all threads is about as fast as one for each, and needs two file handles instead of hundreds. An error says
    that ``what`` in the file can't be read or written. A file that is ``temporary`` is never flushed to the disk.
    """

    def __init__(self, path: Path, what: str, *, temporary: bool = False) -> None:
        self._path, self._what, self._is_temporary = path, what, temporary
        self._lock = threading.Lock()
        self._connection = self._connected()

    def __enter__(self) -> sqlite3.Connection:
        self._lock.acquire()
        return self._connection

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.rollback()
        except sqlite3.Error as broken:
            error = error or broken
        finally:
            self._lock.release()
        if isinstance(error, (sqlite3.Error, OverflowError, UnicodeError)):
            raise self._failed(error) from error

    def close(self) -> None:
        """Close the connection, once nobody has it."""
        with self._lock:
            self._connection.close()

    def _connected(self) -> sqlite3.Connection:
        # By a URI, which makes no file where it was moved away.
        address = f"{self._path.as_uri()}?mode=rw"
        try:
            connection = sqlite3.connect(
                address, timeout=PATIENCE, isolation_level=None, check_same_thread=False, uri=True
            )
            # A commit is in the log when it returns, which a process that is killed can't undo. The log is not flushed
            # to the disk each time: a crash of the operating system may undo the last commits, but leaves a sound file.
            connection.execute(f"PRAGMA synchronous = {'OFF' if self._is_temporary else 'NORMAL'}")
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return connection

    def _failed(self, error: Exception) -> StoreError:
        return StoreError(f"{self._what} in {self._path} can't be read or written: {error}")


class SqliteConnections:
    """Two connections of each process: who reads never waits for who writes, not even while that waits for another."""

    def __init__(self, path: Path, what: str, *, temporary: bool = False) -> None:
        self._made = partial(LentConnection, path, what, temporary=temporary)
        self._opened: dict[int, tuple[LentConnection, LentConnection]] = {}

    @property
    def reading(self) -> LentConnection:
        """The connection that only reads."""
        return self._of_process()[0]

    @property
    def writing(self) -> LentConnection:
        """The connection that writes."""
        return self._of_process()[1]

    def close(self) -> None:
        """Close those of this process; who asks for one later opens them again."""
        for connection in self._opened.pop(os.getpid(), ()):
            connection.close()

    def _of_process(self) -> tuple[LentConnection, LentConnection]:
        # A fork must neither use nor close what the process before it opened, and can't wait for its locks, since the
        # thread that holds one is not forked. So each process has its own, and leaves the others where they are.
        process = os.getpid()
        if opened := self._opened.get(process):
            return opened
        new = self._made(), self._made()
        opened = self._opened.setdefault(process, new)
        if opened is not new:  # another thread was faster
            for connection in new:
                connection.close()
        return opened


def log_ahead(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at the same time, by a log (WAL); the file stays so."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:  # SQLite doesn't wait here for others that open the file
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
