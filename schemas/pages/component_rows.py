"""Rows of parameters and properties that are components: ``<ParamField path="id" type="integer">``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .blocks import Block, Component, ListItem, Paragraph
from .parameter_rows import DocumentedRow, stated_place, with_facts_of_text

_COMPONENT_KEYS = ("query", "path", "body", "header", "cookie", "name", "param", "field", "id")


def component_row(blocks: Sequence[Block], position: int, ends: Mapping[int, int]) -> tuple[DocumentedRow | None, int]:
    """Return the row of a component that has a name and a location or a type, and how many blocks it makes up.

    Its text stands inside up to the first component there; rows among those are its children. ``ends`` are those of
    the components (``component_ends``).
    """
    component = blocks[position]
    assert isinstance(component, Component)
    end = ends.get(position, position + 1)
    inner = (number for number in range(position + 1, len(blocks)) if isinstance(blocks[number], Component))
    first = next(inner, len(blocks))
    row = _row_of_component(component, blocks[position + 1 : first])
    children = _component_rows(blocks, first, end, ends) if row else []
    return (replace(row, children=tuple(children)), end + 1 - position) if row and children else (row, 1)


def _component_rows(blocks: Sequence[Block], start: int, end: int, ends: Mapping[int, int]) -> list[DocumentedRow]:
    rows, position = [], start
    while position < end:
        count = 1
        if isinstance(blocks[position], Component):
            row, count = component_row(blocks, position, ends)
            rows += [row] if row else []
        position += count
    return rows


def _row_of_component(component: Component, following: Sequence[Block]) -> DocumentedRow | None:
    attributes = component.attributes
    key = next((key for key in _COMPONENT_KEYS if attributes.get(key, "true") != "true"), "")
    if attributes.get(key, "").startswith(("/", "http")):
        return None  # the component of an operation
    is_parameter = key in ("query", "path", "body", "header", "cookie") or (
        key and re.search(r"param|field|prop|attribute|argument", component.name, re.IGNORECASE)
    )
    if not is_parameter or component.kind == "closing":
        return None
    text = (
        " ".join(block.text for block in following if isinstance(block, Paragraph | ListItem))
        if component.kind == "opening"
        else attributes.get("description", "")
    )
    location = attributes.get("in", attributes.get("location", "")) or (
        key if key in ("query", "path", "body", "header", "cookie") else ""
    )
    response = re.search(r"response|return|result", component.name, re.IGNORECASE)
    row = DocumentedRow(
        attributes[key],
        component.line,
        attributes.get("type", ""),
        text or attributes.get("description", ""),
        {"true": True, "false": False}.get(attributes.get("required", "").lower()),
        attributes.get("default") or attributes.get("defaultValue"),
        tuple(re.findall(r"[\w.:+-]+", attributes.get("enum", attributes.get("options", "")))),
        example=attributes.get("example", attributes.get("placeholder", "")),
        location="response" if response else stated_place(location),
    )
    row = with_facts_of_text(row)
    return replace(row, required=False) if row.required is None and not response else row
