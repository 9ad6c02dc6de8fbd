"""Parameters and bodies of OpenAPI 3.x documents: Parameter, Header, Request Body, Media Type and Encoding Objects."""

from functools import partial
from typing import Any

from ..contract.model import Body, Encoding, Evidence, Location, MediaType, Parameter, Schema
from ..http import is_json, media_type
from ..jsonschema.json_text import exact_json
from .document import DocumentNode
from .keywords import ITEM_SCHEMA, unnamed_samples
from .parts import PartReader, Report, media_type_of
from .schema_reader import SchemaReader, as_object
from .unstructured_bodies import unstructured_schema


class BodyReader(PartReader):
    """The reader of what a request or a response is made of.

    Without ``reads_schemas``, schemas are taken as they stand, as those are that we write.
    """

    schemas: SchemaReader

    def __init__(self, report: Report, *, reads_schemas: bool) -> None:
        super().__init__(report)
        self.reads_schemas = reads_schemas

    def parameter(self, node: DocumentNode, name: str, location: Location) -> Parameter:
        """Read what a Parameter Object and a Header Object have in common."""
        content = next(self.members(node, "content"), None)
        holder = content[1].object() if content else node
        required = node.data.get("required")
        return Parameter(
            name=name,
            location=location,
            schema=self.schema(holder) or {},
            required=required if isinstance(required, bool) else None,
            description=text_of(node, "description"),
            evidence=self.evidence(node),
            style=text_of(node, "style"),
            explode=node.data.get("explode") if isinstance(node.data.get("explode"), bool) else None,
            allow_reserved=node.data.get("allowReserved") is True,
            allow_empty=node.data.get("allowEmptyValue") is True,
            content=content[0] if content else "",
            deprecated=node.data.get("deprecated") is True,
            samples=tuple(self.samples(node).values()) or tuple(self.samples(holder).values()),
        )

    def body(self, node: DocumentNode) -> Body:
        """Read a Request Body Object."""
        required = node.data.get("required")
        return Body(
            media_types=self.content(node),
            required=required if isinstance(required, bool) else None,
            description=text_of(node, "description"),
            evidence=self.evidence(node),
        )

    def header(self, name: str, node: DocumentNode) -> Parameter:
        """Read a Header Object."""
        return self.parameter(node.resolved(), name, "header")

    def content(self, node: DocumentNode) -> tuple[MediaType, ...]:
        """Return the media types of a body."""
        return tuple(self.parts(self.members(node, "content"), self._media_type))

    def _media_type(self, name: str, node: DocumentNode) -> MediaType:
        node = node.resolved()
        samples = self.samples(node, media_type(name))
        return MediaType(
            name=media_type_of(name, node),
            schema=self._unstructured(name, node) or self.schema(node),
            samples=tuple(samples.values()),
            sample_names=() if list(samples) in ([""], unnamed_samples(len(samples))) else tuple(samples),
            evidence=self.evidence(node),
            encoding=dict(self.parts(self.members(node, "encoding"), self._encoding)),
            item_schema=self.schema(node, "itemSchema" if "itemSchema" in node.data else ITEM_SCHEMA),
        )

    def _unstructured(self, name: str, node: DocumentNode) -> Schema | None:
        """Return the schema of a text or a file that is documented as an object or an array, which is reported."""
        schema = (
            unstructured_schema(name, node.child("schema", node.data.get("schema"))) if self.reads_schemas else None
        )
        if schema:
            self.report(
                "unstructured-body", node, f"{media_type(name)} holds no object or array: its schema isn't used"
            )
        return schema

    def _encoding(self, name: str, node: DocumentNode) -> tuple[str, Encoding]:
        node = node.object()
        explode = node.data.get("explode")
        return name, Encoding(
            content_types=tuple(part.strip() for part in text_of(node, "contentType").split(",") if part.strip()),
            headers=tuple(self.parts(self.members(node, "headers"), self.header)),
            style=text_of(node, "style"),
            explode=explode if isinstance(explode, bool) else None,
            allow_reserved=node.data.get("allowReserved") is True,
        )

    def samples(self, node: DocumentNode, sent: str = "") -> dict[str, Any]:
        """Return the documented values by name, as they are ``sent`` in a body; the name of a single one is empty."""
        single = {"": node.data["example"]} if "example" in node.data else {}
        named = self.parts(self.members(node, "examples"), partial(_example, sent))
        return single | {name: value for pairs in named for name, value in pairs}

    def schema(self, node: DocumentNode, key: str = "schema") -> Schema | None:
        """Return the schema under a key, ``None`` where there is none."""
        if key not in node.data:
            return None
        child = node.child(key, node.data[key])
        if not self.reads_schemas:
            return as_object(child.data)
        return as_object(self.schemas.read(child))

    def evidence(self, node: DocumentNode) -> Evidence | None:
        """Return where a part of an operation was read; of data without lines, nothing but what it says itself."""
        return node.read_evidence() or (node.evidence() if node.file.text else None)


def text_of(node: DocumentNode, key: str) -> str:
    """Return the text under a key of an object, empty where there is none."""
    value = node.data.get(key, "")
    return "" if value is None else str(value)


def _example(sent: str, name: str, node: DocumentNode) -> list[tuple[str, Any]]:
    """Return an Example Object's value with its name; what only stands elsewhere has none.

    In a body that isn't JSON, the text of the value as it is sent says more than the value.
    """
    data = node.resolved().data
    words = ("value", "dataValue") if is_json(sent) or not sent else ("value", "serializedValue", "dataValue")
    if word := next((word for word in words if word in data), ""):
        return [(name, data[word])]
    return [(name, _json_value(data["serializedValue"]))] if "serializedValue" in data and sent else []


def _json_value(text: Any) -> Any:
    """Return the value of a JSON text, the text itself where it is none."""
    try:
        return exact_json(str(text).encode())
    except ValueError:
        return text
