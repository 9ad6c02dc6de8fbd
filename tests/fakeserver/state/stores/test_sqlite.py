"""What only a store in a file promises: it outlives processes, is shared by them, and harms no other file."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from docdouble.fakeserver.state.stores.open import open_store
from docdouble.fakeserver.state.stores.sqlite import SqliteStore
from docdouble.fakeserver.state.stores.store import Changes, EntityRow, StoreError
from docdouble.schemas import ConfigError

EMMA = EntityRow("Book", 1, {"Title": "Emma", "Authors": [{"Name": "Jane Austen", "Born": 1775}]})
LENT = EntityRow("Book", 1, {"Title": "Emma", "Lent": True})
LOST = EntityRow("Copy", 7, None)

Put = Callable[..., Changes]
Everything = Callable[..., Changes]

COUNT = """
import sys
from docdouble.fakeserver.state.stores.open import open_store
from docdouble.fakeserver.state.stores.store import EntityRow
store = open_store(sys.argv[1])
for _ in range(20):
    done = None
    while done is None:
        held = store.changes("", "?", 0)
        count = held.rows[0].values["Count"] if held.rows else 0
        done = store.commit("", held.generation, held.version, [EntityRow("Counter", 1, {"Count": count + 1})])
"""

KILLED = """
import os, signal, sys
from docdouble.fakeserver.state.stores.open import open_store
from docdouble.fakeserver.state.stores.store import EntityRow
store = open_store(sys.argv[1])
store.commit("", "", 0, [EntityRow("Book", 1, {"Title": "Emma"})])
os.kill(os.getpid(), signal.SIGKILL)
"""

FORKED = """
import os, sys
from docdouble.fakeserver.state.stores.open import open_store
from docdouble.fakeserver.state.stores.store import EntityRow
store = open_store(sys.argv[1])
first = store.commit("", "", 0, [EntityRow("Book", 1, {})])
child = os.fork()
written = store.commit("", first.generation, 1, [EntityRow("Book", 2, {})]) if child == 0 else None
if child == 0:
    store.close()
    os._exit(0 if written else 1)
assert os.waitpid(child, 0)[1] == 0
assert store.commit("", first.generation, 2, [EntityRow("Book", 3, {})])
"""


def test_an_sqlite_file_keeps_everything(tmp_path: Path, put: Put, everything: Everything) -> None:
    path = str(tmp_path / "state #1?.db")
    with closing(open_store(path)) as store:
        put(store, "", EMMA, LOST)
        put(store, "anna", LENT)
        kept = everything(store), everything(store, "anna")
    with closing(open_store(path)) as store:
        assert (everything(store), everything(store, "anna")) == kept
    assert [file.name for file in tmp_path.iterdir()] == ["state #1?.db"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("notes.txt", b"Emma", "file is not a database", id="short-text"),
        pytest.param("notes.txt", b"Emma\n" * 5000, "file is not a database", id="text"),
        pytest.param("folder", None, "is not a file", id="folder"),
        pytest.param("missing/state.db", None, "not in a folder that exists", id="no-folder"),
    ],
)
def test_what_is_no_sqlite_file_is_refused(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    if content:
        path.write_bytes(content)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ConfigError, match=reason) as refused:
        open_store(str(path))
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.iterdir()) == before
    assert not content or path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE TABLE worlds (name)", "a database of something else"),
        ("PRAGMA application_id = 7", "a database of something else"),
        ("PRAGMA user_version = 7", "a database of something else"),
        ("PRAGMA journal_mode = WAL; CREATE TABLE mine (name)", "a database of something else"),
    ],
)
def test_the_database_of_another_application_is_left_alone(tmp_path: Path, statement: str, reason: str) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=reason):
        open_store(str(path))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_state_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    open_store(str(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(ConfigError, match="its format is 2, not 1"):
        open_store(str(path))


@pytest.mark.parametrize(
    "row", [EntityRow("Book", 2**63, {}), EntityRow("Book", 1, {"At": object()}), EntityRow("\ud800", 1, {})]
)
def test_what_sqlite_cannot_keep_is_refused_whole(
    tmp_path: Path, row: EntityRow, put: Put, everything: Everything
) -> None:
    with closing(SqliteStore(tmp_path / "state.db")) as store:
        first = put(store, "", EMMA)
        with pytest.raises(StoreError):
            store.commit("", first.generation, 1, [LENT, row])
        assert everything(store) == first


def test_a_state_that_was_moved_away_is_a_store_error(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "state.db")
    (tmp_path / "state.db").rename(tmp_path / "moved.db")
    with pytest.raises(StoreError, match=r"state\.db can't be read or written"):
        store.changes("", "", 0)
    assert not (tmp_path / "state.db").exists()


def run(script: str, path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-W", "error", "-c", script, str(path)])


@pytest.mark.slow
def test_no_update_is_lost_between_processes(tmp_path: Path, everything: Everything) -> None:
    path = tmp_path / "state.db"
    processes = [run(COUNT, path) for _ in range(4)]  # which also make the file, all at once
    assert [process.wait(60) for process in processes] == [0] * 4
    with closing(SqliteStore(path)) as store:
        assert everything(store).rows == (EntityRow("Counter", 1, {"Count": 80}, 80),)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are not killed by a signal here")
def test_what_is_committed_outlives_a_killed_process(tmp_path: Path, everything: Everything) -> None:
    path = tmp_path / "state.db"
    assert run(KILLED, path).wait(60) == -signal.SIGKILL
    with closing(SqliteStore(path)) as store:
        assert everything(store).rows == (EntityRow("Book", 1, {"Title": "Emma"}, 1),)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes don't fork here")
def test_a_fork_opens_the_file_anew(tmp_path: Path, everything: Everything) -> None:
    path = tmp_path / "state.db"
    assert run(FORKED, path).wait(60) == 0
    with closing(SqliteStore(path)) as store:
        assert [row.number for row in everything(store).rows] == [1, 2, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE worlds SET version = 'x'",
        "UPDATE entities SET number = 'x'",
        "UPDATE entities SET version = 'x'",
        "UPDATE entities SET data = '['",
        "UPDATE entities SET data = '[1]'",
        "UPDATE entities SET data = x'ff00'",
    ],
)
def test_rows_that_somebody_else_wrote_are_a_store_error(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "state.db"
    with closing(open_store(str(path))) as store, closing(sqlite3.connect(path)) as other:
        store.commit("", "", 0, [EMMA])
        other.execute(statement)
        other.commit()
        with pytest.raises(StoreError, match="can't be read"):
            store.changes("", "?", 0)
