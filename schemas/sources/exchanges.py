"""Sampled exchanges: requests that a collection or a recording shows, with the replies that it shows of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from ..contract.model import Evidence, Location, Schema, with_evidence
from ..dialects.dialect_registry import NO_DIALECT
from ..errors import PageError
from ..http import FORM, is_json, media_type
from ..json_lines import Lines, parse_json
from .template_variables import without_placeholders
from .type_placeholders import PlaceholderSample, holds_placeholder, placeholder_schema

MOST_TEXT = 10_000
"""Longer bodies that are no JSON are not kept as samples."""

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_BINARY = re.compile(r"(image|audio|video|font)/|application/(octet-stream|pdf|zip|gzip)\Z")


class SameLine(dict[str, int]):
    """Lines of a JSON text that stands on one line of its file, whatever is asked for."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self._line = line

    def __missing__(self, _: str) -> int:
        return self._line


@dataclass(frozen=True, slots=True)
class SampledParameter:
    """A parameter of a request, with the text that it has there; ``None`` where no value is shown."""

    name: str
    location: Location
    value: str | None
    evidence: Evidence
    description: str = ""


@dataclass(frozen=True, slots=True)
class SampledBody:
    """A body that is shown: its media type, schema and value. Without a schema, nothing is known but that it is there.

    ``has_sample`` tells whether its value is one that may be sent.
    """

    media_type: str
    schema: Schema | None
    value: Any
    has_sample: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class SampledReply:
    """A reply that is shown, of a status such as ``"200"``."""

    status: str
    body: SampledBody | None
    evidence: Evidence
    description: str = ""


@dataclass(frozen=True, slots=True)
class SampledExchange:
    """A request and its replies; ``path`` has variables as ``{name}`` where the format itself tells them.

    ``server`` is what stands before the path, empty where that is not known. ``security`` names each scheme that its
    credentials are of, with its definition.
    """

    method: str
    server: str
    path: str
    evidence: Evidence
    parameters: tuple[SampledParameter, ...] = ()
    body: SampledBody | None = None
    replies: tuple[SampledReply, ...] = ()
    security: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()

    def with_path(self, path: str, variables: tuple[SampledParameter, ...]) -> "SampledExchange":
        """Return the exchange with other variables in its path."""
        others = tuple(parameter for parameter in self.parameters if parameter.location != "path")
        return replace(self, path=path, parameters=(*variables, *others))


def sampled_body(content_type: str, text: str, evidence: Evidence, lines: Lines | None = None) -> SampledBody | None:
    """Return a body that is shown as text, ``None`` for an empty one; raises ``PageError`` for JSON that is none.

    Without ``lines`` its own lines follow that of the evidence.
    """
    name = named_media_type(content_type)
    if not text.strip():
        return None
    if (known := placeholder_schema(text, evidence)) is not None:
        return SampledBody(name or "application/json", known, None, False, evidence)
    if is_json(name) or (not name and text.lstrip()[:1] in ("{", "[")):
        return _json_body(name or "application/json", text, evidence, lines)
    if name == FORM:
        fields = dict(parse_qsl(text, keep_blank_values=True))
        return form_body(FORM, fields, evidence)
    if _BINARY.match(name):
        return SampledBody(name, with_evidence({"type": "string", "format": "binary"}, evidence), None, False, evidence)
    if not name or name.endswith(("/xml", "+xml")):
        return SampledBody(name or "text/plain", None, text, len(text) <= MOST_TEXT, evidence)
    return SampledBody(name, with_evidence({"type": "string"}, evidence), text, len(text) <= MOST_TEXT, evidence)


def named_media_type(content_type: str) -> str:
    """Return the media type that a text names, empty where it names none."""
    name = media_type(content_type)
    return name if _MEDIA_TYPE.fullmatch(name) else ""


def _json_body(name: str, text: str, evidence: Evidence, lines: Lines | None) -> SampledBody:
    try:
        value, own = parse_json(text, evidence.page, evidence.line)
    except PageError as error:
        filled = without_placeholders(text)
        if filled == text:
            raise PageError(error.path, error.line if lines is None else evidence.line, error.message) from error
        value, own = parse_json(filled, evidence.page, evidence.line)
    sample = PlaceholderSample(value, own if lines is None else lines, evidence.page, NO_DIALECT)
    is_whole = "{{" not in text and not holds_placeholder(text)
    return SampledBody(name, sample.infer(value), value, is_whole, evidence)


def form_body(
    name: str, fields: Mapping[str, str], evidence: Evidence, files: frozenset[str] = frozenset()
) -> SampledBody:
    """Return the body of a form with the texts of its fields; ``files`` are the names of those that hold files."""
    text, file = ({"type": "string"}, {"type": "string", "format": "binary"})
    parts = {key: with_evidence(dict(file if key in files else text), evidence) for key in fields}
    schema = with_evidence({"type": "object", "properties": parts}, evidence)
    return SampledBody(name, schema, dict(fields), not files, evidence)
