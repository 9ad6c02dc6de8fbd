"""API Blueprint (format 1A, https://apiblueprint.org) as documentation: resources, actions, payloads and attributes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from ..contract.credential_schemes import header_schemes
from ..contract.model import Location, Schema
from ..contract.paths import path_variables
from ..extraction import Extraction
from .exchanges import SampledBody
from .mson import ListNode, attributes, included, list_nodes, with_named_types
from .sampled_parameters import header_parameters
from .source_format import SourceFormat, SourceText
from .stated_operations import StatedBody, StatedField, StatedOperation, StatedReader, StatedResponse
from .uri_templates import template_parts

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|COPY|LOCK|UNLOCK|LINK|UNLINK|PURGE"
_SIGN = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:[A-Za-z][\w -]*:.*\r?\n)*FORMAT:\s*1A\b", re.IGNORECASE)
_METADATA = re.compile(r"(?P<key>[A-Za-z][\w -]*):\s+(?P<value>.*)")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s*(?P<text>[^#].*?)\s*#*")
_ACTION = re.compile(rf"(?P<name>.*?)\s*\[(?P<method>{_METHODS})(?:\s+(?P<path>[/{{].*))?\]")
_RESOURCE = re.compile(r"(?P<name>.*?)\s*\[(?P<path>[/{].*)\]|(?P<bare>/\S*)")
_BOTH = re.compile(rf"(?P<method>{_METHODS})(?:\s+(?P<path>[/{{]\S*))?")
_NAMED_TYPE = re.compile(r"(?P<name>[^(\[]+?)\s*(?:\((?P<base>.*)\))?")
_PAYLOAD = re.compile(
    r"(?P<kind>Request|Response|Model)\b\s*(?P<name>[^(]*?)\s*(?:\((?P<type>[^)]*)\))?", re.IGNORECASE
)
_SECTION = re.compile(
    r"(?P<kind>Parameters|URI Parameters|Attributes|Headers|Body|Schema|Relation)\b\s*:?\s*(?:\((?P<type>.*)\))?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\s*\[(?P<name>[^\]]+)\]\[\]\s*")
_FENCE = re.compile(r"\s*(```+|~~~+)")

Lines = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading, empty for what stands before the first, with the lines up to the next."""

    level: int
    text: str
    line: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Payload:
    """A request or a response: its status, and what is documented of its body and header fields."""

    kind: str
    name: str
    line: int
    body: StatedBody
    headers: tuple[tuple[str, str], ...] = ()
    model: str = ""


@dataclass(slots=True)
class _Resource:
    """The resource that actions stand below."""

    template: str = ""
    name: str = ""
    group: str = ""
    parameters: tuple[StatedField, ...] = ()
    attributes: tuple[StatedField, ...] = ()


