"""Files of requests, ``.http`` and ``.rest``, as editors send them; curl commands may stand among them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl

from ..contract.credential_schemes import header_schemes, query_schemes
from ..errors import PageError
from ..extraction import Contradiction, Extraction
from ..text_files import read_text
from .curl_commands import curl_request
from .exchange_operations import exchange_contract
from .exchanges import SampledBody, SampledExchange, SampledParameter, SampledReply, sampled_body
from .sampled_parameters import header_parameters, query_parameters
from .source_format import SourceFormat, SourceText
from .template_variables import expanded, request_target
from .written_requests import WrittenRequest

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|QUERY|LIST|PROPFIND|REPORT|SEARCH|LINK|UNLINK|PURGE"
_REQUEST = re.compile(rf"(?:({_METHODS})\s+)?(\S.*?)(?:\s+HTTP/\d(?:\.\d)?)?\s*")
_OTHER_PROTOCOL = re.compile(r"(GRAPHQL|GRPC|WEBSOCKET|RSOCKET|STOMP)\s+\S")
_VARIABLE = re.compile(r"@([\w.-]+)\s*=\s*(.*?)\s*")
_NAME = re.compile(r"(?:#|//)\s*@name\s+(.+?)\s*")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*")
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+([1-5]\d\d)\b.*")
_BEGINNING = re.compile(rb"^(?:GET|POST|PUT|PATCH|DELETE)\s+(?:https?://|\{\{)\S+", re.MULTILINE)
_URL = re.compile(r"(https?://|\{\{[^{}]+\}\}|/)\S*")
_ENVIRONMENTS = ("http-client.env.json", "http-client.private.env.json")
_MOST_ENVIRONMENT_BYTES = 1024 * 1024


@dataclass(slots=True)
class _Block:
    """The lines between two separators, each with its number; ``name`` stands behind the separator."""

    name: str
    lines: list[tuple[int, str]] = field(default_factory=list)


def _recognises(beginning: bytes) -> bool:
    return _BEGINNING.search(beginning) is not None and not beginning.lstrip().startswith((b"{", b"<", b"---"))


def _read(source: SourceText) -> Extraction:
    problems: list[Contradiction] = []
    blocks, variables = _blocks(source.text), dict(_environment(source.path.parent))
    for block in blocks:
        for _, line in block.lines:
            if match := _VARIABLE.fullmatch(line):
                variables.setdefault(match[1], match[2])
    exchanges = []
    for block in blocks:
        try:
            if request := _request(block, source):
                exchanges.append(sampled_exchange(request, source, variables, problems))
        except (PageError, ValueError) as error:
            number = error.line if isinstance(error, PageError) else block.lines[0][0]
            message = error.message if isinstance(error, PageError) else str(error)
            problems.append(source.problem("broken-part", number, message))
    return Extraction(exchange_contract(source.path.stem, exchanges, problems), tuple(dict.fromkeys(problems)))


def _environment(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the variables of the first environment of the files that editors keep beside requests."""
    for name in _ENVIRONMENTS:
        try:
            data = json.loads(read_text(folder / name, name, _MOST_ENVIRONMENT_BYTES))
        except (PageError, ValueError, RecursionError):
            continue  # none there, or none that can be read: variables without a value are kept as they are
        first = (
            next((value for value in data.values() if isinstance(value, dict)), {}) if isinstance(data, dict) else {}
        )
        yield from ((key, value) for key, value in first.items() if isinstance(value, str))


def _blocks(text: str) -> list[_Block]:
    blocks = [_Block("")]
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("###"):
            blocks.append(_Block(line.lstrip("#").strip()))
        else:
            blocks[-1].lines.append((number, line.rstrip("\r")))
    return blocks


def _request(block: _Block, source: SourceText) -> WrittenRequest | None:
    """Return the request of a block, ``None`` for one without any."""
    lines, name, comments = block.lines, block.name, []
    start = 0
    while start < len(lines) and (not lines[start][1].strip() or _is_aside(lines[start][1])):
        if match := _NAME.fullmatch(lines[start][1]):
            name = name or match[1]
        elif lines[start][1].startswith(("#", "//")) and not lines[start][1].lstrip("#/ ").startswith("@"):
            comments.append(lines[start][1].lstrip("#/ "))
        start += 1
    if start == len(lines):
        return None
    number, first = lines[start]
    if first.lstrip().startswith("curl "):
        request = curl_request("\n".join(line for _, line in lines[start:]), number)
    elif _OTHER_PROTOCOL.match(first):
        raise PageError(source.name, number, f"{first.split()[0]} requests are not read")
    else:
        request = _plain_request(lines[start:], source)
    return replace(request, name=name, description="\n".join(comments))


