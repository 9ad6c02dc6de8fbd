"""reStructuredText with the directives of sphinxcontrib-httpdomain (``.. http:get:: /boats``), as documentation.

Only directives, field lists and literal blocks are looked at, by their indentation: docutils would need stand-ins for
every directive and role of Sphinx and its extensions, and would drop a directive that has one fault.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl

from ..contract.model import Location
from ..errors import PageError
from ..extraction import Extraction
from ..http import FORM
from .sample_messages import with_messages, with_request_sample, with_response_sample
from .source_format import SourceFormat, SourceText
from .stated_operations import StatedBody, StatedField, StatedOperation, StatedReader, StatedResponse

_METHODS = "get|head|post|put|patch|delete|options|trace|copy|any"
MOST_INCLUDED = 500
"""Files that one file includes, one in another."""

_MOST_INDENTED = 1_000
_INCLUDE = re.compile(r"(?P<indent>\s*)\.\. +include::\s+(?P<path>\S+)")
_DIRECTIVE = re.compile(r"(?P<indent>\s*)\.\. +(?P<name>[\w:+.-]+)::(?:\s+(?P<argument>.*))?")
_OPERATION = re.compile(rf"http:(?P<method>{_METHODS})")
_SIGN = re.compile(rf"^\s*\.\. +http:(?:{_METHODS})::".encode(), re.MULTILINE)
_FIELD = re.compile(r":(?P<kind>[<>]?[\w-]+)(?:\s+(?P<argument>(?:[^:\\]|\\.|:(?=\S))+?))?:(?:\s+(?P<text>.*))?")
_VARIABLE = re.compile(
    r"\((?:(?P<converter>[^():]+):)?(?P<round>[\w-]+)\)|<(?:(?P<flask>[^<>:]+):)?(?P<angle>[\w-]+)>|\{(?P<brace>[^{}]+)\}"
)
_CODE = ("sourcecode", "code-block", "code", "http:example", "literalinclude")
_UNDERLINE = re.compile(r"([^\w\s])\1{2,}")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)|default", re.IGNORECASE)
_SAYS_REPLY = re.compile(r"\b(respon[sd]e?s?|reply|returns?|result|output)\b", re.IGNORECASE)
_REQUIRED = re.compile(r"\(\s*\**required\**\s*\)|\*\*required\*\*|\Arequired\b\s*[.,:;]", re.IGNORECASE)
_OPTIONAL = re.compile(r"\(\s*\**optional\**\s*\)|\*\*optional\*\*|\Aoptional\b", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefaults?(?: value)?(?: is|:|s? to)\s+``?([^`]+)``?", re.IGNORECASE)
_ROLE = re.compile(r":[\w:-]+:`([^`<]*?)(?:\s*<[^`]*>)?`")

_JSON = "application/json"
_LOCATIONS: dict[str, Location] = {
    **dict.fromkeys(("param", "parameter", "arg", "argument", "key", "keyword"), "path"),
    **dict.fromkeys(("query", "queryparameter", "queryparam", "qparam"), "query"),
    **dict.fromkeys(("<header", "reqheader", "requestheader"), "header"),
}
_FORM = ("form", "formparameter", "formparam", "fparam")
_SENT = ("<json", "reqjson", "reqjsonobj", "json", "jsonparameter", "jsonparam", "<jsonobj")
_SENT_LIST = ("<jsonarr", "reqjsonarr")
_RECEIVED = (">json", "resjson", "resjsonobj", ">jsonobj")
_RECEIVED_LIST = (">jsonarr", "resjsonarr")
_RECEIVED_HEADER = (">header", "resheader", "responseheader")
_OPTIONS = ("synopsis", "deprecated", "noindex", "noindexentry", "no-index")
_STATUSES = ("statuscode", "status", "code")
_CONVERTERS = {"int": "integer", "float": "number", "uuid": "uuid", "bool": "boolean"}
_TEXTS = ("str", "string", "unicode", "text", "path", "slug")


class _Line(NamedTuple):
    number: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


@dataclass(frozen=True, slots=True)
class _Directive:
    """A directive with the lines of its content; ``before`` is the text directly above it."""

    name: str
    argument: str
    line: int
    content: tuple[_Line, ...]
    before: str = ""


class _Field(NamedTuple):
    kind: str
    argument: str
    text: str
    line: int


def _recognises(beginning: bytes) -> bool:
    return _SIGN.search(beginning) is not None


def _read(source: SourceText) -> Extraction:
    reader = StatedReader(source)
    lines = list(_Including(source, reader).lines(source.text))
    stated: list[StatedOperation] = []
    for directive in _directives(lines):
        match = _OPERATION.fullmatch(directive.name)
        if not match:
            continue
        try:
            stated += _operations(match["method"].upper(), directive, reader)
        except PageError as error:
            reader.report("broken-part", error.line, error.message)
    contract = reader.contract(_title(lines) or source.path.stem, stated)
    return Extraction(contract, tuple(dict.fromkeys(reader.problems)))


@dataclass
class _Including:
    """The includes of one file; ``count`` are those that were followed."""

    source: SourceText
    reader: StatedReader
    count: int = 0

    def lines(self, text: str, files: tuple[str, ...] = (), margin: str = "", line: int = 0) -> Iterator[_Line]:
        """Yield the lines of a text with those of included files, which have the line of the include."""
        for number, written in enumerate(text.splitlines(), 1):
            at = line or number
            if match := _INCLUDE.fullmatch(written.rstrip()):
                path = posixpath.normpath(posixpath.join(*map(posixpath.dirname, files[-1:]), match["path"]))
                yield from self._included(path, files, margin + match["indent"], at)
            else:
                yield _Line(at, (margin + written).expandtabs(8))

    def _included(self, path: str, files: tuple[str, ...], margin: str, line: int) -> Iterator[_Line]:
        self.count += 1
        is_allowed = path not in files and self.count <= MOST_INCLUDED and len(margin) < _MOST_INDENTED
        text = self.source.included(path) if is_allowed else None
        if text is None:
            message = f"the include {path!r} names no file below the folder, or one that includes this"
            self.reader.report("broken-include", line, message)
        else:
            yield from self.lines(text, (*files, path), margin, line)


def _title(lines: Sequence[_Line]) -> str:
    """Return the first title: a line with one of punctuation as long below it."""
    for line, below in pairwise(lines):
        title, mark = line.text.strip(), below.text.strip()
        if title and line.indent == 0 and _UNDERLINE.fullmatch(mark) and not _UNDERLINE.fullmatch(title):
            return title
    return ""


def _directives(lines: Sequence[_Line]) -> Iterator[_Directive]:
    """Yield the directives of lines, whatever they stand in but other directives of operations."""
    place, before = 0, ""
    while place < len(lines):
        match = _DIRECTIVE.fullmatch(lines[place].text.rstrip())
        if not match:
            before = lines[place].text.strip() or before
            place += 1
            continue
        end = place + 1
        while end < len(lines) and (not lines[end].text.strip() or lines[end].indent > len(match["indent"])):
            end += 1
        content = tuple(lines[place + 1 : end])
        yield _Directive(match["name"], (match["argument"] or "").strip(), lines[place].number, content, before)
        if not _OPERATION.fullmatch(match["name"]) and match["name"] not in _CODE:
            yield from _directives(content)
        place, before = end, ""


def _operations(method: str, directive: _Directive, reader: StatedReader) -> Iterator[StatedOperation]:
    """Yield the operation of a directive, for each of the paths that it names."""
    if method == "ANY":
        raise PageError(reader.source.name, directive.line, "'http:any' names no method")
    paths, content = [directive.argument], list(directive.content)
    while content and content[0].text.strip().startswith("/") and len(paths) < 100:
        paths.append(content.pop(0).text.strip())
    fields, prose = _fields(content)
    codes = [code for code in _directives(content) if code.name in _CODE]
    first = _stated(method, paths[0], directive.line, reader)
    whole = _with_fields(first, fields, reader)
    whole = _with_samples(whole, codes, reader)
    summary = next((field.text for field in fields if field.kind == "synopsis"), "") or prose.partition("\n\n")[0]
    deprecated = any(field.kind == "deprecated" for field in fields)
    whole = replace(whole, summary=" ".join(summary.split()), description=prose, is_deprecated=deprecated)
    yield whole
    for path in paths[1:]:
        other = _stated(method, path, directive.line, reader)
        names = {field.name for location, field in other.parameters if location == "path"}
        kept = tuple(pair for pair in whole.parameters if pair[0] != "path" or pair[1].name in names)
        yield replace(whole, path=other.path, parameters=kept)


def _stated(method: str, argument: str, line: int, reader: StatedReader) -> StatedOperation:
    """Return the operation of a path with its variables; their converters tell types."""
    if not argument.startswith("/"):
        raise PageError(reader.source.name, line, f"expected a path such as /boats/(int:id), found {argument[:60]!r}")
    path, _, query = argument.partition("?")
    variables: list[tuple[Location, StatedField]] = []

    def template(match: re.Match[str]) -> str:
        name = match["round"] or match["angle"] or match["brace"].partition(":")[0]
        converter = (match["converter"] or match["flask"] or "").partition("(")[0].strip()
        known = _CONVERTERS.get(converter, "string" if converter in _TEXTS else "")
        variables.append(("path", StatedField(name, line, known, True)))
        return f"{{{name}}}"

    whole = _VARIABLE.sub(template, path.split()[0] if path.split() else path)
    if set(re.sub(r"\{[^{}]+\}", "", whole)) & set("{}()<>"):
        raise PageError(reader.source.name, line, f"the path {argument!r} has a bracket that opens or ends no name")
    pairs = parse_qsl(_VARIABLE.sub("", query).strip("[]"), keep_blank_values=True)
    in_query: list[tuple[Location, StatedField]] = [("query", StatedField(name, line)) for name, _ in pairs]
    return StatedOperation(method, whole, line, parameters=(*variables, *in_query))


def _fields(content: Sequence[_Line]) -> tuple[list[_Field], str]:
    """Return the fields of a directive's content, and its prose up to the first of them or a directive."""
    margin = min((line.indent for line in content if line.text.strip()), default=0)
    fields: list[_Field] = []
    prose: list[str] = []
    inside = ""
    for line in content:
        bare = line.text[margin:] if line.indent >= margin else line.text.strip()
        if not bare.strip():
            prose += [""] if inside == "" else []
        elif match := _FIELD.fullmatch(bare.rstrip()):
            fields.append(_Field(match["kind"].lower(), match["argument"] or "", match["text"] or "", line.number))
            inside = "field"
        elif bare[0] == " ":
            if inside == "field":
                last = fields[-1]
                fields[-1] = last._replace(text=f"{last.text} {bare.strip()}".strip())
        elif bare.startswith(".. "):
            inside = "directive"
        else:
            inside = ""
            is_before = all(field.kind in _OPTIONS for field in fields)
            prose += [bare.strip()] if is_before and not bare.startswith("**Example") else []
    return fields, _ROLE.sub(r"\1", re.sub(r"\n{3,}", "\n\n", "\n".join(prose)).strip())


