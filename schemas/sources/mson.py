"""MSON (Markdown Syntax for Object Notation) of API Blueprint: attributes and named types, as lines of nested lists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .stated_operations import StatedField

MOST_DEEP = 50
"""Levels of attributes and named types inside of each other."""

_ITEM = re.compile(r"(?P<indent>[ ]*)[+*-][ ]+(?P<text>.*)")
_MEMBER = re.compile(
    r"(?P<name>`[^`]+`|[^:(`]+?)\s*(?::\s*(?P<value>`[^`]*`|[^(]*?))?\s*(?:\((?P<types>[^)]*(?:\[[^\]]*\][^)]*)*)\))?"
    r"\s*(?:[-\u2013\u2014]\s+(?P<text>.*))?"
)
_WORDS = {"required": True, "optional": False}
_NO_TYPES = frozenset({"required", "optional", "nullable", "fixed", "fixed-type", "sample", "default", "dynamic"})


@dataclass(frozen=True, slots=True)
class ListNode:
    """An item of a nested list: its text, its line, and the items and lines inside of it."""

    indent: int
    text: str
    line: int
    children: tuple["ListNode", ...] = ()
    content: tuple[tuple[int, str], ...] = ()


def list_nodes(lines: Sequence[tuple[int, str]]) -> list[ListNode]:
    """Return the items of lines as trees; what is indented by eight more than an item is content, never an item."""
    nodes: list[ListNode] = []
    place = 0
    while place < len(lines):
        number, text = lines[place]
        match = _ITEM.fullmatch(text)
        place += 1
        if not match:
            continue
        indent = len(match["indent"])
        end = place
        while end < len(lines) and not _ends(lines[end][1], indent):
            end += 1
        inside = list(lines[place:end])
        first = next((at for at, (_, line) in enumerate(inside) if _begins_item(line, indent)), len(inside))
        children = list_nodes(inside[first:]) if indent < MOST_DEEP * 4 else []
        content = inside if not children else inside[:first]
        nodes.append(ListNode(indent, match["text"].strip(), number, tuple(children), tuple(content)))
        place = end
    return nodes


def _ends(line: str, indent: int) -> bool:
    """Tell whether a line is no part of an item any more."""
    return bool(line.strip()) and len(line) - len(line.lstrip()) <= indent


def _begins_item(line: str, indent: int) -> bool:
    match = _ITEM.fullmatch(line)
    return match is not None and indent < len(match["indent"]) < indent + 8


def attribute(node: ListNode, depth: int = 0) -> StatedField | None:
    """Return the attribute or parameter that an item describes, ``None`` for one that describes none."""
    match = _MEMBER.fullmatch(node.text)
    if not match or not match["name"].strip("`* "):
        return None
    words = [word.strip() for word in re.split(r",(?![^\[]*\])", match["types"] or "") if word.strip()]
    kinds = [word for word in words if word.lower() not in _NO_TYPES]
    required = next((_WORDS[word.lower()] for word in words if word.lower() in _WORDS), None)
    kind = kinds[0] if kinds else ""
    fields, values, default, kind = _inside(node, kind, depth)
    return StatedField(
        match["name"].strip("`* "),
        node.line,
        kind,
        required,
        (match["text"] or "").strip(),
        (match["value"] or "").strip().strip("`"),
        default,
        values,
        fields,
        any(word.lower() == "nullable" for word in words),
    )


def _inside(node: ListNode, kind: str, depth: int) -> tuple[tuple[StatedField, ...], tuple[str, ...], str, str]:
    """Return the properties, the values, the default and the type that an item's own items state."""
    is_enum = kind.lower().startswith("enum")
    fields: list[StatedField] = []
    values: list[str] = []
    default = ""
    for child in node.children:
        word, _, rest = child.text.partition(":")
        if word.strip().lower() == "default":
            default = rest.strip().strip("`") or "".join(list_node.text.strip("`") for list_node in child.children[:1])
        elif word.strip().lower() == "members":
            values += [_value(list_node.text) for list_node in child.children]
            is_enum = True
        elif word.strip().lower() in ("sample", "items", "properties"):
            fields += attributes(child.children, depth + 1) if word.strip().lower() != "sample" else []
        elif is_enum:
            values.append(_value(child.text))
        elif (inner_field := attribute(child, depth + 1)) and depth < MOST_DEEP:
            fields.append(inner_field)
    if is_enum:
        inner = re.search(r"\[(.*)\]", kind)
        return (), tuple(dict.fromkeys(values)), default, inner[1] if inner else "string"
    if kind.lower().startswith("array") or kind.lower() == "array":
        return (), (), default, kind
    return tuple(fields), (), default, kind or ("object" if fields else "string")  # as MSON has it, section 3.4


def _value(text: str) -> str:
    return re.split(r"\s+(?:[-\u2013\u2014]\s|\()", text)[0].strip().strip("`")


def attributes(nodes: Sequence[ListNode], depth: int = 0) -> list[StatedField]:
    """Return what the items of a list describe; of alternatives (``One Of``) all, none of them required."""
    fields: list[StatedField] = []
    for node in nodes:
        if re.match(r"(One Of|Properties|Items)\b", node.text, re.IGNORECASE) and node.children:
            inner = attributes(node.children, depth + 1) if depth < MOST_DEEP else []
            is_choice = node.text.lower().startswith("one of")
            fields += [replace(field, required=None) if is_choice else field for field in inner]
        elif not node.text.lower().startswith("include") and (field := attribute(node, depth)):
            fields.append(field)
    return fields


def included(nodes: Sequence[ListNode]) -> list[str]:
    """Return the names of the types whose properties a list includes."""
    texts = (node.text for node in nodes)
    return [text[7:].strip().strip("`*") for text in texts if text.lower().startswith("include ")]


def with_named_types(
    fields: Sequence[StatedField], types: Mapping[str, Sequence[StatedField]], seen: tuple[str, ...] = ()
) -> tuple[StatedField, ...]:
    """Return fields with the properties of the named types that they are of."""
    return tuple(_with_type(field, types, seen) for field in fields)


def _with_type(stated: StatedField, types: Mapping[str, Sequence[StatedField]], seen: tuple[str, ...]) -> StatedField:
    array = re.fullmatch(r"array\[(.*)\]", stated.type, re.IGNORECASE)
    name = (array[1] if array else stated.type).strip().strip("`*")
    if name not in types:
        return replace(stated, children=with_named_types(stated.children, types, seen)) if stated.children else stated
    kind = "array" if array else "object"
    if name in seen or len(seen) >= MOST_DEEP:
        return replace(stated, type=kind)
    own = with_named_types([*types[name], *stated.children], types, (*seen, name))
    return replace(stated, type=kind, children=own)
