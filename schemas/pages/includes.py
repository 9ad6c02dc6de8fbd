"""Includes of pages: a line that its dialect marks so stands for the text of another file.

Only files inside the folder that was given are read. What was read from another file keeps its own page and line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import PageError
from ..extraction import Contradiction

MAX_NESTED = 8
"""Includes may include this deep."""

MAX_INCLUDES = 1_000
"""A page may include so many files, there or not, all that they include among them."""

MAX_INCLUDED_BYTES = 16 * 1024 * 1024
"""So much may all that a page includes have."""

MAX_LINES = 200_000
"""A page may grow to this many lines."""

Place = tuple[str, int]


@dataclass
class Expanded:
    """A page's text with what it includes: for each line its file and line there, and the includes that are broken."""

    lines: list[str]
    places: list[Place]
    broken: list[Contradiction]
    includes: int = 0
    octets: int = 0

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Including:
    """The files that may be included: below ``root``, by lines that a ``pattern`` finds.

    ``read`` returns the text of a file with a name, or raises ``PageError``.
    """

    root: Path
    pattern: re.Pattern[str]
    read: Callable[[Path, str], str]


def expand(text: str, path: Path, name: str, including: Including) -> Expanded:
    """Expand the includes of a page; raises ``PageError`` for too many."""
    expanded = Expanded([], [], [])
    _add(expanded, text, name, replace(including, root=including.root.resolve()), (path.parent.resolve() / path.name,))
    return expanded


def _add(expanded: Expanded, text: str, name: str, including: Including, trail: tuple[Path, ...]) -> None:
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        match = including.pattern.fullmatch(line.strip())
        if not match:
            expanded.lines.append(line)
            expanded.places.append((name, number))
            continue
        expanded.includes += 1
        if expanded.includes > MAX_INCLUDES or expanded.octets > MAX_INCLUDED_BYTES:
            most = f"{MAX_INCLUDES:,} files or {MAX_INCLUDED_BYTES // 2**20} MiB"
            raise PageError(name, number, f"includes of more than {most}, the most that one page may have")
        target = (trail[-1].parent / match["path"]).resolve()
        try:
            included = _included(target, match["path"], including, trail, len(expanded.lines))
        except PageError as error:
            expanded.broken.append(Contradiction("broken-include", name, number, error.message))
            continue
        expanded.octets += len(included)
        _add(expanded, included, target.relative_to(including.root).as_posix(), including, (*trail, target))


def _included(target: Path, written: str, including: Including, trail: tuple[Path, ...], lines: int) -> str:
    """Return the text of an included file; raises ``PageError`` when it may not be read or can't be."""
    if not target.is_relative_to(including.root):
        raise PageError(written, 0, f"the include {written!r} leaves the folder that is read")
    if target in trail:
        raise PageError(written, 0, f"the include {written!r} includes itself")
    if len(trail) > MAX_NESTED or lines > MAX_LINES:
        raise PageError(written, 0, f"the include {written!r} nests too deep or grows too long")
    if target.suffix != ".md" or not target.is_file():
        raise PageError(written, 0, f"the include {written!r} names no Markdown file")
    return including.read(target, written)


def relocate(value: Any, page: str, places: list[Place]) -> Any:
    """Return a reading with every line of the expanded ``page`` replaced by the file and line that it came from."""
    if isinstance(value, dict):
        moved = {key: relocate(part, page, places) for key, part in value.items()}
        return _moved(moved, page, places) if {"grade", "page", "line"} <= moved.keys() else moved
    if isinstance(value, tuple | list):
        return type(value)(relocate(part, page, places) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: relocate(getattr(value, field.name), page, places) for field in fields(value)}
        return replace(value, **(_moved(parts, page, places) if {"page", "line"} <= parts.keys() else parts))
    return value


def _moved(parts: dict[str, Any], page: str, places: list[Place]) -> dict[str, Any]:
    if parts["page"] != page or not 1 <= parts["line"] <= len(places):
        return parts
    name, line = places[parts["line"] - 1]
    return {**parts, "page": name, "line": line}
