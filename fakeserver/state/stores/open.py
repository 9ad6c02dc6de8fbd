"""Opening of the store that a user names."""

from docdouble.schemas import ConfigError

from .memory import MemoryStore
from .sqlite import SqliteStore
from .store import Store

_REDIS = ("redis", "rediss", "unix")


def open_store(where: str) -> Store:
    """Return the store that ``memory``, the URL of a Redis server or else the path of an SQLite file names.

    Raises ``ConfigError`` for one that can't be used.
    """
    if where == "memory":
        return MemoryStore()
    scheme, separator, _ = where.partition("://")
    if not where or (separator and scheme not in _REDIS):
        shown = f"{scheme}://..." if separator else where
        raise ConfigError("state", shown, expected="memory, the URL of a Redis server or the path of a file")
    return _redis(where, scheme) if separator else SqliteStore(where)


def _redis(url: str, scheme: str) -> Store:
    try:
        from .redis import RedisStore
    except ModuleNotFoundError as error:
        shown = f"{scheme}://..."
        raise ConfigError("state", shown, expected="usable without redis-py: pip install 'docdouble[redis]'") from error
    return RedisStore(url)
