"""Operations of a page of any family, read by its settings: parameters, bodies, responses and samples."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..contract.credential_schemes import Scheme, is_secret_field
from ..contract.model import (
    Body,
    Evidence,
    Grade,
    Location,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    reference,
    types_of,
    with_evidence,
)
from ..dialects.dialect_registry import PAGES
from ..dialects.family_settings import FamilySettings
from ..extraction import Contradiction
from ..http import CONNECTION_FIELDS, is_json
from .blocks import Component, Page
from .infer_schemas import Sample, combine_all
from .inline_text import plain_text
from .merge import TypeReading
from .operation_marks import FoundMark
from .operation_samples import WITH_BODY, consistent, own_samples, sends_body
from .operation_sections import OperationSection, operation_sections
from .page_reader import Reading
from .page_samples import PageSample
from .page_security import with_security
from .parameter_rows import DocumentedRow
from .request_lines import METHODS, PathTemplate, path_templates, soft_name
from .resource_tables import add_resource, resource_tables
from .row_places import RowPlaces, misplaced, sent_in_body
from .row_schemas import RowSchemas
from .section_contents import SectionContents, section_contents
from .whole_bodies import stated_media_types, stated_schema, whole_body

_JSON = "application/json"
_NO_ID = re.compile(r"[^A-Za-z0-9]+")
_OWN_HEADERS = CONNECTION_FIELDS | {"content-type", "accept", "authorization", "user-agent"}


def read_operations(
    page: Page,
    lines: Sequence[FoundMark],
    settings: FamilySettings,
    taken: Container[str],
    schemes: Mapping[str, tuple[str, Scheme]],
) -> list[Reading]:
    """Return the readings of all operations of a page by its operation lines, none for a page without any.

    ``taken`` are the operations that pages document as they are: a method of the family's own, which stands for one of
    them, keeps its name. ``schemes`` are the security schemes that pages describe.
    """
    readings: list[Reading] = []
    sections = operation_sections(page, lines, settings)
    resources = resource_tables(page, sections, settings)
    for section in sections:
        contents = section_contents(section, page.name, settings)
        add_resource(contents, (line.method for line in section.lines), resources)
        own = _section_operations(page, section, contents, settings, taken)
        readings += (with_security(reading, section, contents, schemes) for reading in own)
    return readings


def sampled_operation(
    operation: Operation, page_name: str, samples: Sequence[PageSample], settings: FamilySettings
) -> Reading:
    """Return the reading of an operation of which a page shows nothing but bodies that are sent to it."""
    first = samples[0]
    line = FoundMark("fence", "", "", operation.method, operation.path, 0, first.line)
    contents = SectionContents(samples=list(samples), has_command=True)
    page, section = Page(page_name, {}, ()), OperationSection((line,), None, ())
    template = PathTemplate(operation.path, (), (), "")
    read = _Operation(page, section, contents, settings, line, template, {operation.method})
    read.id = operation.id
    return read.reading()


def _section_operations(
    page: Page, section: OperationSection, contents: SectionContents, settings: FamilySettings, taken: Container[str]
) -> Iterator[Reading]:
    seen: set[tuple[str, str, str]] = set()
    methods = {line.method for line in section.lines}
    for line in section.lines:
        alias, added = _documented_method(line.method, settings)
        for template in path_templates(line.path + added):
            method = line.method if added and f"{alias} {template.path}" in taken else alias
            if (method, template.path, added) not in seen:
                seen.add((method, template.path, added))
                yield _Operation(
                    page, section, contents, settings, replace(line, method=method), template, methods
                ).reading()


def documented_labels(lines: Iterable[FoundMark]) -> Iterator[str]:
    """Yield the method and the path of each operation line whose method HTTP knows."""
    for line in lines:
        if line.method in METHODS:
            yield from (f"{line.method} {template.path}" for template in path_templates(line.path))


def _documented_method(method: str, settings: FamilySettings) -> tuple[str, str]:
    """Return the method that HTTP knows for a documented one, and the query that stands for it: ``GET ?list=true``."""
    alias, _, query = settings.methods.get(method, method).partition(" ")
    return alias, query


def _title(page: Page, section: OperationSection, line: FoundMark) -> str:
    """Return the summary of a component that is an operation line, else the heading of the section or the page."""
    title = section.title.text if section.title else page.front_matter.get("title", "")
    block = page.blocks[line.block] if line.mark == "component" else None
    return block.attributes.get("summary", title) if isinstance(block, Component) else title


def _query_of_line(template: PathTemplate, line: FoundMark, page: str) -> Iterator[Parameter]:
    """Yield the parameters in the query of an operation line; one value alone selects, others are examples."""
    several = sum(bool(value) for _, value in template.query) > 1
    for name, value in template.query:
        selects = bool(value) and not (line.is_sample or several or value.isdecimal())
        schema = {"type": "integer" if value.isdecimal() else "string", **({"const": value} if selects else {})}
        grade = Grade.STATED if selects or not value else Grade.SAMPLED
        yield Parameter(name, "query", schema, True if selects else None, evidence=Evidence(grade, page, line.line))


def _is_no_parameter(header: str) -> bool:
    return header.lower() in _OWN_HEADERS or is_secret_field(header)


def _with_names(shown: MediaType, stated: tuple[str, ...] | None) -> tuple[MediaType, ...]:
    """Return a media type under each name that a page states; the samples are of the first that is JSON."""
    names = [name for name in stated or () if name != "*/*"]
    if not names or shown.name not in (_JSON, *names):
        return (shown,)
    first = next((name for name in names if is_json(name)), "")
    return tuple(replace(shown, name=name, samples=shown.samples if name == first else ()) for name in names)


def _sample_problems(page: str, contents: SectionContents) -> Iterator[Contradiction]:
    for broken in contents.unreadable:
        yield Contradiction("sample-syntax", page, broken.line, broken.message)
    for sample in contents.samples:
        if sample.how != "strict":
            message = f"a sample is JSON only after mending: {sample.how}"
            yield Contradiction("mended-sample", page, sample.line, message)


@dataclass
class _Operation:
    """One operation of a section, and what its page says of it."""

    page: Page
    section: OperationSection
    contents: SectionContents
    settings: FamilySettings
    line: FoundMark
    template: PathTemplate
    methods: set[str]
    type_readings: list[TypeReading] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.schemas = RowSchemas(self.page.name, self.settings)
        self.method = self.line.method
        self.id = f"{self.method.lower()}_{_NO_ID.sub('_', self.template.path).strip('_')}".rstrip("_")
        writes = self.methods & set(WITH_BODY)
        self.sends_body = self.method in WITH_BODY or sends_body(self.contents, self.line)
        self.takes_body = self.sends_body or not writes
        self.shares_parameters = not writes or self.method in writes
        self.consumes = stated_media_types(self.contents, "content-type")
        self.takes_body &= self.consumes != ()
        self.whole_body = (
            whole_body(self.contents, self.consumes or (), self._is_variable, self.settings)
            if self.takes_body and (self.method in WITH_BODY or self.consumes)
            else None
        )
        self.rows = self._placed()
        body_names = frozenset(row.name for row in self.rows["body"])
        self.samples = own_samples(self.contents, self.line, self.section.lines, body_names)
        if self.takes_body and not self.whole_body and sent_in_body(self.rows, self.samples):
            self.schemas.contradictions.append(misplaced(self.page.name, self.rows["query"]))
            self.rows["body"], self.rows["query"] = self.rows["query"], []

    def _is_variable(self, name: str) -> bool:
        return soft_name(name) in self.section.variables

    def evidence(self, line: int, grade: Grade = Grade.STATED) -> Evidence:
        return Evidence(grade, self.page.name, line)

    def reading(self) -> Reading:
        parameters = tuple(self._parameters())
        request = self._request()
        responses = tuple(self._responses())
        description = "\n\n".join(plain_text(text) for text in self.contents.description)
        operation = Operation(
            id=self.id,
            method=self.method,
            path=self.template.path,
            summary=plain_text(_title(self.page, self.section, self.line)),
            description=description,
            parameters=parameters,
            request=request,
            responses=responses,
            evidence=self.evidence(self.line.line),
        )
        problems = (*self.schemas.contradictions, *_sample_problems(self.page.name, self.contents))
        return Reading(operation, tuple(self.type_readings), {}, problems, PAGES.name)

    def _placed(self) -> dict[str, list[DocumentedRow]]:
        """Return the rows of this operation by where they go."""
        places = RowPlaces(
            self.method,
            frozenset(map(soft_name, self.template.variables)),
            frozenset(self.section.variables),
            self.takes_body,
            self.shares_parameters,
            self.settings.locations,
            self.whole_body is not None,
        )
        whole = self.whole_body and (self.whole_body.name, self.whole_body.line)
        rows = self.contents.rows.items()
        return places.placed(
            {place: [row for row in listed if (row.name, row.line) != whole] for place, listed in rows}
        )

    def _parameters(self) -> Iterator[Parameter]:
        choices = dict(self.template.choices)
        described = {soft_name(row.name): row for row in self.rows["path"]}
        for name in self.template.variables:
            row = described.get(soft_name(name))
            if row is None:
                schema: Schema = {"type": "string", **({"enum": list(choices[name])} if name in choices else {})}
                yield Parameter(name, "path", schema, True, evidence=self.evidence(self.line.line, Grade.ASSUMED))
            else:
                yield replace(self._parameter(row, "path"), name=name, required=True)
        names: set[tuple[str, str]] = set()
        for location in ("query", "header", "cookie"):
            for row in self.rows[location]:
                if (location, row.name.lower()) in names or (location == "header" and _is_no_parameter(row.name)):
                    continue
                names.add((location, row.name.lower()))
                yield self._parameter(row, location)
        query = _query_of_line(self.template, self.line, self.page.name)
        yield from (parameter for parameter in query if ("query", parameter.name.lower()) not in names)

    def _parameter(self, row: DocumentedRow, location: str) -> Parameter:
        schema = self.schemas.value_schema(row)
        if not types_of(schema) and "enum" not in schema:
            schema = {**schema, "type": "string"} if location == "path" else schema
        where: Location = location  # type: ignore[assignment]
        bare = {key: value for key, value in schema.items() if key not in ("description", "x-docdouble-evidence")}
        return Parameter(
            row.name.removesuffix("[]"), where, bare, row.required, plain_text(row.text), self.evidence(row.line)
        )

    def _request(self) -> Body | None:
        rows, whole = self.rows["body"], self.whole_body
        side = "request" if self.takes_body and (self.sends_body or rows) else None
        samples = [sample for sample in self.samples if sample.side == side and sample.lines is not None]
        if not rows and not samples and not whole:
            return None
        line = rows[0].line if rows else whole.line if whole else samples[0].line
        form = "" if samples or not rows else self.contents.form
        rows = [replace(row, name=row.name if form else row.name.removesuffix("[]")) for row in rows]
        media = self._media_type(rows, samples, "request", line, form=form, whole=whole)
        required = True if any(row.required for row in rows) else whole.required if whole else None
        evidence = self.evidence(line, Grade.STATED if rows or whole else Grade.SAMPLED)
        return Body(_with_names(media, self.consumes), required, "", evidence)

    def _responses(self) -> Iterator[Response]:
        stated = self.contents.statuses
        samples = [sample for sample in self.samples if sample.side == "response"]
        rows, types = self.rows["response"], self.contents.types
        returned = None if self.line.word == "procedure" else types.get("returned")  # which stands in an envelope
        whole = types.get("response") or returned
        produces = stated_media_types(self.contents, "accept")
        codes = list(dict.fromkeys([*stated, *(sample.status for sample in samples if sample.status)]))
        success = next(
            (sample.status for sample in samples if sample.status.startswith("2") and sample.lines is not None), ""
        )
        success = success or next((code for code in codes if code.startswith("2")), "")
        if not success:
            success = "200"
            codes.insert(0, success)
        for code in codes:
            own = [sample for sample in samples if sample.status == code or (code == success and not sample.status)]
            bodies = consistent([sample for sample in own if sample.lines is not None])
            used = rows if code == success and code != "204" else []
            row = stated.get(code)
            line = row.line if row else own[0].line if own else self.line.line
            grade = Grade.STATED if row or any(sample.status for sample in own) else Grade.ASSUMED
            own_type = whole if code == success and code != "204" else None
            media: tuple[MediaType, ...] = ()
            if used or bodies or own_type:
                suffix = code if code != success else ""
                shown = self._media_type(used, bodies, "response", line, suffix, whole=own_type)
                media = _with_names(shown, produces if code == success else None)
            evidence = self.evidence(line, grade)
            fields = row.headers if row else ()
            headers = tuple(
                Parameter(name, "header", {"type": "string"}, None, text, evidence) for name, text in fields
            )
            yield Response(code, media, row.text if row else "", evidence, headers=headers)

    def _media_type(
        self,
        rows: Sequence[DocumentedRow],
        samples: Sequence[PageSample],
        side: str,
        line: int,
        suffix: str = "",
        form: str = "",
        whole: DocumentedRow | None = None,
    ) -> MediaType:
        read = [Sample(sample.value, sample.lines or {}, self.page.name, PAGES) for sample in samples]
        seen = combine_all([sample.infer(sample.value) for sample in read])
        stated = rows or ([whole] if whole else [])
        evidence = self.evidence(stated[0].line if stated else line, Grade.STATED if stated else Grade.SAMPLED)
        name = f"{self.id}_{side}{f'_{suffix}' if suffix else ''}"
        if form:  # names of fields are sent as they are written: ``owner[name]``
            seen = {"type": "object", "properties": {row.name: {} for row in rows}}
        is_list = types_of(seen) == ("array",)
        if rows:
            inner = seen.get("items", {}) if is_list else seen
            schema = self.schemas.object_schema(rows, inner if "object" in types_of(inner) else {}, evidence)
            record = schema = seen if set(types_of(seen)) - {"object", "array"} else schema
        else:
            schema = self._of_stated_type(whole, seen) if whole else seen
            is_list = types_of(schema) == ("array",)
            record = schema.get("items", {}) if is_list else schema
        if "object" in types_of(record):
            self.type_readings.append(TypeReading(name, record, is_named=False))
            schema = with_evidence(reference(name), evidence)
            schema = with_evidence({"type": "array", "items": schema}, evidence) if is_list else schema
        values = tuple(sample.value for sample in samples)
        media = next((sample.media for sample in samples if sample.media), form or _JSON)
        return MediaType(media, schema, values, evidence)

    def _of_stated_type(self, whole: DocumentedRow, seen: Schema) -> Schema:
        is_sentence = whole is self.contents.types.get("returned")
        schema, shown = stated_schema(whole, seen, is_sentence, self.schemas)
        self.type_readings += shown
        return schema
