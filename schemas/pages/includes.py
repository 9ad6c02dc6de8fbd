"""Includes of pages: a line that its dialect marks so stands for the text of another file.

Only files inside the folder that was given are read. What was read from another file keeps its own page and line.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from ..errors import PageError
from ..extraction import Contradiction
from ..text_files import read_text, real_path, text_lines
from .documents import MAX_PAGE_BYTES

MAX_NESTED = 8
"""Levels of includes inside of includes, at most."""

MAX_INCLUDES = 1_000
"""Files that a page may include, there or not, with all that these include."""

MAX_INCLUDED_BYTES = 16 * 1024 * 1024
"""Bytes of all that a page includes, at most."""

MAX_LINES = 200_000
"""Lines of a page with all that it includes, at most."""

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


class IncludingLine(NamedTuple):
    """A line of a text with its number, and the path of the file that it includes as it is written there."""

    number: int
    text: str
    included: str | None


@dataclass(frozen=True)
class Including(ABC):
    """The files below ``root`` that may be included; ``missing`` is the rule that finds one that isn't there."""

    root: Path
    suffixes: ClassVar[tuple[str, ...]]
    missing: ClassVar[str] = "missing-include"

    @abstractmethod
    def marked_lines(self, lines: Sequence[str], nested: bool, folder: Path) -> Iterator[IncludingLine]:
        """Yield the lines of a text in a folder, which is ``nested`` where another one includes it."""

    def target(self, folder: Path, written: str) -> Path:
        """Return the file that is meant by a path in a file of a folder."""
        return real_path(folder / written)

    def holds(self, target: Path) -> bool:
        """Tell whether a file may be included, and is there."""
        return target.is_relative_to(self.root) and target.suffix in self.suffixes and target.is_file()


def expand(text: str, path: Path, name: str, including: Including) -> Expanded:
    """Expand the includes of a page; raises ``PageError`` for too many."""
    expanded = Expanded([], [], [])
    _add(expanded, text, name, replace(including, root=including.root.resolve()), (path.parent.resolve() / path.name,))
    return expanded


def _add(expanded: Expanded, text: str, name: str, including: Including, trail: tuple[Path, ...]) -> None:
    for number, line, written in including.marked_lines(text_lines(text), len(trail) > 1, trail[-1].parent):
        if written is None:
            expanded.lines.append(line)
            expanded.places.append((name, number))
            continue
        expanded.includes += 1
        if expanded.includes > MAX_INCLUDES or expanded.octets > MAX_INCLUDED_BYTES:
            most = f"{MAX_INCLUDES:,} files or {MAX_INCLUDED_BYTES // 2**20} MiB"
            raise PageError(name, number, f"includes of more than {most}, the most that one page may have")
        target = including.target(trail[-1].parent, written)
        try:
            included = _included(target, written, including, trail, len(expanded.lines))
        except PageError as error:
            rule = "broken-include" if including.holds(target) else including.missing
            expanded.broken.append(Contradiction(rule, name, number, error.message))
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
    if not including.holds(target):
        raise PageError(written, 0, f"the include {written!r} names no Markdown file")
    return read_text(target, written, MAX_PAGE_BYTES)


def relocated_error(error: PageError, expanded: Expanded | None) -> PageError:
    """Return an error of a page with includes at the file and line that it is from."""
    if expanded is None or not 0 < error.line <= len(expanded.places):
        return error
    return PageError(*expanded.places[error.line - 1], error.message)


def relocate(value: Any, places: Mapping[str, Sequence[Place]]) -> Any:
    """Return what was read with the lines of expanded pages replaced by the files and lines that they are from."""
    if isinstance(value, dict):
        moved = {key: relocate(part, places) for key, part in value.items()}
        return _moved(moved, places) if {"grade", "page", "line"} <= moved.keys() else moved
    if isinstance(value, tuple | list):
        return type(value)(relocate(part, places) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: relocate(getattr(value, field.name), places) for field in fields(value)}
        return replace(value, **(_moved(parts, places) if {"page", "line"} <= parts.keys() else parts))
    return value


def _moved(parts: dict[str, Any], places: Mapping[str, Sequence[Place]]) -> dict[str, Any]:
    page, line = parts["page"], parts["line"]
    lines = places.get(page, ()) if isinstance(page, str) and isinstance(line, int) else ()
    if not lines or not 1 <= line <= len(lines):
        return parts
    name, line = lines[line - 1]
    return {**parts, "page": name, "line": line}
