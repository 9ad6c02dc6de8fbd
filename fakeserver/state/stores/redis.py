"""Worlds in a Redis server, which processes of several machines may share, and which keeps them as it is set up to."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from docdouble.schemas import ConfigError

from .store import (
    LIMITS,
    Changes,
    EntityRow,
    StoreError,
    WorldLimits,
    from_json,
    new_generation,
    to_json,
    version_of,
    versioned_rows,
)

_PATIENCE = 10
"""Seconds to wait for a connection, and for an answer."""

_KEYS = ("docdouble:world:{}", "docdouble:rows:{}", "docdouble:versions:{}")
"""Keys of each world: a hash of its generation and version, a hash of its rows, a sorted set of their versions."""

_FAILURES = (redis.RedisError, OSError, UnicodeError)

_HELD, _CHANGES, _WRITE = (
    Path(__file__).with_name(f"{name}.lua").read_text(encoding="utf-8") for name in ("held", "changes", "write")
)
"""Scripts: one step of the server and one round trip each, ``held`` the beginning of both others."""


class RedisStore:
    """A ``Store`` in the Redis server at a ``redis://``, ``rediss://`` or ``unix://`` URL, under keys of its own.

    Raises ``ConfigError`` if it can't be reached. No error tells the password of the URL.
    """

    reads_at_once: ClassVar[bool] = False
    writes_at_once: ClassVar[bool] = False

    def __init__(self, url: str, limits: WorldLimits = LIMITS) -> None:
        self._shown_url = _without_secrets(url)
        self._limits = limits
        self._client = _connect(url, self._shown_url)
        self._changes = self._client.register_script(_HELD + _CHANGES)
        self._write = self._client.register_script(_HELD + _WRITE)

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return the changes, in one round trip."""
        reply = self._run(self._changes, world, generation, since, self._limits.due)
        if reply is None:
            return None
        held, version, *rows = reply
        rest = iter(rows)
        return Changes(held, version_of(version), tuple(_row(*row) for row in zip(rest, rest, rest, strict=True)))

    def commit(self, world: str, generation: str, version: int, rows: Sequence[EntityRow]) -> Changes | None:
        """Write rows on top of a version, which another process may do at the same time."""
        present = generation or new_generation()
        changed = versioned_rows(rows, version + 1)
        if self._put("commit", world, (generation, version, present), changed) == "conflict":
            return None
        return Changes(present, version + 1, changed) if rows else Changes(generation, version, ())

    def replace(self, world: str, rows: Sequence[EntityRow]) -> None:
        """Put rows in place of all others."""
        self._put("replace", world, ("", 0, new_generation()), versioned_rows(rows, 1))

    def close(self) -> None:
        """Close the connections; a later call opens others."""
        self._client.connection_pool.disconnect()

    def _put(self, step: str, world: str, versions: tuple[str, int, str], rows: Sequence[EntityRow]) -> Any:
        pairs = [part for row in rows for part in (f"{row.number}:{row.resource}", to_json(row))]
        done = self._run(self._write, world, step, *versions, self._limits.most, *pairs)
        if done == "full":
            raise self._limits.too_many()
        return done

    def _run(self, script: Script, world: str, *arguments: str | bytes | float) -> Any:
        keys = ["docdouble:worlds", *(key.format(world) for key in _KEYS)]
        limits = self._limits
        seconds = math.ceil(limits.lifetime) + 60
        try:
            return script(keys, [world, limits.expired, limits.last_use(world), seconds, *arguments])
        except _FAILURES as error:
            raise StoreError(f"the state in {self._shown_url} can't be read or written: {error}") from error


def _row(entity: str, version: str, data: str) -> EntityRow:
    number, _, resource = entity.partition(":")
    return from_json(resource, number, data, version)


def _connect(url: str, shown_url: str) -> redis.Redis:
    try:
        # Whoever finds all connections in use waits for one. A commit that is sent again because its answer was lost
        # would meet its own change: nothing is sent twice.
        pool = redis.BlockingConnectionPool.from_url(
            url,
            timeout=_PATIENCE,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        client = redis.Redis(connection_pool=pool)
        client.ping()
    except (redis.RedisError, OSError) as error:
        raise ConfigError("state", shown_url, expected=f"a Redis server that answers: {error}") from error
    except (TypeError, ValueError):  # their texts may hold a part of the password
        raise ConfigError("state", shown_url, expected="a URL such as redis://localhost:6379/0") from None
    return client


def _without_secrets(url: str) -> str:
    """Return the scheme, host and path of a URL, or only the scheme where one can't tell what is the password."""
    try:
        parts = urlsplit(url)
        is_clear = parts.port != 0 and "@" not in parts.path + parts.query + parts.fragment
    except ValueError:
        is_clear = False
    if not is_clear:
        return f"{url.partition('://')[0]}://..."
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
