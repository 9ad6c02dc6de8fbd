"""File of configuration: its table with variables filled in, and the line of every error in it."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError

from .environment import expand_variables
from .json_schema import InvalidKeyError, KeyPath, dotted, schema_errors, secret_keys

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_NAME = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(?P<opening>\[\[?)\s*(?P<name>{_NAME})\s*\]")
_ENTRY = re.compile(rf"\s*(?P<name>{_NAME})\s*=")


@dataclass(frozen=True, slots=True)
class Document:
    """The table of a file that holds our keys: the one below the names of ``root``."""

    path: Path
    text: str
    root: tuple[str, ...]
    table: Any


class InvalidFileError(ConfigError):
    """Error with all that is wrong in one file; the attributes are those of the first error."""

    def __init__(self, errors: list[ConfigError]) -> None:
        super().__init__(errors[0].key, errors[0].value, errors[0].valid, errors[0].expected)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


def load(path: Path, *root: str) -> Document:
    """Read a file; raises ``ConfigError`` where it is no TOML, and ``OSError`` where it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = _parsed(text)
    except UnicodeDecodeError as error:
        raise ConfigError(path.name, f"byte {error.start}", expected="UTF-8, which TOML has to be") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path.name, str(error), expected="valid TOML") from error
    except RecursionError:
        raise _too_deep(path) from None
    for name in root:
        table = table.get(name, {}) if isinstance(table, dict) else table
    return Document(path, text, root, table)


@lru_cache(1)
def _parsed(text: str) -> Any:
    """Return the table of a text; a command reads its file several times."""
    return tomllib.loads(text)


def read_document(document: Document, used: Collection[str] = ()) -> dict[str, Any]:
    """Return the table of a document, valid and filled in; raises ``ConfigError`` for every error of it.

    A key at the top that isn't ``used`` is left out where a variable of it isn't set.
    """
    table = document.table
    errors: list[InvalidKeyError] = []
    try:
        if isinstance(table, dict):
            table, errors = _filled_in(table, used)
        errors = errors or schema_errors(table)
    except RecursionError:
        raise _too_deep(document.path) from None
    if errors:
        raise _located(errors, document) from None
    return dict(table)


def _too_deep(path: Path) -> ConfigError:
    return ConfigError(path.name, "a table in a table in a table…", expected="valid TOML of a bearable depth")


def _filled_in(table: dict[str, Any], used: Collection[str]) -> tuple[dict[str, Any], list[InvalidKeyError]]:
    """Return the table with its variables filled in, and the errors of the keys that are used."""
    filled_in: dict[str, Any] = {}
    errors: list[InvalidKeyError] = []
    for name, value in table.items():
        unset: list[InvalidKeyError] = []
        filled_value = _fill(value, (name,), unset)
        if not unset:
            filled_in[name] = filled_value
        elif not used or name in used:
            errors += unset
    return filled_in, errors


def _fill(value: Any, path: KeyPath, errors: list[InvalidKeyError]) -> Any:
    """Return a value with its variables filled in; what is wrong with it is added to ``errors``."""
    if path in secret_keys():
        return value
    if isinstance(value, dict):
        return {name: _fill(member, (*path, name), errors) for name, member in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, index), errors) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    if "\0" in value:
        errors.append(InvalidKeyError(path, value, "a text without U+0000"))
        return value
    try:
        return expand_variables(value, dotted(path))
    except ConfigError as error:
        errors.append(InvalidKeyError(path, error.value, error.expected))
        return value


def _located(errors: list[InvalidKeyError], document: Document) -> ConfigError:
    """Return the errors as one, in the order of the file, each with its line."""
    located: list[tuple[int, ConfigError]] = []
    for error in errors:
        line = line_of(document.text, (*document.root, *_names(error.path)))
        where = f"{document.path.name}:{line}" if line else document.path.name
        key = f"{where}: {error.key or '.'.join(document.root)}"
        located.append((line, ConfigError(key, error.value, error.valid, error.expected)))
    ordered = [error for _, error in sorted(located, key=lambda pair: pair[0])]
    return ordered[0] if len(ordered) == 1 else InvalidFileError(ordered)


def located_error(error: ConfigError, document: Document) -> ConfigError:
    """Return an error about a value that was found to be wrong later, with the file and the line of its key."""
    path = (*document.root, *_parts(error.key), str(error.value))
    line = line_of(document.text, path)
    where = f"{document.path.name}:{line}" if line else document.path.name
    return ConfigError(f"{where}: {error.key}", error.value, error.valid, error.expected)


def _names(path: KeyPath) -> tuple[str, ...]:
    return tuple(f"[{name}]" if isinstance(name, int) else name for name in path)


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the 1-based line of the key that a path of names and indices leads to, or of what holds it; 0: none."""
    wanted = _flat(path)
    best, best_line = 0, 0
    for line, entry in _entries(text):
        shared = _flat(entry)[: len(wanted)]
        if best < len(shared) and wanted[: len(shared)] == shared:
            best, best_line = len(shared), line
    return best_line


def _flat(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path in which a quoted name with dots is no other than the same names without quotes."""
    return tuple(".".join(path).split("."))


def _entries(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the headers and keys with their lines, as far as they show without reading the values."""
    table: tuple[str, ...] = ()
    seen: Counter[tuple[str, ...]] = Counter()
    for line, content in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(content):
            table = _parts(header["name"])
            if header["opening"] == "[[":
                seen[table] += 1
                table = (*table, f"[{seen[table] - 1}]")
            yield line, table
        elif entry := _ENTRY.match(content):
            yield line, (*table, *_parts(entry["name"]))


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))
