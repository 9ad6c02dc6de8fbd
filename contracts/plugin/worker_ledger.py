"""Ledger of the processes that pytest-xdist hands tests to: of each contract file they are one run, with one budget.

It is a database of SQLite, since its locks hold on every system.
"""

import pickle
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..cases.known_values import LearnedValues

_INPUT = "docdouble_ledger"
"""Key of the file in what pytest-xdist hands to a worker."""

_PLUGIN = "docdouble-ledger"
"""Of the session that starts the processes: the name of a plugin that is nothing but the file."""

_TABLES = """
create table runs (name text primary key, started real not null, sent integer not null);
create table causes (run text not null, cause text not null, item text not null, primary key (run, cause));
create table learned (run text not null, worker text not null, content blob not null, primary key (run, worker));
"""


@dataclass(frozen=True, slots=True)
class _LedgerFile:
    path: Path


def share_ledger(node: Any) -> None:
    """Name the ledger of a session to a process that xdist is about to start, unless that is on another machine."""
    if not node.gateway.spec.popen:
        return
    plugins = node.config.pluginmanager
    if not plugins.has_plugin(_PLUGIN):
        folder = Path(tempfile.mkdtemp(prefix="docdouble-"))
        node.config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        with closing(sqlite3.connect(folder / "ledger")) as database:
            database.executescript(_TABLES)
        plugins.register(_LedgerFile(folder / "ledger"), _PLUGIN)
    node.workerinput[_INPUT] = str(plugins.get_plugin(_PLUGIN).path)


def ledger_of(config: Any, run: str) -> "WorkerLedger | None":
    """Return the ledger of a run, ``None`` where one process verifies it alone."""
    worker_input: dict[str, Any] = getattr(config, "workerinput", {})
    if _INPUT not in worker_input:
        return None
    return WorkerLedger(worker_input[_INPUT], run, worker_input["workerid"], worker_input["workercount"])


class WorkerLedger:
    """Ledger of a run in one of several processes: what it notes, and reads of what the others noted."""

    def __init__(self, file: str, run: str, worker: str, processes: int) -> None:
        self.processes = processes
        self._run, self._worker = run, worker
        self._database = sqlite3.connect(file, timeout=60, isolation_level=None, check_same_thread=False)
        self._database.execute("pragma synchronous = off")

    def close(self) -> None:
        """Release the file."""
        self._database.close()

    def seconds_since_start(self) -> float:
        """Return how long ago the first process began with the run, which now has begun."""
        now = time.time()
        self._database.execute("insert or ignore into runs values (?, ?, 0)", (self._run, now))
        ((started,),) = self._database.execute("select started from runs where name = ?", (self._run,))
        return max(now - float(started), 0.0)

    def spend(self, most: int) -> bool:
        """Take one of ``most`` requests, and tell whether there was one left."""
        query = "update runs set sent = sent + 1 where name = ? and sent < ?"
        return self._database.execute(query, (self._run, most)).rowcount == 1

    def first(self, cause: str, item: str) -> str:
        """Return the first item that isn't verified for a cause, which may be this one."""
        self._database.execute("insert or ignore into causes values (?, ?, ?)", (self._run, cause, item))
        query = "select item from causes where run = ? and cause = ?"
        ((first,),) = self._database.execute(query, (self._run, cause))
        return str(first)

    def tell(self, values: "LearnedValues", verified: Mapping[str, bool]) -> None:
        """Tell the others which values replies showed, and which operations are verified."""
        content = pickle.dumps((values, verified))
        self._database.execute("insert or replace into learned values (?, ?, ?)", (self._run, self._worker, content))

    def others(self) -> "Iterator[tuple[LearnedValues, Mapping[str, bool]]]":
        """Yield the values and the flags that each of the others wrote."""
        query = "select content from learned where run = ? and worker <> ? order by worker"
        for (content,) in self._database.execute(query, (self._run, self._worker)).fetchall():
            yield pickle.loads(content)
