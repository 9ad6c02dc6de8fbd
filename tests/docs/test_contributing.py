"""CONTRIBUTING.md shows every room of the three folders, each below the rooms that it imports from."""

import re

import pytest

from ..test_layout import ROOMS, rooms
from .blocks import ROOT

SHOWN = re.findall(
    r"^\| `(schemas|fakeserver|contracts)/(\w+)(?:/|\.py)` \| [^|]+ \|$",
    (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
every_folder = pytest.mark.parametrize("folder", ROOMS)


def shown(folder: str) -> list[str]:
    return [room for name, room in SHOWN if name == folder]


@every_folder
def test_every_room_is_shown(folder: str) -> None:
    inside = (ROOT / folder).iterdir()  # a folder that git emptied may still hold bytecode
    paths = (path for path in inside if path.suffix == ".py" or any(part.is_file() for part in path.glob("*")))
    assert sorted(shown(folder)) == sorted(path.stem for path in paths if not path.name.startswith("_"))


@every_folder
def test_a_room_imports_from_rooms_above_it(folder: str) -> None:
    order = shown(folder)
    for index, room in enumerate(order):
        assert (room, rooms(folder).get(room, set()) - {"__init__", *order[:index]}) == (room, set())
