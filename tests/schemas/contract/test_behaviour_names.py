from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from docdouble.schemas import plugins
from docdouble.schemas.contract.behaviour_names import GROUP, LIST_BEHAVIOURS, BehaviourName, behaviour_names

ROOT = Path(__file__).parents[3]
OTHER_MEANINGS = {"language", "culture", "time-zone", "select-projection"}
"""Names that are sources of samples or checks, too."""


def test_packages_add_names(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("text-case", "nowhere:text_case", GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point] if group == GROUP else [])
    assert behaviour_names() == {*BehaviourName, "text-case"}


def test_lists_are_steered_by_five() -> None:
    assert set(LIST_BEHAVIOURS) == {"list-filter", "list-order", "list-top", "list-skip", "list-select"}


@pytest.mark.parametrize("name", sorted(set(BehaviourName) - OTHER_MEANINGS))
def test_a_name_is_written_once(name: str) -> None:
    """A string that is misspelled would be a behaviour that nobody has."""
    modules = (path for folder in ("schemas", "fakeserver", "contracts") for path in (ROOT / folder).rglob("*.py"))
    holders = [path.name for path in modules if f'"{name}"' in path.read_text(encoding="utf-8")]
    assert holders == ["behaviour_names.py"]
