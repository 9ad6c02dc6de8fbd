"""HTTP archives (HAR) as documentation: what a recording shows of an API, and none of it is a promise."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from ..contract.credential_schemes import header_schemes, query_schemes
from ..errors import ContractError, PageError
from ..extraction import Contradiction, Extraction
from ..http import MASK, SECRET_WORDS, Message, is_json
from ..openapi.document import DocumentNode
from ..openapi.text_formats import LineIndex
from .exchange_operations import exchange_contract
from .exchanges import SameLine, SampledBody, SampledExchange, SampledReply, sampled_body
from .har_entries import HarEntry, har_entries, har_entry
from .json_sources import json_lines, json_root
from .sampled_parameters import header_parameters, query_parameters
from .source_format import SourceFormat, SourceText

_SECRET = re.compile(SECRET_WORDS, re.IGNORECASE)
_HEAD = re.compile(rb'\{\s*"log"\s*:\s*\{')
_OF_PAGES = re.compile(r"text/html|application/xhtml|(image|font|audio|video)/|.*(javascript|ecmascript|css|wasm)\b")
"""Media types of what a browser fetches to show a page."""


def _recognises(beginning: bytes) -> bool:
    return bool(_HEAD.match(beginning.lstrip(b"\xef\xbb\xbf \t\r\n")))


def _read(source: SourceText) -> Extraction:
    root = json_root(source)
    lines = json_lines(source)
    problems: list[Contradiction] = []
    exchanges = list(_exchanges(root, source, lines, problems))
    hosts = Counter(exchange.server for exchange in exchanges)
    main = hosts.most_common(1)[0][0].partition("://")[2] if hosts else ""
    contract = exchange_contract(main or source.path.stem, exchanges, problems)
    return Extraction(contract, tuple(dict.fromkeys(problems)))


def _exchanges(
    root: DocumentNode, source: SourceText, lines: LineIndex, problems: list[Contradiction]
) -> Iterator[SampledExchange]:
    for number, node in har_entries(root):
        line = lines.line(node.pointer)
        try:
            entry = har_entry(number, node)
            if entry and _is_of_api(entry):
                yield _exchange(entry, source, line, problems)
        except ContractError as error:
            problems.append(source.problem("broken-part", line, f"{error.pointer}: {error.message}"))


def _is_of_api(entry: HarEntry) -> bool:
    """Tell whether an exchange is one of an API, and not of a browser that fetches a page, or asks before a call."""
    call, reply = entry.call, entry.reply
    if (
        not call.method.isalpha()
        or call.method in ("OPTIONS", "CONNECT", "TRACE")
        or not 100 < reply.status < 600
        or reply.status == 304
    ):
        return False
    return is_json(call.media_type) or not _OF_PAGES.match(reply.media_type)


def _exchange(entry: HarEntry, source: SourceText, line: int, problems: list[Contradiction]) -> SampledExchange:
    call, evidence = entry.call, source.evidence(line)
    query = parse_qsl(call.query, keep_blank_values=True)
    reply = SampledReply(str(entry.reply.status), _body(entry.reply, source, line, problems), evidence)
    schemes = (*header_schemes(call.headers), *query_schemes(query))
    return SampledExchange(
        call.method,
        f"{entry.url.scheme}://{entry.url.netloc.rpartition('@')[2]}",
        call.path,
        evidence,
        (*query_parameters(query, evidence), *header_parameters(call.headers, evidence)),
        _body(call, source, line, problems),
        (reply,),
        dict(schemes),
    )


def _body(message: Message, source: SourceText, line: int, problems: list[Contradiction]) -> SampledBody | None:
    """Return the body of a message, secrets in it masked: a recording is of somebody's real data."""
    name = message.media_type
    try:
        text = message.body.decode() if message.body else ""
        body = sampled_body(name, text, source.evidence(line), SameLine(line))
    except (UnicodeDecodeError, PageError) as error:
        problem = "no UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.message
        problems.append(source.problem("sample-syntax", line, f"a body of {name or 'no media type'}: {problem}"))
        return None
    if body is None or not body.has_sample:
        return body
    return SampledBody(body.media_type, body.schema, _masked(body.value), True, body.evidence)


def _masked(value: Any) -> Any:
    """Return a JSON value without texts of which the name says that they are secret."""
    if isinstance(value, dict):
        return {
            name: MASK if isinstance(part, str) and part and _SECRET.search(name) else _masked(part)
            for name, part in value.items()
        }
    return [_masked(part) for part in value] if isinstance(value, list) else value


HAR = SourceFormat("har", "an HTTP archive", (".har",), _recognises, _read, order=50)
