"""Stores of every kind, each empty at first, and a Redis server to have some in."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
import redis

from docdouble.fakeserver.state.stores.memory import MemoryStore
from docdouble.fakeserver.state.stores.redis import RedisStore
from docdouble.fakeserver.state.stores.sqlite import SqliteStore
from docdouble.fakeserver.state.stores.store import LIMITS, Changes, EntityRow, Store, WorldLimits

Open = Callable[..., Store]
StartRedis = Callable[[Path], AbstractContextManager[str]]
PASSWORD = "hunter2"


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def start_redis() -> StartRedis:
    """Return a function that runs a server as long as a block, in a folder of its own, and gives its URL."""
    if which("redis-server") is None:
        pytest.skip("redis-server is not installed")

    @contextmanager
    def running(folder: Path) -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        options = ("--port", port, "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD, "--dir", str(folder))
        with subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            try:
                assert any(b"Ready to accept connections" in line for line in server.stdout)
                yield f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
            finally:
                server.terminate()

    return running


@pytest.fixture(scope="session")
def redis_server(start_redis: StartRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that runs as long as the tests."""
    with start_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of a server without a key."""
    with closing(redis.Redis.from_url(redis_server)) as client:
        client.flushdb()
    return redis_server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", pytest.param("redis", marks=pytest.mark.sockets)])
def open_here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens stores which share their worlds; in memory it is always the same."""
    opened: list[Store] = []

    def memory(limits: WorldLimits = LIMITS) -> Store:
        return opened[0] if opened else MemoryStore(limits)

    def in_file(limits: WorldLimits = LIMITS) -> Store:
        return SqliteStore(tmp_path / "state.db", limits)

    def in_redis(limits: WorldLimits = LIMITS) -> Store:
        return RedisStore(request.getfixturevalue("redis_url"), limits)

    make = {"memory": memory, "sqlite": in_file, "redis": in_redis}[request.param]

    def open_another(*limits: WorldLimits) -> Store:
        opened.append(make(*limits))
        return opened[-1]

    yield open_another
    for store in opened:
        store.close()


@pytest.fixture
def store(open_here: Open) -> Store:
    return open_here()


@pytest.fixture(scope="session")
def everything() -> Callable[..., Changes]:
    """Return a function to all that a store has of a world."""

    def ask(store: Store, world: str = "") -> Changes:
        held = store.changes(world, "another generation", 0)
        assert held is not None
        return held

    return ask


@pytest.fixture(scope="session")
def put(everything: Callable[..., Changes]) -> Callable[..., Changes]:
    """Return a function that commits rows on top of whatever a world has."""

    def write(store: Store, world: str, *rows: EntityRow) -> Changes:
        changes = None
        while changes is None:
            held = everything(store, world)
            changes = store.commit(world, held.generation, held.version, rows)
        return changes

    return write