def _field_of(given: _Field, types: dict[str, str]) -> StatedField:
    *words, name = given.argument.split() or [""]
    text = _ROLE.sub(r"\1", given.text)
    required = True if _REQUIRED.search(text) else False if _OPTIONAL.search(text) else None
    default = _DEFAULT.search(text)
    kind = " ".join(words) or types.get(name, "")
    return StatedField(name, given.line, kind, required, text, default=default[1] if default else "")


def _with_fields(stated: StatedOperation, fields: Sequence[_Field], reader: StatedReader) -> StatedOperation:
    types = {
        field.argument.split()[-1]: field.text
        for field in fields
        if field.kind in ("type", "paramtype") and field.argument
    }
    known = {field.name: field for location, field in stated.parameters if location == "path"}
    parameters: list[tuple[Location, StatedField]] = [pair for pair in stated.parameters if pair[0] == "query"]
    bodies: dict[str, list[StatedField]] = {}
    responses: list[StatedResponse] = []
    for given in fields:
        kind = given.kind
        described = _field_of(given, types)
        if kind in _LOCATIONS and described.name:
            location = _LOCATIONS[kind]
            if location == "path" and described.name in known:
                known[described.name] = replace(described, type=described.type or known[described.name].type)
            elif location == "path":
                reader.report("not-in-path", described.line, f"path parameter {described.name} is not in the path")
            else:
                parameters = [
                    pair for pair in parameters if pair != (location, StatedField(described.name, stated.line))
                ]
                parameters.append((location, described))
        elif kind in _STATUSES:
            responses += _statuses(given, reader)
        elif described.name:
            bodies.setdefault(kind, []).append(described)
    path_parameters: list[tuple[Location, StatedField]] = [("path", field) for field in known.values()]
    return replace(
        stated,
        parameters=(*path_parameters, *parameters),
        request=_body(bodies, _SENT, _SENT_LIST, _FORM),
        responses=_with_body(responses, bodies, stated),
    )


