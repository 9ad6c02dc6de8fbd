"""Lines of JSON: the value of a text, and the line on which each of its nodes stands."""

import re
from typing import Any

import orjson

from .errors import PageError
from .json_pointer import escape_token

MAX_DEPTH = 100
"""Deeper samples are refused; documented ones have a depth of about ten."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]|[^\s\[\]{},:"]+')
"""Tokens but for colons: what stands before one is known to be a name."""

Lines = dict[str, int]
"""JSON Pointer (RFC 6901) of a node → its 1-based line."""


def parse_json(text: str, page: str, first_line: int) -> tuple[Any, Lines]:
    """Read a sample; raises ``PageError`` with the line of the fault."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise PageError(page, first_line + error.lineno - 1, f"sample is no JSON: {error.msg}") from error
    return value, lines_of_json(text, page, first_line)


def lines_of_json(text: str, page: str, first_line: int) -> Lines:
    """Map the nodes of a text that is known to be JSON; a property stands where its name stands."""
    lines: Lines = {}
    path: list[str | int] = []
    outer: list[str] = []
    pointer = ""
    expects_name = False
    line, scanned = first_line, 0
    for match in _TOKEN.finditer(text):
        token, start = match[0], match.start()
        line += text.count("\n", scanned, start)
        scanned = start
        if expects_name and token[0] == '"':
            path[-1] = name = orjson.loads(token) if "\\" in token else token[1:-1]
            pointer = f"{outer[-1]}/{escape_token(name)}"
            lines[pointer] = line
            expects_name = False
            continue
        if token not in "}]," and not (path and isinstance(path[-1], str)):
            pointer = f"{outer[-1]}/{path[-1]}" if path else ""
            lines[pointer] = line
        match token:
            case "{" | "[" as opening:
                if len(path) == MAX_DEPTH:
                    raise PageError(page, line, f"a sample nested more than {MAX_DEPTH} deep")
                path.append("" if opening == "{" else 0)
                outer.append(pointer)
                expects_name = opening == "{"
            case "}" | "]":
                path.pop()
                outer.pop()
                expects_name = False
            case ",":
                top = path[-1]
                expects_name = isinstance(top, str)
                if isinstance(top, int):
                    path[-1] = top + 1
    return lines
