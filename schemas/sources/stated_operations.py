"""Stated operations: what a format of documentation states of an operation, and what that is in a contract.

What is documented of a parameter or a property is stated; what only a sample shows is sampled.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..contract.model import (
    Body,
    Contract,
    Evidence,
    Grade,
    Location,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    Server,
    allow_null,
    types_of,
    with_evidence,
)
from ..contract.paths import path_variables, unnamed_template
from ..dialects.verbs import USUAL
from ..errors import PageError
from ..extraction import Contradiction
from ..http import PHRASES
from ..openapi.reader import operation_id
from ..pages.infer_schemas import combine_all
from ..resources.document_resources import with_document_resources
from .exchanges import SampledBody, named_media_type, sampled_body
from .source_format import SourceText
from .type_spellings import typed_schema

_NESTED = re.compile(r"(?P<outer>[\w$-]+)(?P<many>\[\]|\[\*\])?\.(?P<inner>[\w$-].*)")
_MANY = re.compile(r"(?P<outer>[\w$-]+)\[\]")


@dataclass(frozen=True, slots=True)
class StatedField:
    """A parameter or a property that is described; ``type`` is as spelled, ``values`` are all that it may have."""

    name: str
    line: int
    type: str = ""
    required: bool | None = None
    description: str = ""
    example: str = ""
    default: str = ""
    values: tuple[str, ...] = ()
    children: tuple["StatedField", ...] = ()
    is_nullable: bool = False


@dataclass(frozen=True, slots=True)
class StatedBody:
    """The documentation of a body: media type, properties, samples; ``is_list`` where they are those of its items."""

    media_type: str = ""
    fields: tuple[StatedField, ...] = ()
    samples: tuple[SampledBody, ...] = ()
    is_list: bool = False
    schema: Schema | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class StatedResponse:
    """The documentation of a response of a status such as ``"200"``."""

    status: str
    line: int
    description: str = ""
    body: StatedBody | None = None
    headers: tuple[StatedField, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedOperation:
    """The documentation of an operation; ``path`` is a template, ``security`` names schemes of the contract."""

    method: str
    path: str
    line: int
    summary: str = ""
    description: str = ""
    parameters: tuple[tuple[Location, StatedField], ...] = ()
    request: StatedBody | None = None
    responses: tuple[StatedResponse, ...] = ()
    security: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_deprecated: bool = False


@dataclass
class StatedReader:
    """The maker of operations from what a file states, which collects its problems."""

    source: SourceText
    problems: list[Contradiction] = field(default_factory=list)

    def contract(
        self,
        title: str,
        stated: Iterable[StatedOperation],
        servers: Sequence[str] = (),
        schemas: dict[str, Schema] | None = None,
        security_schemes: dict[str, dict[str, Any]] | None = None,
    ) -> Contract:
        """Return the contract of operations; of several with one method and path the first is kept."""
        operations: dict[tuple[str, str], Operation] = {}
        ids: set[str] = set()
        for operation in stated:
            key = operation.method, unnamed_template(operation.path)
            if key in operations:
                self.report(
                    "described-twice", operation.line, f"{operation.method} {operation.path} is described twice"
                )
            else:
                operations[key] = self._operation(operation, ids)
        contract = Contract(
            title, "", tuple(operations.values()), schemas or {}, security_schemes or {}, tuple(map(Server, servers))
        )
        return with_document_resources(contract, USUAL)

    def report(self, rule: str, line: int, message: str) -> None:
        """Note what is wrong on a line."""
        self.problems.append(self.source.problem(rule, line, message))

    def stated(self, line: int) -> Evidence:
        """Return the evidence of what a line states."""
        return self.source.evidence(line, Grade.STATED)

    def sample(self, content_type: str, text: str, line: int) -> tuple[SampledBody, ...]:
        """Return the body that a sample shows, nothing for one that can't be read, which is reported."""
        try:
            body = sampled_body(content_type, text, self.source.evidence(line))
        except PageError as error:
            self.report("sample-syntax", error.line, error.message)
            return ()
        return (body,) if body else ()

    def _operation(self, stated: StatedOperation, ids: set[str]) -> Operation:
        name = operation_id(None, stated.method.lower(), stated.path)
        numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(ids) + 2))
        taken = next(candidate for candidate in numbered if candidate not in ids)
        ids.add(taken)
        return Operation(
            id=taken,
            method=stated.method,
            path=stated.path,
            summary=stated.summary,
            description=stated.description,
            parameters=tuple(self._parameters(stated)),
            request=self._request(stated.request) if stated.request else None,
            responses=tuple(self._responses(stated.responses)),
            security=(stated.security,) if stated.security else (),
            security_evidence=self.stated(stated.line) if stated.security else None,
            evidence=self.stated(stated.line),
            tags=stated.tags,
            deprecated=stated.is_deprecated,
        )

    def _parameters(self, stated: StatedOperation) -> Iterator[Parameter]:
        described: dict[tuple[Location, str], StatedField] = {}
        variables = path_variables(stated.path)
        for location, stated_field in stated.parameters:
            if location == "path" and stated_field.name not in variables:
                self.report("not-in-path", stated_field.line, f"path parameter {stated_field.name} is not in the path")
            elif (location, stated_field.name) in described:
                self.report(
                    "described-twice", stated_field.line, f"{location} parameter {stated_field.name} is described twice"
                )
            else:
                described[location, stated_field.name] = stated_field
        for name in variables:
            variable = described.pop(("path", name), StatedField(name, stated.line))
            yield self._parameter("path", replace(variable, required=True))
        for (location, _), stated_field in described.items():
            yield self._parameter(location, stated_field)

    def _parameter(self, location: Location, stated: StatedField) -> Parameter:
        schema = self.field_schema(stated, {})
        if not types_of(schema) and "enum" not in schema and "$ref" not in schema:
            shown = _shown_type(stated.example) if location == "query" else ""
            evidence = self.source.evidence(stated.line, Grade.SAMPLED if shown else Grade.ASSUMED)
            schema = {**with_evidence({"type": shown or "string"}, evidence), **_annotations(schema)}
        example = fitting(stated.example, schema) if stated.example else None
        samples = () if example is None else (example,)
        evidence = self.stated(stated.line)
        bare = {key: value for key, value in schema.items() if key != "description"}
        return Parameter(stated.name, location, bare, stated.required, stated.description, evidence, samples=samples)

    def _request(self, stated: StatedBody) -> Body:
        is_required = True if any(stated_field.required for stated_field in stated.fields) else None
        return Body(self._media_types(stated), is_required, evidence=self.stated(stated.line))

    def _responses(self, stated: Iterable[StatedResponse]) -> Iterator[Response]:
        by_status: dict[str, list[StatedResponse]] = {}
        for stated_response in stated:
            by_status.setdefault(stated_response.status, []).append(stated_response)
        for status, same in by_status.items():
            phrase = PHRASES.get(int(status), "") if status.isdecimal() else ""
            bodies = [response.body for response in same if response.body]
            media_types = {
                media_type.name: media_type for body in reversed(bodies) for media_type in self._media_types(body)
            }
            headers = {
                header.name: self._parameter("header", header) for response in same for header in response.headers
            }
            description = next((response.description for response in same if response.description), phrase)
            evidence = self.stated(same[0].line)
            yield Response(status, tuple(media_types.values()), description, evidence, headers=tuple(headers.values()))

    def _media_types(self, stated: StatedBody) -> tuple[MediaType, ...]:
        """Return the representations of a body; what it states holds for each structured one."""
        samples: dict[str, list[SampledBody]] = {}
        for sample in stated.samples:
            samples.setdefault(sample.media_type, []).append(sample)
        named = named_media_type(stated.media_type)
        if not samples and not (named or stated.fields or stated.schema):
            return ()
        names = dict.fromkeys((*([named] if named else []), *samples)) or {"application/json": None}
        return tuple(self._media_type(name, stated, samples.get(name, [])) for name in names)

    def _media_type(self, name: str, stated: StatedBody, samples: Sequence[SampledBody]) -> MediaType:
        seen = combine_all([sample.schema for sample in samples if sample.schema is not None])
        schema = stated.schema if stated.schema is not None else seen
        if stated.fields:
            schema = self._object(stated, seen)
        values: list[Any] = []
        for sample in samples:
            values += [sample.value] if sample.has_sample and sample.value not in values else []
        line = stated.line or (samples[0].evidence.line if samples else 0)
        return MediaType(name, schema or None, tuple(values), self.stated(line))

    def _object(self, stated: StatedBody, seen: Schema) -> Schema:
        evidence = self.stated(stated.line or stated.fields[0].line)
        is_list = stated.is_list or types_of(seen) == ("array",)
        inner = self.object_schema(stated.fields, seen.get("items", {}) if is_list else seen, evidence)
        return with_evidence({"type": "array", "items": inner}, evidence) if is_list else inner

    def object_schema(self, fields: Sequence[StatedField], seen: Schema, evidence: Evidence) -> Schema:
        """Return the schema of an object with the properties that are described, and those that a sample shows."""
        shown = dict(seen.get("properties", {}))
        properties: dict[str, Schema] = {}
        required = []
        for stated_field in _nested(fields):
            if stated_field.name in properties:
                self.report("described-twice", stated_field.line, f"{stated_field.name} is described twice")
                continue
            properties[stated_field.name] = self.field_schema(stated_field, shown.pop(stated_field.name, {}))
            required += [stated_field.name] if stated_field.required else []
        schema: Schema = {"type": "object", "properties": {**properties, **shown}}
        return with_evidence({**schema, "required": required} if required else schema, evidence)

    def field_schema(self, stated: StatedField, seen: Schema) -> Schema:
        """Return the schema of what a field describes, completed by what samples show of it."""
        evidence = self.stated(stated.line)
        meant = typed_schema(stated.type)
        if meant is None:
            self.report("unreadable-type", stated.line, f"type {stated.type!r} of {stated.name} means nothing")
            meant = {}
        kinds, shown = types_of(meant), types_of(seen)
        if stated.values:
            values = [value for text in stated.values if (value := fitting(text, meant)) is not None]
            meant = {**({"type": "string"} if not kinds else meant), "enum": values}
        elif stated.children:
            is_list = "array" in (kinds or shown)
            inner = self.object_schema(stated.children, seen.get("items", {}) if is_list else seen, evidence)
            meant = {"type": "array", "items": inner} if is_list else inner
        elif not kinds and "$ref" not in meant:
            meant = seen
        elif shown and not set(shown) & set(kinds) and not (shown == ("integer",) and "number" in kinds):
            message = f"{stated.name} is stated as {' or '.join(kinds)}, the sample shows {shown[0]}"
            self.report("sample-type", stated.line, message)
        else:
            meant = {**{key: value for key, value in seen.items() if key != "type" and key not in meant}, **meant}
        schema = with_evidence(meant, evidence) if meant and meant is not seen else dict(meant)
        if stated.is_nullable:
            schema = allow_null(schema)
        default = fitting(stated.default, schema) if stated.default else None
        described = {"description": stated.description} if stated.description else {}
        return {**schema, **described, **({} if default is None else {"default": default})}


