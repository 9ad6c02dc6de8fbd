"""Values and lines of Python source, laid out as formatters do."""

import re
from collections.abc import Iterable
from typing import Any

WIDTH = 88
"""Longer lines are broken where that is possible."""

_NO_NAME = re.compile(r"\W+", re.ASCII)


def literal(value: Any) -> str:
    """Return a literal of a JSON value or of bytes, with double quotes where they need no escapes."""
    match value:
        case str() | bytes():
            return _quoted(repr(value))
        case list() | tuple():
            return "[" + ", ".join(map(literal, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{literal(key)}: {literal(part)}" for key, part in value.items()) + "}"
    return repr(value)


def _quoted(text: str) -> str:
    start = text.index(text[-1])
    inner = text[start + 1 : -1]
    return text if text[-1] == '"' or '"' in inner else f'{text[:start]}"{inner}"'


def call_lines(start: str, arguments: Iterable[str]) -> list[str]:
    """Return a call of a function on one line if it fits, else with a line for each argument; ``start`` ends in ``(``.

    An argument that is already broken into lines stays so.
    """
    parts = list(arguments)
    line = f"{start}{', '.join(parts)})"
    if len(line) <= WIDTH and not any("\n" in part for part in parts):
        return [line]
    indent = " " * (len(start) - len(start.lstrip()) + 4)
    return [start, *(indent + part.replace("\n", f"\n{indent}") + "," for part in parts), f"{indent[4:]})"]


def mapping(items: Iterable[tuple[str, str]], room: int) -> str:
    """Return a literal of a mapping, with a line for each item where it has more than ``room`` characters."""
    pairs = dict(items)
    text = literal(pairs)
    if len(text) <= room:
        return text
    return "\n".join(["{", *(f"    {literal(name)}: {literal(value)}," for name, value in pairs.items()), "}"])


def pieces(value: bytes, room: int) -> str:
    """Return a literal of bytes, in several pieces where it has more than ``room`` characters."""
    if len(literal(value)) <= room:
        return literal(value)
    size = max(room // 2, 1)
    parts = [literal(value[start : start + size]) for start in range(0, len(value), size)]
    return "\n".join(["(", *(f"    {part}" for part in parts), ")"]) if len(parts) > 1 else parts[0]


def name_of(*words: str) -> str:
    """Return a name for a function of words in any spelling; letters outside of ASCII are left out."""
    return "_".join(filter(None, (_NO_NAME.sub("_", word).strip("_").lower() for word in words)))


def in_docstring(text: str) -> str:
    """Return a text as it can stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