def _statuses(given: _Field, reader: StatedReader) -> Iterator[StatedResponse]:
    status = (given.argument.split() or [""])[0]
    if _STATUS.fullmatch(status):
        yield StatedResponse(status, given.line, _ROLE.sub(r"\1", given.text))
    else:
        reader.report("unreadable-status", given.line, f"status {given.argument!r} means nothing")


def _body(
    bodies: dict[str, list[StatedField]], single: Sequence[str], many: Sequence[str], form: Sequence[str] = ()
) -> StatedBody | None:
    for kinds, media_type in ((single, _JSON), (many, _JSON), (form, FORM)):
        if fields := tuple(field for kind in kinds for field in bodies.get(kind, ())):
            return StatedBody(media_type, fields, is_list=kinds is many, line=fields[0].line)
    return None


def _with_body(
    responses: list[StatedResponse], bodies: dict[str, list[StatedField]], stated: StatedOperation
) -> tuple[StatedResponse, ...]:
    """Return the responses, the first success with what is documented of the body."""
    body = _body(bodies, _RECEIVED, _RECEIVED_LIST)
    headers = tuple(field for kind in _RECEIVED_HEADER for field in bodies.get(kind, ()))
    if body is None and not headers:
        return tuple(responses)
    place = next((at for at, response in enumerate(responses) if response.status.startswith("2")), None)
    if place is None:
        responses.insert(0, StatedResponse("200", body.line if body else stated.line))
        place = 0
    responses[place] = replace(responses[place], body=body, headers=headers)
    return tuple(responses)


