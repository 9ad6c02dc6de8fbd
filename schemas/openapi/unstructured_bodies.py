"""Bodies that are texts or files though a document has the schema of an object or an array for them.

Generators write such schemas where a method returns a ``byte[]`` or a stream, or where one is meant for the other media
types of a response.
"""

import re

from ..contract.media_types import is_sequence
from ..contract.model import Schema
from ..http import is_json, media_type
from .document import DocumentError, DocumentNode

_UNSTRUCTURED = re.compile(
    r"(text|image|audio|video|font)/.+|application/(pdf|zip|force-download|msword|rtf"
    r"|(x-)?(octet-stream|binary|download|gzip|zip-compressed|tar|7z-compressed)"
    r"|vnd\.(ms-|openxmlformats-|oasis\.opendocument\.).+)"
)
_STRUCTURED = re.compile(r".*[/+-](xml|yaml)")
_STRUCTURES = ("object", "array", "null")
_STRUCTURES_ONLY = frozenset({"properties", "items"})
_DEEPEST = 12
"""References and alternatives that lead to a type."""


def unstructured_schema(name: str, node: DocumentNode) -> Schema | None:
    """Return the schema of the bodies of a media type that can't hold what a schema allows, ``None`` where it can."""
    bare = media_type(name)
    if not _UNSTRUCTURED.fullmatch(bare) or _STRUCTURED.fullmatch(bare) or is_json(bare) or is_sequence(bare):
        return None
    if not _is_structure(node, _DEEPEST):
        return None
    return {"type": "string"} if bare.startswith("text/") else {"type": "string", "format": "binary"}


def _is_structure(node: DocumentNode, most: int) -> bool:
    """Tell whether a schema allows objects and arrays only."""
    data = node.data
    if not isinstance(data, dict) or not most:
        return False
    try:
        if isinstance(reference := data.get("$ref"), str):
            return _is_structure(node.target(reference), most - 1)
        if kinds := data.get("type"):
            return all(kind in _STRUCTURES for kind in (kinds if isinstance(kinds, list) else [kinds]))
        alternatives = [
            [_is_structure(element, most - 1) for element in node.elements(word)] for word in ("oneOf", "anyOf")
        ]
        if any(verdicts and all(verdicts) for verdicts in alternatives):
            return True
        return any(
            _is_structure(element, most - 1) for element in node.elements("allOf")
        ) or not _STRUCTURES_ONLY.isdisjoint(data)
    except DocumentError:  # reported where the schema is read
        return False
