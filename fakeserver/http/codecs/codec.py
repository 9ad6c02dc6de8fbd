"""Codec of a media type: how bodies are read and written, and what their schema says of a part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, MediaType, Parameter, Schema, Validator
from docdouble.schemas.contract.model import COMPONENT_PREFIX, Encoding
from docdouble.schemas.contract.parameter_styles import ParameterReader
from docdouble.schemas.contract.parameter_values import declared_types, items_of, json_type, member_of, schema_branches

from ..charsets import codec_name

MAX_DEPTH = 128
"""Number of arrays and objects that may stand inside each other in a body."""

_SHOWN = 40
"""Characters that are shown of the name of a charset."""


class BodyError(ValueError):
    """A body that can't be read.

    ``rule`` is ``syntax``, ``depth``, ``unique``, ``number`` or ``size``, the message is one line.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class Content:
    """Documentation of a body: its schema, and the ``charset`` and ``boundary`` of its Content-Type.

    What the schema says is worked out once, also of the parts that were asked for.

    ``encoding`` tells how the properties of a form are written, ``None`` for the names that our own answers use;
    ``readers`` are those of properties with a style, by their names in lower case.
    """

    schema: Schema
    contract: Contract
    charset: str = "utf-8"
    boundary: str = ""
    encoding: Mapping[str, Encoding] | None = None
    readers: Mapping[str, ParameterReader] = field(default_factory=dict)

    def of(self, schema: Schema) -> "Content":
        """Return the same for a part of the body."""
        return Content(schema, self.contract, self.charset, self.boundary)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The JSON types that the schema allows beside null; none where none is documented."""
        return frozenset(declared_types(self._alternatives)) - {"null"}

    @cached_property
    def format(self) -> str:
        """The documented format, empty where there is none."""
        return self._word("format")

    @property
    def is_encoded(self) -> bool:
        """Whether octets are written as text, such as base64 (JSON Schema 2020-12, ``contentEncoding``)."""
        return bool(self._word("contentEncoding"))

    @property
    def is_binary(self) -> bool:
        """Whether it is octets: ``format: binary``, or a ``contentMediaType`` without a ``contentEncoding``."""
        return self.format == "binary" or bool(self._word("contentMediaType") and not self.is_encoded)

    @property
    def content_media_type(self) -> str:
        """The media type of the octets or the text, empty where none is documented."""
        return self._word("contentMediaType")

    def _word(self, word: str) -> str:
        return next((str(schema[word]) for schema in self._alternatives if word in schema), "")

    @cached_property
    def type_name(self) -> str:
        """The name of the documented type, empty where it has none."""
        for schema in (self.schema, *self.schema.get("anyOf", ()), *self.schema.get("allOf", ())):
            if isinstance(schema, dict) and "$ref" in schema:
                return str(schema["$ref"]).removeprefix(COMPONENT_PREFIX)
        return ""

    @cached_property
    def xml(self) -> Mapping[str, Any]:
        """The manner in which it is written as XML (OpenAPI 3.1, XML Object); empty where it isn't documented."""
        schemas = (self.schema, *self._alternatives)
        return next((schema["xml"] for schema in schemas if isinstance(schema.get("xml"), dict)), {})

    @property
    def required(self) -> frozenset[str]:
        """The names of the properties that each value has."""
        return frozenset(name for schema in self._alternatives for name in schema.get("required", ()))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the documented properties."""
        return tuple(name for schema in self._alternatives for name in schema.get("properties", {}))

    def member(self, name: str) -> "Content":
        """Return what is known of a property, whatever the letter case of its name."""
        return self._part(member_of(self._alternatives, name))

    @cached_property
    def items(self) -> "Content":
        """The documentation of the items of an array."""
        return self._part(items_of(self._alternatives))

    def text(self, body: bytes, charset: str = "") -> str:
        """Return a body, or a part that names a charset of its own, as text; raises ``BodyError``."""
        name = codec_name(charset) if charset else self.charset
        if name is None:
            raise BodyError("syntax", f"the charset {charset[:_SHOWN]!r} is not known")
        try:
            return body.decode(name)
        except UnicodeError as error:
            raise BodyError("syntax", f"the body is no {name}: {error}") from error

    @cached_property
    def _alternatives(self) -> tuple[Schema, ...]:
        return tuple(schema_branches(self.schema, self.contract))

    @cached_property
    def _parts(self) -> dict[int, "Content"]:
        """Facts of the parts that were asked for, by the identity of their schemas, which they hold."""
        return {}

    def _part(self, schema: Schema) -> "Content":
        if not schema:
            return self.of(schema)
        return self._parts.get(id(schema)) or self._parts.setdefault(id(schema), self.of(schema))


def body_content(
    documented: MediaType, schema: Schema, contract: Contract, charset: str = "utf-8", boundary: str = ""
) -> Content:
    """Return what is known of a body of a documented media type; pages say nothing of how forms are written."""
    bare = Content(schema, contract, charset, boundary)
    if contract.dialect:
        return bare
    styled = {name: part for name, part in documented.encoding.items() if is_styled(part)}
    readers = {name.lower(): _field_reader(name, part, bare) for name, part in styled.items()}
    return replace(bare, encoding=documented.encoding, readers=readers)


def is_styled(encoding: Encoding) -> bool:
    """Tell whether a property is written as a query parameter is (OpenAPI 3.1, Encoding Object, ``style``)."""
    return bool(encoding.style or encoding.explode is not None or encoding.allow_reserved)


def styled_parameter(name: str, encoding: Encoding, schema: Schema) -> Parameter:
    """Return the parameter that a property with a style is written as."""
    style, explode = encoding.style, encoding.explode
    return Parameter(name, "query", schema, style=style, explode=explode, allow_reserved=encoding.allow_reserved)


def _field_reader(name: str, encoding: Encoding, whole: Content) -> ParameterReader:
    schema = whole.member(name).schema
    accepts = Validator(schema, whole.contract).is_valid
    names = frozenset(other.lower() for other in whole.names)
    return ParameterReader(styled_parameter(name, encoding, schema), whole.contract, accepts, names)


@dataclass(frozen=True, slots=True)
class Codec:
    """One representation. ``decode`` raises ``BodyError``; ``carries`` tells which bodies can be written in it."""

    decode: Callable[[bytes, Content], Any]
    encode: Callable[[Any, Content], bytes]
    carries: Callable[[Content], bool] = lambda content: True
    parameters: str = ""
    """Parameters of the media type in the Content-Type of what is encoded."""


def is_type_known(value: Any, content: Content) -> bool:
    """Tell whether the schema alone says of which JSON type a value is."""
    kind = json_type(value)
    return content.kinds == {kind} or (kind == "integer" and content.kinds == {"number"})


def is_text(content: Content) -> bool:
    """Tell whether a body is a string, as far as is known."""
    return content.kinds <= {"string"}


def carries_scalar(content: Content) -> bool:
    """Tell whether a body is neither an object nor an array, as far as is known."""
    return content.kinds.isdisjoint({"object", "array"})
