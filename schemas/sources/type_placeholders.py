"""Placeholders of types in samples, such as ``<integer>``: Postman writes them where it imports an OpenAPI document."""

import re

from ..contract.evidence import Evidence
from ..contract.model import Schema, with_evidence
from ..pages.infer_schemas import Sample

_PLACEHOLDER = re.compile(r"<([A-Za-z][\w-]*)>")
_PLACEHOLDERS = re.compile(r"<[A-Za-z][\w-]*>(,<[A-Za-z][\w-]*>)*")
_IN_JSON = re.compile(r'"<[A-Za-z][\w-]*>"')
_FORMATS = {
    **{name: {"type": "integer"} for name in ("integer", "long", "int32", "int64", "u-int32", "u-int64", "short")},
    **{name: {"type": "number"} for name in ("number", "float", "double", "decimal")},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "array": {"type": "array"},
    "null": {},
    "any": {},
    "date": {"type": "string", "format": "date"},
    **{name: {"type": "string", "format": "date-time"} for name in ("dateTime", "date-time")},
    "uuid": {"type": "string", "format": "uuid"},
    "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"},
}


def placeholder_schema(text: str, evidence: Evidence) -> Schema | None:
    """Return the schema that a placeholder stands for, ``None`` for a text that is none."""
    match = _PLACEHOLDER.fullmatch(text.strip())
    return with_evidence(dict(_FORMATS.get(match[1], {"type": "string"})), evidence) if match else None


def stands_for_type(text: str) -> bool:
    """Tell whether a text consists of placeholders, so that it is no sample of a value."""
    return _PLACEHOLDERS.fullmatch(text.strip()) is not None


def holds_placeholder(text: str) -> bool:
    """Tell whether a JSON text has a placeholder for one of its values."""
    return _IN_JSON.search(text) is not None


class PlaceholderSample(Sample):
    """A sample in which texts may be placeholders of types."""

    def _scalar(self, value: object, pointer: str) -> Schema:
        schema = placeholder_schema(value, self.evidence(pointer)) if isinstance(value, str) else None
        return super()._scalar(value, pointer) if schema is None else schema