def _is_aside(line: str) -> bool:
    """Tell whether a line before a request is a comment, a variable or the start of a script."""
    return line.startswith(("#", "//", "@", "<", "%}", "client."))


def _plain_request(lines: list[tuple[int, str]], source: SourceText) -> WrittenRequest:
    number, first = lines[0]
    match = _REQUEST.fullmatch(first.strip())
    if not match or (not match[1] and not _URL.fullmatch(match[2])):
        raise PageError(source.name, number, f"expected a request line such as 'GET /path', found {first[:60]!r}")
    url, place = match[2], 1
    while place < len(lines) and lines[place][1][:1] in (" ", "\t") and lines[place][1].lstrip()[:1] in ("?", "&", "/"):
        url += lines[place][1].strip()
        place += 1
    headers = []
    while place < len(lines) and lines[place][1].strip():
        if header := _HEADER.fullmatch(lines[place][1].strip()):
            headers.append((header[1], header[2]))
        elif not lines[place][1].startswith(("#", "//")):
            raise PageError(source.name, lines[place][0], f"expected a header field, found {lines[place][1][:60]!r}")
        place += 1
    body, replies = _body_and_replies(lines[place + 1 :])
    text = "\n".join(line for _, line in body)
    return WrittenRequest(
        match[1] or "GET", url, number, tuple(headers), text, body[0][0] if body else number, replies=replies
    )


def _body_and_replies(
    lines: list[tuple[int, str]],
) -> tuple[list[tuple[int, str]], tuple[tuple[tuple[int, str], ...], ...]]:
    """Return the lines of a body, and those of each reply that is written below it; scripts are left out."""
    parts: list[list[tuple[int, str]]] = [[]]
    in_script = False
    for number, line in lines:
        if in_script or line.startswith(("> ", ">{%", "<> ", "< {%", "<{%")):
            in_script = "%}" not in line and (in_script or "{%" in line)
        elif _STATUS.fullmatch(line):
            parts.append([(number, line)])
        elif not (line.startswith(("# ", "// ")) and not parts[-1]):
            parts[-1].append((number, line))
    body = parts[0]
    while body and not body[0][1].strip():
        body.pop(0)
    return body, tuple(tuple(part) for part in parts[1:])


def sampled_exchange(
    request: WrittenRequest, source: SourceText, variables: Mapping[str, str], problems: list[Contradiction]
) -> SampledExchange:
    """Return the exchange of a request as it is written; raises ``ValueError`` for a URL that is none."""
    target = request_target(request.url, variables, {})
    evidence = source.evidence(request.line)
    headers = tuple((name, expanded(value, variables)) for name, value in request.headers)
    query = [(name, expanded(value, variables)) for name, value in parse_qsl(target.query, keep_blank_values=True)]
    path_parameters = (SampledParameter(name, "path", target.values.get(name), evidence) for name in target.variables)
    named = next((value for name, value in headers if name.lower() == "content-type"), request.media_type)
    text = expanded(request.body, variables)
    body = request.form(evidence) or (
        None if text.startswith(("< ", "<@")) else _body(named, text, source, request.body_line, problems)
    )
    return SampledExchange(
        request.method,
        target.server,
        target.path,
        evidence,
        (*path_parameters, *query_parameters(query, evidence), *header_parameters(headers, evidence)),
        body,
        tuple(_reply(lines, source, problems) for lines in request.replies),
        dict((*header_schemes(headers), *query_schemes(query), *request.schemes)),
        request.name,
        request.description,
    )


def _body(
    media_type: str, text: str, source: SourceText, line: int, problems: list[Contradiction]
) -> SampledBody | None:
    try:
        return sampled_body(media_type, text, source.evidence(line))
    except PageError as error:
        problems.append(source.problem("sample-syntax", error.line, error.message))
        return None


def _reply(lines: tuple[tuple[int, str], ...], source: SourceText, problems: list[Contradiction]) -> SampledReply:
    number, first = lines[0]
    match = _STATUS.fullmatch(first)
    assert match is not None  # a reply begins where this fits
    place = next((index for index, (_, line) in enumerate(lines) if not line.strip()), len(lines))
    fields = (_HEADER.fullmatch(line.strip()) for _, line in lines[1:place])
    named = next((field[2] for field in fields if field and field[1].lower() == "content-type"), "")
    text = "\n".join(line for _, line in lines[place + 1 :])
    body = _body(named, text, source, lines[place + 1][0] if place + 1 < len(lines) else number, problems)
    return SampledReply(match[1], body, source.evidence(number))


REQUEST_FILE = SourceFormat("http", "a file of HTTP requests", (".http", ".rest"), _recognises, _read, 40)
