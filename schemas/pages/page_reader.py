"""Page → operation: which table, fence and heading of a reference page says what.

What the marks look like is the dialect's; what they mean is here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from ..contract.model import (
    Behaviour,
    Body,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    reference,
    types_of,
    with_evidence,
)
from ..dialects.base import Dialect, SecurityWord
from ..errors import PageError
from ..extraction import Contradiction
from ..http import SampleMessage, is_json, media_type, parse_request, parse_response
from .infer_schemas import Sample
from .json_lines import parse_json
from .markdown import Fence, Heading, Page, PageTable, Section, TableRow, sections
from .merge import TypeReading, join, merge, sample_type
from .type_words import TypeWord, read_type

_OPERATION_LINE = re.compile(r"\s*(?P<method>GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH)\s+(?P<path>/[^\s?]*)")
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_PROPERTY = re.compile(r"[A-Za-z_]\w*")
_STATUS = re.compile(r"[1-5](\d\d|XX)|default", re.ASCII)
_NO_COMPONENT_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page tells: its operation, what it shows of named types, the security schemes, what disagrees."""

    operation: Operation
    shapes: tuple[TypeReading, ...]
    security_schemes: dict[str, dict[str, Any]]
    contradictions: tuple[Contradiction, ...]
    dialect: str
    """The name of the dialect that it was read by."""


def is_operation(page: Page, dialect: Dialect) -> bool:
    """Tell whether a page describes an operation, and is no index or introduction."""
    return _operation_fence(page, dialect) is not None


def recognised_blocks(page: Page, dialect: Dialect) -> int:
    """Return how many tables, fences and headings of a page mean something in a dialect."""
    columns = {
        dialect.header_columns,
        dialect.property_columns,
        dialect.status_columns,
        *dialect.parameter_tables,
    }
    fences = {dialect.operation_fence, dialect.request_fence, dialect.response_fence}
    headings = (dialect.request_heading, dialect.response_heading)
    return sum(
        (isinstance(block, PageTable) and _columns(block) in columns)
        or (isinstance(block, Fence) and block.info in fences)
        or (isinstance(block, Heading) and any(pattern.match(block.text) for pattern in headings))
        for block in page.blocks
    )


def read_operation_page(page: Page, dialect: Dialect) -> Reading:
    """Read a reference page; raises ``PageError`` where it describes no operation or a sample can't be read."""
    return _PageReader(page, dialect).read()


def _operation_fence(page: Page, dialect: Dialect) -> tuple[Fence, re.Match[str]] | None:
    for block in page.blocks:
        if isinstance(block, Fence) and block.info == dialect.operation_fence:
            match = _OPERATION_LINE.match(block.text)
            return (block, match) if match else None
    return None


def _columns(table: PageTable) -> tuple[str, ...]:
    return tuple(cell.lower() for cell in table.header)


