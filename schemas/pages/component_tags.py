"""Tags of components in pages: JSX, Liquid (``{% name a="b" %}``) and Hugo shortcodes (``{{< name >}}``)."""

import re
from collections.abc import Container
from typing import NamedTuple

from .blocks import Component

SHORTCODE = re.compile(r"\s*(?:\{%|\{\{[<%])")
_LIQUID = re.compile(
    r"\{%-?\s*(?P<end>end|/)?(?P<name>\w++(?:-\w++)*+)(?P<attributes>(?>\"[^\"]*\"|'[^']*'|(?!%\}).)*?)(?P<whole>/?)-?%\}",
    re.DOTALL,
)
_HUGO = re.compile(
    r"\{\{[<%]\s*(?P<end>/)?\s*(?P<name>\w++(?:-\w++)*+)(?P<attributes>(?>\"[^\"]*\"|(?![>%]\}\}).)*?)(?P<whole>/?)\s*[>%]\}\}",
    re.DOTALL,
)
_JSX = re.compile(r"<(?P<end>/)?(?P<name>[A-Za-z][\w.-]*)?")
_ATTRIBUTE = re.compile(
    r"\s*(?P<name>[A-Za-z_:@][\w:.-]*)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|\{|[^\s\"'>{}]+))?", re.DOTALL
)
_SIMPLE_EXPRESSION = re.compile(r"\s*(?:[\"'`](?P<text>[^\"'`]*)[\"'`]|(?P<word>[\w.+-]+))\s*\Z")
_END = re.compile(r"\{\{[<%]\s*/\s*(?P<hugo>\w[\w-]*)|\{%-?\s*(?:end|/)\s*(?P<liquid>\w[\w-]*)")
_DROPPED = ("include", "includes", "assign", "if", "for", "comment", "raw", "else", "elsif", "unless")


class Tag(NamedTuple):
    """A tag as it is written: its whole text, name, attributes, and whether it opens, closes or is whole."""

    text: str
    name: str
    attributes: dict[str, str]
    ends: bool
    whole: bool


def next_tag(text: str) -> Tag | None:
    """Return the tag that a text begins with, ``None`` where it is not complete."""
    for pattern in (_LIQUID, _HUGO):
        if match := pattern.match(text):
            attributes = {} if match["end"] else _attributes(match["attributes"])[0]
            return Tag(match[0], match["name"], attributes, bool(match["end"]), bool(match["whole"]))
    match = _JSX.match(text)
    if not match or (end := _tag_end(text, match.end())) is None:
        return None
    inner = text[match.end() : end - 1]
    whole = inner.rstrip().endswith("/")
    attributes = _attributes(inner.rstrip().removesuffix("/"))[0]
    return Tag(text[:end], match["name"] or "", attributes, bool(match["end"]), whole)


def ended_shortcodes(text: str) -> frozenset[str]:
    """Return the names of the shortcodes that a text has ends of: all others of them stand alone."""
    return frozenset(match["hugo"] or match["liquid"] for match in _END.finditer(text))


def component_of(tag: Tag, line: int, ended: Container[str]) -> Component | None:
    """Return the component of a tag, ``None`` for one that groups nothing; ``ended`` shortcodes have an end."""
    if not tag.name or tag.name in _DROPPED:
        return None
    is_shortcode = tag.text.startswith("{")
    whole = tag.whole or (is_shortcode and not tag.ends and tag.name not in ended)
    return Component(tag.name, tag.attributes, "closing" if tag.ends else "whole" if whole else "opening", line)


def _tag_end(text: str, start: int) -> int | None:
    """Return the position behind the ``>`` of a tag; those in quotes and braces are not it."""
    quote, depth = "", 0
    for position in range(start, len(text)):
        char = text[position]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and (depth or text[position - 1] in "=({ \n"):
            quote = char
        elif char in "{}":
            depth += 1 if char == "{" else -1
        elif char == ">" and depth <= 0:
            return position + 1
    return None


def _attributes(text: str) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    position = 0
    while match := _ATTRIBUTE.match(text, position):
        position, value = match.end(), match["value"]
        if value is None:
            value = "true"
        elif value == "{":
            end = _closing_brace(text, position)
            value, position = _expression(text[position : end - 1]), end
        elif value[:1] in "\"'":
            value = value[1:-1]
        attributes.setdefault(match["name"], value)
        while position < len(text) and text[position] in ", \n\t":
            position += 1
    return attributes, position


def _closing_brace(text: str, start: int) -> int:
    depth = 1
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if not depth:
            return position + 1
    return len(text) + 1


def _expression(text: str) -> str:
    """Return the text of an expression that is a text, a number or a word; any other as it is written."""
    simple = _SIMPLE_EXPRESSION.match(text)
    if simple:
        return simple["word"] if simple["text"] is None else simple["text"]
    return text
