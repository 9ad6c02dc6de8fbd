"""Use of a contract in several processes, noted in one place."""

import pickle
import threading
from typing import Any

from docdouble.schemas import Call, Contract, Operation, Reply

from ..state.stores.sqlite_connections import SqliteConnections
from .api import SavesUse

_NAME = "use"

MOST_UNREAD = 200
"""Calls that are kept before they are looked at, unless somebody asks earlier."""


class SharedUse:
    """A ``KeepsUse`` of the processes that share a file: ``keeper`` looks at the calls of all of them.

    A call is put into the file as it was received. Who is asked what was touched, or finds that there are many calls,
    takes up what was noted before, looks at them, and puts the notes back.
    """

    def __init__(self, keeper: SavesUse, contract: Contract, opened: SqliteConnections) -> None:
        self._keeper = keeper
        self._opened = opened
        self._operations = {operation.id: operation for operation in contract.operations}
        self._lock = threading.Lock()

    def __call__(self, operation: Operation, call: Call, reply: Reply) -> None:
        """Keep a call and its reply."""
        exchange = pickle.dumps((operation.id, call, reply), pickle.HIGHEST_PROTOCOL)
        with self._opened.writing as connection:
            number = connection.execute("INSERT INTO observed (exchange) VALUES (?)", (exchange,)).lastrowid
        if number is not None and number % MOST_UNREAD == 0:
            with self._lock:
                self._look()

    def as_dict(self) -> dict[str, Any]:
        """Return the use in all processes."""
        with self._lock:
            self._look()
            return self._keeper.as_dict()

    def clear(self) -> None:
        """Forget it."""
        with self._lock, self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM observed")
            connection.execute("DELETE FROM held WHERE name = ?", (_NAME,))
            connection.execute("COMMIT")

    def replace(self, contract: Contract) -> None:
        """Observe calls as another contract documents them; raises ``ConfigError``."""
        self._keeper.replace(contract)
        self._operations = {operation.id: operation for operation in contract.operations}

    def _look(self) -> None:
        with self._opened.writing as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute("SELECT value FROM held WHERE name = ?", (_NAME,)).fetchone()
            self._keeper.clear()
            if row:
                self._keeper.restore(pickle.loads(row[0]))
            for (exchange,) in connection.execute("SELECT exchange FROM observed ORDER BY number").fetchall():
                name, call, reply = pickle.loads(exchange)
                if operation := self._operations.get(name):
                    self._keeper(operation, call, reply)
            connection.execute("DELETE FROM observed")
            noted = pickle.dumps(self._keeper.saved(), pickle.HIGHEST_PROTOCOL)
            connection.execute("REPLACE INTO held VALUES (?, 0, ?)", (_NAME, noted))
            connection.execute("COMMIT")
