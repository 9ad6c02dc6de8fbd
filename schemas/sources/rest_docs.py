"""Spring REST Docs as documentation: AsciiDoc pages, the snippets that tests generate, and the HTML made of them.

An operation is a pair of sample messages, with tables of parameters and fields around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..contract.credential_schemes import header_schemes
from ..contract.model import Location
from ..contract.paths import path_variables
from ..errors import PageError
from ..extraction import Extraction
from ..http import SampleMessage, parse_request, parse_response
from ..pages.blocks import Block, Fence, Heading, Label, PageTable, Paragraph
from ..pages.html_blocks import html_blocks
from ..text_files import read_text
from .asciidoc_blocks import asciidoc_blocks
from .exchanges import SampledExchange
from .path_templates import with_templates
from .sample_messages import shown_values, with_request, with_response_sample
from .source_format import SourceFormat, SourceText
from .stated_operations import StatedBody, StatedField, StatedOperation, StatedReader, StatedResponse

_SNIPPETS = (
    "http-request",
    "path-parameters",
    "query-parameters",
    "request-parameters",
    "form-parameters",
    "request-headers",
    "request-fields",
    "http-response",
    "response-headers",
    "response-fields",
)
_OTHER_SNIPPETS = ("curl-request", "httpie-request", "request-body", "response-body", "request-parts", "links")
_MOST_SNIPPET_BYTES = 1024 * 1024
_REQUEST = re.compile(r"\s*(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+\S+(?:\s+HTTP/[\d.]+)?\s*$", re.MULTILINE)
_REPLY = re.compile(r"\s*HTTP/[\d.]+\s+\d{3}")
_TEMPLATE = re.compile(r"(?:Table \d+\.\s*)?`?(?P<path>/[^`\s]*)`?")
_FIELD_COLUMNS = ("path", "field")
_BRACKETS = re.compile(r"\['([^']*)'\]")
_RESPONSE_WORD = re.compile(r"\b(response|reply|answer)\b", re.IGNORECASE)
_REQUEST_WORD = re.compile(r"\brequest\b", re.IGNORECASE)
_HEADER_WORD = re.compile(r"\bheaders?\b", re.IGNORECASE)
_PART = re.compile(
    r"(http )?(request|response)( body| parts)?|example.*|sample.*|.*(parameters|fields|headers|structure)|links"
    r"|(curl|httpie) request",
    re.IGNORECASE,
)
_NO_FIELDS = re.compile(r"\b(links?|relations?|cookies?|parts?|errors?)\b", re.IGNORECASE)
_ASCIIDOC = re.compile(rb"^\[source,\s*\"?http\b|^operation::\S+\[|^include::\S*/http-request\.adoc\[", re.MULTILINE)
_HTML = re.compile(rb"<meta name=\"generator\" content=\"Asciidoctor|class=\"listingblock\"", re.IGNORECASE)


@dataclass
class _Documented:
    """One operation as it is found: its messages, and the tables with the words above them."""

    request: SampleMessage
    line: int
    title: str
    description: list[str] = field(default_factory=list)
    replies: list[SampleMessage] = field(default_factory=list)
    tables: list[tuple[PageTable, str, bool]] = field(default_factory=list)
    """Each table with the words above it, and whether it stands below a reply."""


def _recognises_asciidoc(beginning: bytes) -> bool:
    return _ASCIIDOC.search(beginning) is not None


def _recognises_html(beginning: bytes) -> bool:
    return _HTML.search(beginning) is not None and b"HTTP/1.1 " in beginning and b"language-http" in beginning


def is_part(path: Path) -> bool:
    """Tell whether a snippet is read with that of the request beside it."""
    name = path.name.removesuffix(".adoc")
    return name in (*_SNIPPETS[1:], *_OTHER_SNIPPETS) and path.with_name("http-request.adoc").is_file()


def _read_asciidoc(source: SourceText) -> Extraction:
    reader = StatedReader(source)
    if source.path.name == "http-request.adoc":
        blocks: list[Block] = [Heading(1, source.path.parent.name.replace("-", " "), 1)]
        for name in _SNIPPETS:
            path = source.path.with_name(f"{name}.adoc")
            if path.is_file():
                text = source.text if path == source.path else read_text(path, path.name, _MOST_SNIPPET_BYTES)
                blocks += [Heading(6, name.replace("-", " "), 1), *asciidoc_blocks(text, lambda _: None)[0]]
    else:
        blocks, missing = asciidoc_blocks(source.text, source.included)
        for line, path_text in missing:
            reader.report("broken-include", line, f"the include {path_text!r} names no file below the folder")
    return _extraction(blocks, reader)


def _read_html(source: SourceText) -> Extraction:
    return _extraction(list(html_blocks(source.text)), StatedReader(source))


def _extraction(blocks: Sequence[Block], reader: StatedReader) -> Extraction:
    documented = list(_documented(blocks, reader))
    title = next((block.text for block in blocks if isinstance(block, Heading)), reader.source.path.stem)
    merged: dict[tuple[str, str], StatedOperation] = {}
    for stated in _stated_all(documented, reader):
        key = stated.method, re.sub(r"\{[^{}]*\}", "{}", stated.path)
        merged[key] = _joined(merged[key], stated) if key in merged else stated
    schemes = {
        name: dict(scheme)
        for operation in documented
        for name, scheme in header_schemes((header, value) for header, value, _ in operation.request.headers)
    }
    contract = reader.contract(title, merged.values(), (), None, schemes)
    return Extraction(contract, tuple(dict.fromkeys(reader.problems)))


def _joined(first: StatedOperation, second: StatedOperation) -> StatedOperation:
    """Return an operation with what another sample of it shows: the other replies and parameters."""
    known = {(location, stated_field.name) for location, stated_field in first.parameters}
    others = tuple(pair for pair in second.parameters if pair[0] != "path" and (pair[0], pair[1].name) not in known)
    responses = (*first.responses, *second.responses)
    return replace(
        first, parameters=(*first.parameters, *others), responses=responses, request=first.request or second.request
    )


def _documented(blocks: Sequence[Block], reader: StatedReader) -> Iterator[_Documented]:
    """Yield the operations of blocks: each begins with a sample request."""
    operation: _Documented | None = None
    waiting: list[tuple[PageTable, str, bool]] = []
    title, words, prose = "", "", list[str]()
    for block in blocks:
        match block:
            case Heading():
                if block.level < 5 and not _says_part(block.text):
                    if operation:
                        yield operation
                    operation, title, waiting, prose = None, block.text, [], []
                words = block.text
            case Label():
                words = f"{words if operation or waiting else ''} {block.text}".strip()
            case Paragraph():
                prose.append(block.text)
                words = block.text if block.text.endswith(":") else words
            case PageTable():
                (operation.tables if operation else waiting).append(
                    (block, words, bool(operation and operation.replies))
                )
                words = ""
            case Fence() if _REQUEST.match(block.text):
                if operation:
                    yield operation
                    waiting, prose = [], []
                try:
                    message = parse_request(block.text, reader.source.name, block.line)
                    operation = _Documented(message, block.line, title, prose, tables=waiting)
                except PageError as error:
                    reader.report("sample-syntax", error.line, error.message)
                    operation = None
                waiting = []
            case Fence() if _REPLY.match(block.text) and operation:
                try:
                    operation.replies.append(parse_response(block.text, reader.source.name, block.line))
                except PageError as error:
                    reader.report("sample-syntax", error.line, error.message)
    if operation:
        yield operation


def _says_part(text: str) -> bool:
    """Tell whether a heading is of a part of an operation."""
    return _PART.fullmatch(text.replace("-", " ").replace("`", "")) is not None


def _stated_all(documented: Sequence[_Documented], reader: StatedReader) -> Iterator[StatedOperation]:
    """Yield the operations; paths without a documented template get one by the looks of their ids."""
    exchanges = [
        SampledExchange(operation.request.parts["method"], "", _path(operation.request), reader.stated(operation.line))
        for operation in documented
    ]
    for operation, exchange in zip(documented, with_templates(exchanges), strict=True):
        yield _stated(operation, _template(operation) or exchange.path, reader)


def _path(message: SampleMessage) -> str:
    target = re.sub(r"^https?://[^/]+", "", str(message.parts["target"])).partition("?")[0]
    whole = target if target.startswith("/") else f"/{target}"
    return whole.translate({ord("{"): "%7B", ord("}"): "%7D"})


def _template(operation: _Documented) -> str:
    """Return the template of a path that stands above a table and fits the sample, empty where none does."""
    path = _path(operation.request)
    for word in (word for _, words, _ in operation.tables for word in words.split()):
        match = _TEMPLATE.fullmatch(word)
        template = match["path"].partition("?")[0] if match else ""
        is_well_formed = not set(re.sub(r"\{[^{}]+\}", "", template)) & set("{}")
        if template and is_well_formed and (template == path or shown_values(template, path)):
            return template
    return ""


def _stated(operation: _Documented, template: str, reader: StatedReader) -> StatedOperation:
    names = path_variables(template)
    parameters: list[tuple[Location, StatedField]] = []
    sent: list[StatedField] = []
    received: list[StatedField] = []
    headers: list[StatedField] = []
    for table, words, is_below in operation.tables:
        columns = [re.sub(r"[`*]", "", cell).strip().lower() for cell in table.header]
        fields = list(_fields(table, columns))
        if columns[:1] and columns[0] in _FIELD_COLUMNS:
            (received if _is_of_response(operation, fields, words, is_below) else sent).extend(fields)
        elif _HEADER_WORD.search(words) and _RESPONSE_WORD.search(words):
            headers += fields
        elif _HEADER_WORD.search(words):
            parameters += [
                ("header", field) for field in fields if field.name.lower() not in ("authorization", "accept")
            ]
        elif not _NO_FIELDS.search(words) and columns[:1] and columns[0] == "parameter":
            in_body = "form" in words.lower().split()
            for field in fields:
                location: Location = "path" if field.name in names else "query"
                parameters += [] if in_body else [(location, field)]
                sent += [field] if in_body else []
    schemes = dict(header_schemes((name, value) for name, value, _ in operation.request.headers))
    is_list = any(field.name.startswith("[]") for field in sent)
    body = StatedBody(_media_type(operation.request), _items(sent), (), is_list, line=sent[0].line) if sent else None
    stated = StatedOperation(
        operation.request.parts["method"],
        template,
        operation.line,
        operation.title,
        "\n\n".join(operation.description),
        tuple(parameters),
        body,
        (),
        tuple(schemes),
    )
    return _with_replies(with_request(stated, operation.request, reader), operation, received, headers, reader)


def _with_replies(
    stated: StatedOperation,
    operation: _Documented,
    received: list[StatedField],
    headers: list[StatedField],
    reader: StatedReader,
) -> StatedOperation:
    for number, reply in enumerate(operation.replies):
        described = received if number == 0 else []
        is_list = any(field.name.startswith("[]") for field in described)
        kind = reply.header("Content-Type")
        body = StatedBody(kind, _items(described), (), is_list, line=described[0].line) if described else None
        shown = StatedResponse(reply.parts["status"], reply.line, "", body, tuple(headers))
        stated = with_response_sample(stated, shown, kind, reply.body, reader, reply.body_line)
    return stated


def _media_type(message: SampleMessage) -> str:
    return message.header("Content-Type")


def _items(fields: Sequence[StatedField]) -> tuple[StatedField, ...]:
    """Return fields with their names counted from the items of a list, where they begin there."""
    cut = (replace(stated_field, name=re.sub(r"^\[\]\.?", "", stated_field.name)) for stated_field in fields)
    return tuple(stated_field for stated_field in cut if stated_field.name)


def _fields(table: PageTable, columns: Sequence[str]) -> Iterator[StatedField]:
    for row in table.rows:
        cells = dict(zip(columns, row.cells, strict=False))
        name = re.sub(r"[`*+]", "", row.cells[0]).strip() if row.cells else ""
        name = _BRACKETS.sub(lambda match: f".{match[1]}", name).lstrip(".")
        text = cells.get("description", "") or cells.get("meaning", "")
        kind = re.sub(r"[`*+]", "", cells.get("type", "")).strip()
        if name:
            optional = cells.get("optional", "").strip("` ").lower()
            required = cells.get("required", "").strip("` ").lower()
            stated = {"true": False, "yes": False, "false": True, "no": True}.get(optional)
            stated = {"true": True, "yes": True, "false": False, "no": False}.get(required, stated)
            yield StatedField(name, row.line, "" if kind.lower() in ("null", "varies") else kind, stated, text)


def _is_of_response(operation: _Documented, fields: Sequence[StatedField], words: str, is_below: bool) -> bool:
    """Tell whether a table of fields is of the response: by its words, by what the samples show, by its place."""
    if _RESPONSE_WORD.search(words) or not operation.request.body.strip():
        return True
    if _REQUEST_WORD.search(words):
        return False
    names = [re.split(r"[.\[]", field.name.lstrip("[].") or "")[0] for field in fields]
    reply = operation.replies[0].body if operation.replies else ""
    in_request = sum(f'"{name}"' in operation.request.body for name in names)
    in_reply = sum(f'"{name}"' in reply for name in names)
    return is_below if in_request == in_reply else in_reply > in_request


ASCIIDOC = SourceFormat(
    "asciidoc",
    "AsciiDoc of Spring REST Docs",
    (".adoc", ".asciidoc", ".asc"),
    _recognises_asciidoc,
    _read_asciidoc,
    10,
    is_part,
)
REST_DOCS_HTML = SourceFormat("rest-docs-html", "HTML of Spring REST Docs", (), _recognises_html, _read_html, 10)
