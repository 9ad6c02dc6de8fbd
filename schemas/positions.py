"""JSON text → value, and the line on which each of its nodes stands."""

import json
import re
from typing import Any

from .errors import PageError

MAX_DEPTH = 100
"""Deeper samples are refused; documented ones have a depth of about ten."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')

Lines = dict[str, int]
"""JSON Pointer (RFC 6901) of a node → its 1-based line."""


def escape(name: str) -> str:
    """Return a property name as a JSON Pointer token."""
    return name.replace("~", "~0").replace("/", "~1")


def parse_json(text: str, page: str, first_line: int) -> tuple[Any, Lines]:
    """Read a sample; raises ``PageError`` with the line of the fault."""
    if _depth(text) > MAX_DEPTH:
        raise PageError(page, first_line, f"a sample nested more than {MAX_DEPTH} deep")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except _ConstantError as error:
        raise PageError(page, first_line, f"sample is no JSON: {error}") from error
    except json.JSONDecodeError as error:
        raise PageError(page, first_line + error.lineno - 1, f"sample is no JSON: {error.msg}") from error
    return value, _lines(text, first_line)


class _ConstantError(ValueError):
    """``NaN`` or ``Infinity``, which Python's reader knows and JSON doesn't."""


def _refuse_constant(name: str) -> Any:
    raise _ConstantError(name)


def _depth(text: str) -> int:
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        deepest = max(deepest, depth)
    return deepest


def _lines(text: str, first_line: int) -> Lines:
    """Map the nodes of a text that is known to be JSON."""
    lines: Lines = {}
    path: list[str | int] = []
    expects_name = False
    line, scanned = first_line, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", scanned, token.start())
        scanned = token.start()
        match token[0]:
            case "{" | "[" as opening:
                lines.setdefault(_pointer(path), line)
                path.append("" if opening == "{" else 0)
                expects_name = opening == "{"
            case "}" | "]":
                path.pop()
                expects_name = False
            case ",":
                top = path[-1]
                expects_name = isinstance(top, str)
                if isinstance(top, int):
                    path[-1] = top + 1
            case ":":
                pass
            case text_or_scalar:
                if expects_name:
                    path[-1] = json.loads(text_or_scalar)
                    lines[_pointer(path)] = line
                    expects_name = False
                else:
                    lines.setdefault(_pointer(path), line)
    return lines


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{escape(part) if isinstance(part, str) else part}" for part in path)
