"""DocFX includes: ``[!include[title](relative/path.md)]`` on a line of its own stands for that file's text.

Only files inside the folder that was given are read. What was read from another file keeps its own page and line.
"""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import PageError
from ..extraction import Contradiction

MAX_NESTED = 8
"""Includes may include this deep."""

MAX_LINES = 200_000
"""A page may grow to this many lines."""

_INCLUDE = re.compile(r"\s*\[!include\s*\[[^\]]*\]\(\s*(?P<path>[^)\s]+)[^)]*\)\]\s*\Z", re.IGNORECASE)

Place = tuple[str, int]


@dataclass
class Expanded:
    """A page's text with what it includes: for each line its file and line there, and the includes that are broken."""

    lines: list[str]
    places: list[Place]
    broken: list[Contradiction]

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)


def expand(text: str, path: Path, name: str, root: Path, read: Any) -> Expanded:
    """Expand the includes of a page; ``read(path, name)`` returns a file's text or raises ``PageError``."""
    expanded = Expanded([], [], [])
    _add(expanded, text, path, name, root.resolve(), read, (path.resolve(),))
    return expanded


def _add(expanded: Expanded, text: str, path: Path, name: str, root: Path, read: Any, trail: tuple[Path, ...]) -> None:
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        match = _INCLUDE.match(line)
        if not match:
            expanded.lines.append(line)
            expanded.places.append((name, number))
            continue
        target = (path.parent / match["path"]).resolve()
        try:
            included = _included(target, match["path"], root, read, trail, len(expanded.lines))
        except PageError as error:
            expanded.broken.append(Contradiction("broken-include", name, number, error.message))
            continue
        inner = target.relative_to(root).as_posix()
        _add(expanded, included, target, inner, root, read, (*trail, target))


def _included(target: Path, written: str, root: Path, read: Any, trail: tuple[Path, ...], lines: int) -> str:
    """Return the text of an included file; raises ``PageError`` when it may not be read or can't be."""
    if not target.is_relative_to(root):
        raise PageError(written, 0, f"the include {written!r} leaves the folder that is read")
    if target in trail:
        raise PageError(written, 0, f"the include {written!r} includes itself")
    if len(trail) > MAX_NESTED or lines > MAX_LINES:
        raise PageError(written, 0, f"the include {written!r} nests too deep or grows too long")
    if target.suffix != ".md" or not target.is_file():
        raise PageError(written, 0, f"the include {written!r} names no Markdown file")
    text: str = read(target, written)
    return text


def relocate(value: Any, page: str, places: list[Place]) -> Any:
    """Return a reading with every line of the expanded ``page`` replaced by the file and line that it came from."""
    if isinstance(value, dict):
        moved = {key: relocate(part, page, places) for key, part in value.items()}
        return _moved(moved, page, places) if {"grade", "page", "line"} <= moved.keys() else moved
    if isinstance(value, tuple | list):
        return type(value)(relocate(part, page, places) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: relocate(getattr(value, one.name), page, places) for one in fields(value)}
        return replace(value, **(_moved(parts, page, places) if {"page", "line"} <= parts.keys() else parts))
    return value


def _moved(parts: dict[str, Any], page: str, places: list[Place]) -> dict[str, Any]:
    if parts["page"] != page or not 1 <= parts["line"] <= len(places):
        return parts
    name, line = places[parts["line"] - 1]
    return {**parts, "page": name, "line": line}
