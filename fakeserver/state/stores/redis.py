"""Worlds in a Redis server, which processes of several machines may share, and which keeps them as it is set up to."""

import math
from collections.abc import Sequence
from typing import Any
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
    versioned_rows,
)

_PATIENCE = 10
"""Seconds to wait for a connection, and for an answer."""

_KEYS = ("docdouble:world:{}", "docdouble:rows:{}", "docdouble:versions:{}")
"""Of each world a hash of its generation and version, a hash of its rows, and a sorted set of their versions."""

_FAILURES = (redis.RedisError, OSError, UnicodeError)

# A script is one step of the server and one round trip. ``held`` is the generation and version of the world that it
# is about; they are those of an empty one where it has expired. ``worlds`` tells when each was last used.
_HELD = """
local worlds, world, rows, versions = unpack(KEYS)
local name, expired, moment, seconds = unpack(ARGV, 1, 4)
local used = redis.call('ZSCORE', worlds, name)
local held = {false}
if used and tonumber(used) > tonumber(expired) then
  held = redis.call('HMGET', world, 'generation', 'version')
end
if not held[1] then held = {'', '0'} end

local function use()
  redis.call('ZADD', worlds, moment, name)
  if name ~= '' then  -- expires of itself, too, lest it stays where nobody comes any more
    for _, key in ipairs({world, rows, versions}) do redis.call('EXPIRE', key, seconds) end
  end
end
"""

_CHANGES = """
local generation, since, due = unpack(ARGV, 5, 7)
if held[1] ~= '' and tonumber(used) <= tonumber(due) then use() end
if held[1] == generation and held[2] == since then return false end
if held[1] ~= generation then since = '0' end
if held[1] ~= '' then
  local changed = redis.call('ZRANGEBYSCORE', versions, '(' .. since, '+inf', 'WITHSCORES')
  for place = 1, #changed, 2 do
    table.insert(held, changed[place])
    table.insert(held, changed[place + 1])
    table.insert(held, redis.call('HGET', rows, changed[place]) or '')
  end
end
return held
"""

_WRITE = """
local step, generation, version, new_generation, most = unpack(ARGV, 5, 9)
local first = 10  -- from here on a name and the JSON of each row
if step == 'commit' and (held[1] ~= generation or held[2] ~= version) then return 'conflict' end
if held[1] == '' and #ARGV >= first then
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', worlds, '-inf', expired)) do
    redis.call('DEL', 'docdouble:world:' .. other, 'docdouble:rows:' .. other, 'docdouble:versions:' .. other)
    redis.call('ZREM', worlds, other)
  end
  if redis.call('ZCARD', worlds) >= tonumber(most) then return 'full' end
end
if held[1] == '' or step == 'replace' then
  redis.call('DEL', world, rows, versions)
  redis.call('ZREM', worlds, name)
  held = {new_generation, '0'}
end
if #ARGV >= first then
  local new_version = held[2] + 1
  for place = first, #ARGV, 2 do
    redis.call('HSET', rows, ARGV[place], ARGV[place + 1])
    redis.call('ZADD', versions, new_version, ARGV[place])
  end
  redis.call('HSET', world, 'generation', held[1], 'version', new_version)
  use()
end
return 'written'
"""


class RedisStore:
    """A ``Store`` in the Redis server at a ``redis://``, ``rediss://`` or ``unix://`` URL, under keys of its own.

    Raises ``ConfigError`` if it can't be reached. No error tells the password of the URL.
    """

    def __init__(self, url: str, limits: WorldLimits = LIMITS) -> None:
        self._shown_url = _without_secrets(url)
        self._limits = limits
        self._client = _connect(url, self._shown_url)
        self._changes = self._client.register_script(_HELD + _CHANGES)
        self._write = self._client.register_script(_HELD + _WRITE)

    def changes(self, world: str, generation: str, since: int) -> Changes | None:
        """Return what changed, in one round trip."""
        found = self._run(self._changes, world, generation, since, self._limits.due)
        if found is None:
            return None
        held, version, *rows = found
        rest = iter(rows)
        return Changes(held, int(version), tuple(_row(*row) for row in zip(rest, rest, rest, strict=True)))

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
    return from_json(resource, int(number), data, int(version))


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
