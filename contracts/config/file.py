"""A file of configuration: its tables, with variables filled in, and the line of what is wrong in it."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError

from .environment import expand_variables
from .keys import KEYS, LATE
from .scalars import MisreadError, Place

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(?P<opening>\[\[?)\s*(?P<name>{_NAME})\s*\]")
_ENTRY = re.compile(rf"\s*(?P<name>{_NAME})\s*=")


@dataclass(frozen=True, slots=True)
class Document:
    """The part of a file that is ours: what stands below the names of ``root``."""

    path: Path
    text: str
    root: tuple[str, ...]
    table: Any


def load(path: Path, *root: str) -> Document:
    """Read a file; raises ``ConfigError`` where it is no TOML, and ``OSError`` where it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        told: Any = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(path.name, f"byte {error.start}", expected="UTF-8, which TOML has to be") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path.name, str(error), expected="valid TOML") from error
    except RecursionError:
        raise ConfigError(
            path.name, "a table in a table in a table…", expected="valid TOML of a bearable depth"
        ) from None
    for name in root:
        told = told.get(name, {}) if isinstance(told, dict) else told
    return Document(path, text, root, told)


def read_document(document: Document, used: Collection[str] = ()) -> dict[str, Any]:
    """Return the fields that a document tells; raises ``ConfigError`` with the file, the line and the key.

    A key at the top that isn't ``used`` is passed over where a variable of it isn't set.
    """
    top = Place((), document.path.parent)
    try:
        if isinstance(document.table, dict):
            table = dict(_filled_in(document.table, top, used))
        else:
            raise top.refused(document.table, "a table")
        return KEYS.read(table, top)
    except MisreadError as error:
        key = error.key or ".".join(document.root)
        line = line_of(document.text, (*document.root, *error.path))
        where = f"{document.path.name}:{line}" if line else document.path.name
        raise ConfigError(f"{where}: {key}", error.value, error.valid, error.expected) from None


def _filled_in(table: dict[str, Any], top: Place, used: Collection[str]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        try:
            yield name, _fill(value, top.below(name))
        except _UnsetError:
            if not used or name in used:
                raise


class _UnsetError(MisreadError):
    """A variable that the environment doesn't have."""


def _fill(value: Any, at: Place) -> Any:
    if ".".join(at.path) in LATE:
        return value
    if isinstance(value, dict):
        return {name: _fill(told, at.below(name)) for name, told in value.items()}
    if isinstance(value, list):
        return [_fill(told, at.below(f"[{number}]")) for number, told in enumerate(value)]
    if not isinstance(value, str):
        return value
    if "\0" in value:
        raise at.refused(value, "a text without U+0000")
    try:
        return expand_variables(value, at.key)
    except ConfigError as error:
        raise _UnsetError(at.path, at.key, error.value, (), error.expected) from None


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the 1-based line of the key that a path of names and indices leads to, or of what holds it; 0: none."""
    best, found = 0, 0
    for line, entry in _entries(text):
        shared = entry[: len(path)]
        if best < len(shared) and path[: len(shared)] == shared:
            best, found = len(shared), line
    return found


def _entries(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the headers and keys with their lines, as well as can be told without reading the values."""
    table: tuple[str, ...] = ()
    seen: Counter[tuple[str, ...]] = Counter()
    for line, told in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(told):
            table = _parts(header["name"])
            if header["opening"] == "[[":
                seen[table] += 1
                table = (*table, f"[{seen[table] - 1}]")
            yield line, table
        elif entry := _ENTRY.match(told):
            yield line, (*table, *_parts(entry["name"]))


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))
