from pathlib import Path

import pytest
import yaml  # noqa: F401 - a run of pytest inside a test forgets what it imported, and PyYAML's C loader can't be two

from docdouble.schemas import Contract, Operation, extract


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests out of the cache folder of whoever runs them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def contract() -> Contract:
    return extract("superoffice").contract


@pytest.fixture(scope="session")
def operation(contract: Contract) -> Operation:
    return contract.operations[0]