@dataclass
class _Blueprint:
    """The parts of one document as they are read."""

    reader: StatedReader
    types: dict[str, list[StatedField]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    models: dict[str, _Payload] = field(default_factory=dict)
    schemes: dict[str, dict[str, Any]] = field(default_factory=dict)
    operations: list[StatedOperation] = field(default_factory=list)


def _recognises(beginning: bytes) -> bool:
    return _SIGN.match(beginning) is not None


def _read(source: SourceText) -> Extraction:
    lines = [(number, line.expandtabs(4).rstrip()) for number, line in enumerate(source.text.splitlines(), 1)]
    sections = _sections(lines)
    metadata = dict(_metadata(sections[0].lines))
    blueprint = _Blueprint(StatedReader(source))
    _read_types(sections, blueprint)
    _read_models(sections, blueprint)
    _read_actions(sections, blueprint)
    title = next((section.text for section in sections[1:] if section.level == 1), "")
    host = metadata.get("HOST", "").strip().rstrip("/")
    servers = [host if "://" in host else f"https://{host}"] if host and "{" not in host else []
    is_title = title and not _ACTION.fullmatch(title) and not _RESOURCE.fullmatch(title) and not _is_group(title)
    contract = blueprint.reader.contract(
        title if is_title else source.path.stem, blueprint.operations, servers, None, blueprint.schemes
    )
    return Extraction(contract, tuple(dict.fromkeys(blueprint.reader.problems)))


def _sections(lines: Lines) -> list[_Section]:
    """Cut a document at its headings; those in fenced or indented code are none."""
    cuts: list[tuple[int, str, int, list[tuple[int, str]]]] = [(0, "", 1, [])]
    fence = ""
    for number, line in lines:
        opening = _FENCE.match(line)
        if opening and not fence:
            fence = opening[1]
        elif opening and opening[1].startswith(fence):
            fence = ""
        match = _HEADING.fullmatch(line)
        if match and not fence:
            cuts.append((len(match["marks"]), match["text"], number, []))
        else:
            cuts[-1][3].append((number, line))
    return [_Section(level, text, line, tuple(inside)) for level, text, line, inside in cuts]


def _metadata(lines: Lines) -> Iterator[tuple[str, str]]:
    for _, line in lines:
        if match := _METADATA.fullmatch(line):
            yield match["key"].upper(), match["value"]
        elif line.strip():
            return


def _is_group(text: str) -> bool:
    return text.startswith("Group ") or text == "Data Structures"


def _read_types(sections: Sequence[_Section], blueprint: _Blueprint) -> None:
    """Read the named types below ``Data Structures``, and those that attributes of resources make."""
    level = 0
    for section in sections:
        if section.text == "Data Structures":
            level = section.level
        elif level and section.level > level and (match := _NAMED_TYPE.fullmatch(section.text)):
            _add_type(match["name"].strip("`* "), match["base"] or "", list_nodes(section.lines), blueprint)
        else:
            level = 0
            match = _RESOURCE.fullmatch(section.text)
            for node in list_nodes(section.lines) if match and match["name"] else ():
                if (known := _SECTION.fullmatch(node.text)) and known["kind"].lower() == "attributes":
                    _add_type(match["name"], known["type"] or "", node.children, blueprint)  # type: ignore[index]
    for name, base in blueprint.bases.items():
        seen = {name}
        while base in blueprint.types and base not in seen:
            seen.add(base)
            own = {stated_field.name for stated_field in blueprint.types[name]}
            blueprint.types[name] += [
                stated_field for stated_field in blueprint.types[base] if stated_field.name not in own
            ]
            base = blueprint.bases.get(base, "")


def _add_type(name: str, base: str, nodes: Sequence[ListNode], blueprint: _Blueprint) -> None:
    if base.lower().startswith(("enum", "array")):
        return
    blueprint.types[name] = attributes(nodes)
    bases = [base.partition(",")[0].strip(), *included(nodes)]
    blueprint.bases[name] = next((type_name for type_name in bases if type_name and type_name.lower() != "object"), "")


def _read_models(sections: Sequence[_Section], blueprint: _Blueprint) -> None:
    for section in sections:
        match = _RESOURCE.fullmatch(section.text)
        for node in list_nodes(section.lines) if match and match["name"] else ():
            if (payload := _payload(node, blueprint)) and payload.kind == "model":
                blueprint.models[match["name"].strip()] = payload  # type: ignore[index]


def _read_actions(sections: Sequence[_Section], blueprint: _Blueprint) -> None:
    resource, group, in_types = _Resource(), "", 0
    for section in sections[1:]:
        if section.text == "Data Structures":
            in_types = section.level
        elif in_types and section.level > in_types:
            continue
        elif section.text.startswith("Group "):
            in_types, group = 0, section.text[6:].strip()
        elif match := _ACTION.fullmatch(section.text):
            in_types = 0
            _add_action(section, match["method"], match["path"] or "", match["name"], resource, blueprint)
        elif match := _BOTH.fullmatch(section.text):
            in_types = 0
            if match["path"]:
                resource = _Resource(match["path"], "", group)
            _add_action(section, match["method"], match["path"] or "", "", resource, blueprint)
        elif match := _RESOURCE.fullmatch(section.text):
            in_types = 0
            resource = _resource(section, match["path"] or match["bare"], match["name"] or "", group)
        else:
            in_types = 0


def _resource(section: _Section, template: str, name: str, group: str) -> _Resource:
    resource = _Resource(template, name.strip(), group)
    for node in list_nodes(section.lines):
        if known := _SECTION.fullmatch(node.text):
            kind = known["kind"].lower()
            if kind.endswith("parameters"):
                resource.parameters = tuple(attributes(node.children))
            elif kind == "attributes":
                resource.attributes = tuple(attributes(node.children))
    return resource


def _add_action(
    section: _Section, method: str, template: str, name: str, resource: _Resource, blueprint: _Blueprint
) -> None:
    written = template or resource.template
    if not written:
        blueprint.reader.report("broken-part", section.line, f"the action {section.text!r} has no URI")
        return
    parts = template_parts(written)
    nodes = list_nodes(section.lines)
    own = {parameter.name: parameter for parameter in resource.parameters}
    sent: list[StatedField] = []
    for node in nodes:
        if known := _SECTION.fullmatch(node.text):
            if known["kind"].lower().endswith("parameters"):
                own |= {attribute.name: attribute for attribute in attributes(node.children)}
            elif known["kind"].lower() == "attributes":
                sent = _attributes_of(known["type"] or "", node, blueprint)[0]
    payloads = [_resolved(payload, blueprint) for node in nodes if (payload := _payload(node, blueprint))]
    requests = [payload for payload in payloads if payload.kind == "request"]
    headers = [pair for request in requests for pair in request.headers]
    schemes = dict(header_schemes(headers))
    blueprint.schemes |= {name: dict(scheme) for name, scheme in schemes.items()}
    stated = StatedOperation(
        method,
        parts.path,
        section.line,
        name.strip() or resource.name,
        _prose(section.lines),
        tuple(_parameters(parts.path, parts.query, own, section.line, headers, blueprint)),
        _request(requests, sent, section.line),
        tuple(_response(payload) for payload in payloads if payload.kind == "response"),
        tuple(schemes),
        (resource.group,) if resource.group else (),
    )
    blueprint.operations.append(stated)


def _parameters(
    path: str,
    query: Sequence[str],
    own: Mapping[str, StatedField],
    line: int,
    headers: Sequence[tuple[str, str]],
    blueprint: _Blueprint,
) -> Iterator[tuple[Location, StatedField]]:
    """Yield the parameters of a template; one that is described is required unless it is marked as optional."""
    for name in (*path_variables(path), *query):
        location: Location = "query" if name in query else "path"
        parameter = own.get(name)
        if parameter is None:
            yield location, StatedField(name, line)
        else:
            yield location, replace(parameter, required=parameter.required is not False)
    for name, described in own.items():
        if name not in query and name not in path_variables(path):
            blueprint.reader.report("not-in-path", described.line, f"parameter {name} is not in the URI template")
    evidence = blueprint.reader.stated(line)
    for name, value in {shown.name: shown.value or "" for shown in header_parameters(headers, evidence)}.items():
        yield "header", StatedField(name, line, example=value)


def _prose(lines: Lines) -> str:
    """Return what stands before the first list."""
    texts = []
    for _, line in lines:
        if re.match(r"\s*[+*-]\s", line):
            break
        texts.append(line.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(texts)).strip()


def _request(requests: Sequence[_Payload], sent: Sequence[StatedField], line: int) -> StatedBody | None:
    """Return the body of all requests of an action, which are examples of one."""
    bodies = [
        request.body for request in requests if request.body.samples or request.body.fields or request.body.schema
    ]
    if not bodies and not sent:
        return None
    first = bodies[0] if bodies else StatedBody(line=line)
    fields = {stated_field.name: stated_field for body in reversed(bodies) for stated_field in body.fields}
    samples = tuple(sample for body in bodies for sample in body.samples)
    return replace(first, fields=tuple(fields.values()) or tuple(sent), samples=samples)


def _response(payload: _Payload) -> StatedResponse:
    status = payload.name if re.fullmatch(r"[1-5]\d\d", payload.name) else "200"
    shown = tuple(
        StatedField(name, payload.line, example=value)
        for name, value in dict(payload.headers).items()
        if name.lower() != "content-type"
    )
    has_body = payload.body.samples or payload.body.fields or payload.body.schema
    return StatedResponse(status, payload.line, "", payload.body if has_body else None, shown)


def _resolved(payload: _Payload, blueprint: _Blueprint) -> _Payload:
    """Return a payload with the model that it refers to."""
    model = blueprint.models.get(payload.model)
    if payload.model and model is None:
        blueprint.reader.report("broken-reference", payload.line, f"no resource {payload.model!r} has a model")
    if model is None:
        return payload
    return replace(payload, body=model.body, headers=(*payload.headers, *model.headers))


def _payload(node: ListNode, blueprint: _Blueprint) -> _Payload | None:
    match = _PAYLOAD.fullmatch(node.text)
    if not match:
        return None
    kind, named = match["kind"].lower(), (match["type"] or "").strip()
    headers: list[tuple[str, str]] = []
    fields: tuple[StatedField, ...] = ()
    is_list, schema = False, None
    text, line = _asset(node)
    for child in node.children:
        section = _SECTION.fullmatch(child.text)
        word = section["kind"].lower() if section else ""
        if word == "headers":
            headers += _headers(child)
        elif word == "attributes" and section:
            own, is_list = _attributes_of(section["type"] or "", child, blueprint)
            fields = tuple(own)
        elif word == "body":
            text, line = _asset(child)
        elif word == "schema":
            schema = _schema(child, blueprint)
    model = _REFERENCE.fullmatch(text.strip()) if text else None
    content_type = named or next((value for name, value in headers if name.lower() == "content-type"), "")
    samples: tuple[SampledBody, ...] = ()
    if text and not model:
        samples = blueprint.reader.sample(content_type, text, line)
    body = StatedBody(content_type, fields, samples, is_list, None if fields else schema, node.line)
    return _Payload(kind, match["name"], node.line, body, tuple(headers), model["name"] if model else "")


def _attributes_of(type_word: str, node: ListNode, blueprint: _Blueprint) -> tuple[list[StatedField], bool]:
    """Return the properties of an ``Attributes`` section, and whether they are those of the items of a list."""
    word = type_word.partition(",")[0].strip() if not type_word.lower().startswith("array") else type_word.strip()
    array = re.match(r"array\s*(?:\[(?P<items>.*)\])?", word, re.IGNORECASE)
    name = ((array["items"] or "") if array else word).strip().strip("`*")
    own = attributes(node.children)
    for base in (name, *included(node.children)):
        known = {stated_field.name for stated_field in own}
        own += [stated_field for stated_field in blueprint.types.get(base, ()) if stated_field.name not in known]
    return list(with_named_types(own, blueprint.types, (name,) if name else ())), array is not None


def _asset(node: ListNode) -> tuple[str, int]:
    """Return the code of an item, indented or fenced, and the line on which it begins."""
    lines = [(number, line) for number, line in node.content if not _FENCE.match(line)]
    while lines and not lines[0][1].strip():
        lines.pop(0)
    if not lines:
        return "", node.line
    margin = min(len(line) - len(line.lstrip()) for _, line in lines if line.strip())
    return "\n".join(line[margin:] for _, line in lines).rstrip(), lines[0][0]


def _headers(node: ListNode) -> list[tuple[str, str]]:
    lines = [line for _, line in node.content] + [child.text for child in node.children]
    pairs = (line.partition(":") for line in lines if ":" in line)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _schema(node: ListNode, blueprint: _Blueprint) -> Schema | None:
    """Return the JSON Schema of an item, ``None`` for one that can't be used, which is reported."""
    from jsonschema import Draft202012Validator, SchemaError  # here because few files need it, and it takes 35 ms

    text, line = _asset(node)
    try:
        schema = orjson.loads(text)
        if not isinstance(schema, dict) or '"$ref"' in text:
            raise ValueError("a schema that refers to others")
        schema.pop("$schema", None)
        Draft202012Validator.check_schema(schema)
    except (ValueError, SchemaError, RecursionError) as error:
        message = error.message if isinstance(error, SchemaError) else str(error)
        blueprint.reader.report("broken-schema", line, f"a schema that can't be used: {message}")
        return None
    return dict(schema)


API_BLUEPRINT = SourceFormat("api-blueprint", "an API Blueprint", (".apib",), _recognises, _read, 10)
