from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from docdouble.schemas import ConfigError, Contract, PluginError, plugins
from docdouble.schemas.dialects.base import Dialect
from docdouble.schemas.dialects.dialect_registry import (
    GROUP,
    NO_DIALECT,
    dialect_of,
    dialects,
    find_dialect,
    plugin_files,
)
from docdouble.schemas.dialects.superoffice import SUPEROFFICE

LIBRARY = Dialect("library", conventions=("language",))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """A module whose ``DIALECT`` an entry point ``library`` names."""
    module = ModuleType("library_pages")
    module.__file__ = str(tmp_path / "library_pages.py")
    module.DIALECT = LIBRARY  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "library_pages", module)
    point = EntryPoint("library", "library_pages:DIALECT", GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == GROUP else [])
    dialects.cache_clear()
    yield module
    dialects.cache_clear()


def test_an_installed_dialect_is_known_beside_ours(installed: ModuleType) -> None:
    assert dialects() == (SUPEROFFICE, LIBRARY)
    assert find_dialect("library") is LIBRARY
    assert plugin_files() == [(Path(str(installed.__file__)), "library_pages")]


@pytest.mark.usefixtures("installed")
def test_a_contract_has_the_dialect_of_its_pages() -> None:
    assert dialect_of(Contract("a", "1", (), dialect="library")) is LIBRARY
    assert dialect_of(Contract("a", "1", ())) is NO_DIALECT


def test_our_own_entry_points_are_what_is_built_in() -> None:
    dialects.cache_clear()
    assert dialects()[0] is SUPEROFFICE
    assert len({dialect.name for dialect in dialects()}) == len(dialects())


@pytest.mark.usefixtures("installed")
def test_an_unknown_dialect_is_an_error_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"'librari' is not installed; did you mean 'library'\?"):
        find_dialect("librari")


@pytest.mark.parametrize(
    ("loaded", "reason"),
    [
        ("words", "expected a Dialect, got 'words'"),
        (Dialect("books"), "the dialect calls itself 'books'"),
        (replace(LIBRARY, conventions=("languag",)), "the behaviour 'languag' is not known; did you mean 'language'?"),
        (
            replace(LIBRARY, list_behaviours={"$top": "list-tip"}),
            "the behaviour 'list-tip' is not known; did you mean 'list-top'?",
        ),
    ],
)
def test_an_entry_that_is_no_dialect_is_named(installed: ModuleType, loaded: object, reason: str) -> None:
    installed.DIALECT = loaded  # type: ignore[attr-defined]
    with pytest.raises(PluginError) as raised:
        dialects()
    error = raised.value
    assert (error.group, error.name, error.package, error.reason) == (GROUP, "library", "an unknown package", reason)


def test_the_name_of_a_dialect_of_ours_is_taken(monkeypatch: pytest.MonkeyPatch, installed: ModuleType) -> None:
    installed.DIALECT = Dialect("superoffice")  # type: ignore[attr-defined]
    point = EntryPoint("superoffice", "library_pages:DIALECT", GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == GROUP else [])
    with pytest.raises(PluginError, match="the name is that of a dialect of docdouble"):
        dialects()