def _shown_type(example: str) -> str:
    """Return the type of a sample of a parameter that is no text, empty where it may be one."""
    kinds = {"integer": r"0|-?[1-9][0-9]{0,14}", "number": r"-?[0-9]+\.[0-9]+", "boolean": "true|false"}
    return next((kind for kind, pattern in kinds.items() if re.fullmatch(pattern, example)), "")


def _annotations(schema: Schema) -> Schema:
    return {key: schema[key] for key in ("description", "default") if key in schema}


def fitting(text: str, schema: Schema) -> Any:
    """Return a text as a value of a schema's type, ``None`` where it is none."""
    kinds = types_of(schema)
    bare = text.strip().strip("`").strip()
    if not bare:
        return None
    if kinds in ((), ("string",)):
        return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    names = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object", str: "string"}
    kind = names.get(type(value), "")
    return value if kind in kinds or (kind == "integer" and "number" in kinds) else None


def _nested(fields: Sequence[StatedField]) -> list[StatedField]:
    """Return fields with those of dotted names (``a.b``, ``a[].b``) below the field of what they are part of."""
    by_name: dict[str, StatedField] = {}
    doubled = []
    for stated_field in fields:
        if match := _NESTED.fullmatch(stated_field.name):
            outer = match["outer"]
            kind = "array" if match["many"] else "object"
            parent = by_name.get(outer) or StatedField(outer, stated_field.line, kind)
            by_name[outer] = replace(parent, children=(*parent.children, replace(stated_field, name=match["inner"])))
        elif match := _MANY.fullmatch(stated_field.name):
            by_name.setdefault(match["outer"], replace(stated_field, name=match["outer"], type="array"))
        elif stated_field.name in by_name and not by_name[stated_field.name].children:
            doubled.append(stated_field)
        elif stated_field.name in by_name:
            by_name[stated_field.name] = replace(stated_field, children=by_name[stated_field.name].children)
        else:
            by_name[stated_field.name] = stated_field
    return [*by_name.values(), *doubled]
