"""Rows of parameters that are lines of text with a bold name: ``**limit** integer, optional``."""

import re

from .parameter_rows import DocumentedRow, choices_in, default_in, required_in
from .type_grammar import basic_type

_ROW = re.compile(
    r"\*\*`?(?P<name>[\w.$@\[\]-]+)`?\*\*[ \t]+[`*_]?(?P<type>[A-Za-z]+(?:\[\])?(?: of [a-z]+)?)[`*_]?"
    r"(?P<rest>(?:[ \t,;(*].{0,60})?)(?:\n(?P<text>[\s\S]*))?"
)
"""A name and a type with notes behind them, and the description on the lines below."""
_REQUIRED = re.compile(r"[\W_]*required[\W_]*(?:default\b.*)?", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefault:?[ \t]+`?(?P<value>[\w.-]+)", re.IGNORECASE)


def bold_row(text: str, line: int) -> DocumentedRow | None:
    """Return the row of a paragraph that begins with a bold name and a type, ``None`` for any other."""
    match = _ROW.fullmatch(text)
    kind = match["type"].partition(" of ")[0].removesuffix("[]") if match else ""
    if match is None or not (kind == "enum" or basic_type(kind)):
        return None
    notes, described = match["rest"].strip(), match["text"] or ""
    default = _DEFAULT.search(notes)
    required = True if _REQUIRED.fullmatch(notes) else required_in(notes)
    return DocumentedRow(
        match["name"],
        line,
        match["type"],
        described,
        required=required_in(described) if required is None else required,
        default=default["value"] if default else default_in(described),
        listed=choices_in(described),
    )
