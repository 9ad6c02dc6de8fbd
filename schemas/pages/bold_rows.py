"""Rows of parameters that are lines of text with a bold name: ``**limit** integer, optional``."""

import re
from collections.abc import Sequence

from .blocks import Block, Paragraph
from .parameter_rows import DocumentedRow, required_in, with_facts_of_text
from .type_grammar import basic_type, read_documented_type

_ROW = re.compile(
    r"\*\*`?(?P<name>[\w.$@\[\]-]+)`?\*\*[ \t]+"
    r"(?:`(?P<code>[^`\n]{1,60})`|[*_]?(?P<type>[A-Za-z]+(?:\[\])?(?: of [a-z]+)?)[*_]?)"
    r"(?P<rest>(?:[ \t,;(*].{0,60})?)(?:\n(?P<text>[\s\S]*))?"
)
"""A name and a type with notes behind them, and the description on the lines below."""
_BADGE = re.compile(r"\A(\*\*[^*\n]+\*\*)[ \t]+<(required|optional)\s*/>", re.IGNORECASE)
_MARKED_NAME = re.compile(
    r"\*\*`?(?P<name>[\w.$@\[\]-]+)`?\*\*[ \t]+[(*_`]+(?P<mark>required|optional)[)*_`]+(?:\n(?P<text>[\s\S]*))?",
    re.IGNORECASE,
)
"""A name with nothing but a mark behind it: ``**limit** _required_``, ``**limit** <Required />``."""
_REQUIRED = re.compile(r"[\W_]*required[\W_]*(?:default\b.*)?", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefault:?[ \t]+`?(?P<value>[\w.-]+)", re.IGNORECASE)


def described_row(blocks: Sequence[Block], position: int) -> tuple[DocumentedRow | None, int]:
    """Return the row of a paragraph and how many blocks it makes up: with those that describe it, if it doesn't."""
    block = blocks[position]
    text = block.text.strip() if isinstance(block, Paragraph) else ""
    row = bold_row(text, block.line)
    if row is None or row.text:
        return row, 1
    texts = [text]
    for below in blocks[position + 1 :]:
        if not isinstance(below, Paragraph) or bold_row(below.text.strip(), below.line):
            break
        texts.append(below.text.strip())
    return bold_row("\n".join(texts), block.line), len(texts)


def bold_row(text: str, line: int) -> DocumentedRow | None:
    """Return the row of a paragraph that begins with a bold name and a type, ``None`` for any other."""
    text = _BADGE.sub(r"\1 (\2)", text)
    if bare := _MARKED_NAME.fullmatch(text):
        is_required = bare["mark"].lower() == "required"
        return with_facts_of_text(DocumentedRow(bare["name"], line, text=bare["text"] or "", required=is_required))
    match = _ROW.fullmatch(text)
    if match is None:
        return None
    kind = match["code"] or match["type"]
    coded = read_documented_type(kind, {}) if match["code"] else None
    if not ((coded and coded.schema) or kind == "enum" or basic_type(kind.partition(" of ")[0].removesuffix("[]"))):
        return None
    notes = match["rest"].strip()
    default = _DEFAULT.search(notes)
    required = True if _REQUIRED.fullmatch(notes) else required_in(notes)
    stated = default["value"] if default else None
    return with_facts_of_text(DocumentedRow(match["name"], line, kind, match["text"] or "", required, stated))