@dataclass
class _PageReader:
    """The reading of one page; collects named types and contradictions on the way."""

    page: Page
    dialect: Dialect
    shapes: list[TypeReading] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)

    def read(self) -> Reading:
        found = _operation_fence(self.page, self.dialect)
        if not found:
            raise PageError(
                self.page.name, 0, f"no operation: no ```{self.dialect.operation_fence} fence holds a request line"
            )
        fence, match = found
        self.sections = sections(self.page)
        self.id = self.page.front_matter.get("uid") or self.page.name.rpartition("/")[2].removesuffix(".md")
        self.request_sample = self._sample(self.dialect.request_fence, parse_request)
        self.response_sample = self._sample(self.dialect.response_fence, parse_response)
        headers = {row.cells[0].lower(): row for row in self._rows(self.dialect.header_columns)}
        line = fence.line + fence.text.count("\n", 0, match.start("method"))
        if set(_VARIABLE.sub("", match["path"])) & set("{}"):
            raise PageError(self.page.name, line, f"the path {match['path']!r} has a brace that opens or ends no name")
        parameters = (*self._parameters(match["path"], line), *self._header_parameters(headers))
        prose = self._title_prose()
        schemes = dict(self._security(headers))
        credentials = headers.get(self.dialect.credentials_header)
        operation = Operation(
            id=self.id,
            method=match["method"],
            path=match["path"],
            summary=prose[0],
            description=prose[1],
            parameters=parameters,
            request=self._request(headers, match["method"]),
            responses=self._responses(headers),
            security=tuple((name,) for name in schemes),
            security_evidence=self._stated(credentials.line) if credentials else None,
            behaviours=tuple(self._behaviours(parameters, line)),
            evidence=self._stated(line),
        )
        return Reading(operation, tuple(self.shapes), schemes, tuple(self.contradictions), self.dialect.name)

    def _stated(self, line: int) -> Evidence:
        return Evidence(Grade.STATED, self.page.name, line)

    def _contradict(self, rule: str, line: int, message: str, mend: str = "") -> None:
        self.contradictions.append(Contradiction(rule, self.page.name, line, message, mend))

    def _title_prose(self) -> tuple[str, str]:
        first = next((section for section in self.sections if section.heading and section.heading.level == 1), None)
        summary, _, rest = (first.prose() if first else "").partition("\n\n")
        return summary, rest

    def _rows(self, columns: tuple[str, ...]) -> tuple[TableRow, ...]:
        tables = (block for block in self.page.blocks if isinstance(block, PageTable))
        return tuple(row for table in tables if _columns(table) == columns for row in table.rows)

    def _sample(self, info: str, parse: Any) -> SampleMessage | None:
        fences = (block for block in self.page.blocks if isinstance(block, Fence) and block.info == info)
        fence = next(fences, None)
        try:
            sample: SampleMessage | None = parse(fence.text, self.page.name, fence.line) if fence else None
        except PageError as error:
            self._contradict("sample-syntax", error.line, error.message)
            return None
        return sample

    def _parameters(self, path: str, line: int) -> Iterator[Parameter]:
        tables = self.dialect.parameter_tables.items()
        rows = [(location, row) for columns, location in tables for row in self._rows(columns)]
        variables = {name.lower(): name for name in _VARIABLE.findall(path)}
        known = {row.cells[0].lower() for location, row in rows if location == "path"}
        for lowered, name in variables.items():
            if lowered not in known:
                self._contradict("variable-without-row", line, f"path variable {name} is in no table")
                yield Parameter(name, "path", {"type": "string"}, True, evidence=self._stated(line))
        described: set[tuple[str, str]] = set()
        for location, row in rows:
            name = row.cells[0]
            if location == "path" and name.lower() not in variables:
                self._contradict("not-in-path", row.line, f"path parameter {name} is not in the path")
                continue
            name = variables[name.lower()] if location == "path" else name
            if (location, name) in described:
                self._contradict("described-twice", row.line, f"{location} parameter {name} is described twice")
                continue
            described.add((location, name))
            yield replace(self._parameter(location, row), name=name)

    def _parameter(self, location: Any, row: TableRow) -> Parameter:
        name, word, description = row.cells[:3]
        required = True if self.dialect.required_marker in description or location == "path" else None
        meaning = read_type(word, self.dialect)
        if meaning is None or meaning.named:
            self._contradict("unreadable-type", row.line, f"type {word!r} of parameter {name} means nothing")
        schema = meaning.schema if meaning and not meaning.named else {"type": "string"}
        if examples := [value for key, value in self._query_examples() if key == name]:
            schema = {**schema, "examples": list(dict.fromkeys(examples))} if schema == {"type": "string"} else schema
        description = description.replace(self.dialect.required_marker, "").strip()
        return Parameter(name, location, schema, required, description, self._stated(row.line))

    def _query_examples(self) -> Iterator[tuple[str, str]]:
        for block in self.page.blocks:
            if isinstance(block, Fence) and block.info == self.dialect.operation_fence:
                for line in block.text.splitlines():
                    yield from parse_qsl(line.partition("?")[2])

    def _header_parameters(self, headers: dict[str, TableRow]) -> Iterator[Parameter]:
        special = {self.dialect.content_type_header, self.dialect.accept_header, self.dialect.credentials_header}
        for name, row in headers.items():
            if name in special or name in self.dialect.security_headers:
                continue
            shown = self.request_sample.header(name) if self.request_sample else ""
            schema = {"type": "string", "examples": [shown]} if shown else {"type": "string"}
            yield Parameter(row.cells[0], "header", schema, None, row.cells[1], self._stated(row.line))

    def _security(self, headers: dict[str, TableRow]) -> Iterator[tuple[str, dict[str, Any]]]:
        if row := headers.get(self.dialect.credentials_header):
            for word in self.dialect.security_words:
                if word.word in row.cells[1]:
                    yield word.name, self._scheme(word, row)
        for name, word in self.dialect.security_headers.items():
            if row := headers.get(name):
                yield word.name, {**self._scheme(word, row), "name": row.cells[0]}

    def _scheme(self, word: SecurityWord, row: TableRow) -> dict[str, Any]:
        return with_evidence({**word.scheme, "description": row.cells[1]}, self._stated(row.line))

    def _behaviours(self, parameters: tuple[Parameter, ...], line: int) -> Iterator[Behaviour]:
        is_list = any(parameter.name.lower() == self.dialect.list_parameter for parameter in parameters)
        known = {**self.dialect.parameter_behaviours, **(self.dialect.list_behaviours if is_list else {})}
        for parameter in parameters:
            name = known.get(parameter.name.lower())
            if name and parameter.evidence:
                yield Behaviour(name, parameter.evidence, parameter.name)
        for name in self.dialect.conventions:
            yield Behaviour(name, Evidence(Grade.ASSUMED, self.page.name, line))

    def _section(self, pattern: re.Pattern[str]) -> tuple[Section, Heading, str] | None:
        for section in self.sections:
            if section.heading and (match := pattern.match(section.heading.text)):
                return section, section.heading, match["type"].strip()
        return None

    def _request(self, headers: dict[str, TableRow], method: str) -> Body | None:
        found = self._section(self.dialect.request_heading)
        if not found:
            return None
        section, heading, word = found
        self._check_sentence(section, heading)
        sample = self._body_sample(self.request_sample)
        schema = self._body(section, word, heading.line, sample, "request")
        row = headers.get(self.dialect.content_type_header)
        assumed = self.dialect.assumed_media_types.get(method, ("application/json",))
        media_types = self._media_types(row, schema, sample, heading.line, assumed)
        return Body(media_types, True, section.prose(), self._stated(heading.line))

    def _check_sentence(self, section: Section, heading: Heading) -> None:
        """Notice a sentence that lists other properties than the table does."""
        listed = [row.cells[0] for row in self._property_rows(section)]
        named = [word.strip() for word in section.prose().split(",")]
        if not listed or not all(map(_PROPERTY.fullmatch, named)):
            return
        for one, others, where in ((named, listed, "table"), (listed, named, "sentence")):
            known = {name.lower() for name in others}
            for name in one:
                if name.lower() not in known:
                    source = "sentence" if where == "table" else "table"
                    message = f"the request {source} names {name}, the {where} doesn't"
                    self._contradict("request-sentence", heading.line, message, f"add {name} to the {where}")

    def _property_rows(self, section: Section) -> tuple[TableRow, ...]:
        wanted = self.dialect.property_columns
        return tuple(row for table in section.tables() if _columns(table) == wanted for row in table.rows)

    def _responses(self, headers: dict[str, TableRow]) -> tuple[Response, ...]:
        found = self._section(self.dialect.response_heading)
        responses = self._statuses()
        sampled = self.response_sample.parts["status"] if self.response_sample else ""
        shown = sampled or next((one.status for one in responses if one.status.startswith("2")), "200")
        if found and not responses:
            responses = [Response(shown, evidence=Evidence(Grade.ASSUMED, self.page.name, found[1].line))]
        if not found or (shown == "204" and not found[0].tables()):
            return tuple(responses)
        media_types = self._response_body(*found, headers)
        return tuple(replace(one, media_types=media_types) if one.status == shown else one for one in responses)

    def _statuses(self) -> list[Response]:
        """Return the responses of the status table, and of the sample's status line where no table has it."""
        responses: dict[str, Response] = {}
        for row in self._rows(self.dialect.status_columns):
            status = row.cells[0]
            if not _STATUS.fullmatch(status):
                self._contradict("unreadable-status", row.line, f"status {status!r} means nothing")
            elif status in responses:
                self._contradict("described-twice", row.line, f"status {status} is described twice")
            else:
                responses[status] = Response(status, (), row.cells[1], self._stated(row.line))
        if (sample := self.response_sample) and (status := sample.parts["status"]) not in responses:
            responses[status] = Response(status, (), sample.parts["reason"] or "", self._stated(sample.line))
        return list(responses.values())

    def _response_body(
        self, section: Section, heading: Heading, word: str, headers: dict[str, TableRow]
    ) -> tuple[MediaType, ...]:
        sample = self._body_sample(self.response_sample)
        if not (word or section.tables() or sample):
            return ()
        schema = self._body(section, word, heading.line, sample, "response")
        return self._media_types(headers.get(self.dialect.accept_header), schema, sample, heading.line)

    def _body_sample(self, message: SampleMessage | None) -> Sample | None:
        if not message or not message.body:
            return None
        media_type = message.header("Content-Type").partition(";")[0].strip().lower()
        if media_type and not is_json(media_type):
            return None
        try:
            value, lines = parse_json(message.body, self.page.name, message.body_line)
        except PageError as error:
            self._contradict("sample-syntax", error.line, error.message)
            return None
        return Sample(value, lines, self.page.name, self.dialect)

    def _media_types(
        self,
        row: TableRow | None,
        schema: Schema,
        sample: Sample | None,
        line: int,
        assumed: tuple[str, ...] = ("application/json",),
    ) -> tuple[MediaType, ...]:
        quoted = self.dialect.quoted.findall(row.cells[1]) if row else []
        names = list(dict.fromkeys(media_type(name) for name in quoted if "/" in name))
        evidence = self._stated(row.line) if row else self._stated(line)
        if row and not names:
            self._contradict("empty-media-types", row.line, f"{row.cells[0]} names no media type")
        if not names:
            names, evidence = list(assumed), Evidence(Grade.ASSUMED, self.page.name, evidence.line)
        samples = (sample.value,) if sample else ()
        sampled = next(filter(is_json, names), "")
        return tuple(MediaType(name, schema, samples if name == sampled else (), evidence) for name in names)

    def _body(self, section: Section, word: str, line: int, sample: Sample | None, part: str) -> Schema:
        """Return the schema of a body; what has properties becomes a component, named by its type or its operation."""
        rows = self._property_rows(section)
        meaning = read_type(word, self.dialect) if word else TypeWord({})
        if meaning is None:
            self._contradict("unreadable-type", line, f"type {word!r} of the {part} body means nothing")
            meaning = TypeWord({})
        anonymous = f"{_NO_COMPONENT_NAME.sub('_', self.id)}_{part}"
        if not rows:
            return self._body_without_table(meaning, sample, line, part, anonymous)
        is_array = "array" in types_of(meaning.schema) or _shows_array(sample)
        expected = "array" if is_array else "object"
        if sample and (kinds := types_of(sample.infer(sample.value))) and kinds[0] != expected:
            self.contradictions.append(sample_type(f"the {part} body", expected, kinds[0], self._stated(line)))
            sample = None
        name = meaning.named if meaning.named and not is_array else anonymous
        merged = merge(rows, sample, "", self.page.name, self.dialect)
        self.contradictions += merged.contradictions
        self.shapes += merged.shapes
        self.shapes.append(
            TypeReading(name, with_evidence(merged.schema, self._stated(line)), is_named=name != anonymous)
        )
        found = reference(name)
        return with_evidence({"type": "array", "items": found} if is_array else found, self._stated(line))

    def _body_without_table(
        self, meaning: TypeWord, sample: Sample | None, line: int, part: str, anonymous: str
    ) -> Schema:
        seen = sample.infer(sample.value) if sample else {}
        joined = join(f"the {part} body", meaning, seen, self._stated(line))
        self.contradictions += joined.contradictions
        if meaning.named and joined.shape is not None:
            self.shapes.append(TypeReading(meaning.named, joined.shape))
            return joined.schema
        if "object" in types_of(joined.schema) or "items" in joined.schema:
            self.shapes.append(TypeReading(anonymous, joined.schema, is_named=False))
            return with_evidence(reference(anonymous), self._stated(line))
        return joined.schema


def _shows_array(sample: Sample | None) -> bool:
    return sample is not None and isinstance(sample.value, list)
