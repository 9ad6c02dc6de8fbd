"""JSON files of other formats: their data as nodes that know their place, of a bounded depth."""

import re

import orjson

from ..errors import PageError
from ..openapi.document import DocumentNode
from ..openapi.files import SourceFile
from ..openapi.text_formats import LineIndex
from .source_format import SourceText


def json_root(source: SourceText) -> DocumentNode:
    """Return the root of a JSON file; raises ``PageError`` or ``ContractError`` for what is none."""
    try:
        data = orjson.loads(source.text)
    except orjson.JSONDecodeError as error:
        raise PageError(source.name, error.lineno, f"no JSON: {error.msg}") from error
    root = DocumentNode(data, "", SourceFile(source.name, "", data))
    root.check_depth()
    return root.object()


def json_lines(source: SourceText) -> LineIndex:
    """Return the lines of a JSON file, whatever its name ends in."""
    return LineIndex(source.text, ".json")


def has_member(beginning: bytes, name: str, value: str = "") -> bool:
    """Tell whether the beginning of a JSON text has a member of a name, with a text that begins with ``value``."""
    pattern = rf'"{re.escape(name)}"\s*:\s*' + (rf'"{re.escape(value)}' if value else "")
    return re.search(pattern.encode(), beginning) is not None
