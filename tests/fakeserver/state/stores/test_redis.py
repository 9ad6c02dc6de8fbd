"""What only a store in a Redis server promises: it tells no password, and its keys are its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import pytest
import redis

from docdouble.fakeserver.state.stores.redis import RedisStore
from docdouble.fakeserver.state.stores.store import LIFETIME, Changes, EntityRow, StoreError, WorldLimits
from docdouble.schemas import ConfigError

pytestmark = pytest.mark.sockets

EMMA = EntityRow("Book", 1, {"Title": "Emma"})


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with closing(redis.Redis.from_url(redis_url, decode_responses=True)) as client:
        yield client


@pytest.mark.parametrize(
    ("url", "template"),
    [
        ("redis://anna:hunter2@127.0.0.1:{port}/0", "redis://127.0.0.1:{port}/0"),
        ("redis://127.0.0.1:{port}/0?password=hunter2", "redis://127.0.0.1:{port}/0"),
        ("redis://127.0.0.1:{port}?hunter2=hunter2", "redis://127.0.0.1:{port}"),
        ("redis://127.0.0.1:{port}?db=hunter2", "redis://127.0.0.1:{port}"),
        ("unix:///nowhere/redis.sock?password=hunter2", "unix:///nowhere/redis.sock"),
        ("redis://:hun/ter2@127.0.0.1:{port}", "redis://..."),
        ("redis://:hun?ter2@127.0.0.1:{port}", "redis://..."),
        ("redis://:hun#ter2@127.0.0.1:{port}", "redis://..."),
        ("redis://127.0.0.1:{port}?password=hun@ter2", "redis://..."),
        ("redis://:hunter2@[::1", "redis://..."),
        ("redis://:hunter2", "redis://..."),
    ],
)
def test_a_server_that_cannot_be_reached_is_reported_without_its_password(url: str, template: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConfigError) as refused:
        RedisStore(url.format(port=port))
    assert str(refused.value).startswith(f"state: {template.format(port=port)!r} is not a ")
    assert "hun" not in str(refused.value)
    assert "ter2" not in str(refused.value)


def test_a_wrong_password_is_not_shown(redis_url: str) -> None:
    with pytest.raises(ConfigError, match="invalid username-password pair") as refused:
        RedisStore(redis_url.replace("hunter2", "hunter3"))
    assert "hunter" not in str(refused.value)


def test_a_server_that_ends_is_reported_without_its_password(
    start_redis: Callable[[Path], AbstractContextManager[str]], tmp_path: Path, put: Callable[..., Changes]
) -> None:
    with start_redis(tmp_path) as url:
        store = RedisStore(url)
        put(store, "", EMMA)
    with closing(store), pytest.raises(StoreError, match=r"redis://127\.0\.0\.1:\d+/0 can't be read") as failed:
        store.changes("", "", 0)
    assert "hunter" not in str(failed.value)


def test_keys_are_its_own_and_those_of_named_worlds_expire(
    redis_url: str, client: redis.Redis, put: Callable[..., Changes]
) -> None:
    with closing(RedisStore(redis_url)) as store:
        put(store, "", EMMA)
        put(store, "anna", EMMA)
    keys = {str(key): client.ttl(key) for key in client.scan_iter()}
    usual = {f"docdouble:{kind}:" for kind in ("world", "rows", "versions")}
    assert keys.keys() == {"docdouble:worlds"} | usual | {f"{key}anna" for key in usual}
    assert all(keys[key] == -1 for key in {"docdouble:worlds"} | usual)
    assert all(keys[f"{key}anna"] > LIFETIME for key in usual)


def test_nothing_is_left_of_worlds_that_were_forgotten_or_reset(
    redis_url: str, client: redis.Redis, clock: Any, put: Callable[..., Changes]
) -> None:
    with closing(RedisStore(redis_url, WorldLimits(clock=clock))) as store:
        put(store, "anna", EMMA)
        clock.now += LIFETIME
        put(store, "bert", EMMA)
        assert client.zrange("docdouble:worlds", 0, -1) == ["bert"]
        assert len(client.keys()) == 4
        store.replace("bert", [])
        assert client.keys() == []


def test_a_world_that_the_server_evicted_begins_anew(
    redis_url: str, client: redis.Redis, put: Callable[..., Changes]
) -> None:
    with closing(RedisStore(redis_url)) as store:
        first = put(store, "anna", EMMA, EntityRow("Book", 2, {}))
        client.delete("docdouble:world:anna")
        assert store.changes("anna", first.generation, 1) == Changes("", 0, ())
        changes = put(store, "anna", EMMA)
        assert store.changes("anna", "", 0) == changes


def test_a_row_that_the_server_evicted_is_a_store_error(
    redis_url: str, client: redis.Redis, put: Callable[..., Changes]
) -> None:
    with closing(RedisStore(redis_url)) as store:
        put(store, "", EMMA)
        client.delete("docdouble:rows:")
        with pytest.raises(StoreError, match="what is kept of Book 1 can't be read"):
            store.changes("", "", 0)


@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        ("docdouble:world:", "version", "x"),
        ("docdouble:world:", "version", ""),
        ("docdouble:rows:", "x:Book", '{"Title": "Emma"}'),
        ("docdouble:rows:", "1:Book", "[1]"),
        ("docdouble:rows:", "1:Book", "nonsense"),
    ],
)
def test_what_somebody_else_wrote_is_a_store_error(
    redis_url: str, client: redis.Redis, put: Callable[..., Changes], key: str, field: str, value: str
) -> None:
    with closing(RedisStore(redis_url)) as store:
        put(store, "", EMMA)
        client.hset(key, field, value)
        if key == "docdouble:rows:":
            client.zadd("docdouble:versions:", {field: 1})
        with pytest.raises(StoreError, match="can't be read"):
            store.changes("", "?", 0)
