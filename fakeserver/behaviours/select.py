"""``$select``: properties that are not named are null. ``category/id`` names a property of a property."""

from typing import Any


def select_projection(answer: Any, selection: str) -> Any:
    """Return the answer with what isn't selected set to null, names in any letter case; all of it for no selection.

    Names of nothing select nothing.
    """
    paths = [name.lower().split("/") for name in names(selection)]
    return _project(answer, paths) if paths else answer


def names(selection: str) -> list[str]:
    """Return the names of a selection, as spelled."""
    return [name.strip() for name in selection.split(",") if name.strip()]


def _project(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_project(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _select(name.lower(), part, paths) for name, part in value.items()}


def _select(name: str, value: Any, paths: list[list[str]]) -> Any:
    below = [path[1:] for path in paths if path[0] == name]
    if not below:
        return None
    return value if [] in below else _project(value, below)
