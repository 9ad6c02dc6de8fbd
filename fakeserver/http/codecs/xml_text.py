"""Texts and names in XML: what XML has no way to say, and the types that ``xsi:type`` names (XML Schema, part 2)."""

import re
import sys
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from docdouble.schemas.contract.parameter_values import scalar

from .codec import BodyError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
NAMESPACES = f' xmlns:xsi="{XSI}" xmlns:xsd="{XSD}"'
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'

TYPES = {
    "string": "xsd:string",
    "boolean": "xsd:boolean",
    "integer": "xsd:long",
    "number": "xsd:double",
    "array": "array",
    "object": "object",
}
"""JSON type → the ``xsi:type`` that tells it."""

KINDS = {name.removeprefix("xsd:"): kind for kind, name in TYPES.items()} | {
    "byte": "integer",
    "short": "integer",
    "int": "integer",
    "integer": "integer",
    "decimal": "number",
    "float": "number",
    "dateTime": "string",
    "date": "string",
}
"""Local name of an ``xsi:type`` → JSON type."""

_NUMBER = re.compile(r"([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?([eE][+-]?\d+)?", re.ASCII)
"""A number in XML Schema's spelling, which also knows ``+5``, ``.5`` and ``5.``."""

_NO_NAME = "_x_"
"""Element name of an empty property name."""

_NO_NAME_CHARACTER = re.compile(r"[^\w.\-]|_(?=x([0-9A-Fa-f]{4,6})?_)", re.ASCII)
_NO_NAME_START = re.compile(r"[\d.\-]", re.ASCII)
_NO_TEXT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4,6}_)")
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


def xml_text(value: Any) -> str:
    """Return a scalar as the text of an element."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NO_TEXT.sub(_code, value), quote=False) if isinstance(value, str) else repr(value)


@cache
def xml_name(key: str) -> str:
    """Return the name of an element for the name of a property."""
    if not key:
        return _NO_NAME
    coded = _NO_NAME_CHARACTER.sub(_code, key)
    return _NO_NAME_START.sub(_code, coded[:1]) + coded[1:]


def _code(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def read_name(name: str) -> str:
    """Return the name of a property for the name of an element."""
    return "" if name == _NO_NAME else _ENCODED.sub(lambda match: _character(match) or match[0], name)


def unescaped_text(text: str) -> str:
    """Return a text with the characters that XML can't say; other codes are left as the author wrote them."""

    def read(match: re.Match[str]) -> str:
        character = _character(match)
        return character if character == "_" or _NO_TEXT.fullmatch(character) else match[0]

    return _ENCODED.sub(read, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code < 0xE000 else ""


def xml_scalar(text: str, kinds: frozenset[str]) -> Any:
    """Return what a text of an element means by the JSON types that it may have."""
    if not kinds or "string" in kinds:
        return text
    if kinds == {"boolean"} and text.strip() in ("0", "1"):
        return text.strip() == "1"
    return scalar(_as_in_json(text.strip()), kinds)


def _as_in_json(text: str) -> str:
    """Return a number in JSON's spelling, any other text as it is."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return text
    sign, whole, fraction, exponent = match.groups(default="")
    return f"{sign.removeprefix('+')}{whole or '0'}{fraction and '.' + fraction}{exponent}"


def local_name(element: "Element") -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_nil(element: "Element") -> bool:
    """Tell whether an element says that it is null."""
    return element.get(f"{{{XSI}}}nil") in ("true", "1")


def kinds_of(element: "Element", documented: frozenset[str]) -> frozenset[str]:
    """Return the JSON types that an element may have: the one that its ``xsi:type`` names, else the documented ones."""
    stated = KINDS.get(element.get(f"{{{XSI}}}type", "").rpartition(":")[2])
    return frozenset((stated,)) if stated else documented


def refuse_text(element: "Element") -> None:
    """Raise ``BodyError`` for text beside elements."""
    for text in (element.text, *(child.tail for child in element)):
        if stray := (text or "").strip():
            raise BodyError("syntax", f"the text {stray[:40]!r} stands beside elements in {local_name(element)}")
