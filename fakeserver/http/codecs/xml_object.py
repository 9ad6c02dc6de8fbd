"""XML of OpenAPI documents: elements, attributes, wrappers and namespaces as the XML Object has them.

An array is a repeated element unless it is ``wrapped`` (OpenAPI 3.1, section 4.8.26); ``nodeType`` is read, too (3.2).
What is sent otherwise, but can't be mistaken, is read: arrays with a wrapper, elements named as their properties.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from docdouble.schemas.contract.parameter_styles import scalar_text
from docdouble.schemas.contract.parameter_values import json_type

from .codec import MAX_DEPTH, BodyError, Content, is_type_known
from .xml_text import (
    NAMESPACES,
    TYPES,
    XSI,
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

_ROOT, _ITEM = "root", "item"
"""The names of a document, and of the items of an array that is one, whose schemas have none."""

_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_QUOTE = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}

NodeKind = Literal["element", "attribute", "text", "cdata", "inline", "items", "wrapped"]
Scope = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _XmlNode:
    """XML form of a property: it is written under the name ``tag``, which of ``items`` is that of each item."""

    key: str
    kind: NodeKind
    tag: str
    content: Content


def _node(key: str, content: Content) -> _XmlNode:
    kind = _kind(content)
    return _XmlNode(key, kind, _tag(content.items if kind == "items" else content, key), content)


def _kind(content: Content) -> NodeKind:
    xml, kinds = content.xml, content.kinds
    stated = xml.get("nodeType")
    if xml.get("attribute") is True or stated == "attribute":
        return "attribute"
    if stated == "text" or stated == "cdata":
        return "cdata" if stated == "cdata" else "text"
    if kinds == {"array"}:
        return "wrapped" if xml.get("wrapped") is True or stated == "element" else "items"
    return "inline" if stated == "none" and kinds == {"object"} else "element"


def _tag(content: Content, key: str) -> str:
    return xml_name(str(content.xml.get("name") or key))


def written_document(value: Any, content: Content) -> str:
    """Return a value as the one element of a document."""
    tag = _tag(content, content.type_name or _ROOT)
    text = "".join(_element(tag, value, content, frozenset(), content.items.type_name or _ITEM))
    start = len(f"<{_prefixed(tag, content, frozenset())}")
    return f"{text[:start]}{NAMESPACES}{text[start:]}" if " xsi:" in text else text


def _prefixed(tag: str, content: Content, scope: Scope) -> str:
    prefix, namespace = content.xml.get("prefix"), content.xml.get("namespace")
    is_known = namespace or any(known == prefix for known, _ in scope)
    return f"{xml_name(str(prefix))}:{tag}" if prefix and is_known else tag


def _element(tag: str, value: Any, content: Content, scope: Scope, item_tag: str = "") -> Iterator[str]:
    """Yield an element; items that have no name of their own are named as it is, where no other name is given."""
    name = _prefixed(tag, content, scope)
    start, scope = _declared(f"<{name}", content, scope)
    if value is None:
        yield f'{start} xsi:nil="true"/>'
        return
    if not (is_type_known(value, content) or (isinstance(value, dict) and content.names)):
        start += f' xsi:type="{TYPES[json_type(value)]}"'
    yield start
    if isinstance(value, dict):
        yield from _attributes(value, content, scope)
    yield ">"
    yield from _inside(item_tag or tag, value, content, scope)
    yield f"</{name}>"


def _declared(start: str, content: Content, scope: Scope) -> tuple[str, Scope]:
    """Return the start of an element with the declaration of its namespace, and what is declared in it."""
    namespace = content.xml.get("namespace")
    declared = (str(content.xml.get("prefix") or ""), str(namespace))
    if not namespace or declared in scope:
        return start, scope
    name = f"xmlns:{xml_name(declared[0])}" if declared[0] else "xmlns"
    others = frozenset(outer for outer in scope if outer[0] != declared[0])
    return f'{start} {name}="{_attribute_text(declared[1])}"', others | {declared}


def _attributes(value: dict[str, Any], content: Content, scope: Scope) -> Iterator[str]:
    for key, part in value.items():
        node = _node(key, content.member(key))
        if node.kind == "attribute" and part is not None:
            text = " ".join(map(scalar_text, part)) if isinstance(part, list) else scalar_text(part)
            start, _ = _declared("", node.content, scope)
            yield f'{start} {_prefixed(node.tag, node.content, scope)}="{_attribute_text(text)}"'


def _attribute_text(text: str) -> str:
    return "".join(_QUOTE.get(character, character) for character in xml_text(text))


def _inside(tag: str, value: Any, content: Content, scope: Scope) -> Iterator[str]:
    """Yield what stands in an element; ``tag`` is the name of items that have none of their own."""
    if isinstance(value, list):
        items = content.items
        for item in value:
            yield from _element(_tag(items, tag), item, items, scope)
    elif not isinstance(value, dict):
        yield xml_text(value)
    else:
        for key, part in value.items():
            yield from _member(_node(key, content.member(key)), part, scope)


def _member(node: _XmlNode, part: Any, scope: Scope) -> Iterator[str]:
    if node.kind in ("text", "cdata", "inline") and part is None:
        return
    if node.kind == "text":
        yield xml_text(part)
    elif node.kind == "cdata":
        yield "<![CDATA[{}]]>".format(scalar_text(part).replace("]]>", "]]]]><![CDATA[>"))
    elif node.kind == "inline" or (node.kind == "items" and isinstance(part, list)):
        yield from _inside(node.tag, part, node.content, scope)
    elif node.kind != "attribute":
        yield from _element(node.tag, part, node.content, scope)


def read_element(element: "Element", content: Content, depth: int) -> Any:
    """Return the value of an element; raises ``BodyError``."""
    if depth > MAX_DEPTH:
        raise BodyError("depth", f"nested deeper than {MAX_DEPTH} levels")
    if is_nil(element):
        return None
    kinds = kinds_of(element, content.kinds)
    if kinds == {"array"}:
        return _items(element, content, depth)
    if len(element) or kinds == {"object"} or (content.names and kinds.isdisjoint(_SCALARS)):
        return _Members(element, content, depth).read()
    return xml_scalar(unescaped_text(element.text or ""), kinds)


def _items(element: "Element", content: Content, depth: int) -> list[Any]:
    text = (element.text or "").strip()
    if text and not len(element):
        return [xml_scalar(unescaped_text(text), content.items.kinds)]
    refuse_text(element)
    return [read_element(child, content.items, depth + 1) for child in element]


def _places(content: Content) -> Iterator[tuple[tuple[str, ...], _XmlNode]]:
    """Yield the documented properties with the names that lead to them through those without an element."""
    for name in dict.fromkeys(content.names):
        node = _node(name, content.member(name))
        if node.kind == "inline":
            yield from (((name, *path), inner) for path, inner in _places(node.content))
        else:
            yield (name,), node


class _Members:
    """The members of an object that an element and its attributes hold."""

    def __init__(self, element: "Element", content: Content, depth: int) -> None:
        self._element, self._content, self._depth = element, content, depth
        self._places = list(_places(content))
        self._members: dict[str, Any] = {}

    def read(self) -> Any:
        """Return the object, the text where there is nothing but that; raises ``BodyError``."""
        element = self._element
        texts = [place for place in self._places if place[1].kind in ("text", "cdata")]
        for path, node in texts[:1]:
            text = "".join((element.text or "", *(child.tail or "" for child in element)))
            self._put(path, xml_scalar(unescaped_text(text), node.content.kinds))
        if not texts:
            if not len(element) and (text := (element.text or "").strip()):
                return unescaped_text(text)
            refuse_text(element)
        for name, text in element.attrib.items():
            self._attribute(name, text)
        for child in element:
            self._child(child)
        for path, node in self._places:
            if node.kind == "items" and len(path) == 1 and node.key in self._content.required:
                self._members.setdefault(node.key, [])
        return self._members

    def _attribute(self, name: str, text: str) -> None:
        place = self._place(name.rpartition("}")[2], is_attribute=True)
        if place and not name.startswith(f"{{{XSI}}}"):
            path, node = place
            items = node.content.items.kinds
            is_list = node.content.kinds == {"array"}
            value = [xml_scalar(part, items) for part in text.split()] if is_list else None
            self._put(path, xml_scalar(unescaped_text(text), node.content.kinds) if value is None else value)

    def _place(self, name: str, *, is_attribute: bool) -> tuple[tuple[str, ...], _XmlNode] | None:
        """Return the documented property of a name in XML, else that of its own name; letter case counts last.

        Of several that have one name in XML, it is the first that isn't there yet.
        """
        places = [place for place in self._places if (place[1].kind == "attribute") == is_attribute]
        places.sort(key=lambda place: place[1].kind != "items" and place[1].key in self._members)
        key = read_name(name)
        ways = (
            lambda node: node.tag == name,
            lambda node: node.key == key,
            lambda node: name.lower() in (node.tag.lower(), xml_name(node.key).lower()),
        )
        return next((place for way in ways for place in places if way(place[1])), None)

    def _child(self, child: "Element") -> None:
        name = local_name(child)
        place = self._place(name, is_attribute=False)
        if place is None:
            key = read_name(name)
            self._put((key,), read_element(child, self._content.member(key), self._depth + 1))
            return
        path, node = place
        key = node.key if name != xml_name(node.key).lower() else read_name(name)
        content = node.content
        if node.kind not in ("items", "wrapped"):
            self._put((*path[:-1], key), read_element(child, content, self._depth + 1))
        elif is_nil(child) and not _may_be_null(content.items):
            self._put(path, None)
        elif _is_wrapper(child, node):
            self._put(path, _items(child, content, self._depth))
        else:
            self._put(path, [read_element(child, content.items, self._depth + 1)])

    def _put(self, path: tuple[str, ...], value: Any) -> None:
        members = self._members
        for name in path[:-1]:
            members = members.setdefault(name, {})
        name = path[-1]
        if isinstance(value, list) and isinstance(members.get(name), list):
            members[name] = members[name] + value
        elif name in members:
            raise BodyError("unique", f"the element {name} is given more than once in {local_name(self._element)}")
        else:
            members[name] = value


def _may_be_null(content: Content) -> bool:
    return "null" in str(content.schema.get("type")) or not content.kinds


def _is_wrapper(child: "Element", node: _XmlNode) -> bool:
    """Tell whether an element holds the items of an array, and isn't one of them."""
    items = node.content.items
    if node.kind == "wrapped" or items.kinds == {"array"}:
        return node.kind == "wrapped"
    if not len(child):
        return not (child.text or "").strip() and not child.attrib and items.kinds.isdisjoint({"string", "object"})
    if items.kinds and items.kinds <= _SCALARS:
        return True
    documented = {inner.tag.lower() for _, inner in _places(items)} | {name.lower() for name in items.names}
    return bool(documented) and not any(local_name(part).lower() in documented for part in child)
