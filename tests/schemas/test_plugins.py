from importlib.metadata import EntryPoint

import pytest

from docdouble.schemas import PluginError, plugins
from docdouble.schemas.plugins import load_plugins, one_or_many, plugin_names


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint("up", "string:ascii_uppercase", "docs.words"),
        EntryPoint("down", "string:digits", "docs.words"),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point for point in points if point.group == group])


@pytest.mark.usefixtures("installed")
def test_the_entry_points_of_a_group_are_read_by_name() -> None:
    assert load_plugins("docs.words", lambda name, loaded: [(name, loaded[:2])]) == (("down", "01"), ("up", "AB"))
    assert load_plugins("docs.others", lambda name, loaded: [name]) == ()


@pytest.mark.usefixtures("installed")
def test_one_that_cannot_be_read_is_named() -> None:
    with pytest.raises(PluginError) as raised:
        load_plugins("docs.words", lambda name, loaded: one_or_many(loaded, int))
    expected = "expected a int, or a sequence of them, got '0'"
    error = raised.value
    assert (error.group, error.name, error.package, error.reason) == (
        "docs.words",
        "down",
        "an unknown package",
        expected,
    )


@pytest.mark.usefixtures("installed")
def test_names_are_known_without_loading() -> None:
    assert plugin_names("docs.words") == ("down", "up")


def test_a_value_or_several() -> None:
    assert one_or_many("ab", str) == ("ab",)
    assert one_or_many(["a", "b"], str) == ("a", "b")
