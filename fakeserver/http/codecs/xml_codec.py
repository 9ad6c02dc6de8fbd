"""XML (RFC 7303): elements named as properties and types, null as ``xsi:nil``.

What the schema doesn't tell of a value is told by ``xsi:type``, so that nothing is lost. Characters that XML has no
way to say, and names that are none in XML, are written as ``_xHHHH_``, as .NET's ``XmlConvert.EncodeName`` does.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from docdouble.schemas.contract.parameter_values import json_type, scalar

from .codec import MAX_DEPTH, BodyError, Codec, Content, is_type_known

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "http://www.w3.org/2001/XMLSchema"
_NAMESPACES = f' xmlns:xsi="{_XSI}" xmlns:xsd="{_XSD}"'
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'

_TYPES = {
    "string": "xsd:string",
    "boolean": "xsd:boolean",
    "integer": "xsd:long",
    "number": "xsd:double",
    "array": "array",
    "object": "object",
}
"""JSON type → the ``xsi:type`` that tells it."""

_KINDS = {name.removeprefix("xsd:"): kind for kind, name in _TYPES.items()} | {
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

_ITEMS = {"integer": "int", "number": "double", "object": "item"}
"""JSON type of an item → its element's name, where that isn't the type's own."""

_NUMBER = re.compile(r"([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?([eE][+-]?\d+)?", re.ASCII)
"""A number in XML Schema's spelling, which also knows ``+5``, ``.5`` and ``5.``."""

_NO_NAME = "_x_"
"""What stands for an empty property name."""

_NO_NAME_CHARACTER = re.compile(r"[^\w.\-]|_(?=x([0-9A-Fa-f]{4,6})?_)", re.ASCII)
_NO_NAME_START = re.compile(r"[\d.\-]", re.ASCII)
_NO_TEXT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4,6}_)")
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4,6})_")


def encode(value: Any, content: Content) -> bytes:
    """Return a value as an XML document in UTF-8."""
    name = _item_name(value, content)
    if isinstance(value, list):
        name = f"ArrayOf{_item_name(value[0] if value else None, content.items)}"
    return "".join((_DECLARATION, *_element(name, value, content, _NAMESPACES))).encode()


def _element(name: str, value: Any, content: Content, attributes: str = "") -> Iterator[str]:
    if value is None:
        yield f'<{name}{attributes} xsi:nil="true"/>'
        return
    if not is_type_known(value, content):
        attributes += f' xsi:type="{_TYPES[json_type(value)]}"'
    yield f"<{name}{attributes}>"
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _element(_name(key), part, content.member(key))
    elif isinstance(value, list):
        for part in value:
            yield from _element(_item_name(part, content.items), part, content.items)
    else:
        yield _text(value)
    yield f"</{name}>"


def _item_name(value: Any, content: Content) -> str:
    kind = json_type(value) if value is not None else min(content.kinds, default="anyType")
    return _name(content.type_name or _ITEMS.get(kind, kind))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NO_TEXT.sub(_code, value), quote=False) if isinstance(value, str) else repr(value)


@cache
def _name(key: str) -> str:
    if not key:
        return _NO_NAME
    coded = _NO_NAME_CHARACTER.sub(_code, key)
    return _NO_NAME_START.sub(_code, coded[:1]) + coded[1:]


def _code(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def _read_name(name: str) -> str:
    return "" if name == _NO_NAME else _ENCODED.sub(lambda match: _character(match) or match[0], name)


def _read_text(text: str) -> str:
    """Return a text with the characters that XML can't say; other codes are left as the author wrote them."""

    def read(match: re.Match[str]) -> str:
        character = _character(match)
        return character if character == "_" or _NO_TEXT.fullmatch(character) else match[0]

    return _ENCODED.sub(read, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code < 0xE000 else ""


def decode(body: bytes, content: Content) -> Any:
    """Return the value of an XML document; document types, and so all entities, are refused. Raises ``BodyError``."""
    # here because they take 20 ms to import, and few bodies are XML
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content.text(body) if content.charset != "utf-8" else body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BodyError("syntax", "a document type or entity in XML is refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BodyError("syntax", f"no XML: {error}") from error
    return _value(root, content, 0)


def _value(element: "Element", content: Content, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise BodyError("depth", f"nested deeper than {MAX_DEPTH} levels")
    if element.get(f"{{{_XSI}}}nil") in ("true", "1"):
        return None
    stated = _KINDS.get(element.get(f"{{{_XSI}}}type", "").rpartition(":")[2])
    kinds = frozenset((stated,)) if stated else content.kinds
    if "array" in kinds and "object" not in kinds:
        return _items(element, content, depth)
    if len(element) or kinds == {"object"}:
        return _members(element, content, depth)
    return _scalar(_read_text(element.text or ""), kinds)


def _scalar(text: str, kinds: frozenset[str]) -> Any:
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


def _items(element: "Element", content: Content, depth: int) -> list[Any]:
    text = (element.text or "").strip()
    if text and not len(element):
        return [_scalar(_read_text(text), content.items.kinds)]
    _refuse_text(element)
    return [_value(child, content.items, depth + 1) for child in element]


def _members(element: "Element", content: Content, depth: int) -> Any:
    if not len(element) and (text := (element.text or "").strip()):
        return _read_text(text)
    _refuse_text(element)
    members: dict[str, Any] = {}
    for child in element:
        name = _read_name(_local(child))
        value = _value(child, content.member(name), depth + 1)
        if name not in members:
            members[name] = value
        elif isinstance(value, list) and isinstance(members[name], list):
            members[name] += value
        else:
            raise BodyError("unique", f"the element {name} is given more than once in {_local(element)}")
    return members


def _refuse_text(element: "Element") -> None:
    for text in (element.text, *(child.tail for child in element)):
        if found := (text or "").strip():
            raise BodyError("syntax", f"the text {found[:40]!r} stands beside elements in {_local(element)}")


def _local(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


CODEC = Codec(decode, encode, parameters="; charset=utf-8")