def _with_samples(stated: StatedOperation, codes: Sequence[_Directive], reader: StatedReader) -> StatedOperation:
    """Return the operation with the samples of its code blocks: HTTP messages, or JSON below a word of its side."""
    for code in codes:
        text, line = _code(code)
        language = code.argument.split()[0].lower() if code.argument.split() else ""
        if code.name == "http:example" or language == "http":
            stated = with_messages(stated, text, line, reader)
        elif language in ("json", "javascript", "js"):
            if _SAYS_REPLY.search(code.before):
                stated = with_response_sample(stated, StatedResponse("", line), _JSON, text, reader)
            elif stated.method not in ("GET", "HEAD", "DELETE"):
                stated = with_request_sample(stated, _JSON, text, line, reader)
    return stated


def _code(code: _Directive) -> tuple[str, int]:
    """Return the text of a code block without its options, and the line on which it begins."""
    content = list(code.content)
    while content and (not content[0].text.strip() or re.match(r"\s*:[\w-]+:", content[0].text)):
        content.pop(0)
    margin = min((line.indent for line in content if line.text.strip()), default=0)
    return "\n".join(line.text[margin:] for line in content).rstrip(), content[0].number if content else code.line


HTTPDOMAIN = SourceFormat("httpdomain", "reStructuredText with httpdomain", (".rst",), _recognises, _read, 10)
