"""Request body and responses that a reference page documents, by its headings, tables and samples."""

import re
from dataclasses import replace

from ..contract.model import Body, MediaType, Response, Schema, reference, types_of, with_evidence
from ..errors import PageError
from ..http import SampleMessage, is_json, media_type
from ..json_lines import parse_json
from .blocks import TableRow
from .infer_schemas import Sample
from .merge import TypeReading, join, merge, sample_type
from .operation_page import BodySection, OperationPage
from .type_names import component_name
from .type_words import TypeWord, read_type

_PROPERTY = re.compile(r"[A-Za-z_]\w*")
_STATUS = re.compile(r"[1-5](\d\d|XX)|default", re.ASCII)
_JSON = ("application/json",)


def read_request(page: OperationPage) -> Body | None:
    """Return the request body, ``None`` where no heading announces one."""
    body = page.body_section(page.dialect.request_heading)
    if body is None:
        return None
    _check_sentence(page, body)
    sample = _body_sample(page, page.request_sample)
    schema = _body_schema(page, body, sample, "request")
    row = page.headers.get(page.dialect.content_type_header)
    assumed = page.dialect.assumed_media_types.get(page.operation.method, _JSON)
    media_types = _media_types(page, body, row, assumed, schema, sample)
    return Body(media_types, True, body.prose(), page.stated(body.heading.line))


def _check_sentence(page: OperationPage, body: BodySection) -> None:
    """Report a sentence that lists other properties than the table does."""
    listed = [row.cells[0] for row in page.property_rows(body)]
    named = [word.strip() for word in body.prose().split(",")]
    if not listed or not all(map(_PROPERTY.fullmatch, named)):
        return
    for names, source, others, where in ((named, "sentence", listed, "table"), (listed, "table", named, "sentence")):
        known = {name.lower() for name in others}
        for name in names:
            if name.lower() not in known:
                message = f"the request {source} names {name}, the {where} doesn't"
                page.contradict("request-sentence", body.heading.line, message, f"add {name} to the {where}")


def read_responses(page: OperationPage) -> tuple[Response, ...]:
    """Return the responses, the body with the one that the sample shows, else with the first success."""
    body = page.body_section(page.dialect.response_heading)
    responses = _statuses(page)
    sampled = page.response_sample.parts["status"] if page.response_sample else ""
    shown = sampled or next((response.status for response in responses if response.status.startswith("2")), "200")
    if body and not responses:
        responses = [Response(shown, evidence=page.assumed(body.heading.line))]
    if body is None or (shown == "204" and not body.tables()):
        return tuple(responses)
    media_types = _response_body(page, body)
    return tuple(
        replace(response, media_types=media_types) if response.status == shown else response for response in responses
    )


def _statuses(page: OperationPage) -> list[Response]:
    """Return the responses of the status table, and of the sample's status line where no table has it."""
    responses: dict[str, Response] = {}
    for row in page.rows(page.dialect.status_columns):
        status = row.cells[0]
        if not _STATUS.fullmatch(status):
            page.contradict("unreadable-status", row.line, f"status {status!r} means nothing")
        elif status in responses:
            page.contradict("described-twice", row.line, f"status {status} is described twice")
        else:
            responses[status] = Response(status, (), row.cells[1], page.stated(row.line))
    if (sample := page.response_sample) and (status := sample.parts["status"]) not in responses:
        responses[status] = Response(status, (), sample.parts["reason"] or "", page.stated(sample.line))
    return list(responses.values())


def _response_body(page: OperationPage, body: BodySection) -> tuple[MediaType, ...]:
    sample = _body_sample(page, page.response_sample)
    if not (body.type_word or body.tables() or sample):
        return ()
    schema = _body_schema(page, body, sample, "response")
    return _media_types(page, body, page.headers.get(page.dialect.accept_header), _JSON, schema, sample)


def _body_sample(page: OperationPage, message: SampleMessage | None) -> Sample | None:
    if not message or not message.body:
        return None
    content_type = media_type(message.header("Content-Type"))
    if content_type and not is_json(content_type):
        return None
    try:
        value, lines = parse_json(message.body, page.page.name, message.body_line)
    except PageError as error:
        page.contradict("sample-syntax", error.line, error.message)
        return None
    return Sample(value, lines, page.page.name, page.dialect)


def _media_types(
    page: OperationPage,
    body: BodySection,
    row: TableRow | None,
    assumed: tuple[str, ...],
    schema: Schema,
    sample: Sample | None,
) -> tuple[MediaType, ...]:
    """Return the media types that the row of a header lists, else the assumed ones; the first JSON has the sample."""
    quoted = page.dialect.quoted.findall(row.cells[1]) if row else []
    names = tuple(dict.fromkeys(media_type(name) for name in quoted if "/" in name))
    line = row.line if row else body.heading.line
    if row and not names:
        page.contradict("empty-media-types", row.line, f"{row.cells[0]} names no media type")
    evidence = page.stated(line) if names else page.assumed(line)
    names = names or assumed
    samples = (sample.value,) if sample else ()
    sampled = next(filter(is_json, names), "")
    return tuple(MediaType(name, schema, samples if name == sampled else (), evidence) for name in names)


def _body_schema(page: OperationPage, body: BodySection, sample: Sample | None, part: str) -> Schema:
    """Return the schema of a body; what has properties becomes a component, named by its type or its operation."""
    rows, evidence = page.property_rows(body), page.stated(body.heading.line)
    meaning = read_type(body.type_word, page.dialect) if body.type_word else TypeWord({})
    if meaning is None:
        message = f"type {body.type_word!r} of the {part} body means nothing"
        page.contradict("unreadable-type", body.heading.line, message)
        meaning = TypeWord({})
    anonymous = f"{component_name(page.id)}_{part}"
    if not rows:
        return _schema_without_table(page, body, meaning, sample, part, anonymous)
    is_array = "array" in types_of(meaning.schema) or (sample is not None and isinstance(sample.value, list))
    expected = "array" if is_array else "object"
    if sample and (kinds := types_of(sample.infer(sample.value))) and kinds[0] != expected:
        page.contradictions.append(sample_type(f"the {part} body", (expected,), kinds[0], evidence))
        sample = None
    name = meaning.named if meaning.named and not is_array else anonymous
    merged = merge(rows, sample, "", page.page.name, page.dialect)
    page.contradictions += merged.contradictions
    reading = TypeReading(name, with_evidence(merged.schema, evidence), is_named=name != anonymous)
    page.type_readings += (*merged.type_readings, reading)
    component = reference(name)
    return with_evidence({"type": "array", "items": component} if is_array else component, evidence)


def _schema_without_table(
    page: OperationPage, body: BodySection, meaning: TypeWord, sample: Sample | None, part: str, anonymous: str
) -> Schema:
    shown, evidence = sample.infer(sample.value) if sample else {}, page.stated(body.heading.line)
    joined = join(f"the {part} body", meaning, shown, evidence)
    page.contradictions += joined.contradictions
    if meaning.named and joined.shape is not None:
        page.type_readings.append(TypeReading(meaning.named, joined.shape))
        return joined.schema
    if "object" in types_of(joined.schema) or "items" in joined.schema:
        page.type_readings.append(TypeReading(anonymous, joined.schema, is_named=False))
        return with_evidence(reference(anonymous), evidence)
    return joined.schema
