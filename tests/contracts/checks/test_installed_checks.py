from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from docdouble.contracts.checks import CHECKS, Check, all_checks, installed_checks
from docdouble.schemas import PluginError

POLITE = Check("polite", "a reply says please")


class Installed(EntryPoint):
    """An entry point of the package ``shelves`` that loads what it is given."""

    loaded: Any = None

    @property
    def dist(self) -> Any:  # type: ignore[override]
        return type("Distribution", (), {"name": "shelves"})

    def load(self) -> Any:
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Return a function that makes something an installed plugin of checks."""

    def entry_points(loaded: Any) -> None:
        made = type("Loaded", (Installed,), {"loaded": loaded})("manners", "shelves:CHECKS", installed_checks.GROUP)
        monkeypatch.setattr(
            "docdouble.schemas.plugins.entry_points", lambda group: [made] if group == installed_checks.GROUP else []
        )
        installed_checks.added_checks.cache_clear()

    yield entry_points
    installed_checks.added_checks.cache_clear()


@pytest.mark.parametrize("many", [False, True])
def test_a_plugin_adds_checks_behind_ours(install: Callable[[Any], None], many: bool) -> None:
    install([POLITE] if many else POLITE)
    assert all_checks() == (*CHECKS, POLITE)


@pytest.mark.parametrize(
    ("loaded", "message"),
    [
        (ImportError("no shelves"), "no shelves"),
        (["polite"], "expected a Check, or a sequence of them, got 'polite'"),
        (7, "not iterable"),
        (Check("server-error", "ours"), "there is a check 'server-error' already"),
        ([POLITE, POLITE], "there is a check 'polite' already"),
    ],
)
def test_what_is_no_check_is_named_with_its_package(install: Callable[[Any], None], loaded: Any, message: str) -> None:
    install(loaded)
    with pytest.raises(PluginError, match="shelves") as raised:
        all_checks()
    assert message in str(raised.value)
