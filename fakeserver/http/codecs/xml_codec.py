"""XML (RFC 7303): of pages, elements named as properties and types; of OpenAPI documents, as their ``xml`` says.

Null is ``xsi:nil``. What the schema doesn't state of a value is stated by ``xsi:type``, so that nothing is lost. What
XML has no way to say, characters and names, is written as ``_xHHHH_``, as .NET's ``XmlConvert.EncodeName`` does.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docdouble.schemas.contract.parameter_values import json_type

from ..body_limits import MOST_XML_PARTS
from .codec import MAX_DEPTH, BodyError, Codec, Content, is_type_known
from .xml_object import read_element, written_document
from .xml_text import (
    DECLARATION,
    NAMESPACES,
    TYPES,
    is_nil,
    kinds_of,
    local_name,
    read_name,
    refuse_text,
    unescaped_text,
    xml_name,
    xml_scalar,
    xml_text,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ITEMS = {"integer": "int", "number": "double", "object": "item"}
"""JSON type of an item → its element's name, where that isn't the type's own."""

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([!-~]*?)[\"']")
"""The charset that the declaration of a document names."""

_OF_PARSER = ("utf-8", "utf-16")
"""Charsets that the parser reads itself. It would ask Python for any other, of whatever name."""


def encode(value: Any, content: Content) -> bytes:
    """Return a value as an XML document in UTF-8."""
    if not content.contract.dialect:
        return f"{DECLARATION}{written_document(value, content)}".encode()
    name = _item_name(value, content)
    if isinstance(value, list):
        name = f"ArrayOf{_item_name(value[0] if value else None, content.items)}"
    return "".join((DECLARATION, *_element(name, value, content, NAMESPACES))).encode()


def _element(name: str, value: Any, content: Content, attributes: str = "") -> Iterator[str]:
    if value is None:
        yield f'<{name}{attributes} xsi:nil="true"/>'
        return
    if not is_type_known(value, content):
        attributes += f' xsi:type="{TYPES[json_type(value)]}"'
    yield f"<{name}{attributes}>"
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _element(xml_name(key), part, content.member(key))
    elif isinstance(value, list):
        for part in value:
            yield from _element(_item_name(part, content.items), part, content.items)
    else:
        yield xml_text(value)
    yield f"</{name}>"


def _item_name(value: Any, content: Content) -> str:
    kind = json_type(value) if value is not None else min(content.kinds, default="anyType")
    return xml_name(content.type_name or _ITEMS.get(kind, kind))


def decode(body: bytes, content: Content) -> Any:
    """Return the value of an XML document; document types, and so all entities, are refused. Raises ``BodyError``."""
    # here because they take 20 ms to import, and few bodies are XML
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if body.count(b"<") + body.count(b"=") > MOST_XML_PARTS:
        _refuse_many(body.replace(b"\0", b""))  # of UTF-16, too
    try:
        root = fromstring(_document(body, content), forbid_dtd=True)
    except DefusedXmlException as error:
        raise BodyError("syntax", "a document type or entity in XML is refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BodyError("syntax", f"no XML: {error}") from error
    return _value(root, content, 0) if content.contract.dialect else read_element(root, content, 0)


def _refuse_many(body: bytes) -> None:
    """Raise ``BodyError`` for a document of very many elements and attributes, or of what looks like such in texts."""
    attributes = sum(map(body.count, (b'="', b"='", b"= '", b'= "')))
    if body.count(b"<") - body.count(b"</") + attributes <= MOST_XML_PARTS:
        return
    opened, _, _ = body.partition(b"/")
    if opened.count(b"<") > MAX_DEPTH + 1:
        raise BodyError("depth", f"nested deeper than {MAX_DEPTH} levels")
    raise BodyError("size", f"more than {MOST_XML_PARTS:,} elements and attributes in XML")


def _document(body: bytes, content: Content) -> str | bytes:
    """Return a document as text, or as it is where the parser reads its charset itself; raises ``BodyError``."""
    if content.charset != "utf-8":
        return content.text(body)
    declared = _ENCODING.match(body.partition(b"?>")[0].replace(b"\0", b""))  # of UTF-16, too
    charset = declared[1].decode() if declared else "utf-8"
    if charset.lower() in _OF_PARSER:
        return body
    return content.text(body, charset)


def _value(element: "Element", content: Content, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise BodyError("depth", f"nested deeper than {MAX_DEPTH} levels")
    if is_nil(element):
        return None
    kinds = kinds_of(element, content.kinds)
    if "array" in kinds and "object" not in kinds:
        return _items(element, content, depth)
    if len(element) or kinds == {"object"}:
        return _members(element, content, depth)
    return xml_scalar(unescaped_text(element.text or ""), kinds)


def _items(element: "Element", content: Content, depth: int) -> list[Any]:
    text = (element.text or "").strip()
    if text and not len(element):
        return [xml_scalar(unescaped_text(text), content.items.kinds)]
    refuse_text(element)
    return [_value(child, content.items, depth + 1) for child in element]


def _members(element: "Element", content: Content, depth: int) -> Any:
    if not len(element) and (text := (element.text or "").strip()):
        return unescaped_text(text)
    refuse_text(element)
    members: dict[str, Any] = {}
    for child in element:
        name = read_name(local_name(child))
        value = _value(child, content.member(name), depth + 1)
        if name not in members:
            members[name] = value
        elif isinstance(value, list) and isinstance(members[name], list):
            members[name] += value
        else:
            raise BodyError("unique", f"the element {name} is given more than once in {local_name(element)}")
    return members


CODEC = Codec(decode, encode, parameters="; charset=utf-8")
