"""``$select``: properties that are not named are null. ``category/id`` names a property of a property."""

from difflib import get_close_matches
from typing import Any

from ..http.codecs import Content


def select_projection(answer: Any, selection: str) -> Any:
    """Return the answer with what isn't selected set to null, names in any letter case; all of it for no selection.

    Names of nothing select nothing.
    """
    paths = [name.lower().split("/") for name in names(selection)] if selection else []
    return _project(answer, paths) if paths else answer


def names(selection: str) -> list[str]:
    """Return the names of a selection, as spelled."""
    return [name.strip() for name in selection.split(",") if name.strip()]


def check_names(selection: str, content: Content) -> None:
    """Raise ``ValueError`` for a selected name that nothing documents, with the nearest that is."""
    for name in names(selection):
        place = content.items if "array" in content.kinds else content
        for step in name.split("/"):
            known = {documented.lower(): documented for documented in place.names}
            if step.lower() not in known:
                near = get_close_matches(step.lower(), known, n=1)
                hint = f"; the nearest is {known[near[0]]}" if near else ""
                raise ValueError(f"{name!r} selects nothing: no property {step!r} is documented{hint}")
            place = place.member(step)


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
