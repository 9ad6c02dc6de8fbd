"""Operation lines whose method and path are fields with names: ``**URL**: /boats``, ``**Method**: GET``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Block, Fence, Label, ListItem, Paragraph
from .inline_text import heading_words, plain_text
from .request_lines import ABSOLUTE_PATH, METHODS, RELATIVE_PATH

METHOD_NAME = re.compile(r"(?:http |request )?(?:method|verb|action)s?")
PATH_NAME = re.compile(r"(?:(?:api|http|request|resource) )?(?:path|url|uri|endpoint|route|resource|request)s?")
_FIELD = re.compile(r"(?P<key>[\w /-]{2,24}?)\s*[:=\u2013—-]+\s*(?P<value>\S.*)\Z", re.DOTALL)
_FARTHEST = 5
"""Blocks between the two fields of an operation, at most."""


def is_request_field(words: str) -> bool:
    """Tell whether a name is that of the method or the path of a request."""
    return bool(METHOD_NAME.fullmatch(words) or PATH_NAME.fullmatch(words))


@dataclass(frozen=True, slots=True)
class RequestFields:
    """A method and a path that are named as such, and the line of the first of them."""

    method: str
    path: str
    line: int


def named_requests(blocks: tuple[Block, ...]) -> dict[int, RequestFields]:
    """Return the requests whose method and path are fields, each by the number of the block that completes it."""
    requests: dict[int, RequestFields] = {}
    pending: dict[str, str] = {}
    first = line = 0
    for number, block in enumerate(blocks):
        if number - first > _FARTHEST or not isinstance(block, Paragraph | ListItem | Label | Fence):
            pending = {}
        for key, value in _fields(blocks, number):
            if not pending:
                first, line = number, block.line
            pending[key] = value
            if len(pending) == 2:
                if (method := pending["method"].upper()) in METHODS:
                    requests[number] = RequestFields(method, pending["path"], line)
                pending = {}
    return requests


def _fields(blocks: tuple[Block, ...], number: int) -> Iterator[tuple[str, str]]:
    """Yield the names and values of the fields in a block; one without a value has it in the block below."""
    block = blocks[number]
    if not isinstance(block, Paragraph | ListItem | Label | Fence):
        return
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    if isinstance(below, Paragraph) and "\n" not in block.text and (kind := _kind(block.text)):
        yield from _field(kind, plain_text(below.text))
        return
    lines = block.text.split("\n")
    for match in map(_FIELD.match, map(plain_text, lines if len(lines) <= _FARTHEST else [])):
        if match and (kind := _kind(match["key"])):
            yield from _field(kind, match["value"].strip())


def _kind(name: str) -> str:
    words = heading_words(name)
    return "method" if METHOD_NAME.fullmatch(words) else "path" if PATH_NAME.fullmatch(words) else ""


def _field(kind: str, value: str) -> Iterator[tuple[str, str]]:
    if kind == "method" or ABSOLUTE_PATH.match(value):
        yield kind, value
    elif RELATIVE_PATH.fullmatch(value):
        yield kind, f"/{value}"
