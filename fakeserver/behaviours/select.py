"""``$select``: properties that are not named are null. ``category/id`` names a property of a property."""

from collections.abc import Mapping
from typing import Any


def select_projection(answer: Any, parameters: Mapping[str, Any]) -> Any:
    """Return the answer with what ``$select`` doesn't name set to null; without a selection, the whole answer."""
    names = [name.strip().lower() for name in str(parameters.get("$select") or "").split(",")]
    paths = [name.split("/") for name in names if name]
    return _project(answer, paths) if paths else answer


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
