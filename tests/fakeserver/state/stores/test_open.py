"""What a user may name as the place of the state."""

import sys

import pytest

from docdouble.fakeserver.state.stores.memory import MemoryStore
from docdouble.fakeserver.state.stores.open import open_store
from docdouble.schemas import ConfigError


def test_memory_is_opened_by_its_name() -> None:
    assert isinstance(open_store("memory"), MemoryStore)


@pytest.mark.parametrize(
    ("where", "location"),
    [("", "''"), ("postgres://anna:hunter2@db/docs", "'postgres://...'"), ("https://fake.example", "'https://...'")],
)
def test_what_names_no_store_is_refused(where: str, location: str) -> None:
    with pytest.raises(ConfigError) as refused:
        open_store(where)
    assert str(refused.value) == f"state: {location} is not memory, the URL of a Redis server or the path of a file"


def test_without_redis_py_a_redis_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "docdouble.fakeserver.state.stores.redis", raising=False)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigError) as refused:
        open_store("rediss://anna:hunter2@localhost")
    expected = "state: 'rediss://...' is not usable without redis-py: pip install 'docdouble[redis]'"
    assert str(refused.value) == expected
