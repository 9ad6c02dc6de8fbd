"""Includes of reStructuredText, and the parameters that os-api-ref keeps in a file of their own, as a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ..errors import PageError
from ..text_files import read_text
from .documents import MAX_PAGE_BYTES
from .includes import Including, IncludingLine

_INCLUDE = re.compile(r"\.\. (?P<kind>include|literalinclude|rest_parameters):: +(?P<path>\S+)\s*")
_PARAMETER = re.compile(r"\s+- +(?P<name>[^:\s]+) *: *(?P<key>\S+)\s*")
_OPTION = re.compile(r"\s+:[\w-]+:")
_HEADER = ("Name", "In", "Type", "Required", "Description")
_INDENT = " " * 3


@dataclass(frozen=True)
class RstIncluding(Including):
    """The files that a page of reStructuredText may include: others of its kind, and samples."""

    suffixes: ClassVar[tuple[str, ...]] = (".rst", ".inc", ".txt", ".json")
    described: dict[Path, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    def marked_lines(self, lines: Sequence[str], nested: bool, folder: Path) -> Iterator[IncludingLine]:
        """Yield the lines of a text; samples as code, and lists of parameters as tables of what their file says."""
        first = next(filter(None, map(str.strip, lines)), "")
        indent = _INDENT if nested and first.startswith(("{", "[")) else ""
        known: Mapping[str, Any] = {}
        for number, line in enumerate(lines, 1):
            match = _INCLUDE.fullmatch(line)
            kind, path = (match["kind"], match["path"]) if match else ("", "")
            parameter = _PARAMETER.fullmatch(line) if known else None
            if kind == "rest_parameters":
                known = self._parameters(folder, path)
                table = (".. list-table::", f"{_INDENT}:header-rows: 1", "", *_row(_HEADER))
                yield from (IncludingLine(number, included, None) for included in (table if known else ()))
            elif kind:
                code = (".. code-block:: json", "") if kind == "literalinclude" and path.endswith(".json") else ()
                yield from (IncludingLine(number, included, None) for included in code)
                is_read = kind == "include" or code
                yield IncludingLine(number, line, path if is_read else None)
            elif parameter:
                row = _row((parameter["name"], *_facts(known.get(parameter["key"]))))
                yield from (IncludingLine(number, included, None) for included in row)
            elif not (_OPTION.match(line) and number > 1 and _INCLUDE.fullmatch(lines[number - 2])):
                known = {} if line.strip() and not line[:1].isspace() else known
                yield IncludingLine(number, indent + line, None)

    def _parameters(self, folder: Path, written: str) -> Mapping[str, Any]:
        path = self.target(folder, written)
        is_inside = path.is_relative_to(self.root) and path.suffix in (".yaml", ".yml") and path.is_file()
        if is_inside and path not in self.described:
            self.described[path] = _parameters_of(path)
        return self.described.get(path, {})


def _parameters_of(path: Path) -> Mapping[str, Any]:
    """Return what a file says of parameters, by their keys; nothing where it can't be read."""
    from ..openapi.text_formats import parse_document  # here because PyYAML takes its time, and few pages need it

    try:
        parameters = parse_document(read_text(path, path.name, MAX_PAGE_BYTES), path.name)
    except PageError:
        return {}
    return parameters if isinstance(parameters, dict) else {}


def _facts(entry: Any) -> tuple[str, ...]:
    facts = entry if isinstance(entry, dict) else {}
    required = str(facts.get("required", "")).lower()
    text = " ".join(str(facts.get("description") or "").split())
    return str(facts.get("in") or ""), str(facts.get("type") or ""), required, text


def _row(cells: tuple[str, ...]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        yield f"{_INDENT}{'  ' if number else '* '}- {cell}"
