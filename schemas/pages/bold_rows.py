"""Rows of parameters that are lines of text with a bold name: ``**limit** integer, optional``."""

import re

from .parameter_rows import DocumentedRow, required_in
from .type_grammar import basic_type

_LINE = re.compile(
    r"\*\*(?P<name>[\w.$@\[\]-]+)\*\*[ \t]+`?(?P<type>[A-Za-z]+(?:\[\])?(?: of [a-z]+)?)`?"
    r"(?P<rest>(?:[ \t,;(*].{0,60})?)"
)
_REQUIRED = re.compile(r"[\W_]*required[\W_]*(?:default\b.*)?", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefault:?[ \t]+`?(?P<value>[\w.-]+)", re.IGNORECASE)


def bold_row(text: str, line: int) -> DocumentedRow | None:
    """Return the row of a line that is a bold name with a type, ``None`` for any other."""
    match = _LINE.fullmatch(text)
    if match is None or not basic_type(match["type"].partition(" of ")[0].removesuffix("[]")):
        return None
    default = _DEFAULT.search(match["rest"])
    required = True if _REQUIRED.fullmatch(match["rest"]) else required_in(match["rest"].strip())
    return DocumentedRow(
        match["name"], line, match["type"], required=required, default=default["value"] if default else None
    )
